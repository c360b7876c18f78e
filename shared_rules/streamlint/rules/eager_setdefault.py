"""STL402: Default that every run makes and throws away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL402",
    name="eager-setdefault",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Costly default that every run makes and throws away",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each `setdefault` with a costly default that a run evaluates although the key is set."""
    for misuse in app.misuses("eager"):
        yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    return f"`setdefault` calls `{misuse.about[2]}` in every run, also when `{misuse.about[1]}` is set"


def advice(misuse: Misuse) -> str:
    return f'test `if "{misuse.about[1]}" not in st.session_state:` first, or cache the function'
