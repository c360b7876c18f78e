"""What the user sees of a value that is lost: a finding for each widget, with the sequence of runs."""

from __future__ import annotations

import os
from collections.abc import Iterator

from streamlint.findings import Confidence, Place, Related, Step
from streamlint.flow.lifetimes import LifetimeSession, Loss
from streamlint.flow.missing import MissingKey, assumption_steps, tidy
from streamlint.flow.misuses import Misuse
from streamlint.flow.reduce import Program
from streamlint.flow.tree import Clear, Delete, Draw
from streamlint.flow.valuations import StepRecord, cost


def find_lost_values(
    session: LifetimeSession, undrawn: frozenset[str], crashing: tuple[MissingKey, ...]
) -> tuple[list[Misuse], list[str]]:
    """One misuse for each widget whose value some run uses in vain, and the keys whose search was given up. A key whose
    absence raises in a file is not reported for it too. `undrawn` as in `dominated.Unsettled`."""
    crashes = {(missing.key, missing.place.path) for missing in crashing}
    found: list[Misuse] = []
    given_up: list[str] = []
    lifetimes = session.program.lifetimes
    told: set[Place] = set()
    for key in lifetimes.searched(undrawn):
        if key not in lifetimes.used | lifetimes.clicked and lifetimes.deleted[key] <= told:
            continue
        losses, complete = session.losses(key)
        if not complete:
            given_up.append(key)
        missed = [x for x in losses if not _is_deletion(x) and (key, x.node.place.path) not in crashes]
        for loss in (*missed[:1], *filter(_is_deletion, losses)):
            if loss.node.place not in told or not _is_deletion(loss):
                misuse = _describe(session.program, key, loss)
                if misuse.kind != "kept alive" or misuse.place not in told:
                    found.append(misuse)
                told |= {loss.node.place, misuse.place}
    return found, given_up


def _is_deletion(loss: Loss) -> bool:
    return isinstance(loss.node, Delete | Clear)


def _describe(program: Program, key: str, loss: Loss) -> Misuse:
    widget = program.widgets[loss.life.widget].widget
    place = loss.node.place
    steps = [Step(record.text, record.place) for record in _told(tidy(loss.info.trail.steps()))]
    steps += assumption_steps(loss.info)
    sure = Confidence.CERTAIN if cost(loss.info) == 0 else Confidence.POSSIBLE
    about = (widget.element, key, os.path.basename(place.path))
    if _is_deletion(loss):
        steps.append(Step(f"deletes `{key}`, whose widget is drawn again", place))
        related = Related(f"`{key}` belongs to this `{widget.element}`", widget.place)
        return Misuse("deleted", place, about, key, "", True, sure, tuple(steps), (related,))
    if isinstance(loss.node, Draw):
        steps.append(Step("draws the button, which reports a click", place))
        return Misuse("phantom click", place, about, key, "", True, sure, tuple(steps), ())
    if loss.life.copied:
        steps.append(Step(f"sets `{key}` to what the new widget shows", place))
        related = Related(f"`{key}` is overwritten here", place)
    else:
        steps.append(Step(f"uses `{key}`, which has lost the user's value", place))
        related = Related(f"`{key}` is used here", place)
    remedy = None if loss.life.copied else program.lifetimes.refreshed.get(key)
    if remedy is not None:
        return Misuse("kept alive", remedy, about, key, "", True, sure, tuple(steps), (related,))
    return Misuse(
        f"{'copy' if loss.life.copied else 'value'} lost by {loss.life.lost}",
        widget.place,
        about,
        key,
        "",
        True,
        sure,
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
