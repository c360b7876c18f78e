"""STL110: Attribute of the session state that is a method of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Applicability, Finding, Fix, Severity
from streamlint.fixes import Files, calls, finished
from streamlint.rules._findings import finding
from streamlint.rules.base import Availability, Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL110",
    name="mapping-method-key",
    since="0.1.0",
    severity=Severity.ERROR,
    summary="Attribute of the session state that is a method of it",
    fix=Availability.SOMETIMES,
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each use of such an attribute as if it were the value of a key."""
    for misuse in app.misuses("method", "method unnoticed"):
        written = misuse.about[1] in app.written
        yield finding(RULE, misuse, message(misuse), advice(misuse), repair(misuse) if written else ())


def repair(misuse: Misuse) -> tuple[str, ...]:
    return (misuse.about[1], "silent") if misuse.silent else (misuse.about[1],)


def message(misuse: Misuse) -> str:
    _, name, use, error = misuse.about
    end = error or f"the value of the key `{name}` is never seen"
    return f"{use} `st.session_state.{name}`, which is a method of the session state, not the key `{name}`: {end}"


def advice(misuse: Misuse) -> str:
    name = misuse.about[1]
    return f'write `st.session_state["{name}"]`, or give the key another name'


def fix(finding: Finding, files: Files) -> Fix | None:
    """Brackets, where the app sets a key of that name. What goes unnoticed today changes what the app does: unsafe."""
    path = finding.place.path
    syntax = files.syntax(path)
    if syntax is None or not finding.repair:
        return None
    name, *silent = finding.repair
    edits = calls.as_item(syntax, finding.place.span, name)
    applicability = Applicability.UNSAFE if silent else Applicability.SAFE
    return finished(f'Replace with `["{name}"]`', path, files, {path: edits}, applicability) if edits else None
