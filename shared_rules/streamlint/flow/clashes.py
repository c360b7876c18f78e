"""What raises by the order in which a run does things: found by `crashes`, described for the rules."""

from __future__ import annotations

from collections.abc import Hashable

from streamlint.findings import Confidence, Place, Related, Step
from streamlint.flow.crashes import Crash, CrashSession, is_possible, place_of
from streamlint.flow.missing import assumption_steps, tidy
from streamlint.flow.reduce import Program
from streamlint.flow.suspects import Target, suspects
from streamlint.flow.tree import Draw, Forbidden, Shown
from streamlint.flow.valuations import StepRecord
from streamlint.records import immutable


@immutable
class Clash:
    """A line that raises in some run.

    `kind`: "set" (assigns the key of a widget that is drawn already), "key" and "form" (draws what has a key that
    another one of the run has), "id" (draws what cannot be told from another one of the run), "rerun", "outside",
    "sidebar" (as `flow.tree.Forbidden`). `element` is what is drawn or called, `key` its key if it has one. `again`:
    it is the same call as before, in a loop or a function that is called again."""

    kind: str
    element: str
    key: str | None
    place: Place
    again: bool
    confidence: Confidence
    witness: tuple[Step, ...]
    related: tuple[Related, ...]


def find_clashes(program: Program, session: CrashSession) -> tuple[list[Clash], list[str]]:
    """All clashes of an app, and the names of what was given up."""
    found: list[Clash] = []
    forms: set[Hashable] = set()
    over: list[str] = []
    for suspect in suspects(program):
        crashes, complete = session.crashes(suspect)
        if not complete:
            over.append(suspect.words())
        if crashes and suspect.target.kind == "form":
            forms.add(suspect.target.name)
        if suspect.target.kind == "id" and _form_of(suspect.target) in forms:
            continue  # the form, whose key is drawn twice, is why: it has been reported
        found += [_describe(crash, suspect.target) for crash in crashes]
    best: dict[tuple[Place, str], Clash] = {}
    for clash in sorted(found, key=lambda c: -c.confidence):
        best.setdefault((clash.place, clash.kind), clash)
    return sorted(best.values(), key=lambda c: (c.place, c.kind)), over


def _form_of(target: Target) -> Hashable:
    """The form that an identity lies in (`flow.claims`)."""
    return target.name[1] if isinstance(target.name, tuple) else None


def _describe(crash: Crash, target: Target) -> Clash:
    node = crash.node
    place = place_of(node)
    kind = "set" if crash.what == "set" else node.kind if isinstance(node, Forbidden) else target.kind
    element = _element(crash)
    key = str(target.name) if target.kind in ("key", "form") else None
    records = tidy(crash.info.trail.steps())
    steps = [Step(record.text, record.place) for record in records]
    steps += assumption_steps(crash.info)
    steps.append(Step(_outcome(kind, element, key), place))
    drawn = [r.place for r in _last_run(records) if r.text.startswith("draws ") and r.place is not None]
    first = next(iter(drawn), None)
    related = (Related(_relation(kind, key), first),) if first is not None and first != place else ()
    sure = Confidence.POSSIBLE if is_possible(crash.info) else Confidence.CERTAIN
    return Clash(kind, element, key, place, place in drawn, sure, tuple(steps), related)


def _last_run(records: list[StepRecord]) -> list[StepRecord]:
    """What the run does that fails: steps without a place are the user's, between runs."""
    start = max((i for i, record in enumerate(records) if record.place is None), default=0)
    return records[start:]


def _element(crash: Crash) -> str:
    match crash.node:
        case Draw(widget):
            return widget.element
        case Shown(element=element) | Forbidden(element=element):
            return element
        case _:
            return "widget"


def _outcome(kind: str, element: str, key: str | None) -> str:
    match kind:
        case "set":
            return f"assigns `{key}`, whose widget is drawn already: Streamlit raises"
        case "key" | "form":
            return f"draws `{element}` with key `{key}` a second time: Streamlit raises"
        case "id":
            return f"draws `{element}` with the same arguments a second time: Streamlit raises"
        case "rerun":
            return "asks for a rerun of the fragment in a run of the whole script: Streamlit raises"
        case "sidebar":
            return f"draws `{element}` into the sidebar from a fragment: Streamlit raises"
        case _:
            return f"draws `{element}` outside the fragment: Streamlit raises"


def _relation(kind: str, key: str | None) -> str:
    if kind == "set":
        return f"the widget with key `{key}` is drawn here"
    return "the first one is drawn here"
