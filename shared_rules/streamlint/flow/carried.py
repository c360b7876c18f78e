"""What one run carries into the next: the state's values at its end, and which widgets of the run they come from.

`Walk` goes through the bodies of one run forwards and follows the values of some widgets and keys. The run is one that
the user started with one of these widgets: no other trigger is true in it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import field, replace
from typing import TypeAlias

from streamlint.findings import Place
from streamlint.flow.machine import Machine
from streamlint.flow.planting import Tree
from streamlint.flow.reduce import blocks_of
from streamlint.flow.slices import Slice, closure
from streamlint.flow.tree import (
    AllT,
    AnyT,
    Arith,
    Bind,
    Block,
    Branch,
    CallN,
    CellId,
    CellRef,
    Changed,
    Clear,
    Cmp,
    Delete,
    Draw,
    Exit,
    Havoc,
    KeyVal,
    Lit,
    Loop,
    Node,
    NotT,
    Part,
    Present,
    Scope,
    Some,
    Spec,
    Sym,
    Tag,
    Term,
    Touch,
    TryN,
    Unrolled,
    WidgetVal,
    Write,
    root_cell,
)
from streamlint.flow.untouched import Untouched
from streamlint.flow.values import (
    Builtin,
    External,
    Known,
    Late,
    Length,
    Mapping,
    Method,
    OneOf,
    Seq,
    Text,
    Value,
    inside,
)
from streamlint.records import immutable, mutable

MAX_STEPS = 12_000
"""Nodes that a walk looks at; what is not walked is not judged."""
MAX_VISITS = 8
"""A body is walked at most so often."""
Path: TypeAlias = tuple[Hashable, ...]
INNER = frozenset({
    "get", "setdefault", "items", "values", "pop", "popitem", "__getitem__", "enumerate", "zip", "reversed", "sorted",
    "list", "tuple", "iter", "next", "filter", "min", "max",
})  # fmt: skip
"""Methods and builtins that give what is inside an object."""
METHODS = frozenset(name for kind in (str, dict, list, set, int) for name in dir(kind))


@immutable
class Held:
    """What a key held when the run began, or a part of it; with `exact` false it is made of that, and without `inner`
    no object inside it either, but one of its own."""

    key: str
    path: Path = ()
    exact: bool = True
    inner: bool = True


Source: TypeAlias = Held | WidgetVal
Sources: TypeAlias = frozenset[Source]
NOTHING: Sources = frozenset()


@immutable
class Put:
    """A part of what a key holds now comes from a source. `place` is where it was put there."""

    path: Path
    source: Source
    place: Place | None


@immutable
class Content:
    """What a key holds now: what it held when the run began (`kept`), changed by what was put into it."""

    kept: bool = True
    puts: frozenset[Put] = frozenset()


@mutable
class State:
    """A point of a run: what cells and keys are made of."""

    cells: dict[CellId, Sources] = field(default_factory=dict)
    keys: dict[str, Content] = field(default_factory=dict)
    muted: frozenset[Source] = frozenset()
    """Widgets of which we do not know whether a run in which the user changes them comes here."""
    drawn: frozenset[Source] = frozenset()
    control: Sources = NOTHING
    """What the tests around this point are made of."""
    facts: tuple[tuple[Term, bool], ...] = ()
    """The tests that were made on the way here, each with its outcome."""

    def copy(self) -> State:
        return replace(self, cells=dict(self.cells), keys=dict(self.keys))


def join(states: list[State]) -> State | None:
    if len(states) < 2:
        return states[0] if states else None
    found = states[0].copy()
    for state in states[1:]:
        for cell, sources in state.cells.items():
            found.cells[cell] = found.cells.get(cell, NOTHING) | sources
        for key in found.keys.keys() | state.keys.keys():
            a, b = found.keys.get(key, Content()), state.keys.get(key, Content())
            found.keys[key] = Content(a.kept or b.kept, a.puts | b.puts)
        found.drawn |= state.drawn
    return found


@mutable
class Walk:
    """One walk through a script. `clicked` is the trigger that the user clicked, if it was one."""

    machine: Machine
    tree: Tree
    tracked: frozenset[Hashable]
    keys: frozenset[str]
    clicked: Hashable | None = None
    params: dict[Hashable, dict[str, Sources]] = field(default_factory=dict)
    """What the arguments of the tracked widgets are made of."""
    draws: dict[Hashable, tuple[Block, Draw]] = field(default_factory=dict)
    facts: dict[Hashable, tuple[tuple[Term, bool], ...]] = field(default_factory=dict)
    """The tests that were made before a tracked widget was drawn, with their outcomes."""
    in_loops: set[Hashable] = field(default_factory=set)
    """The tracked widgets that are drawn in loops."""
    sites: dict[Place, tuple[Block, Node]] = field(default_factory=dict)
    """Where something is put into the state."""
    ends: list[State] = field(default_factory=list)
    """The states where the run ends and waits for the user."""
    leaves: int = 0
    """Ends after which another run begins at once, or another page."""
    returns: list[list[State]] = field(default_factory=list)
    breaks: list[list[State]] = field(default_factory=list)
    visits: dict[int, int] = field(default_factory=dict)
    loops: int = 0
    active: set[int] = field(default_factory=set)
    bound_in: dict[int, tuple[CellId, ...]] = field(default_factory=dict)
    doubts: dict[Term, bool] = field(default_factory=dict)
    parts: dict[int, tuple[object, list[Value | Term]]] = field(default_factory=dict)
    """What of a text, list or dict is not constant, by id; with the value, so that the id stays unique."""
    steps: int = 0

    slice: Slice = field(init=False)
    clicks: Untouched = field(init=False)

    def run(self, spec: Spec) -> None:
        self.slice = Slice(self.machine, self.tree, self.tracked, self.keys)
        self.slice.find(spec)
        self.clicks = Untouched(self.tree, self.clicked)
        end = self._spec(spec, State())
        if end is not None:
            self.ends.append(end)
        if self.steps > MAX_STEPS:
            self.ends.clear()

    # --- sources ---------------------------------------------------------------------------------------------

    def of(self, state: State, part: Value | Term) -> Sources:
        """What a value or term is made of here."""
        match part:
            case CellRef(cell):
                return state.cells.get(cell, NOTHING)
            case KeyVal(key, default):
                return self._held(state, key) | self.of(state, default)
            case WidgetVal(widget):
                return frozenset({part}) if widget in self.tracked else NOTHING
            case Part(term, index, default):
                found = _extended(self.of(state, term), index)
                return found if default is None else found | self.of(state, default)
            case Sym():
                cell = root_cell(part)
                return _loose(state.cells.get(cell, NOTHING)) if cell is not None else NOTHING
            case Lit(Tag(name)):
                return self.of(state, name) if isinstance(name, Text | Seq | Mapping | Method) else NOTHING
            case AllT(terms) | AnyT(terms):
                return self._all(state, terms)
            case NotT(term) | Length(term):
                return _loose(self.of(state, term))
            case Cmp(_, left, right) | Arith(_, left, right):
                return _loose(self._all(state, (left, right)))
            case _:
                return self._of_value(state, part)

    def _of_value(self, state: State, value: Value | Term) -> Sources:
        match value:
            case Late(term):
                return self.of(state, term)
            case Method(owner, name):
                return _extended(self.of(state, owner), ("attribute", name))
            case OneOf(cell, options):
                return state.cells.get(cell, NOTHING) | self._all(state, options)
            case Text() | Seq() | Mapping():
                if id(value) not in self.parts:
                    self.parts[id(value)] = value, list(_variable(inside(value)))
                return _loose(self._all(state, self.parts[id(value)][1]))
            case _:
                return NOTHING

    def _all(self, state: State, parts: Iterable[Value | Term]) -> Sources:
        return NOTHING.union(*(self.of(state, part) for part in parts))

    def _held(self, state: State, key: str) -> Sources:
        owner = self.clicks.owners.get(key)
        if owner in self.tracked and WidgetVal(owner) in state.drawn:
            return frozenset({WidgetVal(owner)})
        if key not in self.keys:
            return NOTHING
        content = state.keys.get(key, Content())
        found: Sources = frozenset(put.source for put in content.puts)
        return found | {Held(key)} if content.kept else found

    def _made(self, state: State, node: Bind) -> Sources:
        """What a cell is bound to: an unknown value is made of what it was computed from."""
        found = self.of(state, node.term)
        parts = self.machine.made_of.get(node.cell, ())
        called = parts[0] if parts and isinstance(parts[0], Method | External | Builtin) else None
        if isinstance(called, Method) and called.name in METHODS:
            parts = (called.owner, *parts[1:])
        sources = [_loose(self.of(state, value)) for value in parts]
        if (called is not None and called.name not in INNER) or (
            len(parts) == 2 and _keys(sources[0]) & _keys(sources[1])
        ):
            sources = [_outer(each) for each in sources]  # as in `table[table.size > 1]`
        found = found.union(*sources)
        if isinstance(node.cell, tuple) and len(node.cell) == 2 and node.cell[1] == "return":
            found |= state.control
        return found

    # --- nodes -----------------------------------------------------------------------------------------------

    def _spec(self, spec: Spec, state: State) -> State | None:
        visits = self.visits[spec.id] = self.visits.get(spec.id, 0) + 1
        if spec.id in self.active or visits > MAX_VISITS:
            return state
        self.active.add(spec.id)
        self.returns.append([])
        control, muted, facts = state.control, state.muted, state.facts
        end = self._block(spec.body, state)
        found = join([*self.returns.pop(), *([] if end is None else [end])])
        self.active.discard(spec.id)
        if found is not None:
            found.control, found.muted, found.facts = control, muted, facts
        return found

    def _block(self, block: Block, state: State) -> State | None:
        now: State | None = state
        for node in block:
            if not self.slice.is_worth(node):
                continue
            self.steps += 1
            if now is None or self.steps > MAX_STEPS:
                break
            now = self._node(block, node, now)
        return now

    def _node(self, block: Block, node: Node, state: State) -> State | None:
        match node:
            case Bind(cell=cell):
                state.cells[cell] = self._made(state, node)
                if not state.cells[cell]:
                    del state.cells[cell]
            case Write():
                self.sites.setdefault(node.place, (block, node))
                self._write(state, node)
            case Touch() | Changed():
                if isinstance(node, Touch):
                    self.sites.setdefault(node.place, (block, node))
                self._touch(state, node)
            case Delete(key=key):
                state.keys[key] = Content(False)
            case Clear():
                state.keys = dict.fromkeys(self.keys, Content(False))
            case Havoc():
                state.keys.update({key: Content(False) for key in self.keys if node.matches(key)})
            case Draw():
                self._draw(state, block, node)
            case CallN(spec):
                return self._spec(spec, state)
            case Exit():
                self._exit(state, node)
                return None
            case Branch():
                return self._branch(state, node)
            case _:
                control, muted, facts = state.control, state.muted, state.facts
                after = self._inner(state, node)
                if after is not None:
                    after.control, after.muted, after.facts = control, muted, facts
                return after
        return state

    def _draw(self, state: State, block: Block, node: Draw) -> None:
        widget = node.widget.id
        if widget in self.tracked:
            state.drawn |= {WidgetVal(widget)}
            self.draws.setdefault(widget, (block, node))
            self.facts.setdefault(widget, state.facts)
            if self.loops:
                self.in_loops.add(widget)
            params = self.params.setdefault(widget, {})
            for name, value in self.machine.drawn_with.get(widget, {}).items():
                params[name] = params.get(name, NOTHING) | self.of(state, value)

    def _exit(self, state: State, node: Exit) -> None:
        if node.kind == "return":
            self.returns[-1].append(state)
        elif node.kind in ("break", "continue"):
            if self.breaks:
                self.breaks[-1].append(state)
        elif node.kind == "stop":
            self.ends.append(state)
        elif node.kind in ("rerun", "switch"):
            self.leaves += 1

    def _write(self, state: State, node: Write) -> None:
        if node.key not in self.keys:
            return
        # Whether `setdefault` stores anything rests on the state.
        at = replace(state, muted=state.muted | state.drawn) if node.only_if_absent else state
        puts = frozenset(self._puts(at, (), self.machine.given.get(node, ()), node.place))
        puts |= {Put((), source, node.place) for source in at.control - at.muted}
        old = state.keys.get(node.key, Content())
        kept = node.only_if_absent and old.kept
        state.keys[node.key] = Content(kept, old.puts | puts if node.only_if_absent else puts)

    def _puts(self, state: State, path: Path, given: Iterable[Value], place: Place | None) -> Iterator[Put]:
        for value in given:
            if isinstance(value, Mapping):
                for name, item in value.items:
                    inner = (*path, name.value) if isinstance(name, Known) else path
                    yield from self._puts(state, inner, [item], place)
            else:
                for source in self.of(state, value) - state.muted:
                    yield Put(path, source, place)

    def _touch(self, state: State, node: Touch | Changed) -> None:
        """A stored object is changed: so is what holds it."""
        given, owner = self.machine.given.get(node, ()), self.machine.inside.get(node)
        if owner is None or not given or (isinstance(node, Touch) and node.how in ("", "del", "cut")):
            return
        index = given[0] if isinstance(node, Touch) and node.how == "[]" else None
        place = node.place if isinstance(node, Touch) else None
        for held in self.of(state, owner):
            if isinstance(held, Held) and held.inner:
                exact = isinstance(index, Known) and held.exact
                path = (*held.path, index.value) if exact and isinstance(index, Known) else held.path
                old = state.keys.get(held.key, Content())
                puts = frozenset(self._puts(state, path, given[-1:], place))
                if isinstance(node, Touch) and node.how in ("[]", "."):
                    puts |= {Put(path, source, place) for source in state.control - state.muted}
                state.keys[held.key] = Content(old.kept, old.puts | puts)

    def _inner(self, state: State, node: Node) -> State | None:
        match node:
            case Loop(body=body, orelse=orelse):
                self.loops += 1
                for _ in range(2):
                    before, end = state, self._iteration(body, state.copy())
                    state = join([state, *([] if end is None else [end])]) or state
                    if (state.cells, state.keys) == (before.cells, before.keys):
                        break
                self.loops -= 1
                return self._block(orelse, state)
            case Scope(body=body):
                return self._iteration(body, state)
            case Unrolled(body=body, orelse=orelse):
                found = self._iteration(body, state)
                return None if found is None else self._block(orelse, found)
            case TryN(body, handlers, orelse, final):
                end = self._block(body, state.copy())
                failed = join([state, *([] if end is None else [end])]) or state
                ends = [self._block(handler.body, failed.copy()) for handler in handlers]
                ends.append(None if end is None else self._block(orelse, end.copy()))
                after = join([end for end in ends if end is not None])
                return None if after is None else self._block(final, after)
            case _:
                blocks = blocks_of(node)
                if not blocks:
                    return state
                return join([end for inner in blocks if (end := self._block(inner, state.copy())) is not None])

    def _iteration(self, body: Block, state: State) -> State | None:
        self.breaks.append([])
        end = self._block(body, state)
        return join([*self.breaks.pop(), *([] if end is None else [end])])

    # --- branches --------------------------------------------------------------------------------------------

    def _branch(self, state: State, node: Branch) -> State | None:
        sources = _loose(self.of(state, node.test))
        widgets = frozenset(source for source in sources if isinstance(source, WidgetVal))
        truth = self.clicks.truth(node.test)
        muted = state.muted
        if truth is None and self._is_doubtful(state, node.test):
            muted |= state.drawn
        ends: list[State | None] = []
        leaves: list[bool] = []
        for arm, polarity in ((node.then, True), (node.orelse, False)):
            if truth is (not polarity):
                ends.append(None)
                leaves.append(False)
                continue
            before, left = self._exits(), self.leaves
            facts = (*state.facts, (node.test, polarity))
            inner = replace(state.copy(), control=state.control | sources, muted=muted, facts=facts)
            end = self._block(arm, inner)
            leaves.append(end is None and self._exits() == before and self.leaves > left)
            ends.append(end)
        if widgets and any(leaves) and self._reads_state(node.test):
            for end in ends:
                _forget(end, widgets)
        self._decided(node, sources, ends)
        found = join([end for end in ends if end is not None])
        if found is not None:
            found.control, found.muted = state.control, state.muted
            if None not in ends:
                found.facts = state.facts
        return found

    def _exits(self) -> int:
        return len(self.ends) + sum(map(len, self.returns)) + sum(map(len, self.breaks))

    def _decided(self, node: Branch, sources: Sources, ends: list[State | None]) -> None:
        """What one of two arms has bound depends on the test too."""
        if sources and None not in ends:
            for cell in (*self._bound(node.then), *self._bound(node.orelse)):
                for end in ends:
                    assert end is not None
                    end.cells[cell] = end.cells.get(cell, NOTHING) | sources

    def _bound(self, block: Block) -> tuple[CellId, ...]:
        if id(block) not in self.bound_in:
            found = [node.cell for node in block if isinstance(node, Bind) and node.cell in self.slice.cells]
            for node in block:
                for inner in blocks_of(node):
                    found += self._bound(inner)
            self.bound_in[id(block)] = tuple(found)
        return self.bound_in[id(block)]

    def _is_doubtful(self, state: State, test: Term) -> bool:
        """Whether something else than the tracked widgets decides: the state, or code that we do not see."""
        term = test
        while isinstance(term, CellRef | NotT):
            if isinstance(term, NotT):
                term = term.term
                continue
            bound = self.tree.terms.get(term.cell, [])
            if len(bound) != 1:
                break
            term = bound[0]
        parts = term.terms if isinstance(term, AllT) else (test,)
        return any(
            not any(isinstance(source, WidgetVal) for source in self.of(state, part)) and self._rests(part)
            for part in parts
        )

    def _rests(self, term: Term) -> bool:
        """Whether the term rests on the state, or on code that we do not see."""
        if term not in self.doubts:
            self.doubts[term] = any(
                (isinstance(part, KeyVal | Present) and part.key not in self.clicks.owners)
                or (isinstance(part, Some) and part.called)
                for part in self._closure(term)
            )
        return self.doubts[term]

    def _reads_state(self, term: Term) -> bool:
        return any(isinstance(part, KeyVal) for part in self._closure(term))

    def _closure(self, term: Term) -> Iterator[Term]:
        return closure(self.machine, self.tree, [term], set())


def _variable(parts: Iterable[Value | Term]) -> Iterator[Value | Term]:
    """The values and terms that are not constant."""
    for part in parts:
        if isinstance(part, Text | Seq | Mapping):
            yield from _variable(inside(part))
        elif not isinstance(part, Known):
            yield part


def _loose(sources: Sources) -> Sources:
    """What is made of the sources."""
    return frozenset(replace(s, exact=False) if isinstance(s, Held) and s.exact else s for s in sources)


def _keys(sources: Sources) -> set[str]:
    return {source.key for source in sources if isinstance(source, Held)}


def _outer(sources: Sources) -> Sources:
    """What is made of the sources and no part of them."""
    return frozenset(replace(s, exact=False, inner=False) if isinstance(s, Held) else s for s in sources)


def _extended(sources: Sources, index: Hashable) -> Sources:
    """A part of each source."""
    return frozenset(replace(s, path=(*s.path, index)) if isinstance(s, Held) and s.exact else s for s in sources)


def _forget(state: State | None, widgets: Sources) -> None:
    """The user has not changed these widgets, if the run comes here: what they put somewhere was there before."""
    if state is None:
        return
    state.cells = {cell: rest for cell, sources in state.cells.items() if (rest := sources - widgets)}
    for key, content in state.keys.items():
        puts = frozenset(put for put in content.puts if put.source not in widgets)
        state.keys[key] = Content(content.kept, puts)


def overlap(a: Path, b: Path) -> bool:
    """Whether two paths may lead into the same part of an object."""
    return all(x == y for x, y in zip(a, b, strict=False))
