"""Sessions searched for a run that uses a key whose value the user has set and Streamlit has dropped since.

The value of a widget goes when a run does not draw it, and when the user leaves its page. The search is that of
`streamlint.flow.runs`; its walks keep in each valuation what became of the user's value of one key.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace

from streamlint.flow.explore import Ends, OutOfBudget, Walker, Way
from streamlint.flow.probe import may_fail
from streamlint.flow.reduce import Kept, Lifetimes, Reducer
from streamlint.flow.runs import LARGE_SLICE, MAX_ASSUMPTIONS, MAX_SLICE, Rounds, Session, keys_of, settled
from streamlint.flow.tree import (
    USED,
    CellRef,
    Clear,
    Delete,
    Draw,
    Havoc,
    KeyVal,
    Lit,
    Refresh,
    Spec,
    Term,
    Use,
    WidgetInfo,
    Write,
)
from streamlint.flow.valuations import Exactly, Info, States, Subject, Valuation, add, cost
from streamlint.records import immutable

MAX_STEPS = 6_000
"""Nodes walked in one search; beyond, it stops with what it has."""
MAX_PROBE = 2_000
"""The same for the quick look before."""
MAX_STEPS_OF_APP = 25_000
"""Nodes walked for one app; beyond, the keys left are given up."""
LIFE: Subject = ("l", "life")
"""What became of the user's value: a `Life`."""
ASSIGNED: Subject = ("l", "assigned")
"""The last run has assigned the key: it stays for one run when its page is left."""
DELETED: Subject = ("l", "deleted")
"""The app has deleted the key of a widget that the browser still shows: a `Deleted`."""
MISSED: Subject = ("x", "missed")
"""The node that met the loss in this run."""
ELSEWHERE: Subject = ("x", "elsewhere")
"""This run has used the key."""
CLICK: Subject = ("x", "click")
"""A click started this run."""
DRAWN: Subject = ("x", "drawn")
"""This run has drawn the key's widget."""
ENDED = frozenset({"return", "break", "continue", "stop", "switch"})
Page = tuple[str, Hashable]
"""A script, and the page of `st.navigation` that it shows."""


@immutable
class Life:
    """The user has set the value with `widget` on `page`. `lost` says how it was dropped: page, hidden.

    `copied`: the app has copied it into the key, where it outlives the widget. `pending`: it has not yet, or the widget
    has not been drawn since: what is answered at once and goes, as after a click, is not missed. `used`: it was used in
    a run that did not draw the widget. `shown`: no run has ended since without drawing the widget, whatever the state
    still holds (`st.stop` drops nothing)."""

    widget: Hashable
    page: Page | None
    lost: str | None = None
    copied: bool = False
    pending: bool = False
    used: bool = False
    shown: bool = True


@immutable
class Deleted:
    """Where, and what became of the value before."""

    node: Delete | Clear
    life: Life


@immutable
class Loss:
    """A node that meets the loss in some run; or the deletion of a key whose widget is drawn again."""

    node: Use | Write | Delete | Clear | Draw
    life: Life
    info: Info
    rounds: int


