"""STL211: Change of a default that nothing keeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Fix, Severity
from streamlint.fixes import Files, calls, finished
from streamlint.rules._findings import finding
from streamlint.rules.base import Availability, Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL211",
    name="lost-default-mutation",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Change of a default that nothing keeps",
    fix=Availability.ALWAYS,
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each change of a default that some run makes while the key is not set."""
    for misuse in app.misuses("lost default"):
        yield finding(RULE, misuse, message(misuse), advice(misuse), (misuse.about[1],))


def message(misuse: Misuse) -> str:
    _, key, change = misuse.about
    return f"`{key}` may not be set here: `{change}` then changes a default that is thrown away"


def advice(misuse: Misuse) -> str:
    return f'use `st.session_state.setdefault("{misuse.about[1]}", ...)`, which stores the default'


def fix(finding: Finding, files: Files) -> Fix | None:
    """`setdefault` for `get`: the only difference is that what was lost is kept."""
    path = finding.place.path
    syntax = files.syntax(path)
    edits = calls.as_setdefault(syntax, finding.place.span, finding.repair[0]) if syntax is not None else []
    return finished("Replace `get` with `setdefault`", path, files, {path: edits}) if edits else None
