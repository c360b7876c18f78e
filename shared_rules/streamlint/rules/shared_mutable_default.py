"""STL304: Mutable default of a module that all sessions share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Applicability, Finding, Fix, Severity
from streamlint.fixes import Files, copies, finished
from streamlint.rules._findings import finding
from streamlint.rules.base import Availability, Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL304",
    name="shared-mutable-default",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Mutable default of a module that all sessions share",
    fix=Availability.SOMETIMES,
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each place that stores a shared object which the app changes in place."""
    for misuse in app.misuses("shared default"):
        if misuse.about[3] == "module":
            yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    _, key, name, _ = misuse.about
    return f"`{key}` holds `{name}` itself, which the app changes in place: all sessions share that one object"


def advice(misuse: Misuse) -> str:
    return f"store a copy, `copy.deepcopy({misuse.about[2]})`, or make the value in a function"


def fix(finding: Finding, files: Files) -> Fix | None:
    """A copy is stored: unsafe, since not everything can be copied, and the sharing may have been meant."""
    path = finding.place.path
    syntax = files.syntax(path)
    edits = copies.copied(syntax, finding.place.span) if syntax is not None else None
    return finished("Store a copy", path, files, {path: edits}, Applicability.UNSAFE) if edits else None
