"""The faults that some run reaches, with the run that does."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from streamlint.findings import Confidence, Place, Related, Step
from streamlint.flow.machine import Later, Machine
from streamlint.flow.missing import assumption_steps, tidy
from streamlint.flow.reduce import Program
from streamlint.flow.runs import Failure, Session, page_name
from streamlint.flow.tree import CellRef, Fault, Lit, Term, subterms
from streamlint.flow.valuations import Exactly, StepRecord, cost
from streamlint.records import immutable

MAX_DEPTH = 4
"""Copies of a value that are followed to see whether it may be one that a widget refuses."""


@immutable
class Misuse:
    """A fault that some run reaches. `kind` and `about` are the fault's; `reason` says what is wrong with the value
    that `key` holds, where that is it. `silent`: nothing is raised."""

    kind: str
    place: Place
    about: tuple[str, ...]
    key: str | None
    reason: str
    silent: bool
    confidence: Confidence
    witness: tuple[Step, ...]
    related: tuple[Related, ...]


def find_misuses(machine: Machine, program: Program, session: Session, kind: str) -> Iterator[Misuse]:
    """One for each place, the surest, in the order of places."""
    best: dict[Place, tuple[Fault, Failure, bool]] = {}
    faults = [f for f in program.faults.values() if f.kind == kind and _is_candidate(f, machine, program)]
    for fault in sorted(faults, key=lambda f: f.place):
        where = fault.place
        if where in best and _confidence(best[where][1]) is Confidence.CERTAIN:
            continue
        search = session.reach if fault.everywhere else session.search
        outcome = search(fault.key, fault.rests_on or fault.subject)
        for failure in outcome.failures:
            if where not in best or _confidence(failure) > _confidence(best[where][1]):
                best[where] = fault, failure, outcome.passes_by
    for _, (fault, failure, passes_by) in sorted(best.items(), key=lambda each: each[0]):
        yield _describe(fault, _retraced(fault, failure, session) if passes_by else failure, machine)


def _retraced(fault: Fault, failure: Failure, session: Session) -> Failure:
    """The failure with a run that passes nothing by, where one is found that assumes no more."""
    found = session.retrace(fault.key, fault.rests_on or fault.subject)
    return min([*found, failure], key=lambda each: cost(each.info))


def _confidence(failure: Failure) -> Confidence:
    return Confidence.CERTAIN if cost(failure.info) == 0 else Confidence.POSSIBLE


# --- which are worth a search --------------------------------------------------------------------------------


def _is_candidate(fault: Fault, machine: Machine, program: Program) -> bool:
    if fault.suspected:
        return fault.key in machine.leaks
    if fault.kind == "range of key":
        return fault.about[1] in machine.date_keys
    if fault.kind == "editor state":
        return fault.about[1] not in program.writes
    if fault.kind == "method unnoticed":
        return fault.about[1] in program.writes
    if fault.subject is None:
        return True
    writes = program.writes.get(fault.subject, [])
    return any(fault.refuses is None or _may_be_refused(fault, write.value, program, 0) for write in writes)


def _may_be_refused(fault: Fault, term: Term, program: Program, depth: int) -> bool:
    assert fault.refuses is not None
    for part in subterms(term):
        if isinstance(part, Lit) and fault.refuses(part.value) is not None:
            return True
        if isinstance(part, CellRef) and depth < MAX_DEPTH:
            bound = program.terms.get(part.cell, ())
            if any(_may_be_refused(fault, inner, program, depth + 1) for inner in bound):
                return True
    return False


# --- description ---------------------------------------------------------------------------------------------


def _describe(fault: Fault, failure: Failure, machine: Machine) -> Misuse:
    sets = f"sets `{fault.subject}`"
    records = tidy(failure.info.trail.steps())
    written = [record for record in records if fault.subject is not None and record.text == sets]
    steps = [Step(r.text, r.place) for r in records if r not in written[:-1]]
    steps += assumption_steps(failure.info)
    steps.append(Step(fault.about[0], fault.place))
    steps += _later(machine.later.get(fault.key), failure.entry)
    return Misuse(
        fault.kind,
        fault.place,
        fault.about,
        fault.subject,
        _reason(fault, failure.held),
        not fault.errors,
        _confidence(failure),
        tuple(steps),
        machine.related.get(fault.key) or _related(fault, written[-1] if written else None),
    )


def _later(later: Later | None, entry: str) -> Iterator[Step]:
    """What the next session does."""
    if later is not None:
        yield Step(f"a second session of the same process: first visit of {page_name(later.entry or entry)}", None)
        yield from later.steps


def _reason(fault: Fault, held: Hashable) -> str:
    if fault.refuses is None or not isinstance(held, Exactly):
        return ""
    return fault.refuses(held.value) or ""


def _related(fault: Fault, written: StepRecord | None) -> tuple[Related, ...]:
    if written is None or written.place is None or written.place == fault.place:
        return ()
    return (Related(f"`{fault.subject}` is set here", written.place),)
