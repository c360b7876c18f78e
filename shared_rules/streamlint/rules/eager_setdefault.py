"""STL402: Default that every run makes and throws away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Applicability, Finding, Fix, Severity
from streamlint.fixes import Files, eager, finished
from streamlint.rules._findings import finding
from streamlint.rules.base import Availability, Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL402",
    name="eager-setdefault",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Costly default that every run makes and throws away",
    fix=Availability.SOMETIMES,
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each `setdefault` with a costly default that a run evaluates although the key is set."""
    for misuse in app.misuses("eager"):
        yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    return f"`setdefault` calls `{misuse.about[2]}` in every run, also when `{misuse.about[1]}` is set"


def advice(misuse: Misuse) -> str:
    return f'test `if "{misuse.about[1]}" not in st.session_state:` first, or cache the function'


def fix(finding: Finding, files: Files) -> Fix | None:
    """A test before the call: unsafe, since what the call does besides is then done once."""
    path = finding.place.path
    syntax = files.syntax(path)
    edits = eager.as_guard(syntax, finding.place.span) if syntax is not None else None
    return finished("Test for the key first", path, files, {path: edits}, Applicability.UNSAFE) if edits else None
