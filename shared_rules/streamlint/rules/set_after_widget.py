"""STL104: Widget's key that is assigned after the widget was drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult

RULE = Rule(
    code="STL104",
    name="set-after-widget",
    since="0.1.0",
    severity=Severity.ERROR,
    summary="Widget's key that is assigned after the widget was drawn",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each assignment that some run makes too late."""
    for clash in app.clashes:
        if clash.kind == "set":
            message = f"`{clash.key}` is assigned after its widget was drawn in the same run: Streamlit raises"
            advice = "assign it in a callback (`on_click`, `on_change`), or before the widget"
            yield finding(RULE, clash, message, advice)
