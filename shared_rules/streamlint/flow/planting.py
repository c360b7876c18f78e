"""Marks for what loses something without an error, put into the finished tree.

Some losses are seen only when the tree is whole: what follows a message, what surrounds a widget. Such a place gets a
`tree.Fault` of a kind that raises nothing, before the tree is summarised; the search then finds a run that comes there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import TypeVar

from streamlint.findings import Place, Related, Step
from streamlint.flow.machine import Later, Machine
from streamlint.flow.reduce import NESTING, blocks_of
from streamlint.flow.tree import FAULT, Bind, Block, Branch, CallN, CellId, Draw, Fault, Node, Spec, Term, negate
from streamlint.records import immutable, mutable

N = TypeVar("N")


@mutable
class Tree:
    """The bodies that runs start with, and what all their blocks hold."""

    scripts: tuple[Spec, ...]
    callbacks: tuple[Spec, ...] = ()
    terms: dict[CellId, list[Term]] = field(default_factory=dict)
    draws: list[Draw] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    under: dict[CellId, list[tuple[Term, ...]]] = field(default_factory=dict)
    """The tests of the same body that each binding of a cell stands under."""
    placed: dict[type, list[tuple[Block, Node]]] = field(default_factory=dict)
    """All nodes by their kind, with the block each is in."""

    @staticmethod
    def of(scripts: Iterable[Spec]) -> Tree:
        """Walks each block once, those of callbacks too."""
        started = tuple(scripts)
        found = Tree(started)
        callbacks: dict[int, Spec] = {}
        seen: set[int] = set()
        todo: list[tuple[Block, tuple[Term, ...]]] = [(spec.body, ()) for spec in started]
        while todo:
            block, tests = todo.pop()
            found.blocks.append(block)
            for node in block:
                found.placed.setdefault(type(node), []).append((block, node))
                if isinstance(node, Bind):
                    found.terms.setdefault(node.cell, []).append(node.term)
                    found.under.setdefault(node.cell, []).append(tests)
                elif isinstance(node, Draw):
                    found.draws.append(node)
                for spec in _bodies(node, callbacks):
                    if spec.id not in seen:
                        seen.add(spec.id)
                        todo.append((spec.body, ()))
                if type(node) not in NESTING:
                    continue
                arms = (node.test, negate(node.test)) if isinstance(node, Branch) else ()
                for number, nested in enumerate(blocks_of(node)):
                    todo.append((nested, (*tests, arms[number]) if arms else tests))
        found.callbacks = tuple(callbacks.values())
        return found

    def nodes(self, kind: type[N]) -> Iterator[tuple[Block, N]]:
        """All nodes of a kind, with the block each is in."""
        for block, node in self.placed.get(kind, ()):
            assert isinstance(node, kind)
            yield block, node

    @property
    def bodies(self) -> tuple[Block, ...]:
        """What runs start with."""
        return tuple(spec.body for spec in (*self.scripts, *self.callbacks))

    def deciding(self, cell: CellId) -> Iterator[Term]:
        """The tests of the same body that decide which of several bindings of the cell a run comes to."""
        under = self.under.get(cell, [])
        if len(under) < 2:
            return
        shared = 0
        for same in zip(*under, strict=False):
            if any(test is not same[0] for test in same):
                break
            shared += 1
        yield from dict.fromkeys(test for tests in under for test in tests[shared:])


def _bodies(node: Node, callbacks: dict[int, Spec]) -> list[Spec]:
    if isinstance(node, CallN):
        return [node.spec]
    if isinstance(node, Draw) and node.widget.callback is not None:
        callbacks[node.widget.callback.id] = node.widget.callback
        return [node.widget.callback]
    return []


def nodes_of(*blocks: Block, seen: set[int] | None = None) -> Iterator[tuple[Block, Node]]:
    """Each node of the blocks, of those inside them and of the bodies that they call, with its block. Each body is
    walked once; those in `seen`, where what is walked is noted, are left out."""
    known = set() if seen is None else seen
    todo = list(blocks)
    while todo:
        block = todo.pop()
        for node in block:
            yield block, node
            if isinstance(node, CallN) and node.spec.id not in known:
                known.add(node.spec.id)
                todo.append(node.spec.body)
            todo += blocks_of(node)


@immutable
class Loss:
    """What to put before a node: the fault's kind, its place, what its message needs, and what else to show."""

    block: Block
    node: Node
    kind: str
    place: Place
    about: tuple[str, ...]
    related: tuple[Related, ...] = ()
    later: tuple[Step, ...] = ()
    """What a second session does after its first visit."""


def plant(m: Machine, losses: Iterable[Loss]) -> None:
    """Puts the faults into the tree, each before its node."""
    wanted: dict[int, tuple[Block, list[Loss]]] = {}
    for loss in losses:
        wanted.setdefault(id(loss.block), (loss.block, []))[1].append(loss)
    for block, here in wanted.values():
        block[:] = _with_faults(m, block, here)


def _with_faults(m: Machine, block: Block, losses: list[Loss]) -> Iterator[Node]:
    for node in list(block):
        for loss in losses:
            if loss.node is node:
                fault = Fault(f"{FAULT}{loss.kind}:{m.fresh()}", loss.kind, loss.place, (), loss.about, everywhere=True)
                m.related[fault.key] = loss.related
                if loss.later:
                    m.later[fault.key] = Later(loss.later)
                yield fault
        yield node
