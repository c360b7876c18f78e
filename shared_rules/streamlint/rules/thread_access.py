"""STL401: Thread that uses the session without having it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL401",
    name="thread-access",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Thread that uses the session without having it",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each thread that uses the session."""
    for misuse in app.misuses("thread"):
        yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    _, how, what = misuse.about
    if what.startswith("`st."):
        return f"a thread {how} {what}: without the script's context nothing of it is shown"
    return f"a thread {how} {what}: without the script's context it has an empty session state, which nobody else sees"


def advice(misuse: Misuse) -> str:
    return "give the thread the values it needs and take its result in the script, or call `add_script_run_ctx(thread)`"
