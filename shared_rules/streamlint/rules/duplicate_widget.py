"""STL107: Two elements without a key that Streamlit cannot tell apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Clash

RULE = Rule(
    code="STL107",
    name="duplicate-widget",
    since="0.1.0",
    severity=Severity.ERROR,
    summary="Two elements without a key that Streamlit cannot tell apart",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each element that equals another one of the run."""
    for clash in app.clashes:
        if clash.kind == "id":
            yield finding(RULE, clash, message(clash), f"give each `{clash.element}` a `key=` of its own")


def message(clash: Clash) -> str:
    if clash.again:
        return f"one run draws this `{clash.element}` twice with the same arguments and no key: Streamlit raises"
    return f"another `{clash.element}` of the run has the same arguments, and neither has a key: Streamlit raises"
