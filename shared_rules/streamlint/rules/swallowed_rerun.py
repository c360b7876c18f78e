"""STL214: Rerun or page switch that an `except` catches."""

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
    summary="Rerun or page switch that an `except` catches",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each clause that catches a rerun or a page switch."""
    for misuse in app.misuses("swallowed"):
        yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    return f"this `except` catches what `{misuse.about[1]}` raises: the run goes on as if an error had happened"


def advice(misuse: Misuse) -> str:
    return "catch `Exception`, call it after the `try`, or end the clause with `raise`"
