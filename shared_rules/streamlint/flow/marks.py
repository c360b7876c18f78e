"""Walks with marks: what was drawn so far in a run is kept in its valuations, under subjects ("x", ...).

So branches that exclude one another are told apart, and a node that a mark forbids is left as a failed read is: with
an exception that `try` may catch.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from streamlint.flow.explore import Ends, OutOfBudget, Walker, Way
from streamlint.flow.footprints import Footprint, Footprints
from streamlint.flow.reduce import Kept, Program, Reducer
from streamlint.flow.suspects import Suspect, Target
from streamlint.flow.tree import (
    Bind,
    Branch,
    CellId,
    Changed,
    Claim,
    Clear,
    Delete,
    Draw,
    Forbidden,
    Havoc,
    KeyVal,
    Loop,
    Needs,
    Node,
    Shown,
    Some,
    Term,
    WidgetInfo,
    WidgetVal,
    Write,
    cells_in,
    subterms,
)
from streamlint.flow.valuations import Assumption, Exactly, States, Subject, Token, Unsure, Valuation, add, add_all

MAX_STEPS = 6_000
"""Nodes walked in one search; beyond, it stops with what it has."""
BLUR_ABOVE = 24
"""As in `explore`; what decides whether an element is drawn is most often a widget, and each has its own."""
AGAIN = "again"
"""Kind of the assumption that a loop comes round a second time."""
LOCKED: Subject = ("x", "locked")
"""The key's widget is drawn."""
PARTIAL: Subject = ("x", "partial")
"""This run is one of a fragment, or still of callbacks."""
WHOLE = "whole"
"""What `PARTIAL` says of callbacks that a run of the whole script follows."""
ROUND: Subject = ("x", "round")
"""The loops that have come round."""


class CrashReducer(Reducer):
    """A slice in which claims keep the cells alive that they rest on."""

    def __init__(self, program: Program, keys: frozenset[str], lean: bool, suspect: Suspect) -> None:
        self.claimed = _sources(program, suspect.cells)
        super().__init__(program, keys, lean, suspect.cells, suspect.elements)

    def _keep(self, node: Node, follows: bool) -> Kept | None:
        if isinstance(node, Changed):
            return Kept(node) if node.cell in self.claimed else None
        return super()._keep(node, follows)

    @staticmethod
    def _uses(node: Node) -> set[CellId]:
        return Reducer._uses(node) | set(_claimed_cells(node))


def _sources(program: Program, cells: Iterable[CellId]) -> set[CellId]:
    """The cells, and those that their values come from."""
    found: set[CellId] = set()
    todo = list(cells)
    while todo:
        cell = todo.pop()
        if cell not in found:
            found.add(cell)
            todo += [source for term in program.terms.get(cell, ()) for source in cells_in(term)]
    return found


class CrashFootprints(Footprints):
    """Footprints with the cells of claims."""

    def _node(self, kept: Kept, into: Footprint) -> None:
        super()._node(kept, into)
        into.cells.update(_claimed_cells(kept.node))


def claims_of(node: Node) -> tuple[Claim, ...]:
    """What an element claims."""
    match node:
        case Shown(claims=claims):
            return claims
        case Draw(widget):
            return widget.claims
        case _:
            return ()


def _claimed_cells(node: Node) -> Iterator[CellId]:
    if isinstance(node, Changed):
        yield node.cell
    for claim in claims_of(node):
        yield from claim.cells


