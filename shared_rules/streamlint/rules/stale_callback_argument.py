"""STL209: Callback that gets a widget's value of the run before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Applicability, Finding, Fix, Severity
from streamlint.fixes import Files, finished, late
from streamlint.rules._findings import finding
from streamlint.rules.base import Availability, Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL209",
    name="stale-callback-argument",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Callback that gets a widget's value of the run before",
    fix=Availability.SOMETIMES,
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each callback that a change calls with the value before the change."""
    failing = {misuse.place for misuse in app.misuses("wrong arguments")}
    for misuse in app.misuses("late argument"):
        if misuse.place not in failing:
            yield finding(RULE, misuse, message(misuse), advice(misuse), (misuse.about[1], misuse.about[4]))


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


def fix(finding: Finding, files: Files) -> Fix | None:
    """The callback reads the widget's key: unsafe, since the old value may have been meant."""
    path = finding.place.path
    syntax = files.syntax(path)
    how, key = finding.repair
    if syntax is None or not key:
        return None
    widget = [related.place.span for related in finding.related if related.place.path == path]
    edits = late.read_in_callback(syntax, finding.place.span, widget[0], how, key) if widget else None
    return finished("Read the key", path, files, {path: edits}, Applicability.UNSAFE) if edits else None
