"""STL214: Rerun or page switch that has no effect."""

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
    code="STL214",
    name="swallowed-rerun",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Rerun or page switch that has no effect",
    fix=Availability.SOMETIMES,
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each clause that catches a rerun or a page switch, and for each of these in a callback."""
    for misuse in app.misuses("swallowed", "callback rerun"):
        yield finding(RULE, misuse, message(misuse), advice(misuse), (misuse.kind,))


def message(misuse: Misuse) -> str:
    if misuse.kind == "callback rerun":
        return f"`{misuse.about[1]}` in a callback has no effect before Streamlit 1.63"
    return f"this `except` catches what `{misuse.about[1]}` raises: the run goes on as if an error had happened"


def advice(misuse: Misuse) -> str:
    if misuse.kind == "callback rerun":
        return "leave a rerun out, since the callback's run follows anyway; switch the page in the script, by a flag"
    return "catch `Exception`, call it after the `try`, or end the clause with `raise`"


def fix(finding: Finding, files: Files) -> Fix | None:
    """`except Exception`: unsafe, as `SystemExit` goes through then too. A rerun that has no effect is left out."""
    path, place = finding.place.path, finding.place.span
    syntax = files.syntax(path)
    if syntax is None:
        return None
    if finding.repair == ("callback rerun",):
        edits, title, applicability = small.without_call(syntax, place), "Remove the call", Applicability.SAFE
    else:
        edits, title = small.catching_exception(syntax, place), "Catch `Exception`"
        applicability = Applicability.UNSAFE
    return finished(title, path, files, {path: edits}, applicability) if edits else None
