"""STL109: Callback that cannot be called with its arguments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL109",
    name="callback-signature",
    since="0.1.0",
    severity=Severity.ERROR,
    summary="Callback that cannot be called with its arguments",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each widget whose callback fails when it is called."""
    for misuse in app.misuses("wrong arguments", "no callback"):
        yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    if misuse.kind == "no callback":
        return f"{misuse.about[2]}: the app raises"
    return f"the callback of `st.{misuse.about[1]}` cannot be called: {misuse.about[2]}"


def advice(misuse: Misuse) -> str:
    if misuse.kind == "no callback":
        return "pass the function itself, without calling it"
    return "make `args` a tuple and `kwargs` a dict that fit the parameters of the callback"
