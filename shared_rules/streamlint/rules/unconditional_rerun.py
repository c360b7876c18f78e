"""STL403: Rerun that nothing can stop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL403",
    name="unconditional-rerun",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Rerun that nothing can stop",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each rerun that the run it starts comes to again, without end."""
    for misuse in app.misuses("endless"):
        yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    return "the run that this `st.rerun()` starts comes here again: the app never ends running"


def advice(misuse: Misuse) -> str:
    return "call it under the test of a button, or reset what its test asks for before the call"
