"""Sessions searched for a run that raises by its order: two elements that claim the same, an assignment to the key of
a widget that was drawn before, and what must not be done in or out of a fragment.

The search is that of `streamlint.flow.runs`, over walks that keep marks (`streamlint.flow.marks`).
"""

from __future__ import annotations

from dataclasses import replace

from streamlint.findings import Place
from streamlint.flow.explore import Ends, OutOfBudget
from streamlint.flow.marks import AGAIN, PARTIAL, WHOLE, CrashReducer, CrashWalker
from streamlint.flow.probe import may_fail
from streamlint.flow.reduce import Reducer
from streamlint.flow.runs import LARGE_SLICE, MAX_ASSUMPTIONS, MAX_SLICE, Rounds, Session, keys_of, settled
from streamlint.flow.suspects import Suspect, Target
from streamlint.flow.tree import (
    Draw,
    Forbidden,
    Node,
    Shown,
    Spec,
    WidgetInfo,
    Write,
)
from streamlint.flow.valuations import Info, States, Valuation, cost
from streamlint.records import immutable

MAX_STEPS_OF_APP = 25_000
"""Nodes walked for one app; beyond, the targets left are given up."""


@immutable
class Crash:
    """A node that raises in some run. `what`: set, double or forbidden."""

    node: Node
    what: str
    info: Info
    entry: str
    rounds: int


class CrashSession(Session):
    """The search for one target after the other."""

    def crashes(self, suspect: Suspect) -> tuple[list[Crash], bool]:
        """The crashes, and whether the search was complete. The slice grows by the keys that tests ask for."""
        target = suspect.target
        if self.steps > MAX_STEPS_OF_APP:
            return [], False
        keys = frozenset({str(target.name)} if target.kind == "key" else ())
        while True:
            found, wanted, complete = self._crashes(suspect, keys)
            if not wanted or not complete or len(keys) >= MAX_SLICE:
                proved = [c for c in found if cost(c.info) <= MAX_ASSUMPTIONS and not keys_of(c.info)]
                return proved, complete
            keys |= frozenset(sorted(wanted)[: MAX_SLICE - len(keys)])

    def _crashes(self, suspect: Suspect, keys: frozenset[str]) -> tuple[list[Crash], set[str], bool]:
        """As `Session._search`."""
        reducer = CrashReducer(self.program, keys, False, suspect)
        if reducer.size() > LARGE_SLICE:
            reducer = CrashReducer(self.program, keys, True, suspect)
        probe = CrashRounds(self, reducer, suspect.target)
        possible = may_fail(probe)
        self.steps += probe.walker.steps
        if not possible:
            return [], set(), True
        walk = CrashRounds(self, reducer, suspect.target)
        complete = True
        try:
            walk.run()
        except OutOfBudget:
            complete = False
        self.steps += walk.walker.steps
        found = walk.crashes()
        wanted = {name for crash in found for name in keys_of(crash.info)}
        if any(a.kind == "blurred" for crash in found for a in crash.info.assumptions):
            wanted |= walk.walker.blurred_keys
        return found, wanted - keys, complete and not walk.walker.overflow


class CrashRounds(Rounds):
    """One search with a fixed slice."""

    def __init__(self, session: CrashSession, reducer: Reducer, target: Target) -> None:
        widgets = reducer.drawn()
        key = str(target.name) if target.kind == "key" else ""
        super().__init__(session, reducer, key, widgets)
        self.walker: CrashWalker = CrashWalker(reducer, target, key, widgets)
        self.hits: dict[int, list[Crash]] = {}
        drawn = session.program.widgets.values()
        self.outside = {d.widget.callback.id for d in drawn if d.widget.callback and not d.widget.fragment}
        """Callbacks of widgets in no fragment: a run of the whole script follows."""
        self.scripts = {spec.id for spec in session.program.scripts.values()}

    def hit(self) -> bool:
        return bool(self.hits)

    def walk(self, spec: Spec, states: States, entry: str) -> Ends:
        """Callbacks come first in a run; what they did counts in the script that follows."""
        if spec.id in self.scripts:
            states = {v.drop([PARTIAL]): info for v, info in states.items()}
        elif spec.id in self.outside:
            states = {v.put(PARTIAL, WHOLE): info for v, info in states.items()}
        else:
            states = {v.put(PARTIAL, True): info for v, info in states.items()}
        ends = self.walker.block(self.reducer.specs.get(spec.id, []), states)
        for way, left in list(ends.exits.items()):
            if way.kind == "fail":
                del ends.exits[way]
                if way.target is not None and way.read is not None:
                    hits = self.hits.setdefault(id(way.read), [])
                    hits += [Crash(way.read, str(way.target), info, entry, self.round) for info in left.values()]
        return ends

    def _changed(self, state: Valuation, widget: WidgetInfo) -> Valuation:
        return super()._changed(state, widget) if self.walker.is_asked(widget) else state

    def crashes(self) -> list[Crash]:
        """One crash for each node, that which assumes least."""
        found = [_surest(crashes) for crashes in self.hits.values()]
        return sorted(found, key=lambda crash: (place_of(crash.node), crash.rounds))


def place_of(node: Node) -> Place:
    assert isinstance(node, Draw | Shown | Forbidden | Write)
    return node.place


def _surest(crashes: list[Crash]) -> Crash:
    """The one that assumes least, without what another run of the same crash does the other way."""
    best = min(crashes, key=lambda c: (cost(c.info), is_possible(c.info), c.rounds))
    return replace(best, info=settled(best.info, [crash.info for crash in crashes]))


def is_possible(info: Info) -> bool:
    """The run assumes something of the app's data."""
    return cost(info) > 0 or any(a.kind == AGAIN for a in info.assumptions)
