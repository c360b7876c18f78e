"""What holds for every fix, on the apps of all pages and cases.

That an app does the same before and after is `tests/runtime/test_fixes_runtime.py`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from fixing import EVERYTHING, fix, judge, texts, unmarked
from flow_cases import flow_cases
from linting import check
from pages import Case, all_cases
from spellings import SPELLINGS, respell
from streamlint.findings import Applicability
from streamlint.lint import lint_paths
from streamlint.settings import load_settings
from style_cases import own_rule, repair_cases, style_cases

PAGES, STYLE = [unmarked(case) for case in all_cases()], [unmarked(case) for case in style_cases()]
REPAIRS = [unmarked(case) for case in repair_cases()]
SHOWN = [case for case in PAGES + STYLE + REPAIRS if case.fixed]
RESPELT = [done.case for case in PAGES + STYLE for name in SPELLINGS if (done := respell(case, name))]
RESPELT_IDS = [f"{d.case.id} / {name}" for case in PAGES + STYLE for name in SPELLINGS if (d := respell(case, name))]
FLOW = [unmarked(case) for case in flow_cases()]


@pytest.mark.parametrize("case", SHOWN, ids=[case.id for case in SHOWN])
def test_fixes_give_the_text_that_is_shown(case: Case, tmp_path: Path) -> None:
    case.write(tmp_path)
    now = texts(case, tmp_path, fix(tmp_path, own_rule(case)))
    assert now == dict(case.files) | dict(case.fixed)


@pytest.mark.parametrize("case", STYLE + REPAIRS, ids=[case.id for case in STYLE + REPAIRS])
def test_a_case_without_a_fixed_text_is_not_fixed(case: Case, tmp_path: Path) -> None:
    case.write(tmp_path)
    assert bool(fix(tmp_path, own_rule(case)).made) == bool(case.fixed)


def holds(case: Case, folder: Path) -> None:
    case.write(folder)
    settings = load_settings(folder, isolated=True, overrides={"select": list(EVERYTHING)})
    before = lint_paths([folder], settings, cache=False)
    for least in (Applicability.SAFE, Applicability.UNSAFE):
        if any(f.fix is not None and f.fix.applicability >= least for f in before.findings):
            judge(before, fix(folder, least=least), least)


@pytest.mark.parametrize("case", PAGES + STYLE + REPAIRS, ids=[case.id for case in PAGES + STYLE + REPAIRS])
def test_fixes_hold(case: Case, tmp_path: Path) -> None:
    holds(case, tmp_path)


@pytest.mark.parametrize("case", RESPELT, ids=RESPELT_IDS)
def test_fixes_hold_in_other_spellings(case: Case, tmp_path: Path) -> None:
    holds(case, tmp_path)


@pytest.mark.sweep
@pytest.mark.parametrize("case", FLOW, ids=[case.id for case in FLOW])
def test_fixes_hold_in_all_apps(case: Case, tmp_path: Path) -> None:
    holds(case, tmp_path)


@pytest.mark.parametrize("case", STYLE, ids=[case.id for case in STYLE])
def test_hints_are_off_unless_selected(case: Case, tmp_path: Path) -> None:
    case.write(tmp_path)
    assert own_rule(case) not in {report.code for report in check(tmp_path)}