class LifetimeWalker(Walker):
    """The walks of one slice."""

    def __init__(self, reducer: Reducer, key: str, widgets: dict[Hashable, WidgetInfo], lifetimes: Lifetimes) -> None:
        super().__init__(reducer, key, widgets)
        self.key = key
        self.lifetimes = lifetimes
        self.sources = {widget for name, widget in lifetimes.copied.values() if name == key}
        """The widgets that fill the key by an assignment."""
        self.max_steps = MAX_STEPS
        if key in lifetimes.clicked:
            self.subject = key  # what it is set to counts as set by the run that follows at once

    def node(self, kept: Kept, states: States) -> Ends:
        match kept.node:
            case Use() as use:
                return _each(states, lambda v: self._used(use, v))
            case Refresh():
                return _each(states, self._refreshed)
            case Delete(key=key) as node if key == self.key:
                return super().node(kept, self._deleted(node, states))
            case Clear() as node:
                return super().node(kept, self._deleted(node, states))
            case Havoc() as node if node.matches(self.key):
                return super().node(kept, _each(states, lambda v: v.drop([LIFE, MISSED, DELETED])).normal)
            case _:
                return super().node(kept, states)

    def _deleted(self, node: Delete | Clear, states: States) -> States:
        """The app itself makes the value go."""

        def after(valuation: Valuation) -> Valuation:
            life = valuation.get(LIFE)
            mounted = isinstance(life, Life) and life.shown and not (life.lost or life.pending or life.copied)
            if mounted and isinstance(life, Life) and valuation.get(CLICK) is None:
                mounted = not self.widgets[life.widget].optional  # it may go because the options do
            gone = valuation.drop([LIFE, MISSED])
            return gone.put(DELETED, Deleted(node, life)) if mounted and isinstance(life, Life) else gone

        return _each(states, after).normal

    def _used(self, use: Use, valuation: Valuation) -> Valuation:
        life = valuation.get(LIFE)
        if not isinstance(life, Life) or use.key != self.key:
            return valuation
        if life.copied:
            return valuation.put(ELSEWHERE, True)
        if life.lost is None or valuation.get(MISSED) is not None:
            return valuation
        return valuation.put(MISSED, use)

    def _refreshed(self, valuation: Valuation) -> Valuation:
        if valuation.get(("k", self.key)) is None:
            return valuation
        after = valuation.put(ASSIGNED, True)
        return after.drop([("o", self.key)]) if after.get(("o", self.key)) == "before" else after

    def _write(self, node: Write, valuation: Valuation) -> Valuation:
        after = super()._write(node, valuation)
        held, now = valuation.get(("k", node.key)), after.get(("k", node.key))
        if node.key != self.key or (node.only_if_absent and held is not None):
            return after
        after = after.put(ASSIGNED, True).drop([DELETED])
        source = self.lifetimes.copied.get(id(node))
        life = valuation.get(LIFE)
        if not isinstance(life, Life):
            return after
        if source is not None and life.widget == source[1]:
            return self._copied(node, life, after)
        if life.copied or life.lost is None:
            return after if held == now else after.drop([LIFE])
        if self._is_default(node):
            return after.drop([MISSED])  # the guard's value stands for the user's from here on
        return after.drop([LIFE, MISSED])

    def _copied(self, node: Write, life: Life, after: Valuation) -> Valuation:
        if life.pending:
            return after.put(LIFE, replace(life, copied=True, pending=False))
        if life.lost is None or not life.copied:
            return after
        if not life.used or after.get(CLICK) is not None:
            return after.drop([LIFE])
        return after.put(MISSED, node) if after.get(MISSED) is None else after

    def _is_default(self, node: Write) -> bool:
        """Whether the key gets a first value, for the app takes it to have none."""
        if not isinstance(node.value, Lit):
            return self._is_own(node.value)
        return node.only_if_absent or id(node) in self.lifetimes.guarded

    def _is_own(self, term: Term) -> bool:
        """`ss.get(k, <constant>)` of the key itself."""
        bound = self.reducer.program.terms.get(term.cell, []) if isinstance(term, CellRef) else []
        return len(bound) == 1 and isinstance(bound[0], KeyVal) and bound[0].key == self.key

    def _drawn(self, widget: WidgetInfo, valuation: Valuation, disabled: bool) -> Valuation:
        after = super()._drawn(widget, valuation, disabled)
        if widget.trigger and widget.key == self.key and _is_phantom(valuation, self.key):
            return after.put(MISSED, widget.id)
        life = valuation.get(LIFE)
        if widget.key == self.key and widget.binds_key:
            after = after.put(DRAWN, True)
            deleted = after.get(DELETED)
            if isinstance(deleted, Deleted) and widget.id == deleted.life.widget and widget.steady:
                return after.put(MISSED, deleted.node)
            if isinstance(life, Life) and life.pending and widget.id not in self.sources:
                after = after.put(LIFE, replace(life, pending=False))
            elif isinstance(life, Life) and life.lost is not None and not life.copied:
                after = after.drop([LIFE, MISSED])  # what is used from here on is what the user sees
        return after


def _is_phantom(valuation: Valuation, key: str) -> bool:
    """Whether a button that is drawn for the first time finds a click that an earlier run has written."""
    if valuation.get(("o", key)) is not None or valuation.get(("n", key)) is not None:
        return False
    return valuation.get(("k", key)) == Exactly(True)


def _each(states: States, change: Callable[[Valuation], Valuation]) -> Ends:
    ends = Ends()
    for valuation, info in states.items():
        add(ends.normal, change(valuation), info)
    return ends


