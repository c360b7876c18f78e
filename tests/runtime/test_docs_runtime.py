"""What the documentation claims about Streamlit is true: its examples are run by it."""

from __future__ import annotations

from pathlib import Path

import pytest
from docs_pages import docs_cases
from pages import Case
from runtime.client import Runtime
from runtime.judging import does_as_it_says, play

pytestmark = pytest.mark.runtime
CASES = docs_cases()


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_an_example_does_what_the_page_says(case: Case, streamlit: Runtime, tmp_path: Path) -> None:
    does_as_it_says(case, play(case, streamlit, tmp_path))