class CrashWalker(Walker):
    """The walks of one slice, with marks."""

    def __init__(self, reducer: Reducer, target: Target, key: str, widgets: dict[Hashable, WidgetInfo]) -> None:
        super().__init__(reducer, key, widgets)
        self.footprints = CrashFootprints(reducer)
        self.looked_for = target
        self.blur_above = BLUR_ABOVE
        self.elements = frozenset(reducer.widgets)
        self.asked = _asked(reducer, widgets)
        self.loops: dict[int, frozenset[CellId]] = {}

    def node(self, kept: Kept, states: States) -> Ends:
        if self.steps > MAX_STEPS:
            raise OutOfBudget
        node = kept.node
        match node:
            case Draw() | Shown():
                return self._element(kept, node, states)
            case Forbidden(id=marker):
                return self._forbidden(node, states) if marker == self.looked_for.name else Ends(states)
            case Write(key=key, only_if_absent=False) if key == self.target:
                locked = {v: i for v, i in states.items() if v.get(LOCKED) is not None}
                ends = super().node(kept, {v: i for v, i in states.items() if v.get(LOCKED) is None})
                ends.exit(Way("fail", "set", "StreamlitAPIException", node), locked)
                return ends
            case Delete(key=key) if key == self.target:
                return self._without(super().node(kept, states), [LOCKED])
            case Clear() | Havoc(deletes=True):
                return self._without(super().node(kept, states), [LOCKED])
            case Bind(cell, Some()):
                return self._rebound(super().node(kept, states), cell)
            case Changed(cell):
                return Ends(self._changed(states, cell))
            case _:
                return super().node(kept, states)

    @staticmethod
    def _without(ends: Ends, marks: list[Subject]) -> Ends:
        kept: States = {}
        for valuation, info in ends.normal.items():
            add(kept, valuation.drop(marks), info)
        ends.normal = kept
        return ends

    # --- values ----------------------------------------------------------------------------------------------

    def _drawn(self, widget: WidgetInfo, valuation: Valuation, disabled: bool) -> Valuation:
        after = super()._drawn(widget, valuation, disabled)
        if not self.is_asked(widget):
            after = after.drop([("w", widget.id)])
        return self._plain(after, widget.key)

    def _write(self, node: Write, valuation: Valuation) -> Valuation:
        return self._plain(super()._write(node, valuation), node.key)

    def is_asked(self, widget: WidgetInfo) -> bool:
        """Whether something depends on the widget's value."""
        return ("w", widget.id) in self.asked or ("k", widget.key) in self.asked

    def _plain(self, valuation: Valuation, key: str | None) -> Valuation:
        """Without the value of a key that nobody asks for it: that it is there is all that counts."""
        held = valuation.get(("k", key))
        if held is None or isinstance(held, Unsure) or ("k", key) in self.asked:
            return valuation
        return valuation.put(("k", key), Token(("K", key)))

    # --- elements --------------------------------------------------------------------------------------------

    def _element(self, kept: Kept, node: Draw | Shown, states: States) -> Ends:
        free: States = {}
        taken: States = {}
        for valuation, info in states.items():
            mark = self._mark(node, valuation)
            if mark is not None and valuation.get(mark) is not None:
                add(taken, valuation, info)
                continue
            if mark is not None:
                valuation = valuation.put(mark, True)
            if self._locks(node):
                valuation = valuation.put(LOCKED, True)
            if mark is not None or self._locks(node):
                info = info.step(drawing(node), node.place)
            add(free, valuation, info)
        ends = super().node(kept, free) if isinstance(node, Draw) else Ends(free)
        ends.exit(Way("fail", "double", "DuplicateWidgetID", node), taken)
        return ends

    def _locks(self, node: Draw | Shown) -> bool:
        locks = node.locks if isinstance(node, Shown) else node.widget.key if node.widget.binds_key else None
        return locks is not None and locks == self.target

    def _mark(self, node: Draw | Shown, valuation: Valuation) -> Subject | None:
        """The mark of what an element claims, if it claims what is looked for."""
        claim = next(
            (c for c in claims_of(node) if (c.kind, c.name) == (self.looked_for.kind, self.looked_for.name)), None
        )
        if claim is None:
            return None
        values = []
        for cell in claim.cells:
            value = valuation.get(("c", cell))
            if not _is_steady(value):
                return None
            values.append(value)
        apart = claim.kind == "id" and (self.in_page, valuation.get(PARTIAL))
        return ("x", "claimed", tuple(values), apart)

    @staticmethod
    def _rebound(ends: Ends, cell: CellId) -> Ends:
        """The cell holds another unknown value now, under the same name."""
        kept: States = {}
        for valuation, info in ends.normal.items():
            stale = [s for s in valuation.data if s[:2] == ("x", "claimed") and _rests_on(s[2], ("b", cell))]
            add(kept, valuation.drop(stale), info)
        ends.normal = kept
        return ends

    @staticmethod
    def _changed(states: States, cell: CellId) -> States:
        """What the cell holds differs from what it was when it was drawn."""
        kept: States = {}
        for valuation, info in states.items():
            held = valuation.get(("c", cell))
            token = _root(held.id) if isinstance(held, Token) else None
            stale = [s for s in valuation.data if s[:2] == ("x", "claimed") and _rests_on(s[2], token)]
            add(kept, valuation.drop(stale) if token is not None else valuation, info)
        return kept

    def _forbidden(self, node: Forbidden, states: States) -> Ends:
        ends = Ends()
        failed: States = {}
        for valuation, info in states.items():
            allowed = node.kind == "rerun" and valuation.get(PARTIAL) not in (None, WHOLE)
            add(ends.normal if allowed else failed, valuation, info)
        ends.exit(Way("fail", "forbidden", "StreamlitAPIException", node), failed)
        return ends

    # --- loops -----------------------------------------------------------------------------------------------

    def _loop(self, node: Loop, blocks: tuple[list[Kept], ...], states: States, ends: Ends) -> None:
        """The second round of a loop is an assumption of its own, and what a test says of one item need not be true
        of two."""
        inside = self.reducer.program.block_summary(node.body)
        if self.elements.isdisjoint(inside.widgets) and self.target not in inside.keys:
            super()._loop(node, blocks, states, ends)
            return
        self.loops[id(node)] = inside.cells
        first = self._round(blocks[0], states, ends)
        again: States = {}
        for valuation, info in first.normal.items():
            done = valuation.get(ROUND)
            marked = valuation.put(ROUND, (*(done if isinstance(done, tuple) else ()), id(node)))
            there = info.step("the loop comes round again", node.place)
            if not node.endless:
                there = there.assume(Assumption(AGAIN, node.place, True, "", node.place, gate=True))
            add(again, marked, there)
        second = self._round(blocks[0], again, ends)
        done = {} if node.endless else {**first.normal}
        if not node.endless:
            add_all(done, self._after(second.normal, node))
        last = self.block(blocks[1], done) if blocks[1] else Ends(done)
        ends.take(last)
        ends.normal = last.normal
        for way in (first, second):
            add_all(ends.normal, self._after(way.exits.pop(Way("break"), {}), node))
            for kind, left in way.exits.items():
                ends.exit(kind, self._after(left, node))

    def _round(self, block: list[Kept], states: States, ends: Ends) -> Ends:
        inner = self.block(block, states)
        add_all(inner.normal, inner.exits.pop(Way("continue"), {}))
        return inner

    @staticmethod
    def _after(states: States, node: Loop) -> States:
        """Out of the loop, its rounds are forgotten."""
        left: States = {}
        for valuation, info in states.items():
            done = valuation.get(ROUND)
            rest = tuple(loop for loop in done if loop != id(node)) if isinstance(done, tuple) else ()
            add(left, valuation.put(ROUND, rest) if rest else valuation.drop([ROUND]), info)
        return left

    def _branch(self, node: Branch, blocks: tuple[list[Kept], ...], states: States, ends: Ends) -> None:
        checked: States = {}
        for valuation, info in states.items():
            done = valuation.get(ROUND)
            bound = [self.loops[loop] for loop in done] if isinstance(done, tuple) else []
            if bound and self._varies(node.test, frozenset().union(*bound), set()):
                info = info.assume(Assumption("blurred", ("round", node.place), True, node.text, node.place))
            add(checked, valuation, info)
        super()._branch(node, blocks, checked, ends)

    def _varies(self, term: Term, bound: frozenset[CellId], seen: set[CellId]) -> bool:
        """Whether a term can have another value in the next round of the loops that bind these cells."""
        if isinstance(term, Some | WidgetVal):
            return True
        for cell in cells_in(term):
            if cell in bound:
                if cell in seen:
                    return True
                seen.add(cell)
                if any(self._varies(t, bound, seen) for t in self.reducer.program.terms.get(cell, ())):
                    return True
        return False


