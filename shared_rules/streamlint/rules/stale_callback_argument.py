"""STL209: Callback that gets a widget's value of the run before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL209",
    name="stale-callback-argument",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Callback that gets a widget's value of the run before",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each callback that a change calls with the value before the change."""
    failing = {misuse.place for misuse in app.misuses("wrong arguments")}
    for misuse in app.misuses("late argument"):
        if misuse.place not in failing:
            yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    _, how, element, other, _ = misuse.about
    if how == "argument":
        return f"the callback of `st.{element}` gets what `st.{other}` returned in the last run, before the submit"
    if element == other:
        return f"the callback of `st.{element}` uses what the widget returned in the last run, before the change"
    return f"the callback of `st.{element}` uses what `st.{other}` returned in the last run, before the submit"


def advice(misuse: Misuse) -> str:
    key = misuse.about[4]
    if key:
        return f"read the value in the callback: `st.session_state.{key}`"
    return "give the widget a `key` and read the value in the callback from `st.session_state`"
