"""STL215: Widget with a key that is new in every run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL215",
    name="unstable-widget-key",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Widget with a key that is new in every run",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each widget that some run draws with such a key."""
    for misuse in app.misuses("volatile key"):
        yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    _, element, source = misuse.about
    return (
        f"the key of this `st.{element}` comes from `{source}`: each run draws a new widget, what the user does is lost"
    )


def advice(misuse: Misuse) -> str:
    return "use a key that stays the same, or make it once and keep it in the session state"
