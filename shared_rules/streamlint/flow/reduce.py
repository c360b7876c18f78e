"""The part of a flow tree that matters for one slice of keys.

A slice is a set of keys. What neither touches one of them, nor decides whether something that does is reached, is
dropped before exploration: exploring it would only multiply valuations. `Reducer` finds the cells and widgets whose
values decide something (a fixpoint: a kept test makes its cells matter, and a kept cell the branches that bind it),
and says for each kept node which cells are not read any more afterwards.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from streamlint.findings import Place
from streamlint.flow.tree import (
    FAULT,
    USED,
    AllT,
    Bind,
    Block,
    Branch,
    CallN,
    CellId,
    CellRef,
    Changed,
    Choice,
    Clear,
    Delete,
    Draw,
    Exit,
    Fault,
    Forbidden,
    Havoc,
    KeyVal,
    Loop,
    Needs,
    Node,
    Pages,
    Present,
    Read,
    Refresh,
    Scope,
    Shown,
    Spec,
    Term,
    Touch,
    TryN,
    Unrolled,
    Use,
    WidgetInfo,
    WidgetVal,
    Write,
    cell_of,
    cells_in,
    subterms,
)
from streamlint.records import immutable, mutable

ESCAPING = frozenset({"stop", "rerun", "switch", "never"})
RAISING = frozenset({"raise", "reraise"})
ENDS_RUN = frozenset({"stop", "rerun", "switch", "raise", "reraise"})
NESTING = frozenset({Branch, Choice, Pages, Loop, Unrolled, Scope, TryN})
"""The kinds of nodes that have blocks inside."""


@immutable
class Summary:
    """What a block contains, calls included."""

    keys: frozenset[str]
    havoc: bool
    exits: bool
    cells: frozenset[CellId]
    widgets: frozenset[Hashable]
    raises: bool = False


EMPTY = Summary(frozenset(), False, False, frozenset(), frozenset())


@mutable
class Kept:
    """A kept node: its kept blocks (in the order of `blocks_of`), and the cells that are dead after it."""

    node: Node
    blocks: tuple[list[Kept], ...] = ()
    dead: frozenset[CellId] = frozenset()


@mutable
class Lifetimes:
    """The keys whose values may be lost, and what decides it.

    `kept`: the keys that a widget fills by its `key`. `copied`: those that hold what a widget without a key returned,
    with these writes (by id) and the widget of each. `guarded`: the writes (by id) that happen only while their key is
    not set or empty."""

    kept: frozenset[str] = frozenset()
    copied: dict[int, tuple[str, Hashable]] = field(default_factory=dict)
    guarded: frozenset[int] = frozenset()
    used: frozenset[str] = frozenset()
    deleted: dict[str, frozenset[Place]] = field(default_factory=dict)
    """The keys of widgets that the app deletes, and where."""
    refreshed: dict[str, Place] = field(default_factory=dict)
    """The keys of widgets that the app assigns to themselves, and where."""
    clicked: frozenset[str] = frozenset()
    """The keys of buttons that the app sets to true."""
    renewed: frozenset[str] = frozenset()
    """The keys that a run sets to what a widget without a key returns, without a click."""

    def searched(self, undrawn: frozenset[str]) -> list[str]:
        """The keys worth a search, where some use of the `undrawn` ones may come before their widgets."""
        lost = (self.kept & self.used & undrawn) | (self.renewed & self.used)
        return sorted(lost | self.deleted.keys() | self.clicked)


@dataclass(eq=False)
class Program:
    """The flow tree of an app with what can be computed once for all slices."""

    scripts: dict[str, Spec]
    widgets: dict[Hashable, Draw]
    summaries: dict[int, Summary] = field(default_factory=dict)
    blocks: dict[int, Summary] = field(default_factory=dict)
    terms: dict[CellId, list[Term]] = field(default_factory=dict)
    pinned: list[Block] = field(default_factory=list)
    faults: dict[str, Fault] = field(default_factory=dict)
    writes: dict[str, list[Write]] = field(default_factory=dict)
    lifetimes: Lifetimes = field(default_factory=Lifetimes)
    settled: frozenset[int] = frozenset()
    """Reads that no run can fail, by id: they do nothing."""

    def settle(self, reads: frozenset[int]) -> None:
        """Takes these reads for nothing from now on."""
        self.settled = reads
        self.summaries.clear()
        self.blocks.clear()
        self.terms.clear()
        self.writes.clear()
        for spec in self.started():
            self.summary(spec)

    def summary(self, spec: Spec) -> Summary:
        known = self.summaries.get(spec.id)
        if known is None:
            self.summaries[spec.id] = EMPTY  # recursion is cut
            known = self.summaries[spec.id] = self.block_summary(spec.body)
        return known

    def block_summary(self, block: Block) -> Summary:
        known = self.blocks.get(id(block))
        if known is None:
            self.pinned.append(block)  # so that the id stays unique
            known = self.blocks[id(block)] = _union([self.node_summary(node) for node in block])
        return known

    def node_summary(self, node: Node) -> Summary:
        if type(node) in NESTING:
            return _union([self.block_summary(block) for block in blocks_of(node)])
        match node:  # the frequent kinds first
            case Bind(cell, term):
                self.terms.setdefault(cell, []).append(term)
                own = Summary(frozenset(), False, False, frozenset({cell}), frozenset())
            case Read() if id(node) in self.settled:
                own = EMPTY
            case Read(key=key) | Write(key=key) | Delete(key=key) | Touch(key=key):
                own = Summary(frozenset({key}), False, False, frozenset(), frozenset())
                if isinstance(node, Write):
                    self.writes.setdefault(key, []).append(node)
            case Use(key=key):
                own = Summary(frozenset({USED + key}), False, False, frozenset(), frozenset())
            case Refresh():
                own = Summary(frozenset({USED}), True, False, frozenset(), frozenset())
            case Fault(key=key):
                own = Summary(frozenset({key}), False, False, frozenset(), frozenset())
                self.faults[key] = node
            case Clear() | Havoc():
                own = Summary(frozenset(), True, False, frozenset(), frozenset())
            case Draw(widget):
                keys = frozenset({widget.key}) if widget.key is not None else frozenset()
                own = Summary(keys, False, False, frozenset(), frozenset({widget.id}))
                self.widgets[widget.id] = node
            case Shown(id=marker) | Forbidden(id=marker):
                own = Summary(frozenset(), False, False, frozenset(), frozenset({marker}))
            case Needs(key=key):
                own = Summary(frozenset({key}), False, False, frozenset(), frozenset())
            case Changed(cell):
                own = Summary(frozenset(), False, False, frozenset({cell}), frozenset())
            case CallN(spec):
                own = self.summary(spec)
            case Exit(kind=kind):
                own = Summary(frozenset(), False, kind in ESCAPING, frozenset(), frozenset(), kind in RAISING)
            case _:
                own = EMPTY
        return own

    @cached_property
    def guarded(self) -> frozenset[int]:
        """The bodies that are called inside a `try` with handlers, by id: what they raise may be caught."""
        found: set[int] = set()
        for body in _try_bodies(self.pinned):
            todo = [body]
            while todo:
                for node in todo.pop():
                    if isinstance(node, CallN) and node.spec.id not in found:
                        found.add(node.spec.id)
                        todo.append(node.spec.body)
                    todo.extend(blocks_of(node))
        return frozenset(found)

    def specs(self) -> Iterable[Spec]:
        return self.scripts.values()

    def started(self) -> Iterator[Spec]:
        """The bodies that a run can start with: scripts and callbacks."""
        yield from self.scripts.values()
        yield from (d.widget.callback for d in self.widgets.values() if d.widget.callback is not None)


def _try_bodies(blocks: list[Block]) -> Iterator[Block]:
    for block in blocks:
        for node in block:
            if isinstance(node, TryN) and node.handlers:
                yield node.body


def _union(parts: list[Summary]) -> Summary:
    if not parts:
        return EMPTY
    if len(parts) == 1:
        return parts[0]
    return Summary(
        frozenset().union(*(p.keys for p in parts)),
        any(p.havoc for p in parts),
        any(p.exits for p in parts),
        frozenset().union(*(p.cells for p in parts)),
        frozenset().union(*(p.widgets for p in parts)),
        any(p.raises for p in parts),
    )


def blocks_of(node: Node) -> tuple[Block, ...]:
    """The blocks inside a node, in a fixed order."""
    if type(node) not in NESTING:
        return ()
    match node:
        case Branch(then=then, orelse=orelse):
            return then, orelse
        case Choice(arms=arms) | Pages(arms=arms):
            return arms
        case Loop(body=body, orelse=orelse) | Unrolled(body=body, orelse=orelse):
            return body, orelse
        case Scope(body=body):
            return (body,)
        case TryN(body, handlers, orelse, final):
            return body, orelse, final, *(handler.body for handler in handlers)
        case _:
            return ()


class Reducer:
    """One slice of a program."""

    def __init__(
        self,
        program: Program,
        keys: frozenset[str],
        lean: bool = False,
        cells: Iterable[CellId] = (),
        widgets: Iterable[Hashable] = (),
    ) -> None:
        """`cells` and `widgets` matter by themselves, besides those that `keys` make matter."""
        self.program = program
        self.keys = keys
        self.lean = lean
        """Whether runs that end early for unrelated reasons are left out: see `_is_idle_exit`."""
        self.cells: set[CellId] = set(cells)
        self.widgets: set[Hashable] = set(widgets)
        self.specs: dict[int, list[Kept]] = {}
        self._tries = 0
        """The `try` bodies with handlers around the current node, in the same function."""
        self.private: dict[int, frozenset[CellId]] = {}
        """The cells that are dead when a call of the body comes back."""
        self._find_widgets()
        while True:
            before = self._grown()
            self.specs.clear()
            for spec in self._roots():
                self.reduce_spec(spec)
            self._find_submits()
            if self._grown() == before:
                break
        self._find_dead()

    def _grown(self) -> Hashable:
        """Changes as long as more is found to matter."""
        return len(self.cells), len(self.widgets)

    def _roots(self) -> Iterator[Spec]:
        yield from self.program.specs()
        for widget_id in list(self.widgets):
            draw = self.program.widgets.get(widget_id)
            if draw is not None and draw.widget.callback is not None:
                yield draw.widget.callback
            if draw is not None and isinstance(draw.widget.fragment, Spec):
                yield draw.widget.fragment

    def _find_widgets(self) -> None:
        """Widgets that matter by themselves: their key is in the slice, or their callback touches it or comes to an
        element that is asked for."""
        asked = frozenset(self.widgets)
        for widget_id, draw in self.program.widgets.items():
            callback = draw.widget.callback
            does = None if callback is None else self.program.summary(callback)
            touches = does is not None and (self._touches(does) or not does.widgets.isdisjoint(asked))
            if draw.widget.key in self.keys or touches:
                self.widgets.add(widget_id)

    def _find_submits(self) -> None:
        """The user's values of a form's widgets arrive with a click on its submit button."""
        if not any(key.startswith(FAULT) for key in self.keys):
            return
        drawn = [draw.widget for draw in self.program.widgets.values() if draw.widget.form is not None]
        asked = {widget.form for widget in drawn if widget.id in self.widgets and not widget.trigger}
        self.widgets.update(widget.id for widget in drawn if widget.trigger and widget.form in asked)

    def _touches(self, summary: Summary) -> bool:
        return summary.havoc or not summary.keys.isdisjoint(self.keys)

    def _matters(self, summary: Summary) -> bool:
        return (
            summary.havoc
            or summary.exits
            or not summary.keys.isdisjoint(self.keys)
            or not summary.cells.isdisjoint(self.cells)
            or not summary.widgets.isdisjoint(self.widgets)
        )

    def reduce_spec(self, spec: Spec) -> list[Kept]:
        known = self.specs.get(spec.id)
        if known is not None:
            return known
        self.specs[spec.id] = []
        summary = self.program.summary(spec)
        if self._matters(summary) or (summary.raises and spec.id in self.program.guarded):
            self.specs[spec.id] = self.reduce(spec.body, False)
        return self.specs[spec.id]

    def reduce(self, block: Block, follows: bool) -> list[Kept]:
        """What of a block matters; `follows` says whether something that does comes after it in the same body."""
        summary = self.program.block_summary(block)
        if not self._matters(summary) and not (self._tries and summary.keys) and not _leaves(block):
            return []
        kept: list[Kept] = []
        for node in reversed(block):
            made = self._keep(node, follows or bool(kept))
            if made is not None:
                kept.append(made)
        kept.reverse()
        return kept

    def _keep(self, node: Node, follows: bool) -> Kept | None:
        if type(node) in NESTING:
            return self._keep_nested(node, follows)
        match node:  # the frequent kinds first
            case Bind(cell, term):
                if cell not in self.cells:
                    return None
                self._use(term)
                return Kept(node)
            case Read(key=key) | Write(key=key) | Delete(key=key) | Touch(key=key):
                if isinstance(node, Read) and id(node) in self.program.settled:
                    return None
                if key not in self.keys:
                    return Kept(node) if isinstance(node, Read) and self._tries else None
                if isinstance(node, Write):
                    self._use(node.value)
                return Kept(node)
            case Fault(key=key):
                return Kept(node) if key in self.keys else None
            case Use(key=key):
                return Kept(node) if USED + key in self.keys else None
            case Refresh():
                return Kept(node)
            case Needs(key):
                return Kept(node) if key in self.keys else None
            case Changed():
                return None
            case Havoc():
                return Kept(node) if any(node.matches(key) for key in self.keys) else None
            case Clear():
                return Kept(node)
            case Draw(widget, disabled):
                if widget.id not in self.widgets:
                    return None
                self._use(disabled)
                return Kept(node)
            case Shown(id=marker) | Forbidden(id=marker):
                return Kept(node) if marker in self.widgets else None
            case CallN(spec):
                body = self.reduce_spec(spec)
                raises = spec.id in self.program.guarded and _raises(body)
                return Kept(node) if self._acts(body) or raises or not spec.completes else None
            case Exit(kind="return"):
                return Kept(node) if follows else None
            case Exit():
                return Kept(node)
            case _:
                return None

    def _keep_nested(self, node: Node, follows: bool) -> Kept | None:
        around = follows or isinstance(node, Loop | Unrolled | Scope) or (isinstance(node, TryN) and bool(node.orelse))
        blocks = self._reduce_inside(node, around)
        if not any(blocks):
            return None
        if isinstance(node, Branch):
            if self._is_idle_exit(node, blocks):
                return None
            self._use(node.test)
        acts = any(self._acts(block) for block in blocks) or (isinstance(node, Scope) and _breaks(blocks[0]))
        if isinstance(node, Loop | Unrolled | Scope | TryN) and not acts:
            return None
        return Kept(node, blocks)

    def _reduce_inside(self, node: Node, follows: bool) -> tuple[list[Kept], ...]:
        guards = isinstance(node, TryN) and bool(node.handlers)
        found: list[list[Kept]] = []
        for index, block in enumerate(blocks_of(node)):
            self._tries += guards and index == 0
            found.append(self.reduce(block, follows))
            self._tries -= guards and index == 0
        return tuple(found)

    def _acts(self, block: list[Kept]) -> bool:
        """The block does something besides leaving itself and asking for other keys."""
        for kept in block:
            if isinstance(kept.node, Exit):
                if kept.node.kind in ESCAPING:
                    return True
            elif isinstance(kept.node, Read) and kept.node.key not in self.keys:
                continue
            elif not kept.blocks or any(self._acts(inner) for inner in kept.blocks):
                return True
        return False

    def _is_idle_exit(self, node: Branch, blocks: tuple[list[Kept], ...]) -> bool:
        """One arm does nothing but end the run, for a reason that the slice knows nothing of: `if st.button(...):
        st.rerun()`, `if df.empty: st.stop()`. Runs that come past it are the ones to look at."""
        if all(blocks) or not all(map(self._only_ends_run, blocks)):
            return False
        return (bool(blocks[0]) and self._needs_trigger(node.test, 0)) or self._passes_by(node.test)

    def _passes_by(self, test: Term) -> bool:
        return self.lean and not self._is_linked(test)

    def _only_ends_run(self, block: list[Kept]) -> bool:
        return all(map(self._ends_run, block))

    def _ends_run(self, kept: Kept) -> bool:
        if isinstance(kept.node, Exit):
            return kept.node.kind in ENDS_RUN
        return isinstance(kept.node, TryN) and all(map(self._only_ends_run, kept.blocks))

    def _needs_trigger(self, term: Term, depth: int) -> bool:
        """Whether the test is true only in a run that a click causes."""
        match term:
            case WidgetVal(widget):
                draw = self.program.widgets.get(widget)
                return draw is not None and draw.widget.trigger
            case AllT(terms):
                return any(self._needs_trigger(part, depth) for part in terms)
            case CellRef(cell) if depth < 4:
                bound = self.program.terms.get(cell, [])
                return bool(bound) and all(self._needs_trigger(t, depth + 1) for t in bound)
            case _:
                return False

    def _is_linked(self, term: Term) -> bool:
        """Whether the test asks for a key, or for something that decides elsewhere too."""
        return any(self._asks_elsewhere(part) or cell_of(part) in self.cells for part in self._behind(term))

    def _behind(self, term: Term) -> Iterator[Term]:
        """The parts of a term, and of what its cells may be bound to."""
        todo, seen = [term], set[CellId]()
        while todo:
            for part in subterms(todo.pop()):
                yield part
                cell = cell_of(part)
                if cell is not None and cell not in seen:
                    seen.add(cell)
                    todo += self.program.terms.get(cell, ())

    def _asks_elsewhere(self, part: Term) -> bool:
        return isinstance(part, KeyVal | Present) or (isinstance(part, WidgetVal) and part.widget in self.widgets)

    def _use(self, term: Term) -> None:
        self.cells.update(cells_in(term))
        self.widgets.update(part.widget for part in subterms(term) if isinstance(part, WidgetVal))

    def drawn(self) -> dict[Hashable, WidgetInfo]:
        """The widgets that matter, in the order of the code."""
        return {widget: draw.widget for widget, draw in self.program.widgets.items() if widget in self.widgets}

    def size(self) -> int:
        """The number of kept nodes."""
        return sum(_count(body) for body in self.specs.values())

    # --- liveness --------------------------------------------------------------------------------------------

    def _find_dead(self) -> None:
        """Says for each kept node, and for each call, which cells nobody reads afterwards."""
        self.users: dict[CellId, set[int]] = {}
        frames: dict[Hashable, set[CellId]] = {}
        for spec_id, body in self.specs.items():
            for cell in self._all_uses(body):
                self.users.setdefault(cell, set()).add(spec_id)
            for cell in self._bound(body):
                if isinstance(cell, tuple):
                    frames.setdefault(cell[0], set()).add(cell)
        for spec_id, body in self.specs.items():
            result = (("f", spec_id), "return")
            bound = set(self._bound(body))
            mine = {cell for cell in bound if self._is_private(cell, spec_id)}
            returned = {(("f", called), "return") for called in self._called(body)}
            self._backward(body, {result}, mine | returned)
            params = {c for c in frames.get(("f", spec_id), ()) if self._is_private(c, spec_id)}
            self.private[spec_id] = frozenset((mine | params | returned) - {result})

    def _is_private(self, cell: CellId, spec_id: int) -> bool:
        return self.users.get(cell, set()) <= {spec_id}

    def _bound(self, block: list[Kept]) -> Iterator[CellId]:
        for kept in block:
            if isinstance(kept.node, Bind):
                yield kept.node.cell
            for inner in kept.blocks:
                yield from self._bound(inner)

    def _called(self, block: list[Kept]) -> Iterator[int]:
        for kept in block:
            if isinstance(kept.node, CallN):
                yield kept.node.spec.id
            for inner in kept.blocks:
                yield from self._called(inner)

    def _backward(self, block: list[Kept], live: set[CellId], own: set[CellId]) -> set[CellId]:
        for kept in reversed(block):
            after = live
            node = kept.node
            inside: set[CellId] = set()
            for inner in kept.blocks:
                inside |= self._all_uses(inner)
            before = (after - {node.cell} if isinstance(node, Bind) else set(after)) | inside | self._uses(node)
            # a loop's end is followed by its start, a try's body by its handlers
            around = after | inside if isinstance(node, Loop | Unrolled | TryN) else after
            for inner in kept.blocks:
                self._backward(inner, set(around), own)
            kept.dead = frozenset(((before | self._defined(kept)) & own) - after)
            live = before
        return live

    def _defined(self, kept: Kept) -> set[CellId]:
        match kept.node:
            case Bind(cell):
                return {cell}
            case CallN(spec):
                return {(("f", spec.id), "return")}
            case _:
                inner = {cell for block in kept.blocks for cell in self._bound(block)}
                return inner | {(("f", called), "return") for block in kept.blocks for called in self._called(block)}

    @staticmethod
    def _uses(node: Node) -> set[CellId]:
        match node:
            case Branch(test=term) | Bind(term=term) | Write(value=term) | Draw(disabled=term):
                return set(cells_in(term))
            case _:
                return set()

    def _all_uses(self, block: list[Kept]) -> set[CellId]:
        found: set[CellId] = set()
        for kept in block:
            found |= self._uses(kept.node)
            for inner in kept.blocks:
                found |= self._all_uses(inner)
        return found


def _count(block: list[Kept]) -> int:
    return sum(1 for _ in _all_kept(block))


def _leaves(block: Block) -> bool:
    """The block may end with an exit of its function or loop."""
    todo = [block]
    while todo:
        for node in todo.pop():
            if isinstance(node, Exit):
                return True
            if isinstance(node, Branch | Choice | Pages | Scope | TryN):
                todo.extend(blocks_of(node))
    return False


def _raises(block: list[Kept]) -> bool:
    return any(isinstance(kept.node, Exit) and kept.node.kind in RAISING for kept in _all_kept(block))


def _all_kept(block: list[Kept], within: tuple[type[Node], ...] = ()) -> Iterator[Kept]:
    """The nodes of a block and of the blocks in it, but not of those inside the `within` kinds."""
    todo = [block]
    while todo:
        for kept in todo.pop():
            yield kept
            if not isinstance(kept.node, within):
                todo.extend(kept.blocks)


def _breaks(block: list[Kept]) -> bool:
    """The block may leave the loop that it is a round of."""
    found = _all_kept(block, within=(Loop, Unrolled))
    return any(isinstance(kept.node, Exit) and kept.node.kind != "continue" for kept in found)
