"""What a body does with the session: reads and sets keys, draws widgets and other elements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from streamlint.findings import Place
from streamlint.flow.machine import Machine
from streamlint.flow.reduce import blocks_of
from streamlint.flow.tree import (
    FAULT,
    Bind,
    Block,
    Branch,
    CallN,
    Clear,
    Delete,
    Draw,
    Havoc,
    KeyVal,
    Node,
    Present,
    Read,
    Term,
    Write,
    subterms,
)
from streamlint.records import immutable

READS, ASKS, SETS, REMOVES, DRAWS, SHOWS = "reads", "looks for", "sets", "removes", "draws", "shows"


@immutable
class Access:
    """One use of the session. `what` is the key or the element; `through` is the call that leads there, None if it is
    made in the body itself."""

    how: str
    what: str
    place: Place | None
    through: Place | None = None


def accesses(m: Machine, body: Block) -> Iterator[Access]:
    """The accesses of a body and of what it calls, except for other cached functions, in the order of the text."""
    return _accesses(m, body, set())


def _accesses(m: Machine, body: Block, seen: set[int]) -> Iterator[Access]:
    for node in body:
        yield from _of_node(m, node)
        if isinstance(node, CallN) and node.spec.id not in seen | m.cached.keys() and not node.spec.imported:
            seen.add(node.spec.id)
            for inner in _accesses(m, node.spec.body, seen):
                yield replace(inner, through=node.place)
        for block in blocks_of(node):
            yield from _accesses(m, block, seen)


def _of_node(m: Machine, node: Node) -> Iterator[Access]:
    match node:
        case Read(key=key, place=place):
            yield Access(READS, key, place)
        case Write(key=key, place=place):
            yield Access(SETS, key, place)
        case Delete(key=key, place=place):
            yield Access(REMOVES, key, place)
        case Clear(place=place):
            yield Access(REMOVES, "", place)
        case Havoc(pattern=pattern, place=place, supposed=False) if pattern is not None and any(pattern.parts):
            yield Access(SETS, str(pattern), place)
        case Draw(widget=widget, place=place):
            yield Access(DRAWS, widget.element, place)
        case Bind(cell=cell, term=term):
            yield from _in_term(term, m.kept_at.get(cell))
            shown = m.displayed.get(cell)
            if shown is not None:
                yield Access(SHOWS, shown.element, shown.place)
        case Branch(test=test, place=place):
            yield from _in_term(test, place)
        case _:
            pass


def _in_term(term: Term, place: Place | None) -> Iterator[Access]:
    for part in subterms(term):
        if isinstance(part, KeyVal | Present) and not part.key.startswith(FAULT):
            yield Access(READS if isinstance(part, KeyVal) else ASKS, part.key, place)
