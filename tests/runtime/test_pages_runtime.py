"""What the rule pages claim about Streamlit is true: their apps are run by it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pages import Case, all_cases
from runtime.client import Runtime
from runtime.judging import agree, failures

pytestmark = pytest.mark.runtime
CASES = all_cases()


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_the_apps_of_a_page_do_what_it_says(case: Case, streamlit: Runtime, tmp_path: Path) -> None:
    case.write(tmp_path)
    if not all(streamlit.can_take(steps, (text for _, text in case.files)) for steps in case.sequences):
        pytest.skip(f"Streamlit {streamlit.version} lacks something of this")
    runs = [streamlit.run(tmp_path, case.entrypoint, steps) for steps in case.sequences]
    raising = any(mark.exception for mark in case.marks)
    assert not failures(outcome for run in runs for outcome in (run[:-1] if raising else run))
    assert agree(case.marks, failures(run[-1] for run in runs if raising))
