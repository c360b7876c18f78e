"""Sessions: sequences of runs, searched for one that fails to read a key.

A session starts with an empty state on any page. After a run the user does one thing: nothing (any widget that does not
matter causes a rerun), a widget drawn by that run, or a page switch. The search goes by rounds, all first visits first,
so that the first witness found is a shortest one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import field, replace

from streamlint.flow.covers import uncovered
from streamlint.flow.explore import MAX_STEPS, MAX_STEPS_OF_APP, Ends, OutOfBudget, Walker, Way
from streamlint.flow.probe import MAX_PROBE, may_fail
from streamlint.flow.reduce import Program, Reducer
from streamlint.flow.routes import RouteReducer
from streamlint.flow.tree import COMPLETE, Fault, Read, Spec, WidgetInfo
from streamlint.flow.valuations import (
    EMPTY,
    START,
    UNSURE,
    Assumption,
    Exactly,
    Info,
    Knowledge,
    States,
    StepRecord,
    Token,
    Valuation,
    add,
    blur,
    cost,
    merge,
)
from streamlint.interrupt import checkpoint
from streamlint.records import immutable, mutable

MAX_SLICE = 8
"""A slice grows to at most this many keys."""
LARGE_SLICE = 150
"""A slice of more nodes than this is reduced further."""
MAX_ROUNDS = 4
"""Runs after the first that are searched."""
MAX_ENTRIES = 48
"""Different states at the start of a round that are searched; the first ones found."""
MAX_ASSUMPTIONS = 1
"""A witness may rest on at most this many assumptions."""


@immutable
class Failure:
    """A read (or a fault) that some session fails: where, how, and on what assumptions. `entry` is the script that
    runs, `page` the page of `st.navigation` it shows."""

    read: Read | Fault
    info: Info
    entry: str
    rounds: int
    page: Hashable = None
    held: object = None
    """What the subject of the fault holds."""


@mutable
class Outcome:
    """The failures of one key; `complete` is False if the search ran into a budget, `passes_by` is True if its runs
    leave out what may end a run early and what a user decides."""

    failures: list[Failure] = field(default_factory=list)
    complete: bool = True
    passes_by: bool = False


class Session:
    """The search for one key."""

    def __init__(
        self, program: Program, entries: tuple[str, ...], version: tuple[int, int], preset: frozenset[str]
    ) -> None:
        self.program = program
        self.entries = entries
        self.version = version
        self.preset = preset
        self.steps = 0
        """Nodes walked for all keys so far."""

    def search(self, key: str, subject: str | None = None) -> Outcome:
        """The failures of `key` (a fault's, with its subject). The slice grows by the keys whose tests the failures
        rest on; what rests on a key that is not looked into proves nothing."""
        keys = _slice(key, subject)
        spent = 0
        while True:
            found, wanted, complete, spent = self._search(key, keys, spent)
            if not wanted or not complete or len(keys) >= MAX_SLICE:
                good = [f for f in found if cost(f.info) <= MAX_ASSUMPTIONS and not keys_of(f.info)]
                return Outcome(good, complete)
            keys |= frozenset(wanted[: MAX_SLICE - len(keys)])

    def reach(self, key: str, subject: str | None = None) -> Outcome:
        """Runs that come to a fault, whatever they assume but of its subject: for what is wrong wherever it is reached
        at all."""
        reducer = RouteReducer(self.program, _slice(key, subject))
        walk = self._routes(reducer, key)
        walk.walker.max_steps = self._limit()
        complete = self._run(walk)
        self.steps += walk.walker.steps
        return Outcome(walk.result(), complete, reducer.passes_by)

    def retrace(self, key: str, subject: str | None = None) -> list[Failure]:
        """The runs of `reach` with what they pass by, such as the file that a user has to upload before a page goes on;
        none if they are not found soon."""
        reducer = RouteReducer(self.program, _slice(key, subject), whole=True)
        walk = self._routes(reducer, key)
        walk.walker.max_steps = MAX_STEPS // 4
        return walk.result() if self._run(walk) else []

    def _routes(self, reducer: RouteReducer, key: str) -> Rounds:
        walk = Rounds(self, reducer, key, reducer.drawn())
        walk.entries = reducer.entries(self.entries)
        walk.once = True
        return walk

    def _limit(self) -> int:
        """The steps that one more search may take."""
        return MAX_STEPS if self.steps < MAX_STEPS_OF_APP else MAX_STEPS // 4

    @staticmethod
    def _run(walk: Rounds) -> bool:
        """Whether the search came to its end."""
        try:
            walk.run()
        except OutOfBudget:
            return False
        return not walk.walker.overflow

    def _search(self, key: str, keys: frozenset[str], spent: int) -> tuple[list[Failure], list[str], bool, int]:
        """The failures found with this slice, the keys outside it that they rest on, whether that is all, and the steps
        that the key has taken so far."""
        reducer = Reducer(self.program, keys)
        if reducer.size() > LARGE_SLICE:
            reducer = Reducer(self.program, keys, lean=True)
        widgets = reducer.drawn()
        limit = self._limit()
        probe = Rounds(self, reducer, key, widgets)
        probe.walker.max_steps = min(limit, MAX_PROBE)
        possible = may_fail(probe)
        self.steps += probe.walker.steps
        if not possible:
            return [], [], True, spent
        walk = Rounds(self, reducer, key, widgets)
        walk.walker.steps = spent
        walk.walker.max_steps = limit
        complete = self._run(walk)
        self.steps += walk.walker.steps - spent
        found = walk.result()
        hopeful = walk.hopeful()
        wanted = {name for failure in hopeful for name in keys_of(failure.info)} - keys
        if not wanted and any(a.kind == "blurred" for f in hopeful for a in f.info.assumptions):
            wanted = walk.walker.blurred_keys - keys
        return found, sorted(wanted), complete, walk.walker.steps


def _slice(key: str, subject: str | None) -> frozenset[str]:
    """What a search for a key begins with: the key, and the subject of a fault."""
    return frozenset({key} if subject is None else {key, subject})


def keys_of(info: Info) -> set[str]:
    """The keys outside the slice that a path rests on."""
    return {str(a.subject[0]) for a in info.assumptions if a.kind == "key" and isinstance(a.subject, tuple)}


class Rounds:
    """One search with a fixed slice."""

    def __init__(self, session: Session, reducer: Reducer, target: str, widgets: dict[Hashable, WidgetInfo]) -> None:
        self.session = session
        self.entries = session.entries
        """The scripts whose runs count."""
        self.reducer = reducer
        self.target = target
        self.widgets = widgets
        self.walker = Walker(reducer, target, widgets)
        self.found: dict[int, tuple[Read | Fault, list[Failure]]] = {}
        self.seen: dict[str, dict[Valuation, Info]] = {entry: {} for entry in session.entries}
        self.next: dict[str, States] = {entry: {} for entry in session.entries}
        self.round = 0
        self.once = False
        """Whether one run that comes there is enough: the search ends with the walk that finds it."""

    @property
    def done(self) -> bool:
        return self.once and bool(self.found)

    def hit(self) -> bool:
        """Whether what is looked for was found."""
        return bool(self.found)

    def supposed(self, state: Valuation) -> Iterator[Valuation]:
        """What else a probe must suppose that starts from the state."""
        yield state

    def run(self) -> None:
        start = EMPTY
        for key in self.reducer.keys & self.session.preset:
            start = start.put(("k", key), UNSURE)
        for entry in self.entries:
            info = START.step(f"first visit of {page_name(entry)}", None)
            self._visit(entry, {start: info})
        for self.round in range(1, MAX_ROUNDS + 1):
            todo, self.next = self.next, {entry: {} for entry in self.entries}
            if not any(todo.values()):
                break
            for entry, states in todo.items():
                if self.done:
                    return
                fresh = {v: i for v, i in states.items() if v not in self.seen[entry]}
                if len(fresh) > self.walker.blur_above:
                    fresh = uncovered(merge(fresh))
                if len(fresh) > self.walker.blur_above:
                    fresh = dict(list(blur(fresh, self.walker.blurred_keys).items())[:MAX_ENTRIES])
                self.seen[entry].update(fresh)
                self._later_runs(entry, fresh)

    def _visit(self, entry: str, states: States) -> None:
        """One run of a script."""
        checkpoint()
        spec = self.session.program.scripts[entry]
        self._leave(entry, self.walk(spec, states, entry))

    def walk(self, spec: Spec, states: States, entry: str) -> Ends:
        """One body; failures of what is looked for are noted, and end there."""
        ends = self.walker.block(self.reducer.specs.get(spec.id, []), states)
        for way, left in list(ends.exits.items()):
            if isinstance(way.read, Read | Fault):
                del ends.exits[way]
                if way.read.key == self.target:
                    self._record(way.read, left, entry)
        return ends

    def _record(self, read: Read | Fault, states: States, entry: str) -> None:
        _, witnesses = self.found.setdefault(id(read), (read, []))
        for valuation, info in states.items():
            held = valuation.get(("k", read.subject)) if isinstance(read, Fault) else None
            witnesses.append(Failure(read, info, entry, self.round, valuation.get(("pg",)), held))

    # --- between runs ----------------------------------------------------------------------------------------

    def _leave(self, entry: str, ends: Ends) -> None:
        for valuation, info in ends.normal.items():
            self._settle(entry, self._drop_undrawn(valuation), info)
        for way, states in ends.exits.items():
            for valuation, info in states.items():
                if way.kind in ("return", "break", "continue"):
                    self._settle(entry, self._drop_undrawn(valuation), info)
                elif way.kind == "switch":
                    self._switch(entry, valuation, info)
                elif way.kind == "rerun":
                    # at once: the user can do nothing in between
                    add(self.next[entry], self._assigned(valuation, rest(valuation.put(("now",), True))), info)
                else:
                    self._settle(entry, valuation, info)

    def _assigned(self, ended: Valuation, between: Valuation) -> Valuation:
        """What a run that asks for another one has assigned still counts as just assigned (measured)."""
        subject = ("n", self.walker.subject)
        return between.put(subject, True) if ended.get(subject) is True else between

    def _drop_undrawn(self, valuation: Valuation) -> Valuation:
        """After a run that ended normally, the keys of widgets it did not draw are gone, and so are their values."""
        gone: list[tuple[Hashable, ...]] = []
        for subject, value in valuation.data.items():
            if subject[0] == "o" and value == "before":
                gone += [("k", subject[1]), subject]
            elif subject[0] == "w" and ("d", subject[1]) not in valuation.data:
                gone.append(subject)
        return valuation.drop(gone)

    def _settle(self, entry: str, valuation: Valuation, info: Info) -> None:
        """The state at the end of a run, kept for the next one."""
        between = rest(valuation)
        if between not in self.seen[entry]:
            add(self.next[entry], between, info)
        for other in self.entries:
            if other != entry:
                self._switch_to(other, valuation, info)

    def _switch(self, entry: str, valuation: Valuation, info: Info) -> None:
        for other in self.entries:
            if other != entry or len(self.session.entries) == 1:
                self._switch_to(other, valuation, info)

    def _switch_to(self, entry: str, valuation: Valuation, info: Info) -> None:
        """Another page of `pages/`: widget keys of the old page are gone before its run (until 1.39 after it)."""
        there = self._there(rest(valuation))
        if there not in self.seen[entry]:
            add(self.next[entry], there, info.step(f"open {page_name(entry)}", None))

    def _there(self, between: Valuation) -> Valuation:
        """What another page finds."""
        owned = [s for s, v in between.data.items() if s[0] in ("o", "w", "d") and v != "kept"]
        keys = [("k", s[1]) for s in owned if s[0] == "o"] if self.session.version >= (1, 40) else []
        return between.drop([*owned, *keys])

    def _later_runs(self, entry: str, states: States) -> None:
        """The runs that each event starts, from all states in which it can happen."""
        starts: dict[tuple[Hashable, Spec | None, Spec | None], States] = {}
        for valuation, info in states.items():
            for start, step, callback, fragment in self._events(valuation):
                here = info.step(step, None) if step else info
                add(starts.setdefault((start.get(("ev",)), callback, fragment), {}), start, here)
        for (_, callback, fragment), together in starts.items():
            if self.done:
                return
            if len(together) > self.walker.blur_above:
                together = uncovered(together)
            self._event_run(entry, together, callback, fragment)

    def _event_run(self, entry: str, states: States, callback: Spec | None, fragment: Spec | None) -> None:
        if callback is not None:
            ends = self.walk(callback, states, entry)
            states = dict(ends.normal)
            for way, left in ends.exits.items():
                if way.kind in ("return", "rerun"):
                    for valuation, there in left.items():
                        add(states, valuation, there)
                elif way.kind in ("stop", "raise", "switch"):
                    for valuation, there in left.items():
                        self._settle(entry, valuation, there)
        if fragment is None:
            self._visit(entry, states)
            return
        ends = self.walk(fragment, states, entry)
        for valuation, there in ends.normal.items():
            self._settle(entry, valuation, there)
        for left in ends.exits.values():
            for valuation, there in left.items():
                self._settle(entry, valuation, there)

    def _events(self, valuation: Valuation) -> Iterator[tuple[Valuation, str, Spec | None, Spec | None]]:
        """What can start the next run: nothing in particular, a page switch, or one of the widgets drawn."""
        drawn = [s[1] for s in valuation.data if s[0] == "d"]
        base = begin(valuation)
        yield base, "rerun" if valuation.get(("now",)) is None else "", None, None
        if valuation.get(("now",)) is not None:
            return
        if valuation.get(("pg",)) is not None:
            yield self._off_page(valuation, base), "switch page", None, None
        for widget_id in drawn:
            widget = self.widgets.get(widget_id)
            if widget is None or (widget.form is not None and not widget.trigger):
                continue
            fragment = widget.fragment if isinstance(widget.fragment, Spec) else None
            yield self._used(base, widget, drawn), action(widget), widget.callback, fragment

    def _off_page(self, valuation: Valuation, base: Valuation) -> Valuation:
        """Leaving a page of `st.navigation`: the keys of its widgets are gone before the next run."""
        owned = [s for s, v in valuation.data.items() if s[0] == "o" and v == "page"]
        drawn = [s for s, v in valuation.data.items() if s[0] == "d" and v == "page"]
        gone = [("k", s[1]) for s in owned] if self.session.version >= (1, 40) else []
        return base.drop([("pg",), *owned, *gone, *(("w", s[1]) for s in drawn)])

    def _used(self, base: Valuation, widget: WidgetInfo, drawn: list[Hashable]) -> Valuation:
        """The state in which a run starts that this widget caused."""
        if widget.trigger:
            state = base.put(("ev",), widget.id)
            if widget.key is not None and ("k", widget.key) in state.data:
                state = state.put(("k", widget.key), Exactly(True))
            if widget.form is None:
                return state
            for other_id in drawn:
                other = self.widgets.get(other_id)
                if other is not None and other.form == widget.form and not other.trigger:
                    state = self._changed(state, other)
            return state
        return self._changed(base, widget)

    def _changed(self, state: Valuation, widget: WidgetInfo) -> Valuation:
        token = Token(("W", widget.id))
        state = state.drop([("v", ("part", token.id, COMPLETE))])
        state = state.put(("w", widget.id), token).know(token, chosen(widget))
        if widget.key is not None and ("k", widget.key) in state.data:
            state = state.put(("k", widget.key), token)
        return state

    # --- results ---------------------------------------------------------------------------------------------

    def result(self) -> list[Failure]:
        """One failure per read, with the assumptions that its witnesses do not settle between them."""
        failures = [_shortest(witnesses) for _, witnesses in self.found.values()]
        return sorted(failures, key=lambda f: (f.read.place, f.rounds))

    def hopeful(self) -> list[Failure]:
        """For each read the failure that more keys in the slice are most likely to prove; none if it would rest on too
        much even then."""
        best = [_shortest(witnesses, _lasting_cost) for _, witnesses in self.found.values()]
        return [failure for failure in best if _lasting_cost(failure) <= MAX_ASSUMPTIONS]


def _lasting_cost(failure: Failure) -> int:
    """The assumptions that no further key settles."""
    return sum(a.kind not in ("key", "blurred") and not a.gate for a in failure.info.assumptions)


def _cost(failure: Failure) -> int:
    return cost(failure.info)


def _shortest(witnesses: list[Failure], first: Callable[[Failure], int] = _cost) -> Failure:
    """The witness that assumes least, and of those the one with the fewest runs."""
    best = min(witnesses, key=lambda w: (first(w), cost(w.info), w.rounds))
    return replace(best, info=settled(best.info, [witness.info for witness in witnesses]))


def settled(info: Info, others: Sequence[Info]) -> Info:
    """A path without the assumptions that another path to the same end takes the other way, assuming nothing else that
    is new."""
    needed = info.assumptions
    for assumption in sorted(needed, key=lambda a: (a.text, str(a.subject))):
        if any(_is_contrary(other, assumption, needed - {assumption}) for other in others):
            needed -= {assumption}
    return Info(needed, info.trail)


def _is_contrary(other: Info, assumption: Assumption, rest: frozenset[Assumption]) -> bool:
    contrary = {a for a in other.assumptions if a.contradicts(assumption)}
    return bool(contrary) and other.assumptions - contrary <= rest


def chosen(widget: WidgetInfo) -> Knowledge:
    """What is known of a value that the user chose."""
    least = widget.least
    if least is None:
        return Knowledge(free=True)
    return Knowledge(True if least > 0 else None, True, free=True, low=(least, True))


RUN_SCOPED = frozenset({"c", "s", "a", "ev", "v", "n", "x"})


def rest(valuation: Valuation) -> Valuation:
    """What of a valuation outlives the run: keys, widgets' values, what was drawn, the page. Unknown values of keys
    and widgets get names of their own, so that the next run's unknowns are not taken for them."""
    data: dict[tuple[Hashable, ...], object] = {}
    for subject, value in valuation.data.items():
        if subject[0] in RUN_SCOPED:
            continue
        if subject[0] in ("k", "w") and isinstance(value, Token):
            token = Token(("K" if subject[0] == "k" else "W", subject[1]))
            known = valuation.knowledge(value)
            if known.blurred and known.truthy is None and subject[0] == "w":
                known = Knowledge(free=True)  # whatever it was, the user could have chosen it
            if known != Knowledge():
                data[("v", token.id)] = known
            whole = _picked(value, valuation)
            if whole is not None and (subject[0] == "k" or whole != Knowledge(free=True)):
                data[("v", ("part", token.id, COMPLETE))] = whole
            value = token
        data[subject] = value
    return Valuation(data)


def _picked(value: Token, valuation: Valuation) -> object:
    """What is known of whether the value, if it is a range of dates, is complete: what the user chose may be or not."""
    known = valuation.get(("v", ("part", value.id, COMPLETE)))
    chosen = isinstance(value.id, tuple) and value.id[0] == "W"
    return Knowledge(free=True) if known is None and chosen else known


def begin(valuation: Valuation) -> Valuation:
    """The state at the start of the next run: nothing is drawn yet."""
    data: dict[tuple[Hashable, ...], object] = {}
    for subject, value in valuation.data.items():
        if subject[0] in ("d", "now"):
            continue
        data[subject] = "before" if subject[0] == "o" and value != "kept" else value
    return Valuation(data)


def page_name(path: str) -> str:
    """A script as a user knows it."""
    return f"`{os.path.basename(path)}`"


def action(widget: WidgetInfo) -> str:
    """What the user does with a widget, in words."""
    label = f' "{widget.label}"' if widget.label else f" `{widget.key}`" if widget.key else ""
    verb = {"chat_input": "send a message with", "form_submit_button": "submit with"}.get(widget.element)
    if verb is None:
        verb = "click" if widget.trigger else "change"
    return f"{verb} `{widget.element}`{label}"


__all__ = ["Failure", "Outcome", "Session", "StepRecord", "Way"]
