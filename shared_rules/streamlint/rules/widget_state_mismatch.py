"""STL112: Value of a key that its widget does not accept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL112",
    name="widget-state-mismatch",
    since="0.1.0",
    severity=Severity.ERROR,
    summary="Value of a key that its widget does not accept",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each widget that is drawn with a value it refuses."""
    for misuse in app.misuses("refused value"):
        yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    end = "the value is replaced" if misuse.silent else "the run raises"
    return f"`{misuse.key}` holds a value that `st.{misuse.about[1]}` does not accept: {misuse.reason}, {end}"


def advice(misuse: Misuse) -> str:
    return f"set `{misuse.key}` to a value that `st.{misuse.about[1]}` itself could have"
