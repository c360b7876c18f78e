"""STL101: Session-state key that some run has not set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, MissingKey

RULE = Rule(
    code="STL101",
    name="uninitialized-key",
    since="0.1.0",
    severity=Severity.ERROR,
    summary="Session-state key that some run has not set",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each read that a session fails for this reason."""
    for missing in app.missing:
        if missing.kind == "early":
            yield finding(RULE, missing, message(missing), advice(missing))


def message(missing: MissingKey) -> str:
    error = "AttributeError" if missing.attribute else "KeyError"
    return f"`{missing.key}` is not set in every run that {missing.verb} it: {error}"


def advice(missing: MissingKey) -> str:
    if missing.verb in ("deletes", "pops"):
        return f'remove it with `st.session_state.pop("{missing.key}", None)`'
    return f'set it first: `st.session_state.setdefault("{missing.key}", ...)`, or ask with `.get("{missing.key}")`'
