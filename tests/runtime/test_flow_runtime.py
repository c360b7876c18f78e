"""The apps of `tests/streamlint/flow/cases/` do what they claim: Streamlit raises at the marks and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from flow_cases import flow_cases
from pages import Case
from runtime.client import Runtime
from runtime.judging import Failure, agree, failures

pytestmark = pytest.mark.runtime
CASES = flow_cases()


NEEDS = "# needs Streamlit "
"""A line of an app that does what it is marked with from a version on."""


def needed(case: Case) -> tuple[int, int]:
    """The least version of Streamlit on which a case does what it is marked with."""
    lines = [line for _, text in case.files for line in text.splitlines() if line.startswith(NEEDS)]
    major, minor = lines[0].removeprefix(NEEDS).split(".") if lines else ("0", "0")
    return int(major), int(minor)


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_streamlit_raises_where_a_case_is_marked(case: Case, streamlit: Runtime, tmp_path: Path) -> None:
    case.write(tmp_path)
    if streamlit.version < needed(case):
        pytest.skip(f"Streamlit {streamlit.version} does not do this yet")
    if not all(streamlit.can_take(steps, (text for _, text in case.files)) for steps in case.sequences):
        pytest.skip(f"Streamlit {streamlit.version} lacks something of this")
    raising = any(mark.exception for mark in case.marks)
    raised: set[Failure] = set()
    for steps in case.sequences:
        *before, last = streamlit.run(tmp_path, case.entrypoint, steps)
        assert failures(before if raising else [*before, last]) == set()
        raised |= failures([last])
    assert agree(case.marks, raised)
