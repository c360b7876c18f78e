"""STL224: Form without a submit button."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL224",
    name="form-without-submit",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Form without a submit button",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each form that some run draws."""
    for misuse in app.misuses("no submit"):
        yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    return "this form has no submit button: the app never gets what the user enters"


def advice(misuse: Misuse) -> str:
    return "draw `st.form_submit_button` in it, or use `st.container` for a mere frame"
