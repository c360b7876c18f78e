"""Refactorings: the same app, written otherwise, where nothing is wrong.

`offered` says which of them there are at a place. Each is a function of what is given there, in a module of its kind.
"""

from __future__ import annotations

from collections.abc import Iterator

from streamlint.fixes.refactorings.constants import as_constant
from streamlint.fixes.refactorings.given import EXTRACT, REWRITE, Access, Given, Refactoring
from streamlint.fixes.refactorings.guarding import as_guard, as_setdefault
from streamlint.fixes.refactorings.initialising import at_top
from streamlint.fixes.refactorings.lifting import into_state
from streamlint.fixes.refactorings.spelling import all_as_attribute, all_as_bracket, as_attribute, as_bracket

__all__ = ["EXTRACT", "REWRITE", "Access", "Given", "Refactoring", "offered"]
_ALL = (
    as_setdefault,
    as_guard,
    as_bracket,
    as_attribute,
    all_as_bracket,
    all_as_attribute,
    as_constant,
    into_state,
    at_top,
)


def offered(given: Given) -> Iterator[Refactoring]:
    """The refactorings that can be made at a place, each under a name of its own."""
    for refactor in _ALL:
        found = refactor(given)
        if found is not None:
            yield found
