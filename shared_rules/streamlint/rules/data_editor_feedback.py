"""STL217: Data editor that is fed its own output."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL217",
    name="data-editor-feedback",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Data editor that is fed its own output",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each editor whose output gets into its input."""
    for misuse in app.misuses:
        if misuse.kind == "editor feedback":
            yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    _, element, key, _ = misuse.about
    return (
        f"every second edit in this `st.{element}` is lost: its data are from `{key}`, which its own output overwrites, "
        "so that the next run draws a new editor"
    )


def advice(misuse: Misuse) -> str:
    _, _, key, _ = misuse.about
    return f"leave `{key}` as it is and use what the editor returns, or store that under another key"
