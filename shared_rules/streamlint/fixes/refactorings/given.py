"""What a refactoring is told, and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from streamlint.findings import Applicability, Edit, Fix, Place, Span
from streamlint.fixes.building import Files, finished
from streamlint.fixes.missing import Gap
from streamlint.fixes.syntax import Syntax
from streamlint.records import immutable

ATTRIBUTE, ITEM, MEMBERSHIP, WIDGET, ENTRY = "attribute", "item", "membership", "widget", "entry"
"""Forms of an access, as `facts.sites` calls them."""
REWRITE, EXTRACT = "refactor.rewrite", "refactor.extract"
"""Kinds of refactorings, as the protocol calls them."""


class Access(Protocol):
    """One use of one key, as the state map of an app has it (`statemap.Access`)."""

    @property
    def key(self) -> str: ...
    @property
    def exact(self) -> bool: ...
    @property
    def use(self) -> str: ...
    @property
    def place(self) -> Place: ...
    @property
    def token(self) -> Span | None: ...
    @property
    def literal(self) -> bool: ...
    @property
    def form(self) -> str: ...
    @property
    def owner(self) -> Span | None: ...
    @property
    def pages(self) -> tuple[str, ...]: ...
    def matches(self, key: str) -> bool: ...


@dataclass(frozen=True)
class Given:
    """Where a refactoring is asked for. `span` is the selection, or the cursor, in the file `path`; `accesses` are
    those of the apps that run the file, `scripts` the files that Streamlit runs in them (entrypoints and pages),
    `outer` those of them that it runs around each page, `gaps` gives the keys that are read without being set."""

    files: Files
    path: str
    span: Span
    accesses: tuple[Access, ...] = ()
    scripts: frozenset[str] = frozenset()
    outer: frozenset[str] = frozenset()
    gaps: Callable[[], Iterable[Gap]] = tuple

    @cached_property
    def syntax(self) -> Syntax | None:
        return self.files.syntax(self.path)

    @cached_property
    def here(self) -> tuple[Access, ...]:
        """The accesses in the file, in order, each place and key once."""
        found = {(a.place.span, a.token, a.key): a for a in self.accesses if a.place.path == self.path}
        return tuple(found[at] for at in sorted(found, key=lambda at: (at[0], at[2])))

    @cached_property
    def access(self) -> Access | None:
        """The access whose expression is at the cursor: the one whose key is, else the innermost."""
        tokens = [a for a in self.here if a.token is not None and touches(a.token, self.span)]
        around = [a for a in self.here if touches(a.place.span, self.span) and _is_short(self.syntax, a.place.span)]
        return min(tokens or around, key=lambda a: a.place.span.end - a.place.span.start, default=None)

    def of(self, key: str) -> tuple[Access, ...]:
        """All accesses in the file that are, for certain, of the key."""
        return tuple(a for a in self.here if a.exact and a.key == key)


def touches(a: Span, b: Span) -> bool:
    """Whether two ranges overlap or meet."""
    return a.start <= b.end and b.start <= a.end


def _is_short(syntax: Syntax | None, span: Span) -> bool:
    """Whether a range is on one line: a widget over many lines is not meant wherever the cursor is in it."""
    return syntax is not None and syntax.source.line_of(span.start) == syntax.source.line_of(span.end)


@immutable
class Refactoring:
    """One way to write code otherwise. `name` says which, `kind` is what the protocol calls it; `noticed`: code of the
    file may tell the difference."""

    name: str
    kind: str
    title: str
    fix: Fix
    noticed: bool = False


def made(
    given: Given,
    name: str,
    kind: str,
    title: str,
    edits: Mapping[str, Sequence[Edit]] | Sequence[Edit] | None,
    noticed: bool = False,
) -> Refactoring | None:
    """The refactoring, if its edits are right: the results parse, and no comment is lost."""
    if not edits:
        return None
    by_file = edits if isinstance(edits, Mapping) else {given.path: edits}
    fix = finished(title, given.path, given.files, by_file)
    if fix is None or fix.applicability is not Applicability.SAFE:
        return None
    return Refactoring(name, kind, title, fix, noticed)
