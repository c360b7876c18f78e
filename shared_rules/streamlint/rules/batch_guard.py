"""STL205: First value of a key that depends on another key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Applicability, Finding, Fix, Severity
from streamlint.fixes import Files, finished, split
from streamlint.rules._findings import finding
from streamlint.rules.base import Availability, Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL205",
    name="batch-guard",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="First value of a key that depends on another key",
    fix=Availability.SOMETIMES,
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


def fix(finding: Finding, files: Files) -> Fix | None:
    """The key gets a test of its own: unsafe, as it then keeps a value, or gets one, where it did not."""
    path = finding.place.path
    syntax = files.syntax(path)
    edits = split.own_guard(syntax, finding.place.span) if syntax is not None else None
    return finished("Test for the key itself", path, files, {path: edits}, Applicability.UNSAFE) if edits else None