class LifetimeRounds(Rounds):
    """One search with a fixed slice."""

    def __init__(self, session: LifetimeSession, reducer: Reducer, key: str) -> None:
        widgets = reducer.drawn()
        super().__init__(session, reducer, key, widgets)
        self.key = key
        self.walker: LifetimeWalker = LifetimeWalker(reducer, key, widgets, session.program.lifetimes)
        self.losses: dict[int, list[Loss]] = {}
        self.entry = ""
        self.probing = False
        self.scripts = {spec.id for spec in session.program.scripts.values()}

    def hit(self) -> bool:
        return bool(self.losses)

    def supposed(self, state: Valuation) -> Iterator[Valuation]:
        """Any value may have been lost."""
        self.probing = True
        yield state.put(LIFE, Life(None, None, "hidden"))
        for widget in self.walker.sources:
            yield state.put(LIFE, Life(widget, None, "hidden", copied=True, used=True))

    # --- within a run ----------------------------------------------------------------------------------------

    def walk(self, spec: Spec, states: States, entry: str) -> Ends:
        """A callback and a fragment meet a loss even if the script draws the widget after it."""
        ends = super().walk(spec, states, entry)
        if self.probing or spec.id not in self.scripts:
            self._harvest(ends, entry)
        return ends

    def _leave(self, entry: str, ends: Ends) -> None:
        self.entry = entry
        self._harvest(ends, entry)
        ends.normal = dict(self._ended(ends.normal, False))
        ends.exits = {way: dict(self._ended(states, way.kind == "rerun")) for way, states in ends.exits.items()}
        super()._leave(entry, ends)

    def _harvest(self, ends: Ends, entry: str) -> None:
        """Notes the losses that runs have met."""
        for way, states in ((Way("return"), ends.normal), *ends.exits.items()):
            for valuation, info in list(states.items()):
                node, life = valuation.get(MISSED), valuation.get(LIFE)
                deleted = valuation.get(DELETED)
                draw = self.session.program.widgets.get(node) if node is not None else None
                if draw is not None and way.kind in ENDED:
                    here = (entry, valuation.get(("pg",)))
                    loss = Loss(draw, Life(draw.widget.id, here), info, self.round)
                    self.losses.setdefault(id(draw), []).append(loss)
                if isinstance(node, Delete | Clear) and isinstance(deleted, Deleted) and way.kind in ENDED:
                    self.losses.setdefault(id(node), []).append(Loss(node, deleted.life, info, self.round))
                if not isinstance(node, Use | Write) or not isinstance(life, Life) or way.kind not in ENDED:
                    continue
                away = life.page != (entry, valuation.get(("pg",)))
                if life.copied or life.lost == "hidden" or away:
                    self.losses.setdefault(id(node), []).append(Loss(node, life, info, self.round))

    def _ended(self, states: States, at_once: bool) -> Iterator[tuple[Valuation, Info]]:
        """What the next run finds, which comes at once after a rerun."""
        for valuation, info in states.items():
            if valuation.get(MISSED) is not None or (valuation.get(DRAWN) is None and not at_once):
                valuation = valuation.drop([DELETED])
            life = valuation.get(LIFE)
            if isinstance(life, Life) and not self._is_copy(life) and valuation.get(DRAWN) is None and not at_once:
                valuation = valuation.put(LIFE, replace(life, shown=False))
            if isinstance(life, Life) and life.copied:
                used = valuation.get(ELSEWHERE) is not None and ("d", life.widget) not in valuation.data
                valuation = valuation.put(LIFE, replace(life, used=life.used or used))
            yield valuation.drop([MISSED]), info

    # --- between runs ----------------------------------------------------------------------------------------

    def _drop_undrawn(self, valuation: Valuation) -> Valuation:
        after = super()._drop_undrawn(valuation)
        life = valuation.get(LIFE)
        if not isinstance(life, Life) or life.lost is not None:
            return after
        gone = ("w", life.widget) not in after.data if self._is_copy(life) else self._is_gone(valuation, after)
        if not gone:
            return after
        return after.drop([LIFE]) if life.pending else after.put(LIFE, self._lost(life, valuation))

    def _is_copy(self, life: Life) -> bool:
        return life.widget in self.walker.sources

    def _is_gone(self, ended: Valuation, after: Valuation) -> bool:
        """Whether the key has lost the user's value: it is gone itself, or holds what it held before its widget."""
        if after.get(("k", self.key)) is None:
            return True
        widget = self.widgets.get(_life(ended).widget)
        undrawn = ended.get(DRAWN) is None and ended.get(ASSIGNED) is None
        return undrawn and ended.get(("o", self.key)) == "kept" and widget is not None and widget.lasting is None

    def _lost(self, life: Life, valuation: Valuation) -> Life:
        here = (self.entry, valuation.get(("pg",)))
        return replace(life, lost="hidden" if life.page == here else "page")

    def _there(self, between: Valuation) -> Valuation:
        return self._left(between, super()._there(between), True)

    def _off_page(self, valuation: Valuation, base: Valuation) -> Valuation:
        owned = valuation.get(("o", self.key)) == "page"
        return self._left(valuation, super()._off_page(valuation, base), owned)

    def _left(self, before: Valuation, after: Valuation, owned: bool) -> Valuation:
        """The user has left the page. What its last run has assigned stays until the next one ends (measured)."""
        life = before.get(LIFE)
        owner, held = before.get(("o", self.key)), before.get(("k", self.key))
        after = after.drop([DELETED])
        stays = before.get(ASSIGNED) is not None or self.session.version < (1, 40)
        widget = self.widgets.get(life.widget) if isinstance(life, Life) else None
        if widget is not None and widget.lasting == "page" and owner == "kept":
            owned = stays = True
            owner = "page"
        if held is not None and owner not in (None, "kept") and owned and stays:
            return after.put(("k", self.key), held).put(("o", self.key), "before")
        if not isinstance(life, Life) or life.lost is not None:
            return after
        gone = ("w", life.widget) not in after.data if self._is_copy(life) else after.get(("k", self.key)) is None
        if not gone:
            return after
        return after.drop([LIFE]) if life.pending else after.put(LIFE, replace(life, lost="page"))

    def _later_runs(self, entry: str, states: States) -> None:
        self.entry = entry
        super()._later_runs(entry, states)

    def _event_run(self, entry: str, states: States, callback: Spec | None, fragment: Spec | None) -> None:
        fresh: States = {}
        for valuation, info in states.items():
            add(fresh, valuation.drop([ASSIGNED]), info)
        super()._event_run(entry, fresh, callback, fragment)

    def _used(self, base: Valuation, widget: WidgetInfo, drawn: list[Hashable]) -> Valuation:
        state = super()._used(base, widget, drawn)
        if not widget.trigger:
            return state
        life = state.get(LIFE)
        if isinstance(life, Life) and life.pending and life.widget not in self.walker.sources:
            state = state.put(LIFE, replace(life, pending=False))
        return state.put(CLICK, True)

    def _changed(self, state: Valuation, widget: WidgetInfo) -> Valuation:
        after = super()._changed(state, widget)
        page = (self.entry, state.get(("pg",)))
        if widget.id in self.walker.sources:
            return after.put(LIFE, Life(widget.id, page, pending=True))
        if widget.key == self.key and widget.binds_key and ("k", self.key) in state.data:
            return after.drop([DELETED]).put(LIFE, Life(widget.id, page, pending=True))
        return after

    # --- results ---------------------------------------------------------------------------------------------

    def best(self) -> list[Loss]:
        """One loss for each node, that which assumes least."""
        found = []
        for losses in self.losses.values():
            best = min(losses, key=lambda loss: (cost(loss.info), loss.rounds))
            found.append(replace(best, info=settled(best.info, [loss.info for loss in losses])))
        return sorted(found, key=lambda loss: (cost(loss.info), loss.rounds, loss.node.place))


