"""STL201: Widget whose default is overwritten with its own value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Applicability, Finding, Fix, Severity
from streamlint.fixes import Files, finished, synced
from streamlint.rules._findings import finding
from streamlint.rules.base import Availability, Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL201",
    name="widget-feedback-loop",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Widget whose default is overwritten with its own value",
    fix=Availability.SOMETIMES,
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each widget whose value gets into its default."""
    for misuse in app.misuses("feedback"):
        yield finding(RULE, misuse, message(misuse), advice(misuse), misuse.about[2:4])


def message(misuse: Misuse) -> str:
    _, element, key, parameter = misuse.about
    return (
        f"every second edit of this `st.{element}` is lost: its `{parameter}` comes from `{key}`, which its own value "
        "overwrites, so that the next run draws a new widget"
    )


def advice(misuse: Misuse) -> str:
    _, _, _, parameter = misuse.about
    return f"give the widget a `key` and set that key once before it, instead of passing `{parameter}`"


def fix(finding: Finding, files: Files) -> Fix | None:
    """The widget gets the key, which keeps its value: unsafe, as a widget's key goes when it is not drawn."""
    path = finding.place.path
    stored = [related.place.span for related in finding.related if related.place.path == path]
    syntax = files.syntax(path)
    if syntax is None or not stored:
        return None
    key, parameter = finding.repair
    edits = synced.with_key(syntax, finding.place.span, stored[0], key, parameter)
    return finished("Give the widget the key", path, files, {path: edits}, Applicability.UNSAFE) if edits else None
