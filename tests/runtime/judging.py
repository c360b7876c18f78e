"""What Streamlit raised, against what the marks of an app claim."""

from __future__ import annotations

from collections.abc import Iterable

from pages import Mark
from runtime.client import Outcome

Failure = tuple[str, int, str]
"""Path, line and class of an exception; no path and line 0 where Streamlit itself raises, outside of the app's code."""


def failures(outcomes: Iterable[Outcome]) -> set[Failure]:
    """The exceptions of some steps."""
    found: set[Failure] = set()
    for outcome in outcomes:
        for raised in outcome.exceptions:
            path, line = raised.frames[-1] if raised.frames else ("", 0)
            found.add((path, line, raised.type.rsplit(".", 1)[-1]))
    return found


def claimed(marks: Iterable[Mark]) -> set[tuple[str, int, frozenset[str]]]:
    """The failures that marks claim; of an exception that changed its name, any of its names."""
    return {
        ("" if mark.outside else mark.path, 0 if mark.outside else mark.line, frozenset(mark.exception.split("/")))
        for mark in marks
        if mark.exception
    }


def agree(marks: Iterable[Mark], raised: set[Failure]) -> bool:
    """Whether each claim is met and nothing else was raised."""
    claims = claimed(marks)
    met = [{f for f in raised if f[:2] == claim[:2] and f[2] in claim[2]} for claim in claims]
    return all(met) and set().union(*met) == raised
