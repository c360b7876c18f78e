"""STL109: Callback that cannot be called with its arguments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Fix, Severity
from streamlint.fixes import Files, calls, finished
from streamlint.rules._findings import finding
from streamlint.rules.base import Availability, Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL109",
    name="callback-signature",
    since="0.1.0",
    severity=Severity.ERROR,
    summary="Callback that cannot be called with its arguments",
    fix=Availability.SOMETIMES,
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each widget whose callback fails when it is called."""
    for misuse in app.misuses("wrong arguments", "no callback"):
        yield finding(RULE, misuse, message(misuse), advice(misuse), misuse.about[3:])


def message(misuse: Misuse) -> str:
    if misuse.kind == "no callback":
        return f"{misuse.about[2]}: the app raises"
    return f"the callback of `st.{misuse.about[1]}` cannot be called: {misuse.about[2]}"


def advice(misuse: Misuse) -> str:
    if misuse.kind == "no callback":
        return "pass the function itself, without calling it"
    return "make `args` a tuple and `kwargs` a dict that fit the parameters of the callback"


def fix(finding: Finding, files: Files) -> Fix | None:
    """A tuple around `args`, where the callback can then be called: now it fails at every click."""
    path = finding.place.path
    syntax = files.syntax(path)
    if syntax is None or "one argument" not in finding.repair:
        return None
    edits = calls.as_tuple(syntax, finding.place.span, "args")
    return finished("Make `args` a tuple", path, files, {path: edits}) if edits else None