def _asked(reducer: Reducer, widgets: dict[Hashable, WidgetInfo]) -> frozenset[Subject]:
    """The keys and widgets whose values decide something in a slice."""
    found: set[Subject] = set()
    todo = list(reducer.specs.values())
    while todo:
        for kept in todo.pop():
            todo += kept.blocks
            if isinstance(kept.node, Needs):
                found.add(("k", kept.node.key))
            for term in _terms(kept.node):
                for part in subterms(term):
                    if isinstance(part, KeyVal):
                        found.add(("k", part.key))
                    elif isinstance(part, WidgetVal):
                        found.add(("w", part.widget))
    return frozenset(found | {("k", info.key) for name, info in widgets.items() if ("w", name) in found})


def _terms(node: Node) -> tuple[Term, ...]:
    match node:
        case Bind(term=term) | Branch(test=term) | Write(value=term) | Draw(disabled=term):
            return (term,)
        case _:
            return ()


def drawing(node: Draw | Shown) -> str:
    """What a run does at an element, in words."""
    element = node.element if isinstance(node, Shown) else node.widget.element
    key = next((c.name for c in claims_of(node) if c.kind != "id"), None)
    return f"draws `{element}`" if key is None else f"draws `{element}` with key `{key}`"


def _is_steady(value: object) -> bool:
    """A value that can be told from others by its name."""
    if isinstance(value, Exactly):
        return True
    root = _root(value.id) if isinstance(value, Token) else None
    return isinstance(root, tuple) and root[0] in ("b", "s", "K", "W", "any")


def _root(token: Hashable) -> Hashable:
    while isinstance(token, tuple) and token[0] == "part":
        token = token[1]
    return token


def _rests_on(values: Hashable, token: Hashable) -> bool:
    return isinstance(values, tuple) and any(isinstance(v, Token) and _root(v.id) == token for v in values)
