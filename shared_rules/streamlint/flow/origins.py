"""What a value is made of: the keys and widgets that it depends on.

The walk notes of each unknown value what the parts of its expression were (`made`); the finished tree says what cells
are bound to and under which tests. `Origins` follows both. It says what a value *may* depend on: which path a run takes
is not asked. Which sources a cell has is found once (`Marks`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field, replace

from streamlint.flow.machine import Machine
from streamlint.flow.planting import Tree
from streamlint.flow.sources import Links, Marks, Source, sources_in
from streamlint.flow.tree import CellId, KeyVal, Present, Sym, Term, cell_of, subterms
from streamlint.flow.values import Instance, Text, Value
from streamlint.records import mutable

OF_USERS = frozenset({"user", "experimental_user", "query_params", "context"})
"""Attributes of `st` that hold another value in each session."""


def made(m: Machine, value: Value, inputs: list[Value], before: int) -> Value:
    """The value of an expression, with the values of its parts noted for what is unknown in it: `before` is the number
    of new unknown values when its evaluation began."""
    if len(m.unmade) > before:
        if inputs:
            parts = tuple(inputs)
            for cell in m.unmade[before:]:
                m.made_of.setdefault(cell, parts)
        del m.unmade[before:]
    if inputs and isinstance(value, Text) and not value.made_of:
        return replace(value, made_of=tuple(inputs))
    return value


@mutable
class Origins:
    """Follows values back to where they come from, in one tree."""

    machine: Machine
    tree: Tree
    shared: bool = True
    """Whether what only some calls of a function give it counts: all of them share its body here."""
    lengths: bool = True
    """Whether it counts what it is that has a length."""
    closed: frozenset[CellId] = frozenset()
    """Cells of which it does not matter what they are made of."""
    links: Links = field(init=False)
    sources: Marks[Source] = field(init=False)

    def __post_init__(self) -> None:
        self.links = Links(self.machine, self.tree, self.shared, self.lengths, self.closed)
        self.sources = Marks(self.links, sources_in)

    def keys(self, *values: Value | Term, tests: bool = True) -> frozenset[str]:
        """The keys that the values may depend on."""
        return frozenset(s.key for s in self.of(*values, tests=tests) if isinstance(s, KeyVal | Present))

    def of(self, *values: Value | Term, tests: bool = True) -> frozenset[Source]:
        """The keys and widgets that the values may depend on; with `tests` also through the tests that decide which
        of several values a variable has."""
        return self.sources.of(values, tests)

    def cells(self, *values: Value | Term) -> frozenset[CellId]:
        """The cells that the values may be made of."""
        return frozenset(cell for term in self.terms(*values) if (cell := cell_of(term)) is not None)

    def users(self, *values: Value | Term) -> frozenset[Sym]:
        """What the values may be made of that is another in each session and neither key nor widget: `st.user`, the
        address, what a callback is given."""
        return frozenset(s for s in self.terms(*values) if isinstance(s, Sym) and _is_of_user(s))

    def terms(self, *values: Value | Term, tests: bool = False) -> frozenset[Term]:
        """All terms on the way to where the values come from. Each call is a walk of its own."""
        met: set[Term] = set()
        for part in self._walk(values, tests):
            if isinstance(part, Term):
                met.update(subterms(part))
        return frozenset(met)

    def _walk(self, values: Iterable[Value | Term], tests: bool) -> Iterator[Value | Term]:
        seen: set[object] = set()
        todo: list[Value | Term] = list(values)
        while todo:
            for part in self.links.parts(todo.pop()):
                if isinstance(part, Term):
                    yield part
                    todo += self._follow(part, tests, seen)
                elif id(part) not in seen:
                    yield part
                    seen.add(id(part))
                    todo.append(part)
                    if isinstance(part, Instance):
                        todo += self.links.attributes(part.id)

    def _follow(self, term: Term, tests: bool, seen: set[object]) -> Iterator[Value | Term]:
        for part in subterms(term):
            cell = cell_of(part)
            if cell is not None and ("cell", cell) not in seen:
                seen.add(("cell", cell))
                if not self.links.arguments(cell):
                    yield from self.links.made_of(cell, tests)


def _is_of_user(symbol: Sym) -> bool:
    """`st.user.email`, and what a callback was given."""
    name: object = symbol.name
    while isinstance(name, tuple) and name and isinstance(name[0], tuple):
        name = name[0]
    return name == "callback argument" or (isinstance(name, tuple) and name[0] == "st" and name[1] in OF_USERS)
