"""Walking a reduced flow tree with sets of valuations: one run of one script.

`Walker.block` takes the valuations with which a block is entered and returns those with which it ends normally and
those that leave it by an exit. A read that fails is an exit like another one, so that `try` and `contextlib.suppress`
treat it as they do in Python.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import field
from functools import lru_cache

from streamlint.findings import Place
from streamlint.flow.faults import catches, fails
from streamlint.flow.footprints import Footprints
from streamlint.flow.reduce import Kept, Reducer
from streamlint.flow.terms import Terms, flat
from streamlint.flow.tree import (
    Bind,
    Branch,
    CallN,
    Catch,
    CellId,
    Changed,
    Choice,
    Clear,
    Cmp,
    Delete,
    Draw,
    Exit,
    Fault,
    Havoc,
    Loop,
    Needs,
    Node,
    PageArm,
    Pages,
    Present,
    Read,
    Refresh,
    Scope,
    Some,
    Spec,
    Sym,
    Term,
    Touch,
    TryN,
    Unrolled,
    Use,
    WidgetInfo,
    WidgetVal,
    Write,
    cell_set,
    root_cell,
)
from streamlint.flow.valuations import (
    NOTHING,
    START,
    UNSURE,
    Assumption,
    Exactly,
    Info,
    Knowledge,
    States,
    Subject,
    Token,
    Unsure,
    Valuation,
    add,
    add_all,
    blur,
    merge,
)
from streamlint.records import immutable, mutable

MERGE_ABOVE = 6
"""Sets of more valuations than this are merged where nothing is lost."""
BLUR_ABOVE = 10
"""Sets of more valuations than this are blurred: see `valuations.blur`."""
DRAWN = ("page", "entry")
"""Owners of a key whose widget this run has drawn: from then on the run cannot assign the key."""
MAX_STATES = 96
"""More valuations than this at one point are cut: the first ones found stay."""
NO_VALUE = Exactly(None)
MAX_STEPS = 12_000
"""Nodes walked for one key, over all its slices; beyond, the search stops with the witnesses it has."""
MAX_STEPS_OF_APP = 80_000
"""Once so many nodes were walked for an app, each further key gets a quarter of its share."""


class OutOfBudget(Exception):
    """The walk of a slice took more than `MAX_STEPS`."""


@immutable
class Way:
    """How a block is left. `kind` as in `Exit`, or "fail" for a node that raises, which `read` is: a read of an absent
    key, a fault, or what else a walk looks for; "fault" for a fault that raises nothing, so that nobody catches it."""

    kind: str
    target: Hashable = None
    exc: str | None = None
    read: Node | None = None

    def __hash__(self) -> int:
        return hash((self.kind, self.target, self.exc, id(self.read)))


@mutable
class Ends:
    """The valuations at the end of a block and at its exits."""

    normal: States = field(default_factory=dict)
    exits: dict[Way, States] = field(default_factory=dict)

    def exit(self, way: Way, states: States) -> None:
        if states:
            add_all(self.exits.setdefault(way, {}), states)

    def take(self, other: Ends) -> None:
        """Adds the exits of another block."""
        for way, states in other.exits.items():
            self.exit(way, states)


class Walker:
    """One slice's walks. `target` is the key whose failures are looked for."""

    def __init__(self, reducer: Reducer, target: str, widgets: dict[Hashable, WidgetInfo]) -> None:
        self.reducer = reducer
        self.keys = reducer.keys
        self.target = target
        self.widgets = widgets
        triggers = {w: info for w, info in widgets.items() if info.trigger}
        self.terms = Terms(self.keys, triggers, frozenset(reducer.widgets))
        self.memo: dict[tuple[int, bool, Valuation], Ends] = {}
        faults = reducer.program.faults
        self.subject = faults[target].subject if target in faults else None
        self.followed = faults[target].follows if target in faults else frozenset[str]()
        self.widget_keys = frozenset(info.key for info in widgets.values() if info.key is not None) | {self.subject}
        self.footprints = Footprints(reducer)
        self.in_page = False
        self.steps = 0
        self.max_steps = MAX_STEPS
        self.blur_above = BLUR_ABOVE
        self.blurred_keys: set[str] = set()
        """Keys outside the slice whose tests were forgotten."""
        self.overflow = False

    # --- blocks ----------------------------------------------------------------------------------------------

    def block(self, block: list[Kept], states: States) -> Ends:
        ends = Ends()
        for kept in block:
            if not states:
                break
            self.steps += len(states)
            if self.steps > self.max_steps:
                raise OutOfBudget
            after = self.node(kept, states)
            ends.take(after)
            states = self._tidy(after.normal, kept.dead, len(states))
        ends.normal = states
        return ends

    def _tidy(self, states: States, gone: frozenset[CellId], before: int = 0) -> States:
        """Forgets what is not read any more, merges, and keeps the set small; `before` valuations were fine already."""
        if gone and states:
            slim: States = {}
            for valuation, info in states.items():
                add(slim, _forget(valuation, gone), info)
            states = slim
        if len(states) > max(MERGE_ABOVE, before):
            states = merge(states)
        if len(states) > self.blur_above:
            states = blur(states, self.blurred_keys)
        if len(states) > MAX_STATES:
            self.overflow = True
            states = dict(list(states.items())[:MAX_STATES])
        return states

    def node(self, kept: Kept, states: States) -> Ends:
        node = kept.node
        ends = Ends()
        match node:
            case Read():
                self._read(node, states, ends)
            case Write():
                refused: States = {}
                for valuation, info in states.items():
                    if not node.only_if_absent and valuation.get(("o", node.key)) in DRAWN:
                        add(refused, valuation, info)
                    else:
                        add(ends.normal, self._write(node, valuation), self._note_write(node, info))
                ends.exit(Way("raise", exc="StreamlitAPIException"), refused)
            case Delete(key, place):
                for valuation, info in states.items():
                    add(ends.normal, *self._delete(valuation, info, [key], place, "deletes"))
            case Clear(place):
                for valuation, info in states.items():
                    add(ends.normal, *self._delete(valuation, info, list(self.keys), place, "clears the state with"))
            case Havoc():
                for valuation, info in states.items():
                    add(ends.normal, self._havoc(node, valuation), info)
            case Refresh():
                for valuation, info in states.items():
                    add(ends.normal, self._kept_alive(valuation), info)
            case Touch(key):
                for valuation, info in states.items():
                    add(ends.normal, self._touch(valuation, key), info)
            case Needs(key, exc):
                none = {v: i for v, i in states.items() if v.get(("k", key)) == NO_VALUE}
                ends.normal = {v: i for v, i in states.items() if v not in none}
                ends.exit(Way("raise", exc=exc), none)
            case Changed():
                ends.normal = dict(states)
            case Draw():
                self._draw(node, states, ends)
            case Fault():
                self._fault(node, states, ends)
            case Bind():
                self._bind(node, states, ends)
            case Branch():
                self._branch(node, kept.blocks, states, ends)
            case Choice():
                self._choice(node, kept.blocks, states, ends)
            case Pages():
                self._pages(node, kept.blocks, states, ends)
            case Loop():
                self._loop(node, kept.blocks, states, ends)
            case Unrolled():
                self._unrolled(kept.blocks, states, ends)
            case Scope():
                inner = self.block(kept.blocks[0], states)
                ends.normal = inner.normal
                add_all(ends.normal, inner.exits.pop(Way("continue"), {}))
                ends.take(inner)
            case TryN():
                self._try(node, kept.blocks, states, ends)
            case CallN(spec):
                self._call(spec, states, ends)
            case Exit("never"):
                pass
            case Exit(kind, _, target, exc):
                ends.exit(Way(kind, target, exc), dict(states))
        return ends

    # --- keys ------------------------------------------------------------------------------------------------

    def _read(self, node: Read, states: States, ends: Ends) -> None:
        failed: States = {}
        if node.key not in self.keys:
            self._read_other(node, states, ends)
            return
        for valuation, info in states.items():
            if valuation.get(("k", node.key)) is not None:
                add(ends.normal, valuation, info)
            else:
                add(failed, valuation, info)
        ends.exit(Way("fail", exc="AttributeError" if node.attribute else "KeyError", read=node), failed)

    def _read_other(self, node: Read, states: States, ends: Ends) -> None:
        """In a `try`, a read of a key outside the slice is a test of it."""
        failed: States = {}
        for valuation, info in states.items():
            for present, after, assumption in self.terms.test(Present(node.key), valuation, node.key, node.place):
                there = info
                for one in flat(assumption):
                    there = there.assume(one)
                add(ends.normal if present else failed, after, there)
        ends.exit(Way("fail", exc="AttributeError" if node.attribute else "KeyError", read=node), failed)

    def _write(self, node: Write, valuation: Valuation) -> Valuation:
        subject = ("k", node.key)
        held = valuation.get(subject)
        if node.only_if_absent and held is not None and not isinstance(held, Unsure):
            return valuation
        value, valuation = self._stored(node.value, valuation, ("set", node.key, node.place))
        valuation = valuation.put(subject, value)
        if node.key in self.widget_keys:
            valuation = valuation.put(("n", node.key), True)
        return valuation.drop([("o", node.key)]) if valuation.get(("o", node.key)) == "before" else valuation

    def _stored(self, term: Term, valuation: Valuation, name: Hashable) -> tuple[Exactly | Token, Valuation]:
        if isinstance(term, Some):
            token = Token(name)
            return token, valuation.know(token, Knowledge.of(term))
        value, valuation = self.terms.value(term, valuation)
        if isinstance(value, Exactly | Token):
            return value, valuation
        token = Token(name)
        return token, valuation.know(token, NOTHING)

    def _note_write(self, node: Write, info: Info) -> Info:
        told = node.key == self.subject or node.key in self.followed
        return info.step(f"sets `{node.key}`", node.place) if told else info

    def _fault(self, node: Fault, states: States, ends: Ends) -> None:
        failed: States = {}
        for valuation, info in states.items():
            add(failed if fails(node, valuation) else ends.normal, valuation, info)
        ends.exit(Way("fail" if node.errors else "fault", read=node), failed)

    def _delete(
        self, valuation: Valuation, info: Info, keys: list[str], place: Place, verb: str
    ) -> tuple[Valuation, Info]:
        present = [k for k in keys if valuation.get(("k", k)) is not None]
        told = next((k for k in present if k == self.target or k in self.followed), None)
        if told is not None:
            info = info.step(f"{verb} `{told}`" if verb == "deletes" else "clears the session state", place)
        return valuation.drop([("k", k) for k in present] + [("o", k) for k in present]), info

    def _havoc(self, node: Havoc, valuation: Valuation) -> Valuation:
        for key in self.keys:
            present = valuation.get(("k", key)) is not None
            if node.matches(key) and present is node.deletes:
                valuation = valuation.put(("k", key), UNSURE)
        return valuation

    def _kept_alive(self, valuation: Valuation) -> Valuation:
        """What is assigned to itself stays when its widget is not drawn."""
        return valuation.drop([s for s, owner in valuation.data.items() if s[0] == "o" and owner == "before"])

    def _touch(self, valuation: Valuation, key: str) -> Valuation:
        held = valuation.get(("k", key))
        if not isinstance(held, Exactly | Token):
            return valuation
        token = Token(("touched", key))
        return valuation.put(("k", key), token).know(token, Knowledge(not_none=True, free=True))

    # --- widgets ---------------------------------------------------------------------------------------------

    def _draw(self, node: Draw, states: States, ends: Ends) -> None:
        widget = node.widget
        for valuation, info in states.items():
            for disabled, after, _ in self.terms.test(node.disabled, valuation, "", None):
                add(ends.normal, self._drawn(widget, after, disabled), info)

    def _drawn(self, widget: WidgetInfo, valuation: Valuation, disabled: bool) -> Valuation:
        if not disabled:
            valuation = valuation.put(("d", widget.id), "page" if self.in_page else "entry")
        if not widget.trigger and valuation.get(("w", widget.id)) is None:
            value, valuation = self._stored(widget.default, valuation, ("default", widget.id))
            valuation = valuation.put(("w", widget.id), value)
        key = widget.key
        if key is None or key not in self.keys or not widget.binds_key:
            return valuation
        held = valuation.get(("k", key))
        if held is None or isinstance(held, Unsure):
            shown = valuation.get(("w", widget.id))
            clicked = widget.trigger and valuation.get(("ev",)) == widget.id
            stored = shown if isinstance(shown, Exactly | Token) else Exactly(bool(clicked))
            if widget.trigger and self.terms.may_click(widget.id, valuation):
                stored = Token(("any", widget.id))
                valuation = valuation.know(stored, Knowledge(free=True))
            valuation = valuation.put(("k", key), stored)
        elif isinstance(held, Exactly | Token) and not widget.trigger:
            valuation = valuation.put(("w", widget.id), held)
        return valuation.put(("o", key), "kept" if widget.lasting else self._owner(key, held, valuation))

    def _owner(self, key: str, held: object, valuation: Valuation) -> str:
        """Whose the key is once its widget is drawn. One that was assigned in an earlier run, before the widget was
        ever drawn, stays when the widget goes (measured on 1.67: the plain entry is not dropped)."""
        before = valuation.get(("o", key))
        plain = before is None and isinstance(held, Exactly | Token) and valuation.get(("n", key)) is None
        if plain or before == "kept":
            return "kept"
        return "page" if self.in_page else "entry"

    # --- cells and branches ----------------------------------------------------------------------------------

    def _bind(self, node: Bind, states: States, ends: Ends) -> None:
        subject = ("c", node.cell)
        for valuation, info in states.items():
            if isinstance(node.term, Some):
                token = Token(("b", node.cell))
                known = Knowledge.of(node.term)
                fresh = _forget(valuation, frozenset({node.cell}))
                add(ends.normal, fresh.put(subject, token).know(token, known), info)
                continue
            value, after = self.terms.value(node.term, valuation)
            if isinstance(node.term, WidgetVal) and after.get(("ev",)) == node.term.widget:
                after = after.drop([("ev",)])  # a click is answered once
            if isinstance(value, Exactly | Token):
                add(ends.normal, _forget(after, frozenset({node.cell})).put(subject, value), info)
                continue
            for verdict, result, assumption in self.terms.test(node.term, valuation, "", None):
                there = info
                for one in flat(assumption):
                    there = there.assume(one)
                held = self.terms.last(node.term, result) if verdict else None
                add(ends.normal, _forget(result, frozenset({node.cell})).put(subject, held or Exactly(verdict)), there)

    def _branch(self, node: Branch, blocks: tuple[list[Kept], ...], states: States, ends: Ends) -> None:
        sides: dict[bool, States] = {True: {}, False: {}}
        for valuation, info in states.items():
            for verdict, after, assumption in self.terms.test(node.test, valuation, node.text, node.place):
                there = info
                for one in flat(assumption):
                    there = there.assume(one if one.text else _named_by(one, node))
                add(sides[verdict], after, there)
        for verdict, block in ((True, blocks[0]), (False, blocks[1])):
            if not sides[verdict]:
                continue
            other = blocks[1] if verdict else blocks[0]
            if _leaves_run(other):
                sides[verdict] = _through_gate(sides[verdict], node)
            inner = self.block(block, sides[verdict]) if block else Ends(sides[verdict])
            add_all(ends.normal, inner.normal)
            ends.take(inner)

    def _choice(self, node: Choice, blocks: tuple[list[Kept], ...], states: States, ends: Ends) -> None:
        """That unseen code calls what it is given is an assumption; that it does not, and so does not set a key that
        the function sets, is one that proves nothing."""
        sets = _sets_keys(blocks[0])
        for called, block in zip((True, False), blocks, strict=True):
            kind = ("opaque" if node.at_once else "blurred") if called else "blurred" if sets else None
            here = states
            if kind is not None:
                assumption = Assumption(
                    kind, ("calls", node.place), called, f"{node.text} calls it at once", node.place
                )
                here = {valuation: info.assume(assumption) for valuation, info in states.items()}
            inner = self.block(block, here) if block else Ends(here)
            add_all(ends.normal, inner.normal)
            ends.take(inner)

    def _pages(self, node: Pages, blocks: tuple[list[Kept], ...], states: States, ends: Ends) -> None:
        outer, self.in_page = self.in_page, True
        for arm, block in zip(node.offered, blocks, strict=True):
            here: States = {}
            for valuation, info in states.items():
                if _shows(valuation.get(("pg",)), arm, node):
                    add(here, valuation.put(("pg",), arm.id), info.step(f"opens page {arm.title}", None))
            inner = self.block(block, here) if block and here else Ends(here)
            add_all(ends.normal, inner.normal)
            ends.take(inner)
        self.in_page = outer

    # --- loops, calls, exceptions ----------------------------------------------------------------------------

    def _loop(self, node: Loop, blocks: tuple[list[Kept], ...], states: States, ends: Ends) -> None:
        seen: States = {}
        done: States = {}
        broken: States = {}
        for _ in range(3):  # what a third iteration could add, two have added
            fresh = {v: i for v, i in states.items() if v not in seen}
            if not fresh:
                break
            add_all(seen, fresh)
            inner = self.block(blocks[0], fresh)
            again = inner.normal
            add_all(again, inner.exits.pop(Way("continue"), {}))
            add_all(broken, inner.exits.pop(Way("break"), {}))
            ends.take(inner)
            if not node.endless:
                add_all(done, again)
            states = again
        last = self.block(blocks[1], done) if blocks[1] else Ends(done)
        ends.take(last)
        ends.normal = last.normal
        add_all(ends.normal, broken)

    def _unrolled(self, blocks: tuple[list[Kept], ...], states: States, ends: Ends) -> None:
        inner = self.block(blocks[0], states)
        broken = inner.exits.pop(Way("break"), {})
        ends.take(inner)
        last = self.block(blocks[1], inner.normal) if blocks[1] else Ends(inner.normal)
        ends.take(last)
        ends.normal = last.normal
        add_all(ends.normal, broken)

    def _call(self, spec: Spec, states: States, ends: Ends) -> None:
        """Walks the callee once for all states that look alike to it."""
        footprint = self.footprints.of(spec.id)
        for valuation, info in states.items():
            inside, outside = footprint.split(valuation)
            inner = self._called(spec, inside)
            for after, more in inner.normal.items():
                add(ends.normal, after.beside(outside), info.then(more))
            for way, left in inner.exits.items():
                ends.exit(way, {after.beside(outside): info.then(more) for after, more in left.items()})

    def _called(self, spec: Spec, entry: Valuation) -> Ends:
        key = (spec.id, self.in_page, entry)
        known = self.memo.get(key)
        if known is None:
            known = self.block(self.reducer.specs.get(spec.id, []), {entry: START})
            for way in [w for w in known.exits if w.kind == "return" and w.target == spec.id]:
                add_all(known.normal, known.exits.pop(way))
            private = self.reducer.private.get(spec.id, frozenset())
            known.normal = self._tidy(known.normal, private)
            for way, left in known.exits.items():
                known.exits[way] = self._tidy(left, private)
            self.memo[key] = known
        return known

    def _try(self, node: TryN, blocks: tuple[list[Kept], ...], states: States, ends: Ends) -> None:
        body, orelse, final, *caught = blocks
        inner = Ends()
        current = states
        raised: States = {}
        surprises = [h for h in node.handlers if _catches_surprises(h)]
        if surprises and not node.calm and not _only_state(node):
            add_all(raised, states)
        inner = self.block(body, current)
        waiting = dict(inner.exits)
        inner.exits = {}
        done = self.block(orelse, inner.normal) if orelse else Ends(inner.normal)
        result = Ends(done.normal)
        result.take(done)
        for way, left in waiting.items():
            index = next((i for i, h in enumerate(node.handlers) if _catches(h, way)), None)
            if index is None:
                result.exit(way, left)
            else:
                self._handle(caught[index], left, result, way)
        if raised:
            self._surprise(node, caught, raised, result)
        self._finally(final, result, ends)

    def _handle(self, block: list[Kept], states: States, result: Ends, caught: Way) -> None:
        """A handler; a bare `raise` in it leaves the way that it has caught."""
        handled = self.block(block, states) if block else Ends(states)
        add_all(result.normal, handled.normal)
        result.exit(caught, handled.exits.pop(Way("reraise"), {}))
        result.take(handled)

    def _surprise(self, node: TryN, caught: list[list[Kept]], states: States, result: Ends) -> None:
        """Something in the body failed before it had an effect: possible, but an assumption."""
        for handler, block in zip(node.handlers, caught, strict=True):
            if not _catches_surprises(handler):
                continue
            assumption = Assumption("raises", handler.place, True, "the `try` body raises", handler.place)
            assumed = {valuation: info.assume(assumption) for valuation, info in states.items()}
            self._handle(block, assumed, result, Way("raise"))
            return

    def _finally(self, final: list[Kept], result: Ends, ends: Ends) -> None:
        if not final:
            add_all(ends.normal, result.normal)
            ends.take(result)
            return
        after = self.block(final, result.normal)
        add_all(ends.normal, after.normal)
        ends.take(after)
        for way, left in result.exits.items():
            cleanup = self.block(final, left)
            ends.exit(way, cleanup.normal)
            ends.take(cleanup)


