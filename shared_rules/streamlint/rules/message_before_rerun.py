"""STL213: Message that a rerun wipes off at once."""

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
    code="STL213",
    name="message-before-rerun",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Message that a rerun or a page switch wipes off at once",
    fix=Availability.SOMETIMES,
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each message after which nothing takes time until the page is drawn anew."""
    for misuse in app.misuses("message"):
        yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    _, element, follows = misuse.about
    return f"nobody sees this `st.{element}`: `{follows}` draws the page anew at once"


def advice(misuse: Misuse) -> str:
    return "use `st.toast`, or keep the text in the session state and show it in the run that follows"


def fix(finding: Finding, files: Files) -> Fix | None:
    """A toast, which stays over a rerun: unsafe, as it looks otherwise."""
    path = finding.place.path
    syntax = files.syntax(path)
    edits = small.as_toast(syntax, finding.place.span) if syntax is not None else None
    return finished("Show a toast", path, files, {path: edits}, Applicability.UNSAFE) if edits else None
