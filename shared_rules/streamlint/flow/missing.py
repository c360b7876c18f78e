"""What a read of an absent key means: nobody sets it, another page does, or a run comes too early."""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streamlint.findings import Confidence, Place, Related, Span, Step
from streamlint.flow.machine import Machine
from streamlint.flow.reduce import Program, blocks_of
from streamlint.flow.runs import Failure, Outcome
from streamlint.flow.tree import Block, CallN, Draw, Havoc, Pattern, Write
from streamlint.flow.valuations import StepRecord, cost
from streamlint.flow.writers import Writers, writers_of

if TYPE_CHECKING:
    from streamlint.project.apps import App
    from streamlint.project.index import ProjectIndex


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Writer:
    """A place in the flow tree that sets a key: `widget` is the element's name if drawing one does."""

    place: Place
    widget: str | None


class Missing:
    """Describes the failures of one app."""

    def __init__(self, index: ProjectIndex, app: App, machine: Machine, program: Program) -> None:
        self.index = index
        self.app = app
        self.machine = machine
        self.program = program
        self._texts: dict[str, Writers] = {}
        self._tree: dict[str, list[Writer]] | None = None
        self._written: set[str] | None = None

    def describe(self, key: str, outcome: Outcome) -> list[MissingKey]:
        return [self._describe(key, failure) for failure in outcome.failures]

    def _describe(self, key: str, failure: Failure) -> MissingKey:
        kind = self._kind(key, failure)
        similar = self._similar(key) if kind == "never" else ()
        sure = Confidence.CERTAIN if cost(failure.info) == 0 else Confidence.POSSIBLE
        return MissingKey(
            key,
            failure.read.place,
            kind,
            failure.read.verb,
            failure.read.attribute,
            sure,
            tuple(self._steps(failure)),
            self._related(key, failure.read.place),
            similar,
            os.path.basename(failure.entry),
        )

    # --- kinds -----------------------------------------------------------------------------------------------

    def _kind(self, key: str, failure: Failure) -> str:
        if not self._is_written(key):
            return "never"
        deleted = any("deletes" in s.text or "clears" in s.text for s in failure.info.trail.steps())
        if not deleted and self._is_page_failure(key, failure):
            return "page"
        return "early"

    def _is_page_failure(self, key: str, failure: Failure) -> bool:
        """The page that reads neither holds a writer nor calls one, but another page does."""
        if len(self.program.scripts) > 1 and failure.rounds == 0:
            mine = self.index.reachable(failure.entry, self.app.search) | {failure.entry}
            return not any(self._text_writes(path, key) for path in mine)
        home = failure.read.place.path
        pages = {spec_path for spec_path in self.machine.scripts if spec_path not in self.program.scripts}
        if home not in pages:
            return False
        mine = self.index.reachable(home, self.app.search) | {home, self.app.entry}
        return not any(self._text_writes(path, key) for path in mine)

    def _is_written(self, key: str) -> bool:
        if self.writers(key):
            return True
        return any(self._text_writes(path, key) for path in self.app.modules)

    def _text_writes(self, path: str, key: str) -> bool:
        known = self._texts.get(path)
        if known is None:
            known = self._texts[path] = writers_of(self.index.facts(path))
        if key in known.places:
            return True
        return any(any(p for p in parts) and Pattern(parts).matches(key) for parts in known.patterns)

    def _similar(self, key: str) -> tuple[str, ...]:
        self.writers(key)
        assert self._tree is not None
        candidates = sorted(set(self._tree) - {key})
        by_case = [c for c in candidates if c.lower().replace("_", "") == key.lower().replace("_", "")]
        return tuple(by_case or difflib.get_close_matches(key, candidates, n=2, cutoff=0.75))

    # --- writers in the tree ---------------------------------------------------------------------------------

    def writers(self, key: str) -> list[Writer]:
        """Who sets the key, in the code that runs reach; initialisers first."""
        if self._tree is None:
            self._tree = {}
            self._collect()
        return self._tree.get(key, [])

    def _collect(self) -> None:
        assert self._tree is not None
        seen: set[int] = set()
        todo: list[Block] = [spec.body for spec in self.program.scripts.values()]
        todo += [d.widget.callback.body for d in self.program.widgets.values() if d.widget.callback is not None]
        while todo:
            block = todo.pop()
            if id(block) in seen:
                continue
            seen.add(id(block))
            for node in block:
                match node:
                    case Write(key=key, place=place):
                        self._tree.setdefault(key, []).append(Writer(place, None))
                    case Draw(widget) if widget.key is not None:
                        self._tree.setdefault(widget.key, []).append(Writer(widget.place, widget.element))
                    case Havoc(Pattern((str() as key,)), place):
                        self._tree.setdefault(key, []).append(Writer(place, None))
                    case CallN(spec):
                        todo.append(spec.body)
                    case _:
                        pass
                todo.extend(blocks_of(node))
        for writers in self._tree.values():
            writers.sort(key=lambda w: w.place)

    def _related(self, key: str, read: Place) -> tuple[Related, ...]:
        found: list[Related] = []
        for writer in self.writers(key):
            text = f"`{key}` belongs to this `{writer.widget}`" if writer.widget else f"`{key}` is set here"
            related = Related(text, writer.place)
            if writer.place != read and related not in found:
                found.append(related)
        return tuple(found[:3])

    # --- witness ---------------------------------------------------------------------------------------------

    def _steps(self, failure: Failure) -> list[Step]:
        steps = [Step(_sentence(record), record.place) for record in _tidy(failure.info.trail.steps())]
        for assumption in sorted(failure.info.assumptions, key=lambda a: (a.place is None, a.place, a.text)):
            if assumption.text and not assumption.gate:
                what = f"`{assumption.text}`" if assumption.kind != "raises" else assumption.text
                truth = "" if assumption.kind == "raises" else " is true" if assumption.polarity else " is false"
                steps.append(Step(f"assuming {what}{truth}", assumption.place))
        read = failure.read
        error = "AttributeError" if read.attribute else "KeyError"
        steps.append(Step(f"{read.verb} `{read.key}`, which is not set: {error}", read.place))
        return steps


def _sentence(record: StepRecord) -> str:
    return record.text


def _tidy(records: list[StepRecord]) -> list[StepRecord]:
    """Without steps that say nothing: a rerun right before another event, a page opened twice."""
    kept: list[StepRecord] = []
    for record in records:
        if kept and kept[-1].text == record.text and record.place == kept[-1].place:
            continue
        kept.append(record)
    return kept


NOWHERE = Span(0, 0)
