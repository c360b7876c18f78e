"""STL211: Change of a default that nothing keeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL211",
    name="lost-default-mutation",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Change of a default that nothing keeps",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each change of a default that some run makes while the key is not set."""
    for misuse in app.misuses("lost default"):
        yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    _, key, change = misuse.about
    return f"`{key}` may not be set here: `{change}` then changes a default that is thrown away"


def advice(misuse: Misuse) -> str:
    return f'use `st.session_state.setdefault("{misuse.about[1]}", ...)`, which stores the default'
