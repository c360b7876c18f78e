"""Widgets whose key each run sets to the same value before it draws them: the user can never change them.

One pass over the flow tree, forwards, with the keys that the run has certainly set to a constant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from streamlint.findings import Place, Related
from streamlint.flow.machine import Machine
from streamlint.flow.planting import Loss, Tree
from streamlint.flow.reduce import blocks_of
from streamlint.flow.tree import (
    Bind,
    Block,
    Branch,
    CallN,
    CellRef,
    Clear,
    Delete,
    Draw,
    Exit,
    Havoc,
    KeyVal,
    Lit,
    Loop,
    Node,
    Scope,
    Spec,
    Tag,
    Term,
    TryN,
    Unrolled,
    Write,
    subterms,
)
from streamlint.records import mutable

Set = dict[str, Write]
TAKING_LISTS = frozenset({"multiselect", "pills", "segmented_control"})
MAX_ENTRIES = 4
"""A body is walked with at most this many different sets; then it is taken to set nothing."""


@mutable
class Frozen:
    """The pass over one tree."""

    machine: Machine
    tree: Tree
    drawn: dict[Place, list[tuple[Block, Draw, Write | None]]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    """Keys whose value is read before it is set: the user's value has an effect."""
    memo: dict[tuple[int, frozenset[tuple[str, int]]], Set | None] = field(default_factory=dict)
    entries: dict[int, int] = field(default_factory=dict)
    returns: list[list[Set]] = field(default_factory=list)

    def losses(self) -> Iterator[Loss]:
        if not self._candidates():
            return
        for spec in self.tree.scripts:
            self._spec(spec, {})
        for spec in self.tree.callbacks:
            self._spec(spec, {})
        for place, visits in self.drawn.items():
            block, node, write = visits[0]
            key = node.widget.key
            if key is None or key in self.seen or write is None or any(other is None for _, _, other in visits):
                continue
            step = f"draws the widget of `{key}`, which this run has set"
            related = Related(f"each run sets `{key}` here", write.place)
            yield Loss(block, node, "frozen", place, (step, node.widget.element, key), (related,))

    def _candidates(self) -> set[str]:
        """The keys of widgets that some run sets to a constant without having asked for them right before."""
        guarded: set[int] = set()
        for _, branch in self.tree.nodes(Branch):
            asked = {key for part in self._parts(branch.test) if (key := getattr(part, "key", None)) is not None}
            for arm in blocks_of(branch) if asked else ():
                guarded |= {id(node) for node in arm if isinstance(node, Write) and node.key in asked}
        bound = {draw.widget.key for draw in self.tree.draws if draw.widget.binds_key and not draw.widget.trigger}
        constant = [w for _, w in self.tree.nodes(Write) if isinstance(w.value, Lit) and not w.only_if_absent]
        return {write.key for write in constant if write.key in bound and id(write) not in guarded}

    def _parts(self, test: Term) -> Iterator[Term]:
        """The terms of a test, and of what its variables hold."""
        for part in subterms(test):
            yield part
            for bound in self.tree.terms.get(part.cell, ()) if isinstance(part, CellRef) else ():
                yield from subterms(bound)

    def _spec(self, spec: Spec, done: Set) -> Set | None:
        key = (spec.id, frozenset((name, id(write)) for name, write in done.items()))
        if key not in self.memo:
            self.entries[spec.id] = self.entries.get(spec.id, 0) + 1
            if self.entries[spec.id] > MAX_ENTRIES:
                done, key = {}, (spec.id, frozenset())
        if key not in self.memo:
            self.memo[key] = {}  # recursion is cut
            self.returns.append([])
            end = self._block(spec.body, dict(done))
            ends = [*self.returns.pop(), *([] if end is None else [end])]
            self.memo[key] = _common(ends)
        return self.memo[key]

    def _block(self, block: Block, done: Set) -> Set | None:
        """What is set where the block ends; None if no path comes there."""
        after: Set | None = done
        for node in block:
            if after is None:
                break
            after = self._node(block, node, after)
        return after

    def _node(self, block: Block, node: Node, done: Set) -> Set | None:
        match node:
            case Bind(term=term):
                self._read(term, done)
                return done
            case Write(key=key, value=value):
                self._read(value, done)
                if node.only_if_absent:
                    return done
                rest = {name: write for name, write in done.items() if name != key}
                return {**rest, key: node} if isinstance(value, Lit) else rest
            case Delete(key=key):
                return {name: write for name, write in done.items() if name != key}
            case Clear():
                return {}
            case Havoc():
                return {name: write for name, write in done.items() if not node.matches(name)}
            case Draw():
                self._draw(block, node, done)
                return done
            case CallN(spec):
                return self._spec(spec, done)
            case Exit(kind=kind):
                if kind == "return" and self.returns:
                    self.returns[-1].append(done)
                return None
            case _:
                return self._inner(node, done)

    def _inner(self, node: Node, done: Set) -> Set | None:
        if isinstance(node, Branch):
            self._read(node.test, done)
        if isinstance(node, TryN):
            return self._try(node, done)
        if isinstance(node, Loop | Unrolled | Scope):
            plain = not isinstance(node, Loop) and not _leaves(node.body)
            after = self._block(node.body, dict(done) if plain else {})
            return after if plain else {}
        blocks = blocks_of(node)
        ends = [end for inner in blocks if (end := self._block(inner, dict(done))) is not None]
        return _common(ends) if blocks else done

    def _try(self, node: TryN, done: Set) -> Set | None:
        body = self._block(node.body, dict(done))
        ends = [] if body is None else [self._block(node.orelse, body)]
        ends += [self._block(handler.body, {}) for handler in node.handlers]
        after = _common([end for end in ends if end is not None])
        return None if after is None else self._block(node.final, after)

    def _draw(self, block: Block, node: Draw, done: Set) -> None:
        widget = node.widget
        if widget.key is None or not widget.binds_key or widget.trigger:
            return
        free = widget.callback is not None or widget.fragment is not None or node.disabled != Lit(False)
        write = None if free else done.get(widget.key)
        if write is not None and _is_collection(write.value) and widget.element not in TAKING_LISTS:
            write = None  # it raises, which is not for this pass to say
        self.drawn.setdefault(node.place, []).append((block, node, write))

    def _read(self, term: Term, done: Set) -> None:
        for part in subterms(term):
            if isinstance(part, KeyVal) and part.key not in done:
                self.seen.add(part.key)


def _is_collection(term: Term) -> bool:
    return isinstance(term, Lit) and isinstance(term.value, Tag)


def _common(ends: list[Set]) -> Set | None:
    if not ends:
        return None
    first, *others = ends
    return {name: write for name, write in first.items() if all(name in other for other in others)}


def _leaves(block: Block) -> bool:
    """Whether the iterations of a loop may end before their end."""
    return any(
        (isinstance(node, Exit) and node.kind in ("break", "continue")) or any(_leaves(b) for b in blocks_of(node))
        for node in block
    )
