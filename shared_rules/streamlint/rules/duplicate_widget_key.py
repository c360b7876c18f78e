"""STL106: Two elements with the same key in one run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Clash

RULE = Rule(
    code="STL106",
    name="duplicate-widget-key",
    since="0.1.0",
    severity=Severity.ERROR,
    summary="Two elements with the same key in one run",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each element whose key another one of the run has."""
    for clash in app.clashes:
        if clash.kind in ("key", "form"):
            yield finding(RULE, clash, message(clash), "give each a key of its own, from the loop or the caller")


def message(clash: Clash) -> str:
    if clash.again:
        return f"one run draws this `{clash.element}` twice with the key `{clash.key}`: Streamlit raises"
    return f"another element of the run has the key `{clash.key}` too: Streamlit raises"
