"""Leaves out of a slice what computes values that nobody asks for there.

`Reducer` keeps a binding if its cell decides something somewhere. Whether it does so *here* (a helper's result may be
tested by one of its callers only) is said by liveness: which cells are still read afterwards.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from streamlint.flow.tree import (
    Bind,
    Branch,
    CallN,
    CellId,
    Choice,
    Draw,
    Exit,
    Loop,
    Node,
    Scope,
    Term,
    TryN,
    Unrolled,
    WidgetVal,
    Write,
    cell_set,
    subterms,
)

if TYPE_CHECKING:
    from streamlint.flow.reduce import Kept, Reducer

MAX_PASSES = 4
"""A pass makes the next one find more: what only fed a dropped binding."""

Live = frozenset[CellId]


def prune(reducer: Reducer, wanted: set[Hashable]) -> None:
    """Drops bindings of cells that are dead, calls, branches and loops that have nothing left to do, and widgets that
    nobody asks for any more but those that are `wanted` for themselves."""
    for _ in range(MAX_PASSES):
        dropped = _Pass(reducer).run()
        if not _drop_widgets(reducer, wanted) and not dropped:
            return


def _drop_widgets(reducer: Reducer, wanted: set[Hashable]) -> bool:
    before = set(reducer.widgets)
    reducer.widgets.intersection_update(wanted.union(*map(_asked_in, reducer.specs.values())))
    reducer.find_submits()
    if reducer.widgets == before:
        return False
    for spec_id, body in reducer.specs.items():
        reducer.specs[spec_id] = _without_widgets(body, reducer.widgets)
    return True


def _asked_in(block: list[Kept]) -> set[Hashable]:
    """The widgets whose values a block asks for."""
    found: set[Hashable] = set()
    for kept in block:
        for term in _terms_of(kept.node):
            found.update(part.widget for part in subterms(term) if isinstance(part, WidgetVal))
        for inner in kept.blocks:
            found |= _asked_in(inner)
    return found


def _terms_of(node: Node) -> tuple[Term, ...]:
    match node:
        case Branch(test=term) | Bind(term=term) | Write(value=term):
            return (term,)
        case Draw(widget, disabled):
            return (disabled, widget.default)
        case _:
            return ()


def _without_widgets(block: list[Kept], widgets: set[Hashable]) -> list[Kept]:
    return [
        replace(kept, blocks=tuple(_without_widgets(inner, widgets) for inner in kept.blocks)) if kept.blocks else kept
        for kept in block
        if not isinstance(kept.node, Draw) or kept.node.widget.id in widgets
    ]


@dataclass(eq=False)
class _Pass:
    reducer: Reducer
    dropped: bool = False
    users: dict[CellId, set[int]] = field(default_factory=dict)
    """The bodies that read a cell."""
    inside: dict[int, Live] = field(default_factory=dict)
    pure: dict[int, bool] = field(default_factory=dict)

    def run(self) -> bool:
        """Whether something was dropped."""
        bodies = {spec_id: list(body) for spec_id, body in self.reducer.specs.items()}
        for spec_id, body in bodies.items():
            for cell in self.used_in(body):
                self.users.setdefault(cell, set()).add(spec_id)
        for spec_id, body in bodies.items():
            result = frozenset({_result(spec_id)})
            self.reducer.specs[spec_id] = _Body(self, spec_id, self.used_in(body)).block(body, result, False)[0]
        return self.dropped

    def used_in(self, block: list[Kept]) -> Live:
        """The cells that a block reads."""
        known = self.inside.get(id(block))
        if known is None:
            parts = [self.used_by(kept) for kept in block]
            parts += [self.used_in(inner) for kept in block for inner in kept.blocks]
            known = self.inside[id(block)] = frozenset[CellId]().union(*parts)
        return known

    def used_by(self, kept: Kept) -> Live:
        """The cells that a node reads itself."""
        used = frozenset(self.reducer.uses(kept.node))
        return used | cell_set(kept.node.widget.default) if isinstance(kept.node, Draw) else used

    def is_own(self, cell: CellId, spec_id: int) -> bool:
        """Whether no other body reads the cell."""
        return self.users.get(cell, set()) <= {spec_id}

    def is_pure(self, spec_id: int) -> bool:
        """Whether calling a body does nothing but compute its result."""
        known = self.pure.get(spec_id)
        if known is None:
            self.pure[spec_id] = False  # recursion may not end
            body = self.reducer.specs.get(spec_id, [])
            known = self.pure[spec_id] = all(self._computes(kept, spec_id) for kept in body)
        return known

    def _computes(self, kept: Kept, spec_id: int) -> bool:
        match kept.node:
            case Bind(cell):
                return cell == _result(spec_id) or self.is_own(cell, spec_id)
            case Exit(kind="return"):
                return True
            case CallN(spec):
                return spec.completes and self.is_pure(spec.id)
            case Branch():
                return all(self._computes(inner, spec_id) for block in kept.blocks for inner in block)
            case _:
                return False


def _result(spec_id: int) -> CellId:
    return (("f", spec_id), "return")


@dataclass(eq=False)
class _Body:
    """One body, from its end to its start."""

    run: _Pass
    spec_id: int
    used: Live
    """What the body reads anywhere."""

    def block(self, block: list[Kept], live: Live, guarded: bool) -> tuple[list[Kept], Live]:
        """What is left of a block after which the `live` cells are read, and what is live before it. `guarded`: an
        exit from here may lead to another part of the body."""
        left: list[Kept] = []
        for kept in reversed(block):
            still = None if self._is_idle(kept, live) else kept
            if still is not None and kept.blocks:
                still, live = self._nested(kept, live, guarded)
            if still is None:
                self.run.dropped = True
                continue
            left.append(still)
            if not kept.blocks:
                live = self._before(kept, live, guarded)
        left.reverse()
        return left, live

    def _is_idle(self, kept: Kept, live: Live) -> bool:
        match kept.node:
            case Bind(cell):
                return cell not in live and cell != _result(self.spec_id) and self.run.is_own(cell, self.spec_id)
            case CallN(spec):
                return spec.completes and _result(spec.id) not in live and self.run.is_pure(spec.id)
            case _:
                return False

    def _before(self, kept: Kept, live: Live, guarded: bool) -> Live:
        match kept.node:
            case Exit(kind="return") if not guarded:
                return frozenset({_result(self.spec_id)})
            case Exit(kind=kind):
                return live | self.used if guarded or kind in ("break", "continue") else frozenset()
            case Bind(cell):
                live -= {cell}
            case CallN(spec):
                live -= {_result(spec.id)}
            case _:
                pass
        return live | self.run.used_by(kept)

    def _nested(self, kept: Kept, live: Live, guarded: bool) -> tuple[Kept | None, Live]:
        node = kept.node
        inside = frozenset[CellId]().union(*map(self.run.used_in, kept.blocks))
        # a loop's end is followed by its start, a try's body by its handlers
        around = live | inside if isinstance(node, Loop | Unrolled | TryN) else live
        done = [self.block(inner, around, guarded or isinstance(node, TryN)) for inner in kept.blocks]
        if isinstance(node, Branch | Choice | Loop | Unrolled | Scope | TryN) and not any(block for block, _ in done):
            return None, live
        before = live.union(*(start for _, start in done)) | self.run.used_by(kept)
        if isinstance(node, Loop | Unrolled | TryN):
            before |= inside
        return replace(kept, blocks=tuple(block for block, _ in done)), before
