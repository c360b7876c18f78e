"""STL103: Session-state key that nothing in the app sets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, MissingKey

RULE = Rule(
    code="STL103",
    name="key-never-set",
    since="0.1.0",
    severity=Severity.ERROR,
    summary="Session-state key that nothing in the app sets",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each read that a session fails for this reason."""
    for missing in app.missing:
        if missing.kind == "never":
            yield finding(RULE, missing, message(missing), advice(missing))


def message(missing: MissingKey) -> str:
    error = "AttributeError" if missing.attribute else "KeyError"
    hint = f"; did you mean `{missing.similar[0]}`?" if missing.similar else ""
    return f"nothing in the app sets `{missing.key}`: {error}{hint}"


def advice(missing: MissingKey) -> str:
    if missing.similar:
        return f"use `{missing.similar[0]}`, or set `{missing.key}` before this line"
    return f'set it first: `st.session_state.setdefault("{missing.key}", ...)`, or ask with `.get("{missing.key}")`'