def _shows(page: object, arm: PageArm, node: Pages) -> bool:
    """Whether a session whose address says `page` (None: any) sees this page."""
    if page is None or page == arm.id:
        return True
    return arm.default and all(other.id != page for other in node.offered)


def _sets_keys(block: list[Kept]) -> bool:
    return any(isinstance(k.node, Write | Havoc | CallN) or any(map(_sets_keys, k.blocks)) for k in block)


def _named(token: Hashable) -> bool:
    return isinstance(token, tuple) and token[0] in ("s", "unbound", "other", "K", "W")


def _forget(valuation: Valuation, cells: frozenset[CellId]) -> Valuation:
    """Without the cells, what was learnt of parts of their values, and knowledge of tokens that nobody holds."""
    data = valuation.data
    if not any(("c", cell) in data for cell in cells):
        return valuation  # nor is anything known of parts: that goes with the cell
    gone: list[Subject] = [s for s in data if s[0] in ("c", "a", "v") and not cells.isdisjoint(_cells_of(s))]
    slim = valuation.drop(gone)
    held = {value.id for value in slim.data.values() if isinstance(value, Token)}
    return slim.drop([s for s in slim.data if s[0] == "v" and not _is_held(s[1], held)])


def _is_held(token: Hashable, held: set[Hashable]) -> bool:
    """Whether somebody can still ask for the token: it, or what it is a part of, is held or known by name."""
    while isinstance(token, tuple) and token[0] == "part":
        token = token[1]
    return token in held or _named(token)


