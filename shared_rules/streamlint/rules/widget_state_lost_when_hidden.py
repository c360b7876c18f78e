"""STL204: Value of a widget that is used when the widget may not be drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Fix, Severity
from streamlint.fixes import Files
from streamlint.fixes.lasting import lasting
from streamlint.rules._findings import finding
from streamlint.rules.base import Availability, Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL204",
    name="widget-state-lost-when-hidden",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Value of a widget that is used when the widget may not be drawn",
    fix=Availability.SOMETIMES,
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each widget whose value is missed."""
    for misuse in app.lost_values:
        if misuse.kind in ("value lost by hidden", "copy lost by hidden"):
            lasting = misuse.kind.startswith("value") and app.takes(misuse.about[0], "persist_state")
            yield finding(RULE, misuse, message(misuse), advice(misuse), ("persist",) if lasting else ())


def message(misuse: Misuse) -> str:
    element, key, _ = misuse.about
    if misuse.kind == "copy lost by hidden":
        return f"once hidden, this `st.{element}` starts over when it is drawn again, and overwrites `{key}`"
    return f"`{key}` is used while this `st.{element}` is not drawn: a run that does not draw it drops its value"


def advice(misuse: Misuse) -> str:
    if misuse.kind == "copy lost by hidden":
        return f"give the widget a key, set it from `{misuse.key}` before, and copy it back in an `on_change` callback"
    return (
        "keep it in a key that no widget has (`on_change`), assign the key to itself above the widget in each run, "
        'or pass `persist_state="page"` (Streamlit 1.59)'
    )


def fix(finding: Finding, files: Files) -> Fix | None:
    """The widget keeps its value, where Streamlit can."""
    return lasting(finding, files, "page")
