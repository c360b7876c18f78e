"""STL503: Key accessed in another style than the rest of the app."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Applicability, Finding, Fix, Severity
from streamlint.fixes import Files, accesses, finished
from streamlint.rules.base import Availability, Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult

RULE = Rule(
    code="STL503",
    name="mixed-access-style",
    since="0.1.0",
    severity=Severity.HINT,
    summary="Key accessed in another style than the rest of the app",
    fix=Availability.ALWAYS,
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each access in the style that is not wanted."""
    for access in app.mixed:
        yield Finding(
            code=RULE.code,
            name=RULE.name,
            message=f"{access.use} `{access.key}` {HOW[access.style]}, where the app has {HOW[OTHER[access.style]]}",
            help=f"write `{SPELLED[OTHER[access.style]].format(key=access.key)}`",
            place=access.place,
            severity=RULE.severity,
            key=access.key,
            repair=(access.style, access.use),
        )


HOW = {"attribute": "as an attribute", "bracket": "in brackets"}
SPELLED = {"attribute": "st.session_state.{key}", "bracket": 'st.session_state["{key}"]'}
OTHER = {"attribute": "bracket", "bracket": "attribute"}


def fix(finding: Finding, files: Files) -> Fix | None:
    """A missing key fails with another exception: the fix is unsafe where a file that handles exceptions reads."""
    path = finding.place.path
    syntax = files.syntax(path)
    if syntax is None:
        return None
    style, use = finding.repair
    respell = accesses.as_bracket if style == "attribute" else accesses.as_attribute
    edits = respell(syntax, finding.place.span)
    if edits is None:
        return None
    noticed = use != "sets" and syntax.tells_errors_apart
    applicability = Applicability.UNSAFE if noticed else Applicability.SAFE
    title = f"Replace with `{SPELLED[OTHER[style]].format(key=finding.key)}`"
    return finished(title, path, files, {path: edits}, applicability)
