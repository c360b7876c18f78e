"""STL221: List of the session state that grows again in every run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL221",
    name="repeated-append",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="List of the session state that grows again in every run",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each key whose list every rerun makes longer."""
    for misuse in app.misuses("repeated append"):
        yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    _, key, element = misuse.about
    if element:
        return f"`{key}` grows again in every run while `st.{element}` has its value, whatever the user does"
    return f"`{key}` grows again in every run, whatever the user does"


def advice(misuse: Misuse) -> str:
    if misuse.about[2]:
        return "add in a callback of the widget, under a button or a form's submit, or only what is not there yet"
    return f"add to `{misuse.about[1]}` under a click, in a callback, or once where it is set first"
