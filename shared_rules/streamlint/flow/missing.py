"""What a read of an absent key means: nobody sets it, another page does, or a run comes too early."""

from __future__ import annotations

import difflib
import os
from functools import cached_property

from streamlint.findings import Confidence, Place, Related, Step
from streamlint.flow.initial import empty_of, source_of
from streamlint.flow.machine import Machine
from streamlint.flow.reduce import Program
from streamlint.flow.runs import Failure, Outcome
from streamlint.flow.tree import Block, Read
from streamlint.flow.valuations import Assumption, Info, StepRecord, cost
from streamlint.flow.writers import Writers, page_blocks, unreached_writers, writers_in
from streamlint.records import immutable


@immutable
class MissingKey:
    """A read that some session fails.

    `kind`: "never" (nothing in the app sets the key), "page" (only another page or an entrypoint that need not have run
    does), "early" (some run reads it before, or after it was deleted). `attribute`: the failure is an `AttributeError`,
    else a `KeyError`. `similar` are keys that the app does set and that look alike."""

    key: str
    place: Place
    kind: str
    verb: str
    attribute: bool
    confidence: Confidence
    witness: tuple[Step, ...]
    related: tuple[Related, ...]
    similar: tuple[str, ...] = ()
    page: str = ""
    script: str = ""
    """The file with which the failing run starts."""
    default: str = ""
    """What the key may begin with, as code; nothing where that is not clear, or where a widget has the key."""
    stays: bool = True
    """Whether no code deletes the key."""
    of_widget: bool = False


class Missing:
    """Describes the failures of one app."""

    def __init__(self, machine: Machine, program: Program, preset: frozenset[str]) -> None:
        self.preset = preset
        """Keys that libraries set."""
        self.machine = machine
        self.program = program
        self._here: dict[object, Writers] = {}

    @cached_property
    def _reached(self) -> Writers:
        return writers_in(spec.body for spec in self.program.started())

    @cached_property
    def _unreached(self) -> Writers:
        return unreached_writers(self.machine)

    @cached_property
    def _pages(self) -> dict[object, list[Block]]:
        return page_blocks(self.program)

    def describe(self, key: str, outcome: Outcome) -> list[MissingKey]:
        return [self._describe(key, failure) for failure in outcome.failures]

    def _describe(self, key: str, failure: Failure) -> MissingKey:
        read = failure.read
        assert isinstance(read, Read)
        kind = self._kind(key, failure)
        similar = self._similar(key) if kind == "never" else ()
        sure = Confidence.CERTAIN if cost(failure.info) == 0 else Confidence.POSSIBLE
        return MissingKey(
            key,
            failure.read.place,
            kind,
            read.verb,
            read.attribute,
            sure,
            tuple(self._steps(failure)),
            self._related(key, failure.read.place),
            similar,
            os.path.basename(failure.entry),
            failure.entry,
            self._default(key),
            self._reached.keeps(key),
            self._is_of_widget(key),
        )

    def _is_of_widget(self, key: str) -> bool:
        return any(writer.widget for writer in self._reached.keys.get(key, ()))

    def _default(self, key: str) -> str:
        if self._is_of_widget(key):
            return ""
        inits = self.machine.spellings.inits.get(key)
        if inits:
            return source_of(inits[0].value)
        return empty_of([write.value for write in self.program.writes.get(key, ())])

    # --- kinds -----------------------------------------------------------------------------------------------

    def _kind(self, key: str, failure: Failure) -> str:
        if key in self.preset:
            return "early"
        if self._reached.writes(key):
            return "early" if self._writers_here(failure).writes(key) else "page"
        return "early" if self._unreached.writes(key) else "never"

    def _writers_here(self, failure: Failure) -> Writers:
        """The writers of a session that sees one page only: the one that fails."""
        where = (failure.entry, failure.page)
        if where not in self._here:
            script = self.program.scripts[failure.entry].body
            if failure.page is None:
                self._here[where] = writers_in([script])
            else:
                around = writers_in([script], into_pages=False)
                inside = writers_in(self._pages.get(failure.page, []))
                self._here[where] = Writers({**around.keys, **inside.keys}, around.patterns + inside.patterns)
        return self._here[where]

    def _similar(self, key: str) -> tuple[str, ...]:
        candidates = sorted(set(self._reached.keys) - {key})
        by_case = [c for c in candidates if c.lower().replace("_", "") == key.lower().replace("_", "")]
        return tuple(by_case or difflib.get_close_matches(key, candidates, n=2, cutoff=0.75))

    def _related(self, key: str, read: Place) -> tuple[Related, ...]:
        found: list[Related] = []
        for writer in self._reached.keys.get(key, ()):
            text = f"`{key}` belongs to this `{writer.widget}`" if writer.widget else f"`{key}` is set here"
            related = Related(text, writer.place)
            if writer.place != read and related not in found:
                found.append(related)
        return tuple(found[:3])

    # --- witness ---------------------------------------------------------------------------------------------

    def _steps(self, failure: Failure) -> list[Step]:
        steps = [Step(record.text, record.place) for record in tidy(failure.info.trail.steps())]
        steps += assumption_steps(failure.info)
        read = failure.read
        assert isinstance(read, Read)
        error = "AttributeError" if read.attribute else "KeyError"
        steps.append(Step(f"{read.verb} `{read.key}`, which is not set: {error}", read.place))
        return steps


def assumption_steps(info: Info) -> list[Step]:
    """What a path assumes, in words."""
    found = sorted(info.assumptions, key=lambda a: (a.place is None, a.place, a.text, a.polarity))
    return [Step(_assumed(a), a.place) for a in found if a.text and not a.gate]


def _assumed(assumption: Assumption) -> str:
    subject = assumption.subject
    if assumption.kind == "raises" or (isinstance(subject, tuple) and subject[:1] == ("calls",)):
        return f"assuming {assumption.text}"
    return f"assuming `{assumption.text}` is {'true' if assumption.polarity else 'false'}"


def tidy(records: list[StepRecord]) -> list[StepRecord]:
    """Without steps that say nothing: a rerun right before another event, a page opened twice."""
    kept: list[StepRecord] = []
    for record in records:
        if kept and kept[-1].text == record.text and record.place == kept[-1].place:
            continue
        kept.append(record)
    return kept
