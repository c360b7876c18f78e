"""STL104: Widget's key that is assigned after the widget was drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Applicability, Finding, Fix, Severity
from streamlint.fixes import Files, callbacks, finished, small
from streamlint.rules._findings import finding
from streamlint.rules.base import Availability, Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult

RULE = Rule(
    code="STL104",
    name="set-after-widget",
    since="0.1.0",
    severity=Severity.ERROR,
    summary="Widget's key that is assigned after the widget was drawn",
    fix=Availability.SOMETIMES,
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each assignment that some run makes too late."""
    for clash in app.clashes:
        if clash.kind == "set":
            message = f"`{clash.key}` is assigned after its widget was drawn in the same run: Streamlit raises"
            advice = "assign it in a callback (`on_click`, `on_change`), or before the widget"
            yield finding(RULE, clash, message, advice)


def fix(finding: Finding, files: Files) -> Fix | None:
    """What a button does to the state goes into its callback: unsafe, as that runs before the script. A widget that is
    assigned to its own key is that key's value already."""
    path, place = finding.place.path, finding.place.span
    syntax = files.syntax(path)
    if syntax is None:
        return None
    edits = small.without_own_assignment(syntax, place)
    if edits:
        return finished("Remove the assignment", path, files, {path: edits})
    edits = callbacks.into_callback(syntax, place)
    return finished("Move into a callback", path, files, {path: edits}, Applicability.UNSAFE) if edits else None
