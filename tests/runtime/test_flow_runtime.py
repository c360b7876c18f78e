"""The apps of `tests/streamlint/flow/cases/` do what they claim: Streamlit raises at the marks and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from flow_cases import flow_cases
from pages import Case
from runtime.client import Outcome, Runtime

pytestmark = pytest.mark.runtime
CASES = flow_cases()


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_streamlit_raises_where_a_case_is_marked(case: Case, streamlit: Runtime, tmp_path: Path) -> None:
    case.write(tmp_path)
    if not all(streamlit.can_take(steps, (text for _, text in case.files)) for steps in case.sequences):
        pytest.skip(f"Streamlit {streamlit.version} lacks something of this")
    raising = {(mark.path, mark.line, mark.exception) for mark in case.marks if mark.exception}
    raised: set[tuple[str, int, str]] = set()
    for steps in case.sequences:
        *before, last = streamlit.run(tmp_path, case.entrypoint, steps)
        assert _failures(before if raising else [*before, last]) == set()
        raised |= _failures([last])
    assert raised == raising


def _failures(outcomes: Iterable[Outcome]) -> set[tuple[str, int, str]]:
    return {(*raised.place, raised.type) for outcome in outcomes for raised in outcome.exceptions}