@lru_cache(maxsize=4096)
def _cells_of(subject: Subject) -> frozenset[CellId]:
    """The cells that a subject is about."""
    kind, about = subject[0], subject[1]
    if kind == "c":
        return frozenset({about})
    if kind == "a" and isinstance(about, Cmp):
        return cell_set(about)
    if kind == "v" and isinstance(about, tuple) and about[0] == "s":
        cell = root_cell(Sym(about[1]))
        return frozenset({cell} if cell is not None else ())
    return frozenset()


def _named_by(assumption: Assumption, node: Branch) -> Assumption:
    from dataclasses import replace

    return replace(assumption, text=node.text, place=node.place)


def _leaves_run(block: list[Kept]) -> bool:
    """Control never comes to the end of the block."""
    if not block:
        return False
    last = block[-1]
    if isinstance(last.node, Exit):
        return True
    if isinstance(last.node, CallN):
        return not last.node.spec.completes
    if isinstance(last.node, Branch):
        return all(_leaves_run(inner) for inner in last.blocks)
    return False


def _through_gate(states: States, node: Branch) -> States:
    """The other way ends the run: that this one was taken is how the code is meant to go."""
    from dataclasses import replace

    open_ways: States = {}
    for valuation, info in states.items():
        assumptions = frozenset(
            replace(a, gate=True) if a.place == node.place and a.kind in ("opaque", "called") else a
            for a in info.assumptions
        )
        add(open_ways, valuation, Info(assumptions, info.trail))
    return open_ways


