"""STL220: Button that reports a click nobody made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL220",
    name="phantom-click",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Button that reports a click nobody made",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each button."""
    for misuse in app.lost_values:
        if misuse.kind == "phantom click":
            yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    _, key, _ = misuse.about
    return f"an earlier run has set `{key}`, so this `st.button` reports a click that nobody made"


def advice(misuse: Misuse) -> str:
    return f"keep what `{misuse.key}` says in a key that no button has"
