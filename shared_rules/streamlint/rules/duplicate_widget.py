"""STL107: Two elements without a key that Streamlit cannot tell apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Fix, Severity
from streamlint.fixes import Files, finished, keys
from streamlint.rules._findings import finding
from streamlint.rules.base import Availability, Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Clash

RULE = Rule(
    code="STL107",
    name="duplicate-widget",
    since="0.1.0",
    severity=Severity.ERROR,
    summary="Two elements without a key that Streamlit cannot tell apart",
    fix=Availability.SOMETIMES,
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each element that equals another one of the run."""
    for clash in app.clashes:
        if clash.kind == "id":
            advice = f"give each `{clash.element}` a `key=` of its own"
            yield finding(RULE, clash, message(clash), advice, (clash.element, "again" if clash.again else ""))


def message(clash: Clash) -> str:
    if clash.again:
        return f"one run draws this `{clash.element}` twice with the same arguments and no key: Streamlit raises"
    return f"another `{clash.element}` of the run has the same arguments, and neither has a key: Streamlit raises"


def fix(finding: Finding, files: Files) -> Fix | None:
    """A key: the widget is told apart, and nothing else changes."""
    path = finding.place.path
    syntax = files.syntax(path)
    edits = keys.told_apart(syntax, finding.place.span, finding.repair) if syntax is not None else None
    return finished("Give it a key", path, files, {path: edits}) if edits else None
