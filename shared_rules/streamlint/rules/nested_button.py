"""STL207: Widget that only the run of a click draws."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL207",
    name="nested-button",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Widget that only the run of a click draws",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each button under whose test a widget is used."""
    for misuse in app.misuses("nested"):
        yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    _, element, outer = misuse.about
    return f"only the run of a click on the `st.{outer}` around it draws this `st.{element}`: using it makes it vanish"


def advice(misuse: Misuse) -> str:
    return "keep in the session state that the button was clicked, and test that; or use a dialog or a callback"
