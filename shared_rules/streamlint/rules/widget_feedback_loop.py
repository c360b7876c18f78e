"""STL201: Widget whose default is overwritten with its own value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL201",
    name="widget-feedback-loop",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Widget whose default is overwritten with its own value",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each widget whose value gets into its default."""
    for misuse in app.misuses:
        if misuse.kind == "feedback":
            yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    _, element, key, parameter = misuse.about
    return (
        f"every second edit of this `st.{element}` is lost: its `{parameter}` comes from `{key}`, which its own value "
        "overwrites, so that the next run draws a new widget"
    )


def advice(misuse: Misuse) -> str:
    _, _, _, parameter = misuse.about
    return f"give the widget a `key` and set that key once before it, instead of passing `{parameter}`"
