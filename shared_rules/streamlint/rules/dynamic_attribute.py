"""STL505: Access of a constant key by `getattr`, `setattr` or `delattr`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Applicability, Finding, Fix, Severity
from streamlint.fixes import Files, accesses, finished
from streamlint.rules.base import Availability, Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult

RULE = Rule(
    code="STL505",
    name="dynamic-attribute",
    since="0.1.0",
    severity=Severity.HINT,
    summary="Access of a constant key by `getattr`, `setattr` or `delattr`",
    fix=Availability.ALWAYS,
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each call with a key that is written as a literal."""
    for found in app.dynamic:
        yield Finding(
            code=RULE.code,
            name=RULE.name,
            message=f"`{found.function}` with the constant key `{found.key}` is a plain access written the long way",
            help=ADVICE[found.function].format(key=found.key),
            place=found.place,
            severity=RULE.severity,
            key=found.key,
        )


ADVICE = {
    "getattr": "write `st.session_state.{key}`, or `.get` where there is a default",
    "setattr": "write `st.session_state.{key} = ...`",
    "delattr": "write `del st.session_state.{key}`",
}


def fix(finding: Finding, files: Files) -> Fix | None:
    """Not the same is only a missing key that is no name: it fails with `KeyError`."""
    path = finding.place.path
    syntax = files.syntax(path)
    found = accesses.as_access(syntax, finding.place.span) if syntax is not None else None
    if found is None:
        return None
    edits, same = found
    applicability = Applicability.SAFE if same else Applicability.UNSAFE
    return finished("Access the key directly", path, files, {path: edits}, applicability)