_KEY_ERRORS = frozenset({"KeyError", "LookupError"})
_ALL = frozenset({"Exception", "BaseException"})


_OF_STREAMLIT = frozenset({"StreamlitAPIException", "DuplicateWidgetID"})


def _is_of_streamlit(name: str) -> bool:
    """Whether it names an exception of Streamlit: their classes changed often, so any counts for any."""
    return name.startswith("Streamlit") or name in ("DuplicateWidgetID", "LocalizableStreamlitException", "Error")


def _catches(handler: Catch, way: Way) -> bool:
    """Whether an except clause catches what leaves the body."""
    if way.kind not in ("fail", "raise", "stop", "rerun", "switch"):
        return False
    if not handler.types:
        return True
    if isinstance(way.read, Fault):
        return catches(handler.types, way.read)
    if way.kind in ("stop", "rerun", "switch"):
        return "BaseException" in handler.types
    if handler.types & _ALL:
        return True
    if way.exc is None:
        return True
    if way.exc == "KeyError" and handler.types & _KEY_ERRORS:
        return True
    if way.kind == "fail" and way.exc in _OF_STREAMLIT and any(map(_is_of_streamlit, handler.types)):
        return True
    return way.exc in handler.types or "?" in handler.types


def _catches_surprises(handler: Catch) -> bool:
    return not handler.types or bool(handler.types - {"KeyError", "AttributeError"})


def _only_state(node: TryN) -> bool:
    """Nothing in the body can fail but a read of the state."""
    return all(
        isinstance(inner, Read | Use | Write | Delete | Touch | Bind) and not _called(inner) for inner in node.body
    )


def _called(node: object) -> bool:
    return isinstance(node, Bind) and isinstance(node.term, Some) and node.term.called
