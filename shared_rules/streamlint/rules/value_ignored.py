"""STL202: Literal default of a widget that never applies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL202",
    name="value-ignored",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Literal default of a widget that never applies",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each widget whose key the first run sets to another value."""
    for misuse in app.misuses("ignored default"):
        yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    _, element, key, given, value = misuse.about
    return f"`{given}` of this `st.{element}` never applies: `{key}` is set to {value} before"


def advice(misuse: Misuse) -> str:
    _, _, key, given, _ = misuse.about
    return f"leave out `{given.partition('=')[0]}`, or do not set `{key}`"
