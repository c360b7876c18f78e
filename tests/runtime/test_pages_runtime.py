"""What the rule pages claim about Streamlit is true: their apps are run by it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pages import Case, all_cases
from runtime.client import Runtime
from runtime.judging import does_as_it_says, play

pytestmark = pytest.mark.runtime
CASES = all_cases()


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_the_apps_of_a_page_do_what_it_says(case: Case, streamlit: Runtime, tmp_path: Path) -> None:
    does_as_it_says(case, play(case, streamlit, tmp_path))
