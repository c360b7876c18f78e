"""STL214: Rerun or page switch that has no effect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL214",
    name="swallowed-rerun",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Rerun or page switch that has no effect",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each clause that catches a rerun or a page switch, and for each of these in a callback."""
    for misuse in app.misuses("swallowed", "callback rerun"):
        yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    if misuse.kind == "callback rerun":
        return f"`{misuse.about[1]}` in a callback has no effect before Streamlit 1.63"
    return f"this `except` catches what `{misuse.about[1]}` raises: the run goes on as if an error had happened"


def advice(misuse: Misuse) -> str:
    if misuse.kind == "callback rerun":
        return "leave a rerun out, since the callback's run follows anyway; switch the page in the script, by a flag"
    return "catch `Exception`, call it after the `try`, or end the clause with `raise`"
