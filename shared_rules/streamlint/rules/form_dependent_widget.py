"""STL216: Widget that depends on a field of the same form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL216",
    name="form-dependent-widget",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Widget that depends on a field of the same form",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each field that other widgets of its form depend on."""
    for misuse in app.misuses:
        if misuse.kind == "dependent":
            yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    _, element, cause, label = misuse.about
    field = f"`st.{cause}` {label!r}" if label else f"`st.{cause}`"
    return (
        f"this `st.{element}` depends on the {field} of the same form, which the user can change without any effect: "
        "its value comes to the app only when the form is submitted"
    )


def advice(misuse: Misuse) -> str:
    return f"draw the `st.{misuse.about[2]}` before the form, outside of it"
