"""Guards that test one key and give several their first values.

`if "a" not in ss:` with assignments of `a` and `b` promises that `b` is set wherever `a` is. The tree gets faults where
that may be broken without an error: where `b` is used with a fallback, or drawn as a widget, in a session that came
past the guard without it; and where the guard overwrites `b` because only `a` was missing. The search
(`streamlint.flow.batch_losses`) says which of them a run comes to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from functools import cached_property

from streamlint.findings import Place, Related
from streamlint.flow.machine import Machine
from streamlint.flow.planting import Tree
from streamlint.flow.reduce import blocks_of
from streamlint.flow.slices import closure
from streamlint.flow.tree import (
    FAULT,
    NONE,
    TRUE,
    AllT,
    Bind,
    Block,
    Branch,
    CallN,
    CellId,
    CellRef,
    Cmp,
    Delete,
    Draw,
    Exit,
    Fault,
    KeyVal,
    Lit,
    Loop,
    Node,
    NotT,
    Present,
    Read,
    Refresh,
    Scope,
    Some,
    Tag,
    Term,
    Touch,
    TryN,
    Unrolled,
    Use,
    Write,
)
from streamlint.flow.values import Known
from streamlint.records import immutable, mutable

MISSING, OVERWRITTEN = "batch guard", "batch reset"
"""The kinds of faults."""
MAX_DEPTH = 4
"""Calls that are looked into, and copies of a value that are followed."""
LEAST_FIRST = frozenset({"slider", "number_input"})
"""Elements that begin with their least value where no other is given."""
Asked = tuple[str, bool]
"""A key, and whether a test is true where it is not set."""
Place2 = tuple[Block, "Node | None", Node]
"""What to put into a block, before this node or at its head."""


@mutable
class Guard:
    """A test of `key`; `skipped` is what runs where it is set, and `branch` stands in `block`. Where a run that has the
    key leaves the function at once, what follows is guarded."""

    key: str
    block: Block
    branch: Branch
    skipped: Block
    guarded: Block | None
    writes: list[Write]


@mutable
class Promise:
    """One key that a guard sets besides its own: by these writes, all over the tree."""

    key: str
    guards: list[Guard]
    writes: list[Write] = field(default_factory=list)

    @property
    def guard(self) -> Guard:
        return self.guards[0]

    @property
    def together(self) -> tuple[str, ...]:
        """The key that is tested, and all that are set."""
        return tuple(dict.fromkeys((self.guard.key, *(write.key for write in self.guard.writes))))


@immutable
class Protected:
    """A use of a key that raises nothing while it is absent; `fallback` is what it has then (None: nothing at all).
    `cell` holds its value."""

    key: str
    block: Block
    node: Node
    place: Place
    fallback: Term | None
    cell: CellId | None = None


class BatchGuards:
    """The guards of one tree. To be made while the tree has all its uses, and planted at last."""

    def __init__(self, m: Machine, tree: Tree) -> None:
        self.machine = m
        self.tree = tree
        self.put: list[Place2] = []
        guards = list(self._guards())
        if guards:
            self._look(guards)

    def plant(self) -> None:
        """Puts what was found into the tree."""
        for block, anchor, node in self.put:
            index = 0 if anchor is None else next(i for i, other in enumerate(block) if other is anchor)
            block.insert(index, node)

    # --- guards ----------------------------------------------------------------------------------------------

    def _guards(self) -> Iterator[Guard]:
        for block, node in self.tree.nodes(Branch):
            asked = self._asked(node.test)
            if asked is None:
                continue
            key, absent = asked
            missing, there = (node.then, node.orelse) if absent else (node.orelse, node.then)
            leaves = bool(there) and isinstance(there[-1], Exit) and there[-1].kind == "return"
            rest = block[block.index(node) + 1 :] if leaves and not missing else missing
            writes = list(_plain_writes(rest, 0))
            if {key} < {write.key for write in writes} and not self._is_bare(node.test):
                yield Guard(key, block, node, there, missing or None, writes)

    def _asked(self, term: Term, depth: int = 0) -> Asked | None:
        """The key of a test that asks whether it is set, or whether it has a value."""
        match term:
            case Present(key) | KeyVal(key, Lit(None | False | "" | 0)):
                return key, False
            case Cmp("is" | "==" as op, left, Lit(None)) | Cmp("is not" | "!=" as op, left, Lit(None)):
                asked = self._asked(left, depth)
                return None if asked is None else (asked[0], op in ("is", "=="))
            case NotT(inner):
                asked = self._asked(inner, depth)
                return None if asked is None else (asked[0], not asked[1])
            case CellRef(cell) if depth < MAX_DEPTH:
                found = {self._asked(bound, depth + 1) for bound in self.tree.terms.get(cell, ())}
                return found.pop() if len(found) == 1 else None
            case _:
                return None

    def _is_bare(self, test: Term) -> bool:
        """Whether the test reads a key that must be set: its first value comes from somewhere else."""
        parts = list(closure(self.machine, self.tree, [test], set()))
        bare = any(isinstance(part, CellRef) and part.cell in self.bare for part in parts)
        return bare and not any(isinstance(part, Present) for part in parts)

    # --- promises --------------------------------------------------------------------------------------------

    def _look(self, guards: list[Guard]) -> None:
        promises: dict[tuple[Place, str], Promise] = {}
        for guard in guards:
            for key in sorted({write.key for write in guard.writes} - {guard.key}):
                promise = promises.setdefault((guard.branch.place, key), Promise(key, []))
                promise.guards.append(guard)
                promise.writes += [write for write in guard.writes if write.key == key]
        loose = [promise for promise in promises.values() if self._may_break(promise)]
        wanted = {promise.key for promise in loose}
        uses = list(self._uses(wanted)) if wanted else []
        for promise in loose:
            missed = [use for use in uses if self._misses(promise, use)]
            if missed:
                self._plant_missing(promise, missed)
        for promise in promises.values():
            if self._may_overwrite(promise):
                self._plant_overwritten(promise)

    def _may_break(self, promise: Promise) -> bool:
        """Whether something sets the guard's key elsewhere, or takes the other one away."""
        a = promise.guard.key
        own = {id(write) for guard in promise.guards for write in guard.writes}
        elsewhere = a in self.widgets or any(id(write) not in own for write in self.writes.get(a, ()))
        return elsewhere or promise.key in self.widgets or promise.key in self.deleted

    def _may_overwrite(self, promise: Promise) -> bool:
        """Whether the guard's key may go alone, or another place gives the other one the same first value."""
        if promise.guard.key in self.deleted or not all(isinstance(write.value, Lit) for write in promise.writes):
            return False
        own = {id(write) for write in promise.writes}
        others = [write for write in self.writes.get(promise.key, ()) if id(write) not in own]
        first = promise.writes[0].value
        if _is_tag(first) and _truth(first) is not False:
            return False
        shared = any(id(write) in self.first_writes and _same(write.value, first) for write in others)
        if promise.guard.key not in self.widgets and not shared:
            return False
        changed = any(not _same(write.value, first) for write in others)
        return changed or promise.key in self.touched or promise.key in self.widgets

    # --- the tree --------------------------------------------------------------------------------------------

    @cached_property
    def widgets(self) -> dict[str, list[Draw]]:
        """The widgets by the keys that they fill."""
        found: dict[str, list[Draw]] = {}
        if any(self.tree.nodes(Refresh)):
            return found  # none of them goes
        for draw in self.tree.draws:
            widget = draw.widget
            if widget.key is not None and widget.binds_key and not widget.trigger:
                found.setdefault(widget.key, []).append(draw)
        return found

    @cached_property
    def bare(self) -> frozenset[CellId]:
        """The cells with the values of reads that fail while their key is not set."""
        found: set[CellId] = set()
        for block in self.tree.blocks:
            for index, node in enumerate(block):
                if isinstance(node, Read):
                    after = block[index + 1 : index + 3]
                    found |= {n.cell for n in after if isinstance(n, Bind) and n.term == KeyVal(node.key, NONE)}
        return frozenset(found)

    @cached_property
    def writes(self) -> dict[str, list[Write]]:
        found: dict[str, list[Write]] = {}
        for _, node in self.tree.nodes(Write):
            found.setdefault(node.key, []).append(node)
        return found

    @cached_property
    def deleted(self) -> frozenset[str]:
        return frozenset(node.key for _, node in self.tree.nodes(Delete))

    @cached_property
    def touched(self) -> frozenset[str]:
        return frozenset(node.key for _, node in self.tree.nodes(Touch))

    @cached_property
    def first_writes(self) -> frozenset[int]:
        """The writes (by id) of a key that stand under a test of whether it is set."""
        found = {id(node) for _, node in self.tree.nodes(Write) if node.only_if_absent}
        for _, node in self.tree.nodes(Branch):
            asked = self._asked(node.test)
            if asked is not None:
                missing = node.then if asked[1] else node.orelse
                found |= {id(write) for write in _plain_writes(missing, 0) if write.key == asked[0]}
        return frozenset(found)

    @cached_property
    def tested(self) -> dict[CellId, list[Branch]]:
        """The branches whose tests rest on the value of a cell."""
        found: dict[CellId, list[Branch]] = {}
        for _, node in self.tree.nodes(Branch):
            for part in closure(self.machine, self.tree, [node.test], set()):
                if isinstance(part, CellRef):
                    found.setdefault(part.cell, []).append(node)
        return found

    # --- uses ------------------------------------------------------------------------------------------------

    def _uses(self, wanted: set[str]) -> Iterator[Protected]:
        for block in self.tree.blocks:
            for index, node in enumerate(block):
                match node:
                    case Bind(cell, KeyVal(key, default)) if key in wanted:
                        place = _place_of_get(block, index, key)
                        if place is not None:
                            yield Protected(key, block, node, place, default, cell)
                    case Branch(place=place):
                        tested = self._tests_presence(node, wanted)
                        if tested is not None:
                            yield Protected(tested, block, node, place, None)
                    case Draw(widget) if widget.key in wanted and node in self.widgets.get(widget.key or "", ()):
                        yield Protected(widget.key or "", block, node, node.place, self._shown(node))
                    case _:
                        pass

    def _sets_again(self, key: str, cell: CellId) -> bool:
        """Whether the key is set to what is made of its value, or depending on it."""
        made = (closure(self.machine, self.tree, [write.value], set()) for write in self.writes.get(key, ()))
        if any(part == CellRef(cell) for parts in made for part in parts):
            return True
        return any(_writes_in(branch, key) for branch in self.tested.get(cell, ()))

    def _tests_presence(self, node: Branch, wanted: set[str]) -> str | None:
        """The key of `if "b" in ss:` that does something with the value, and nothing else where there is none."""
        asked = self._asked(node.test)
        if asked is None or asked[0] not in wanted or not self._is_presence(node.test):
            return None
        key, absent = asked
        missing, there = (node.then, node.orelse) if absent else (node.orelse, node.then)
        if any(isinstance(inner, Write | Bind | Draw | CallN | Exit) for inner in _all(missing, 0)):
            return None
        used = any(isinstance(inner, Read | Use) and inner.key == key for inner in _all(there, 0))
        return key if used and not _writes_in(node, key) else None

    def _is_presence(self, term: Term, depth: int = 0) -> bool:
        if isinstance(term, NotT):
            return self._is_presence(term.term, depth)
        if isinstance(term, CellRef) and depth < MAX_DEPTH:
            return all(self._is_presence(bound, depth + 1) for bound in self.tree.terms.get(term.cell, ()))
        return isinstance(term, Present)

    def _shown(self, draw: Draw) -> Term:
        """What a new widget shows."""
        widget = draw.widget
        given = self.machine.drawn_with.get(widget.id, {})
        least = given.get("min_value")
        if widget.element in LEAST_FIRST and "value" not in given and isinstance(least, Known):
            return self.machine.term(least)
        return widget.default

    def _misses(self, promise: Promise, use: Protected) -> bool:
        """Whether the app does otherwise where the use has its fallback. A key that the app itself deletes may be meant
        to have none: then only what is not asked for."""
        if use.key != promise.key or not all(self._unlike(write.value, use.fallback) for write in promise.writes):
            return False
        if promise.key in self.deleted and (use.cell is None or use.cell in self.tested):
            return False
        return use.cell is None or not self._sets_again(promise.key, use.cell)

    def _unlike(self, first: Term, fallback: Term | None, depth: int = 0) -> bool:
        if isinstance(first, CellRef):
            bound = self.tree.terms.get(first.cell, [])
            return depth < MAX_DEPTH and bool(bound) and all(self._unlike(t, fallback, depth + 1) for t in bound)
        truth, other = _truth(first), False if fallback is None else _truth(fallback)
        if truth is None or other is None or truth is not other:
            return truth is not None and other is not None
        constant = isinstance(first, Lit) and isinstance(fallback, Lit)
        return truth and constant and not _is_tag(first) and not _is_tag(fallback) and first != fallback

    # --- planting --------------------------------------------------------------------------------------------

    def _plant_missing(self, promise: Promise, uses: list[Protected]) -> None:
        a, key = promise.guard.key, promise.key
        mark = f"{FAULT}{MISSING} passed without:{self.machine.fresh()}"
        place = promise.guard.branch.place
        for guard in promise.guards:
            there: Block = [Delete(mark, place)]
            self.put.append((guard.skipped, None, Branch(Present(key), there, [Write(mark, TRUE, place)], place, "")))
        name = self._name(promise, MISSING)
        missing = AllT((Present(mark), NotT(Present(key))))
        for use in uses:
            step = f"draws the widget of `{key}`" if isinstance(use.node, Draw) else f"uses `{key}`"
            about = (f"{step}, which is not set, as only `{a}` was tested", key, *promise.together)
            fault = Fault(name, MISSING, use.place, (), about, follows=frozenset(about[1:3]))
            self.put.append((use.block, use.node, Branch(missing, [fault], [], use.place, "")))

    def _plant_overwritten(self, promise: Promise) -> None:
        a, key, write = promise.guard.key, promise.key, promise.writes[0]
        name = self._name(promise, OVERWRITTEN)
        held = KeyVal(key, NONE)
        other = AllT((Present(key), held if _is_tag(write.value) else Cmp("!=", held, write.value)))
        for guard in promise.guards:
            step = f"sets `{key}` again, which holds another value, as only `{a}` was tested"
            about = (step, key, *promise.together)
            fault = Fault(name, OVERWRITTEN, write.place, (), about, follows=frozenset(about[1:3]))
            node = Branch(other, [fault], [], write.place, "")
            if guard.guarded is not None:
                self.put.append((guard.guarded, None, node))
            else:
                after = guard.block[guard.block.index(guard.branch) + 1]
                self.put.append((guard.block, after, node))

    def _name(self, promise: Promise, kind: str) -> str:
        """The name of the promise's faults; what to show with them is noted."""
        name = f"{FAULT}{kind}:{self.machine.fresh()}"
        tested = Related(f"only `{promise.guard.key}` is tested here", promise.guard.branch.place)
        found = [write for write in promise.guard.writes if write.key == promise.key]
        found += [write for write in promise.guard.writes if write.key == promise.guard.key]
        self.machine.related[name] = (tested, *(Related(f"`{write.key}` is set here", write.place) for write in found))
        return name


