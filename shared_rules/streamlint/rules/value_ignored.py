"""STL202: Literal default of a widget that never applies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Applicability, Finding, Fix, Severity
from streamlint.fixes import Files, finished, small
from streamlint.rules._findings import finding
from streamlint.rules.base import Availability, Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL202",
    name="value-ignored",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Literal default of a widget that never applies",
    fix=Availability.SOMETIMES,
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each widget whose key the first run sets to another value."""
    for misuse in app.misuses("ignored default"):
        yield finding(RULE, misuse, message(misuse), advice(misuse), (misuse.about[3].partition("=")[0],))


def message(misuse: Misuse) -> str:
    _, element, key, given, value = misuse.about
    return f"`{given}` of this `st.{element}` never applies: `{key}` is set to {value} before"


def advice(misuse: Misuse) -> str:
    _, _, key, given, _ = misuse.about
    return f"leave out `{given.partition('=')[0]}`, or do not set `{key}`"


def fix(finding: Finding, files: Files) -> Fix | None:
    """Without the default that is not used: unsafe, since a run may come where the key is not set."""
    path = finding.place.path
    syntax = files.syntax(path)
    edits = small.without_argument(syntax, finding.place.span, finding.repair[0]) if syntax is not None else None
    return finished("Remove the default", path, files, {path: edits}, Applicability.UNSAFE) if edits else None
