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
    "aliases: a copy is not the state": CODE,
    "aliases: a module called st as parameter, one key not set": "missed: the module as an argument",
    "architecture: a chat agent with tools that need notes": "missed: a function from a table that the user chooses",
    "code: a generator of initial values misses one": "false: keys that a generator yields",
    "feedback: a list built anew": "missed: the items of a list that a loop fills",
    "leak_spellings: default: an object": "missed: what an object of an earlier run holds",
    "leak_spellings: module: a singleton by new": "missed: objects that `__new__` keeps",
    "leak_spellings: module: globals": "missed: `globals()`",
    "leak_spellings: rerun: a try": "missed: reruns in `finally`",
    "shared_modules: a counter in a callback": "missed: it is shown before the callback is known",
    "streamlit_features: a dynamic number of rows, the sum comes first": "missed: a range of a stored number",
    "writers: setdefault in a lazy map": "missed: map runs when it is asked",
    "writers: subclasses register themselves": "false: __init_subclass__",
}
"""What streamlint gets wrong today, with the reason. A case that comes right must be taken off this list."""

CASES = flow_cases()


def expected(case: Case) -> list[Reported]:
    return sorted(Reported(mark.path, mark.line, mark.code) for mark in case.marks if mark.code)


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
