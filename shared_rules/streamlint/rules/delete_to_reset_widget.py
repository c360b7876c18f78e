"""STL219: Key of a widget that is deleted to reset the widget."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL219",
    name="delete-to-reset-widget",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Key of a widget that is deleted to reset the widget",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each deletion."""
    for misuse in app.lost_values:
        if misuse.kind == "deleted":
            yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    element, key, _ = misuse.about
    return f"deleting `{key}` does not reset its `st.{element}`: the browser still shows the value, and sends it again"


def advice(misuse: Misuse) -> str:
    return f"assign `{misuse.key}` a value in a callback or above the widget, or draw the widget with another key"
