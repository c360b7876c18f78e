"""STL208: Callback that is called while drawing instead of being passed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Applicability, Finding, Fix, Severity
from streamlint.fixes import Files, finished, small
from streamlint.rules._findings import finding
from streamlint.rules.base import Availability, Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL208",
    name="callback-called",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Callback that is called while drawing instead of being passed",
    fix=Availability.SOMETIMES,
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each widget that gets None from a call as its callback."""
    for misuse in app.misuses("callback called"):
        yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    _, element, parameter, function = misuse.about
    return f"`{function}` is called in every run that draws this `st.{element}`, and its `{parameter}` is None"


def advice(misuse: Misuse) -> str:
    _, _, parameter, function = misuse.about
    return f"pass the function, `{parameter}={function}`, and its arguments by `args=`"


def fix(finding: Finding, files: Files) -> Fix | None:
    """The function and its arguments are passed: unsafe, as it does not run while drawing any more."""
    path = finding.place.path
    syntax = files.syntax(path)
    edits = small.passed(syntax, finding.place.span) if syntax is not None else None
    return finished("Pass the function", path, files, {path: edits}, Applicability.UNSAFE) if edits else None
