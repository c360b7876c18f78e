"""STL203: Value of a widget that is used on another page."""

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
    code="STL203",
    name="widget-state-lost-on-page-switch",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Value of a widget that is used on another page",
    fix=Availability.SOMETIMES,
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each widget whose value is missed."""
    for misuse in app.lost_values:
        if misuse.kind in ("value lost by page", "copy lost by page"):
            lasting = misuse.kind.startswith("value") and app.takes(misuse.about[0], "persist_state")
            yield finding(RULE, misuse, message(misuse), advice(misuse), ("persist",) if lasting else ())


def message(misuse: Misuse) -> str:
    element, key, where = misuse.about
    if misuse.kind == "copy lost by page":
        return f"on return to its page this `st.{element}` starts over, and overwrites `{key}`"
    return f"`{where}` uses `{key}` after the user has left the page of this `st.{element}`, which drops its value"


def advice(misuse: Misuse) -> str:
    if misuse.kind == "copy lost by page":
        return f"give the widget a key, set it from `{misuse.key}` before, and copy it back in an `on_change` callback"
    return 'keep it in a key that no widget has (`on_change`), or pass `persist_state="session"` (Streamlit 1.59)'


def fix(finding: Finding, files: Files) -> Fix | None:
    """The widget keeps its value, where Streamlit can."""
    return lasting(finding, files, "session")
