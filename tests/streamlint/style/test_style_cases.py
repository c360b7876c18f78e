"""Each app of style is reported where it is marked and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from linting import Reported, check
from pages import Case
from style_cases import own_rule, style_cases

CASES = style_cases()


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_an_app_is_reported_where_it_is_marked(case: Case, tmp_path: Path) -> None:
    case.write(tmp_path)
    expected = sorted(Reported(mark.path, mark.line, mark.code) for mark in case.marks)
    assert check(tmp_path, "--select", own_rule(case)) == expected
