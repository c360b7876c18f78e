"""STL222: Widget whose key each run sets to the same value first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL222",
    name="frozen-widget",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Widget whose key each run sets to the same value first",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each widget that the user can never change."""
    refused = {misuse.key for misuse in app.misuses("unsettable key", "refused value")}
    for misuse in app.misuses("frozen"):
        if misuse.about[2] not in refused:
            yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    _, element, key = misuse.about
    return f"each run sets `{key}` before it draws this `st.{element}`: what the user chooses is thrown away"


def advice(misuse: Misuse) -> str:
    key = misuse.about[2]
    return f'set it only once, `if "{key}" not in st.session_state:`, or make the widget `disabled=True`'
