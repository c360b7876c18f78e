"""Small apps whose behaviour was watched on three Streamlit versions, judged by streamlint.

`runtime/cases/expected.json` says for each app which steps of the watched session raised for a missing key, and which
key that was. Where something raised, streamlint reports that key; where nothing did, it has nothing to say about keys.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from linting import Reported, check

CASES = Path(__file__).parent / "runtime" / "cases"
EXPECTED = json.loads((CASES / "expected.json").read_text(encoding="utf-8"))
MISSING_KEY = ("STL101", "STL102", "STL103")
VERSION = "1.67"

NOT_REPORTED = {
    "09_helper_import_init": "the helper's body sets the key, once per process: another rule's bug",
    "10_cache_data_writes_state": "the cached function sets the key, once per process: another rule's bug",
    "10_cache_resource_writes_state": "the cached function sets the key, once per process: another rule's bug",
    "15_nested_init_function_default": "the session outlived an edit of the app, which is no bug of the app",
}
"""Apps that raise and that streamlint says nothing about, today."""

ONE_FOR_ALL = frozenset({"21_del_missing_in_logout"})
"""Apps where one line fails for several keys in turn (a loop over keys), which is one report."""

REPORTED = dict[str, str]()
"""Apps that did not raise in the watched session and that streamlint reports all the same, with the reason."""


def raised_keys(name: str) -> set[str]:
    raised = EXPECTED[name]["raised"]
    return {key for versions, steps in raised.items() if VERSION in versions.split() for _, _, key in steps}


def missing_key_reports(name: str, folder: Path) -> list[Reported]:
    """The reports for a copy in `folder`: below `tests/` streamlint looks for no apps."""
    shutil.copytree(CASES / name, folder / name)
    return check(folder / name, "--select", ",".join(MISSING_KEY))


RAISING = sorted(name for name in EXPECTED if raised_keys(name))
QUIET = sorted(name for name in EXPECTED if not raised_keys(name))


@pytest.mark.parametrize("name", RAISING)
def test_a_key_that_was_missing_is_reported(name: str, tmp_path: Path) -> None:
    reports = missing_key_reports(name, tmp_path)
    if name in NOT_REPORTED:
        assert reports == []
    else:
        named = [any(f"`{key}`" in each.message for each in reports) for key in raised_keys(name)]
        assert any(named) if name in ONE_FOR_ALL else all(named)


@pytest.mark.parametrize("name", QUIET)
def test_an_app_that_did_not_raise_is_not_reported(name: str, tmp_path: Path) -> None:
    assert bool(missing_key_reports(name, tmp_path)) == (name in REPORTED)
