"""STL225: Widget of a list's item whose key is the item's position."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL225",
    name="index-widget-key",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Widget of a list's item whose key is the item's position",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each widget that shows items of a list whose items move."""
    for misuse in app.misuses("index key"):
        yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    _, element, key = misuse.about
    return (
        f"the key of this `st.{element}` is a position in `{key}`, whose items move: afterwards it shows what "
        "belongs to another item"
    )


def advice(misuse: Misuse) -> str:
    _, _, key = misuse.about
    return f"give each item of `{key}` an id that stays, and put that into the widget's `key`"
