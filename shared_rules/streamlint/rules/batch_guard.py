"""STL205: First value of a key that depends on another key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL205",
    name="batch-guard",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="First value of a key that depends on another key",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each guard."""
    for misuse in app.batch_guards:
        yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    _, key, tested, *_ = misuse.about
    if misuse.kind == "batch reset":
        return f"`{key}` gets its first value whenever `{tested}` is not set, even where it has another value already"
    return f"`{key}` gets its first value only while `{tested}` is not set: some run has `{tested}` without `{key}`"


def advice(misuse: Misuse) -> str:
    return f'give it a test of its own: `if "{misuse.key}" not in st.session_state:`'
