"""STL226: Key assigned to itself in some runs only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL226",
    name="partial-keep-alive",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Key assigned to itself in some runs only",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each assignment."""
    for misuse in app.lost_values:
        if misuse.kind == "kept alive":
            yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    element, key, where = misuse.about
    return f"`{key}` is assigned to itself in some runs only: its `st.{element}` loses the value that `{where}` uses"


def advice(misuse: Misuse) -> str:
    return f"assign `{misuse.key}` to itself on every page, above the widget, or in the entrypoint of `st.navigation`"