def _plain_writes(block: Block, depth: int) -> Iterator[Write]:
    """The assignments of a block that nothing but a test of the key itself, a loop or a `try` stands around."""
    for node in block:
        match node:
            case Write():
                yield node
            case Loop(body=body) | Unrolled(body=body) | Scope(body=body) | TryN(body=body):
                yield from _plain_writes(body, depth)
            case Branch(NotT(Present(key)), then=then):
                yield from (write for write in _plain_writes(then, depth) if write.key == key)
            case CallN(spec) if depth < MAX_DEPTH:
                yield from _plain_writes(spec.body, depth + 1)
            case Exit():
                return
            case _:
                pass


def _place_of_get(block: Block, index: int, key: str) -> Place | None:
    """Where the code asks for the key with a fallback; None for a bare read, `setdefault` and `pop`."""
    use = block[index - 1] if index else None
    before = block[index - 2] if index > 1 else None
    if not isinstance(use, Use) or use.key != key or (isinstance(before, Read) and before.key == key):
        return None
    return use.place


def _all(block: Block, depth: int) -> Iterator[Node]:
    for node in block:
        yield node
        for inner in blocks_of(node):
            yield from _all(inner, depth)
        if isinstance(node, CallN) and depth < MAX_DEPTH:
            yield from _all(node.spec.body, depth + 1)


def _writes_in(branch: Branch, key: str) -> bool:
    return any(isinstance(node, Write | Delete) and node.key == key for node in _all([branch], 0))


def _truth(term: Term) -> bool | None:
    if isinstance(term, Some):
        return term.truthy
    if not isinstance(term, Lit):
        return None
    return term.value.truthy if isinstance(term.value, Tag) else bool(term.value)


def _same(a: Term, b: Term) -> bool:
    """Whether two constants are equal, or two empty collections."""
    return a == b or (_is_tag(a) and _is_tag(b) and _truth(a) is _truth(b) is False)


def _is_tag(term: Term | None) -> bool:
    return isinstance(term, Lit) and isinstance(term.value, Tag)


__all__ = ["MISSING", "OVERWRITTEN", "BatchGuards"]
