"""STL215: Widget with a key that is new in every run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Applicability, Finding, Fix, Severity
from streamlint.fixes import Files, finished, keys
from streamlint.rules._findings import finding
from streamlint.rules.base import Availability, Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL215",
    name="unstable-widget-key",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Widget with a key that is new in every run",
    fix=Availability.SOMETIMES,
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each widget that some run draws with such a key."""
    for misuse in app.misuses("volatile key"):
        yield finding(RULE, misuse, message(misuse), advice(misuse), (misuse.about[1],))


def message(misuse: Misuse) -> str:
    _, element, source = misuse.about
    return (
        f"the key of this `st.{element}` comes from `{source}`: each run draws a new widget, what the user does is lost"
    )


def advice(misuse: Misuse) -> str:
    return "use a key that stays the same, or make it once and keep it in the session state"


def fix(finding: Finding, files: Files) -> Fix | None:
    """A key that stays the same, from the loop where there is one: unsafe, since a new widget may have been meant."""
    path = finding.place.path
    syntax = files.syntax(path)
    edits = keys.steady(syntax, finding.place.span, finding.repair[0]) if syntax is not None else None
    return finished("Use a key that stays", path, files, {path: edits}, Applicability.UNSAFE) if edits else None
