"""STL210: Value drawn above the statement that changes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL210",
    name="stale-display",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Value drawn above the statement that changes it",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each key that is drawn before a click changes it in the same run."""
    absent = {missing.key for missing in app.missing}
    for misuse in app.misuses:
        if misuse.kind == "stale display" and misuse.about[1] not in absent:
            yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    _, key, element = misuse.about
    return f"`st.{element}` draws `{key}` before this run changes it: what is shown is one interaction behind"


def advice(misuse: Misuse) -> str:
    return f"change `{misuse.about[1]}` in a callback, or above what draws it, or call `st.rerun()` after the change"
