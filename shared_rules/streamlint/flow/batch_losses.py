"""Runs that break what a guard of several keys promises: see `streamlint.flow.batch_guards`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

from streamlint.findings import Confidence, Place, Related, Step
from streamlint.flow.batch_guards import MISSING, OVERWRITTEN
from streamlint.flow.explore import MAX_STEPS_OF_APP
from streamlint.flow.machine import Machine
from streamlint.flow.missing import assumption_steps
from streamlint.flow.misuses import Misuse
from streamlint.flow.reduce import Program
from streamlint.flow.runs import Failure, Session
from streamlint.flow.tree import Fault
from streamlint.flow.valuations import Info, cost
from streamlint.records import mutable

MAX_STEPS = 12_000
"""Nodes walked for one app; beyond, the guards left are given up."""


@mutable
class BatchLosses:
    """The search: one loss for each guard, and none where a key of it is reported anyway."""

    machine: Machine
    program: Program
    session: Session
    told: Callable[[], frozenset[str]]
    """The keys whose absence or loss is reported."""
    given_up: list[str] = field(default_factory=list)

    def find(self) -> list[Misuse]:
        self.session.steps = MAX_STEPS_OF_APP  # each key gets the small share from the beginning
        found: list[Misuse] = []
        for faults in self._guards().values():
            told = self.told()
            if any(key in told for fault in faults for key in fault.about[1:]):
                continue
            found += next(([loss] for fault in faults if (loss := self._search(fault)) is not None), [])
        return sorted(found, key=lambda loss: loss.place)

    def _guards(self) -> dict[Place, list[Fault]]:
        """The faults by guard, one for each key."""
        found: dict[Place, list[Fault]] = {}
        for fault in self.program.faults.values():
            if fault.kind in (MISSING, OVERWRITTEN):
                found.setdefault(self._related(fault)[0].place, []).append(fault)
        return found

    def _related(self, fault: Fault) -> tuple[Related, ...]:
        return self.machine.related[fault.key]

    def _search(self, fault: Fault) -> Misuse | None:
        if self.session.steps > MAX_STEPS_OF_APP + MAX_STEPS:
            self.given_up.append(fault.about[1])
            return None
        outcome = self.session.search(fault.key, fault.about[1])
        if not outcome.complete:
            self.given_up.append(fault.about[1])
        proved = [failure for failure in outcome.failures if not _is_unsure(failure.info)]
        if not proved:
            return None
        return self._describe(min(proved, key=lambda f: (cost(f.info), f.rounds, f.read.place)))

    def _describe(self, failure: Failure) -> Misuse:
        fault = failure.read
        assert isinstance(fault, Fault)
        guard, *written = self._related(fault)
        first = {related.place for related in written}
        records = [record for record in failure.info.trail.steps() if record.place not in first]
        steps = [Step(record.text, record.place) for record in records]
        steps += assumption_steps(failure.info)
        steps.append(Step(fault.about[0], fault.place))
        used = (Related(f"`{fault.about[1]}` is used here", fault.place),) if fault.kind == MISSING else ()
        sure = Confidence.CERTAIN if cost(failure.info) == 0 else Confidence.POSSIBLE
        return Misuse(
            fault.kind, written[0].place, fault.about, fault.about[1], "", True, sure, tuple(steps), (*used, guard)
        )


def _is_unsure(info: Info) -> bool:
    """Whether a path rests on whether a key is set of which the analysis does not know."""
    return any(isinstance(a.subject, tuple) and a.subject[:1] == ("unsure",) for a in info.assumptions)
