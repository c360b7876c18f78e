"""What each cell of a tree is made of, such as the keys and widgets that it may depend on, found once for all cells.

Cells, and objects of the app, are the nodes of a graph that leads to what they are made of, in circles too: a counter
in a loop, objects that hold each other. What is asked for are `marks`: those of a node are its own and those of all
nodes that it leads to. Of a parameter that is given several arguments only the marks of all of them may count: then it
is the least solution.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import field
from typing import Generic, TypeVar

from streamlint.flow.machine import Machine
from streamlint.flow.planting import Tree
from streamlint.flow.tree import CellId, CellRef, KeyVal, Present, Term, WidgetVal, cell_of, subterms
from streamlint.flow.values import Instance, Length, Seq, Value, inside
from streamlint.records import immutable, mutable

Mark = TypeVar("Mark", bound=Hashable)
Source = KeyVal | Present | WidgetVal
Node = tuple[str, Hashable, bool]
"""A cell or an object, and whether the tests count that decide which of several values a cell has."""


@mutable
class Links:
    """What leads to what, in one tree."""

    machine: Machine
    tree: Tree
    shared: bool
    lengths: bool
    closed: frozenset[CellId]
    held: dict[Hashable, list[Value | Term]] = field(default_factory=dict)

    def made_of(self, cell: CellId, tests: bool) -> Iterator[Value | Term]:
        """What a cell may be made of."""
        if cell not in self.closed:
            yield from self.machine.made_of.get(cell, ())
            yield from self.tree.terms.get(cell, ())
            if tests:
                yield from self.tree.deciding(cell)

    def arguments(self, cell: CellId) -> Sequence[Term]:
        """The arguments of a parameter of which only that counts which all of them may depend on."""
        given = () if self.shared or cell not in self.machine.parameters else self.tree.terms.get(cell, ())
        return given if len(given) > 1 else ()

    def attributes(self, instance: Hashable) -> list[Value | Term]:
        """What an object of the app holds."""
        if not self.held:
            for (owner, name), value in self.machine.heap.items():
                self.held.setdefault(owner, []).extend((value, CellRef(("heap", owner, name))))
        return self.held.get(instance, [])

    def parts(self, value: Value | Term) -> Iterator[Value | Term]:
        """A term or an object as it is; of another value the terms and values in it."""
        if isinstance(value, Instance | Term):
            yield value
        elif self.lengths or not isinstance(value, Length):
            yield from inside(value)
            if isinstance(value, Seq):
                yield from (condition for condition in value.only_if if condition is not None)


@immutable
class Way:
    """Marks, as bits of a number, and the nodes that have more of them."""

    own: int
    nodes: tuple[Node, ...]


def sources_in(part: Value | Term) -> Iterable[Source]:
    """The keys and widgets in a term."""
    return [term for term in subterms(part) if isinstance(term, Source)] if isinstance(part, Term) else ()


@mutable
class Marks(Generic[Mark]):
    """The marks of all nodes that were asked for."""

    links: Links
    own: Callable[[Value | Term], Iterable[Mark]]
    """The marks of one part itself."""
    bits: dict[Mark, int] = field(default_factory=dict)
    known: dict[Node, int] = field(default_factory=dict)
    named: dict[int, frozenset[Mark]] = field(default_factory=dict)

    def of(self, values: Iterable[Value | Term], tests: bool) -> frozenset[Mark]:
        """The marks of all that values are made of."""
        way = self._way(values, tests)
        for node in way.nodes:
            self._solve(node)
        found = self._along(way)
        if found not in self.named:
            self.named[found] = frozenset(mark for mark, bit in self.bits.items() if bit & found)
        return self.named[found]

    def _solve(self, first: Node) -> None:
        """Finds the marks of a node and of those it leads to: what others have is passed on until nothing changes."""
        if first in self.known:
            return
        ways = self._reached(first)
        self.known.update(dict.fromkeys(ways, 0))
        while [node for node, each in ways.items() if self._learns(node, each)]:
            pass

    def _reached(self, first: Node) -> dict[Node, list[Way]]:
        """All nodes that are not known yet and that one leads to, each behind those it leads to: then most is passed on
        at once."""
        found: dict[Node, list[Way]] = {first: self._ways(first)}
        behind: list[Node] = []
        path = [(first, _nodes(found[first]))]
        while path:
            following = next((n for n in path[-1][1] if n not in found and n not in self.known), None)
            if following is None:
                behind.append(path.pop()[0])
            else:
                found[following] = self._ways(following)
                path.append((following, _nodes(found[following])))
        return {node: found[node] for node in behind}

    def _ways(self, node: Node) -> list[Way]:
        """What a node gets its marks from: one way, or an argument each, of which all must have a mark."""
        kind, name, tests = node
        if kind == "object":
            return [self._way(self.links.attributes(name), tests)]
        arguments = self.links.arguments(name)
        if arguments:
            return [self._way([term], True) for term in arguments]
        return [self._way(self.links.made_of(name, tests), tests)]

    def _way(self, values: Iterable[Value | Term], tests: bool) -> Way:
        own, nodes, seen = 0, dict[Node, None](), set[int]()
        todo = list(values)
        while todo:
            for part in self.links.parts(todo.pop()):
                for mark in self.own(part):
                    own |= self.bits.setdefault(mark, 1 << len(self.bits))
                if isinstance(part, Term):
                    cells = (cell for term in subterms(part) if (cell := cell_of(term)) is not None)
                    nodes.update(dict.fromkeys(("cell", cell, tests) for cell in cells))
                elif isinstance(part, Instance):
                    nodes["object", part.id, tests] = None
                elif id(part) not in seen:
                    seen.add(id(part))
                    todo.append(part)
        return Way(own, tuple(nodes))

    def _along(self, way: Way) -> int:
        found = way.own
        for node in way.nodes:
            found |= self.known[node]
        return found

    def _learns(self, node: Node, ways: Sequence[Way]) -> bool:
        """Whether more is known of a node than before."""
        found = self._along(ways[0])
        for way in ways[1:]:
            found &= self._along(way)
        before, self.known[node] = self.known[node], found
        return found != before


def _nodes(ways: Iterable[Way]) -> Iterator[Node]:
    return (node for way in ways for node in way.nodes)
