"""STL105: Key of a widget whose value cannot be set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Applicability, Finding, Fix, Severity
from streamlint.fixes import Files, finished, unused
from streamlint.rules._findings import finding
from streamlint.rules.base import Availability, Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL105",
    name="unsettable-widget-key",
    since="0.1.0",
    severity=Severity.ERROR,
    summary="Key of a widget whose value cannot be set",
    fix=Availability.SOMETIMES,
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each widget that is drawn in a run that has set its key."""
    for misuse in app.misuses("unsettable key"):
        yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    element = misuse.about[1]
    return f"`{misuse.key}` is set in the run that draws `st.{element}` with this key, which refuses it: the run raises"


def advice(misuse: Misuse) -> str:
    return f"keep the value under another key; only Streamlit itself sets that of `st.{misuse.about[1]}`"


def fix(finding: Finding, files: Files) -> Fix | None:
    """The key is not initialised any more, where nothing else of the file sets it: a button begins as False."""
    path = finding.place.path
    set_at = [related.place.span for related in finding.related if related.place.path == path]
    syntax = files.syntax(path)
    if syntax is None or finding.key is None or not set_at:
        return None
    edits = unused.without_initialisation(syntax, set_at[0], finding.key)
    return finished("Do not initialise the key", path, files, {path: edits}, Applicability.UNSAFE) if edits else None
