"""Reruns that nothing can stop: each run that `st.rerun()` starts comes to the same `st.rerun()`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from streamlint.findings import Place
from streamlint.flow import faults
from streamlint.flow.explore import OutOfBudget
from streamlint.flow.machine import Machine
from streamlint.flow.origins import Origins
from streamlint.flow.planting import Tree
from streamlint.flow.reduce import NESTING, Program, Reducer, blocks_of
from streamlint.flow.runs import MAX_SLICE, Rounds, Session, begin, keys_of, rest
from streamlint.flow.state import is_constant
from streamlint.flow.tree import Block, Branch, CallN, CellRef, Fault, NotT, Read, Term, WidgetInfo, WidgetVal, negate
from streamlint.flow.valuations import Info, States, Valuation, cost
from streamlint.records import mutable

KIND = "endless"
MAX_RUNS = 12
"""Runs in a row that are looked at; the states must repeat themselves before."""
MAX_STEPS = 3_000
MARKED = NESTING | {CallN, Fault}
MAX_SEARCHED = 12
"""Reruns that are looked at in one app."""


def note(m: Machine, place: Place) -> None:
    """`st.rerun()` is called. Where the code sleeps before, it refreshes the page on purpose."""
    if m.frame.path not in m.sleeping and m.alive:
        faults.mark(m, KIND, place, ("starts the same run again, which comes here again, and so on without end",))


@mutable
class Candidates:
    """The reruns that stand under no click, with the keys that their tests ask for."""

    machine: Machine
    tree: Tree
    origins: Origins = field(init=False)
    widgets: dict[object, WidgetInfo] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.origins = Origins(self.machine, self.tree)
        self.widgets = {draw.widget.id: draw.widget for draw in self.tree.draws}

    def find(self) -> None:
        """Notes them for `endless`."""
        for fault, tests in self._marked():
            tests = tuple(test for test in tests if not self._is_unclicked(test))
            sources = self.origins.of(*tests, tests=False)
            asked = [self.widgets[s.widget] for s in sources if isinstance(s, WidgetVal) and s.widget in self.widgets]
            if all(self._lasts(widget) for widget in asked):
                keys = self.origins.keys(*tests, tests=False) | {w.key for w in asked if w.key is not None}
                self.machine.reruns[fault.key] = self.machine.reruns.get(fault.key, frozenset()) | keys

    def _is_unclicked(self, test: Term) -> bool:
        """Whether the test holds in each run in which nobody clicks."""
        clicked = test.term if isinstance(test, NotT) else None
        while isinstance(clicked, CellRef) and len(bound := self.tree.terms.get(clicked.cell, [])) == 1:
            clicked = bound[0]
        widget = self.widgets.get(clicked.widget) if isinstance(clicked, WidgetVal) else None
        return widget is not None and widget.trigger

    def _lasts(self, widget: WidgetInfo) -> bool:
        """Whether the widget keeps its value: a button does not, nor one that is drawn as another in each run."""
        if widget.trigger or widget.pattern is not None:
            return False
        drawn = self.machine.drawn_with.get(widget.id, {})
        return widget.key is not None or all(is_constant(value) for value in drawn.values())

    def _marked(self) -> Iterator[tuple[Fault, tuple[Term, ...]]]:
        if not any(fault.kind == KIND for _, fault in self.tree.nodes(Fault)):
            return
        todo: list[tuple[Block, tuple[Term, ...]]] = [(spec.body, ()) for spec in self.tree.scripts]
        seen: set[int] = set()
        while todo:
            block, tests = todo.pop()
            for node in block:
                if type(node) not in MARKED:
                    continue
                if isinstance(node, Fault) and node.kind == KIND:
                    yield node, tests
                elif isinstance(node, CallN) and node.spec.id not in seen:
                    seen.add(node.spec.id)
                    todo.append((node.spec.body, tests))
                arms = (node.test, negate(node.test)) if isinstance(node, Branch) else ()
                for number, inner in enumerate(blocks_of(node)):
                    todo.append((inner, (*tests, arms[number]) if arms else tests))


class _Arrivals(Rounds):
    """A search that keeps the states in which runs come to the target."""

    def _record(self, read: Read | Fault, states: States, entry: str) -> None:
        super()._record(read, states, entry)
        for valuation, info in states.items():
            self.arrived.setdefault(entry, {}).setdefault(valuation, info)

    arrived: dict[str, States]


def endless(m: Machine, program: Program, session: Session) -> None:
    """Notes the reruns that no run can avoid once a run has come to them."""
    for name in list(m.reruns)[:MAX_SEARCHED]:
        if name in program.faults and _is_endless(name, frozenset({name}) | m.reruns[name], program, session):
            m.leaks.add(name)


def _is_endless(name: str, keys: frozenset[str], program: Program, session: Session) -> bool:
    while len(keys) <= MAX_SLICE:
        reducer = Reducer(program, keys)
        rounds = _Arrivals(session, reducer, name, reducer.drawn())
        rounds.arrived = {}
        rounds.walker.max_steps = MAX_STEPS
        try:
            rounds.run()
            wanted: set[str] = set()
            for entry, states in rounds.arrived.items():
                for valuation, info in states.items():
                    if cost(info) == 0 and _repeats(rounds, entry, valuation, info, wanted):
                        return True
        except OutOfBudget:
            return False
        if wanted <= keys:
            return False
        keys |= wanted
    return False


def _repeats(rounds: _Arrivals, entry: str, valuation: Valuation, info: Info, wanted: set[str]) -> bool:
    """Whether all runs that follow come to the target again, until their states repeat themselves."""
    body = rounds.reducer.specs.get(rounds.session.program.scripts[entry].id, [])
    seen: set[Valuation] = set()
    states: States = {valuation: info}
    for _ in range(MAX_RUNS):
        starts = {begin(rest(state.put(("now",), True))): Info(frozenset(), info.trail) for state in states}
        if starts.keys() <= seen:
            return True
        seen |= starts.keys()
        ends = rounds.walker.block(body, starts)
        others = [i for way, left in ends.exits.items() if way.read is None for i in left.values()]
        others += ends.normal.values()
        here = [
            left for way, left in ends.exits.items() if isinstance(way.read, Fault) and way.read.key == rounds.target
        ]
        if others or len(here) < len(ends.exits):
            wanted |= {key for other in others for key in keys_of(other)}
            return False
        states = {state: i for left in here for state, i in left.items()}
        if not states:
            return False
    return False
