"""STL106: Two elements with the same key in one run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Applicability, Finding, Fix, Severity
from streamlint.fixes import Files, finished, keys
from streamlint.rules._findings import finding
from streamlint.rules.base import Availability, Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Clash

RULE = Rule(
    code="STL106",
    name="duplicate-widget-key",
    since="0.1.0",
    severity=Severity.ERROR,
    summary="Two elements with the same key in one run",
    fix=Availability.SOMETIMES,
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each element whose key another one of the run has."""
    for clash in app.clashes:
        if clash.kind in ("key", "form"):
            advice = "give each a key of its own, from the loop or the caller"
            repair = (clash.element, "again" if clash.again else "", clash.key or "")
            yield finding(RULE, clash, message(clash), advice, repair)


def message(clash: Clash) -> str:
    if clash.again:
        return f"one run draws this `{clash.element}` twice with the key `{clash.key}`: Streamlit raises"
    return f"another element of the run has the key `{clash.key}` too: Streamlit raises"


def fix(finding: Finding, files: Files) -> Fix | None:
    """A key of its own, from the loop where there is one: unsafe, since code may read the key."""
    path = finding.place.path
    syntax = files.syntax(path)
    edits = keys.told_apart(syntax, finding.place.span, finding.repair) if syntax is not None else None
    return finished("Give it a key of its own", path, files, {path: edits}, Applicability.UNSAFE) if edits else None
