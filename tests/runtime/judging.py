"""What Streamlit raised, against what the marks of an app claim."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from pages import Case, Mark
from runtime.client import Outcome, Runtime
from runtime.needs import needed

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


def play(case: Case, streamlit: Runtime, directory: Path) -> list[list[Outcome]]:
    """Plays the sessions of a case, or skips the test where this Streamlit cannot."""
    case.write(directory)
    sources = [text for _, text in case.files]
    if streamlit.version < needed(case):
        pytest.skip(f"Streamlit {streamlit.version} does not do this yet")
    if not all(streamlit.can_take(steps, sources) for steps in case.sequences) or not streamlit.can_browse(sources):
        pytest.skip(f"Streamlit {streamlit.version} lacks something of this")
    played = [streamlit.run(directory, case.entrypoint, steps) for steps in case.sequences]
    return played + (streamlit.browse(directory, case.entrypoint, case.visits) if case.visits else [])


def does_as_it_says(case: Case, sessions: list[list[Outcome]]) -> None:
    """Asserts that the last step of each session raises where the case is marked, and no other step does."""
    raising = any(mark.exception for mark in case.marks)
    assert not failures(outcome for session in sessions for outcome in (session[:-1] if raising else session))
    assert agree(case.marks, failures(session[-1] for session in sessions if raising))
