"""Each app of `cases/` is reported where it is marked and nowhere else.

The other half, that Streamlit raises at the marks and nowhere else, is `tests/runtime/test_flow_runtime.py`.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from flow_cases import CODES, flow_cases
from linting import Reported, check
from pages import Case

CODE = "the line is right, the code is not"

KNOWN: dict[str, str] = {
    "aliases: a module called st as parameter, one key not set": "missed: the module as an argument",
    "callbacks: a submit callback uses the form's own name": CODE,
    "callbacks: callbacks of widgets in a loop, another pattern": "one report for each round of the loop; " + CODE,
    "correlations: a failed step leaves the first key": "missed: an exception that a project's function raises",
    "correlations: wizard counts up": "false: a number that only goes up",
    "functions: a class as context manager swallows the error": "false: what __exit__ swallows",
    "functions: a decorator that initialises another key": "missed: under a decorator with functools.wraps",
    "functions: a generator that is never asked": "missed: a generator's body runs when it is asked",
    "functions: a while loop with break": "false: an endless loop ends where it breaks",
    "functions: methods of an object that is made anew": "missed: in a comprehension over an attribute",
    "functions: sort key too early": "missed: a function given to a builtin",
    "functions: try, except goes on": "missed: an exception of a builtin",
    "guards: a decorator that guards nothing": "missed: under a decorator with functools.wraps",
    "guards: a decorator with arguments that lack one": "missed: under a decorator with functools.wraps",
    "init: defaults from a dataclass": "false: dataclasses.asdict",
    "init: dict comprehension with a prefix that the reader forgets": CODE,
    "init: init inside a conditional import helper": "false: a function that may come from elsewhere",
    "keys: a key from a function, the other way round": CODE,
    "keys: a nested dict is not the state": CODE,
    "keys: a slice leaves one out": "false: a slice of a known list",
    "keys: a str Enum as key": "false: an Enum that is a str",
    "keys: dataclass fields name the keys": "false: dataclasses.fields",
    "keys: f-strings in a loop, a reader of a third": CODE,
    "keys: f-strings with a number, one too many": CODE,
    "keys: imported constants and a literal that differs": CODE,
    "misc: a config object that somebody else must make": CODE,
    "pages: a callback of a page": CODE,
    "pages: a page calls a helper that sets other keys": CODE,
    "pages: navigation: functions as pages, one prepares": CODE,
    "pages: navigation: pages from a loop, one needs more": CODE,
    "pages: navigation: the report is offered to everybody": CODE,
    "widgets: a container's key is no state": CODE,
    "widgets: a dataframe without selection": CODE,
    "widgets: a key that was set a run before its widget stays": "false: only what the widget holds is dropped",
    "widgets: the label is not the key": CODE,
    "widgets: widgets in a loop, one more is asked": "missed: a slice of a known list",
}
"""What streamlint gets wrong today, with the reason. A case that comes right must be taken off this list."""

CASES = flow_cases()


def expected(case: Case) -> list[Reported]:
    return sorted(Reported(mark.path, mark.line, mark.code) for mark in case.marks)


def parameter(case: Case) -> object:
    """The case as pytest takes it: one that is known to fail must fail."""
    known = KNOWN.get(case.id)
    return pytest.param(case, id=case.id, marks=[pytest.mark.xfail(reason=known, strict=True)] if known else [])


@pytest.mark.parametrize("case", [parameter(case) for case in CASES])
def test_an_app_is_reported_where_it_raises_and_nowhere_else(case: Case, tmp_path: Path) -> None:
    case.write(tmp_path)
    assert check(tmp_path, "--select", ",".join(CODES)) == expected(case)


def test_names_are_unique_and_what_is_known_exists() -> None:
    names = Counter(case.id for case in CASES)
    assert [name for name, count in names.items() if count > 1] == []
    assert KNOWN.keys() <= names.keys()