def _life(valuation: Valuation) -> Life:
    life = valuation.get(LIFE)
    assert isinstance(life, Life)
    return life


class LifetimeSession(Session):
    """The search for one key after the other."""

    def losses(self, key: str) -> tuple[list[Loss], bool]:
        """The losses, the surest first, and whether the search was complete."""
        if self.steps > MAX_STEPS_OF_APP:
            return [], False
        keys = frozenset({key})
        while True:
            found, complete = self._losses(key, keys)
            wanted = {name for loss in found for name in keys_of(loss.info)} - keys
            if not wanted or not complete or len(keys) >= MAX_SLICE:
                proved = [x for x in found if cost(x.info) <= MAX_ASSUMPTIONS and not keys_of(x.info)]
                return proved, complete
            keys |= frozenset(sorted(wanted)[: MAX_SLICE - len(keys)])

    def _losses(self, key: str, keys: frozenset[str]) -> tuple[list[Loss], bool]:
        asked = keys | {USED, USED + key}
        reducer = Reducer(self.program, asked)
        if reducer.size() > LARGE_SLICE:
            reducer = Reducer(self.program, asked, lean=True)
        probe = LifetimeRounds(self, reducer, key)
        probe.walker.max_steps = MAX_PROBE
        lifetimes = self.program.lifetimes
        possible = key in lifetimes.deleted or key in lifetimes.clicked or may_fail(probe)
        self.steps += probe.walker.steps
        if not possible:
            return [], True
        walk = LifetimeRounds(self, reducer, key)
        complete = True
        try:
            walk.run()
        except OutOfBudget:
            complete = False
        self.steps += walk.walker.steps
        return walk.best(), complete and not walk.walker.overflow
