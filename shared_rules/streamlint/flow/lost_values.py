"""What the user sees of a value that is lost: a finding for each widget, with the sequence of runs."""

from __future__ import annotations

import os
from collections.abc import Iterator

from streamlint.findings import Confidence, Related, Step
from streamlint.flow.lifetimes import LifetimeSession, Loss
from streamlint.flow.missing import MissingKey, assumption_steps, tidy
from streamlint.flow.misuses import Misuse
from streamlint.flow.reduce import Program
from streamlint.flow.valuations import StepRecord, cost


def find_lost_values(session: LifetimeSession, crashing: list[MissingKey]) -> tuple[list[Misuse], list[str]]:
    """One misuse for each widget whose value some run uses in vain, and the keys whose search was given up. A key whose
    absence raises in a file is not reported for it too."""
    crashes = {(missing.key, missing.place.path) for missing in crashing}
    found: list[Misuse] = []
    given_up: list[str] = []
    for key in session.program.lifetimes.searched():
        losses, complete = session.losses(key)
        if not complete:
            given_up.append(key)
        losses = [loss for loss in losses if (key, loss.node.place.path) not in crashes]
        if losses:
            found.append(_describe(session.program, key, losses[0]))
    return found, given_up


def _describe(program: Program, key: str, loss: Loss) -> Misuse:
    widget = program.widgets[loss.life.widget].widget
    place = loss.node.place
    steps = [Step(record.text, record.place) for record in _told(tidy(loss.info.trail.steps()))]
    steps += assumption_steps(loss.info)
    if loss.life.copied:
        steps.append(Step(f"sets `{key}` to what the new widget shows", place))
        related = Related(f"`{key}` is overwritten here", place)
    else:
        steps.append(Step(f"uses `{key}`, which has lost the user's value", place))
        related = Related(f"`{key}` is used here", place)
    return Misuse(
        f"{'copy' if loss.life.copied else 'value'} lost by {loss.life.lost}",
        widget.place,
        (widget.element, key, os.path.basename(place.path)),
        key,
        "",
        True,
        Confidence.CERTAIN if cost(loss.info) == 0 else Confidence.POSSIBLE,
        tuple(steps),
        () if place == widget.place else (related,),
    )


def _told(records: list[StepRecord]) -> Iterator[StepRecord]:
    """The run that opens a page needs no step of its own."""
    last = None
    for record in records:
        if record.text != "rerun" or last is None or not last.text.startswith("open "):
            yield record
        last = record
