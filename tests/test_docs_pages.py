"""The examples of the documentation are reported as it says: each marked line, and nothing else.

That Streamlit does what they say is `tests/runtime/test_docs_runtime.py`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from docs_pages import docs_cases
from linting import Reported, check
from pages import Case

CASES = docs_cases()


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_an_example_marks_exactly_what_is_reported(case: Case, tmp_path: Path) -> None:
    case.write(tmp_path)
    expected = sorted(Reported(mark.path, mark.line, mark.code) for mark in case.marks if mark.code)
    assert check(tmp_path) == expected
