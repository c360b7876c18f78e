"""STL102: Session-state key that only another page sets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, MissingKey

RULE = Rule(
    code="STL102",
    name="page-dependent-key",
    since="0.1.0",
    severity=Severity.ERROR,
    summary="Session-state key that only another page sets",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each read that a session fails for this reason."""
    for missing in app.missing:
        if missing.kind == "page":
            yield finding(RULE, missing, message(missing), advice(missing))


def message(missing: MissingKey) -> str:
    error = "AttributeError" if missing.attribute else "KeyError"
    return f"only another page sets `{missing.key}`, and a bookmark or refresh opens this page first: {error}"


def advice(missing: MissingKey) -> str:
    guard = f'`if "{missing.key}" not in st.session_state: st.stop()`'
    return f"set `{missing.key}` on this page too (one function that every page calls), or guard: {guard}"
