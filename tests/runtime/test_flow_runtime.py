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


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_streamlit_raises_where_a_case_is_marked(case: Case, streamlit: Runtime, tmp_path: Path) -> None:
    case.write(tmp_path)
    if not all(streamlit.can_take(steps, (text for _, text in case.files)) for steps in case.sequences):
        pytest.skip(f"Streamlit {streamlit.version} lacks something of this")
    raising = any(mark.exception for mark in case.marks)
    raised: set[Failure] = set()
    for steps in case.sequences:
        *before, last = streamlit.run(tmp_path, case.entrypoint, steps)
        assert failures(before if raising else [*before, last]) == set()
        raised |= failures([last])
    assert agree(case.marks, raised)
