"""The apps of `tests/streamlint/flow/cases/` do what they claim: Streamlit raises at the marks and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from flow_cases import flow_cases
from pages import Case
from runtime.client import Runtime
from runtime.judging import does_as_it_says, play

pytestmark = pytest.mark.runtime
CASES = flow_cases()


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_streamlit_raises_where_a_case_is_marked(case: Case, streamlit: Runtime, tmp_path: Path) -> None:
    does_as_it_says(case, play(case, streamlit, tmp_path))
