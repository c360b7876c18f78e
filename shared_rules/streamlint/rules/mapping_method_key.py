"""STL110: Attribute of the session state that is a method of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL110",
    name="mapping-method-key",
    since="0.1.0",
    severity=Severity.ERROR,
    summary="Attribute of the session state that is a method of it",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each use of such an attribute as if it were the value of a key."""
    for misuse in app.misuses("method", "method unnoticed"):
        yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    _, name, use, error = misuse.about
    end = error or f"the value of the key `{name}` is never seen"
    return f"{use} `st.session_state.{name}`, which is a method of the session state, not the key `{name}`: {end}"


def advice(misuse: Misuse) -> str:
    name = misuse.about[1]
    return f'write `st.session_state["{name}"]`, or give the key another name'
