"""STL105: Key of a widget whose value cannot be set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL105",
    name="unsettable-widget-key",
    since="0.1.0",
    severity=Severity.ERROR,
    summary="Key of a widget whose value cannot be set",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each widget that is drawn in a run that has set its key."""
    for misuse in app.misuses("unsettable key"):
        yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    element = misuse.about[1]
    return f"`{misuse.key}` is set in the run that draws `st.{element}` with this key, which refuses it: the run raises"


def advice(misuse: Misuse) -> str:
    return f"keep the value under another key; only Streamlit itself sets that of `st.{misuse.about[1]}`"
