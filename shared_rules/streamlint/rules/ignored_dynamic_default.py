"""STL218: Widget that a change of its arguments leaves stale or makes forget the user's action."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL218",
    name="ignored-dynamic-default",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Widget that does not follow its default, or forgets a click when its label changes",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each widget."""
    for misuse in app.misuses(*ADVICE):
        yield finding(RULE, misuse, message(misuse), ADVICE[misuse.kind])


def message(misuse: Misuse) -> str:
    _, element, source, parameter = misuse.about
    match misuse.kind:
        case "stale default":
            return f"this `st.{element}` has a key: it keeps its value when `{parameter}` changes with {source}"
        case "volatile default":
            return f"`{parameter}` of this `st.{element}` is new in every run (`{source}`): what the user does is lost"
        case _:
            return (
                f"`{parameter}` of this `st.{element}` depends on `{source}`, which using it changes: the next run "
                "draws another widget, and what the user does next is lost"
            )


ADVICE = {
    "stale default": "put what the default depends on into the `key`, or set the key where that changes, in a callback",
    "volatile default": "make the value once and keep it in the session state, or give the widget a `key`",
    "lagging": "give the widget a `key`, or change the state in a callback, which runs before the widget is drawn",
}
