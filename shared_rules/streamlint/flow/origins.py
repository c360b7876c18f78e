"""What a value is made of: the keys and widgets that it depends on.

The walk notes of each unknown value what the parts of its expression were (`made`); the finished tree says what cells
are bound to and under which tests. `Origins` follows both. It says what a value *may* depend on: which path a run takes
is not asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace

from streamlint.flow.machine import Machine
from streamlint.flow.planting import Tree
from streamlint.flow.tree import CellId, CellRef, KeyVal, Present, Sym, Term, WidgetVal, cell_of, subterms
from streamlint.flow.values import (
    Instance,
    Known,
    Late,
    Length,
    Mapping,
    Method,
    OneOf,
    Seq,
    State,
    StateView,
    Text,
    Value,
)
from streamlint.records import mutable

Source = KeyVal | Present | WidgetVal
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
    asked: set[CellId] = field(default_factory=set)
    held: dict[object, list[Value | Term]] = field(default_factory=dict)

    def keys(self, *values: Value | Term, tests: bool = True) -> frozenset[str]:
        """The keys that the values may depend on."""
        return frozenset(s.key for s in self.of(*values, tests=tests) if isinstance(s, KeyVal | Present))

    def of(self, *values: Value | Term, tests: bool = True) -> frozenset[Source]:
        """The keys and widgets that the values may depend on; with `tests` also through the tests that decide which
        of several values a variable has."""
        return self.reach(*values, tests=tests)[0]

    def cells(self, *values: Value | Term) -> frozenset[CellId]:
        """The cells that the values may be made of."""
        return frozenset(cell for term in self.reach(*values, tests=False)[1] if (cell := cell_of(term)) is not None)

    def users(self, *values: Value | Term) -> frozenset[Sym]:
        """What the values may be made of that is another in each session and neither key nor widget: `st.user`, the
        address, what a callback is given."""
        return frozenset(s for s in self.reach(*values, tests=False)[1] if isinstance(s, Sym) and _is_of_user(s))

    def reach(self, *values: Value | Term, tests: bool = True) -> tuple[frozenset[Source], frozenset[Term]]:
        """The same, and all terms that were met on the way there."""
        found: set[Source] = set()
        met: set[Term] = set()
        for part in self._walk(values, tests, found):
            if isinstance(part, Term):
                met.update(subterms(part))
        return frozenset(found), frozenset(met)

    def parts(self, *values: Value | Term) -> Iterator[Value | Term]:
        """The values, and all that they may be made of."""
        yield from values
        yield from self._walk(values, False, set())

    def _walk(self, values: Iterable[Value | Term], tests: bool, found: set[Source]) -> Iterator[Value | Term]:
        seen: set[object] = set()
        todo: list[Value | Term] = list(values)
        while todo:
            value = todo.pop()
            if isinstance(value, Length) and not self.lengths:
                continue
            for part in _parts(value):
                if isinstance(part, Term):
                    yield part
                    todo += self._follow(part, tests, seen, found)
                elif id(part) not in seen:
                    yield part
                    seen.add(id(part))
                    todo.append(part)
                    if isinstance(part, Instance):
                        todo += self._attributes(part)

    def _attributes(self, instance: Instance) -> list[Value | Term]:
        """What an object of the app holds."""
        if not self.held:
            for (owner, name), value in self.machine.heap.items():
                self.held.setdefault(owner, []).extend((value, CellRef(("heap", owner, name))))
        return self.held.get(instance.id, [])

    def _follow(self, term: Term, tests: bool, seen: set[object], found: set[Source]) -> Iterator[Value | Term]:
        for part in subterms(term):
            if isinstance(part, Source):
                found.add(part)
            cell = cell_of(part)
            if cell is not None and ("cell", cell) not in seen:
                seen.add(("cell", cell))
                given = () if self.shared or cell not in self.machine.parameters else self.tree.terms.get(cell, ())
                if len(given) > 1:
                    found |= self._given_always(cell, given)
                    continue
                if cell in self.closed:
                    continue
                yield from self.machine.made_of.get(cell, ())
                yield from self.tree.terms.get(cell, ())
                if tests:
                    yield from self.tree.deciding(cell)

    def _given_always(self, cell: CellId, given: Sequence[Term]) -> frozenset[Source]:
        """What all the arguments of a parameter may depend on."""
        if cell in self.asked:
            return frozenset()
        self.asked.add(cell)
        try:
            return frozenset.intersection(*(self.of(term) for term in given))
        finally:
            self.asked.discard(cell)


def _is_of_user(symbol: Sym) -> bool:
    """`st.user.email`, and what a callback was given."""
    name: object = symbol.name
    while isinstance(name, tuple) and name and isinstance(name[0], tuple):
        name = name[0]
    return name == "callback argument" or (isinstance(name, tuple) and name[0] == "st" and name[1] in OF_USERS)


def _parts(value: Value | Term) -> Iterator[Value | Term]:
    """A term as it is; of a value the terms and values in it."""
    match value:
        case Text(made_of=parts) | Seq(items=parts):
            yield from parts
            if isinstance(value, Seq):
                yield from (condition for condition in value.only_if if condition is not None)
        case Mapping(items):
            for pair in items:
                yield from pair
        case OneOf(cell, options):
            yield CellRef(cell)
            yield from options
        case Method(owner):
            yield owner
        case Late(term) | Length(term):
            yield term
        case Known() | State() | StateView():
            return
        case Instance():
            yield value
        case _ if isinstance(value, Term):
            yield value
