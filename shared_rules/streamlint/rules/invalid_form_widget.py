"""STL108: Widget, callback or form that a form does not allow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL108",
    name="invalid-form-widget",
    since="0.1.0",
    severity=Severity.ERROR,
    summary="Widget, callback or form that a form does not allow",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each call that Streamlit refuses in a form, or outside of one."""
    for misuse in app.misuses("nested form", "button in form", "callback in form", "submit outside"):
        yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    inside = misuse.about[1]
    if misuse.kind == "nested form":
        return f"`st.form` is called {inside}: forms cannot be nested, the run raises"
    if misuse.kind == "submit outside":
        return "`st.form_submit_button` is called outside of a form: the run raises"
    element = misuse.about[2]
    if misuse.kind == "button in form":
        return f"`st.{element}` cannot be used {inside}: the run raises"
    return f"`{misuse.about[3]}` of `st.{element}` {inside}: only submit buttons have callbacks there, the run raises"


def advice(misuse: Misuse) -> str:
    if misuse.kind == "nested form":
        return "end the outer form first, or make both one form"
    if misuse.kind == "submit outside":
        return "move it into the `with st.form(...)`, call it on the form, or use `st.button`"
    if misuse.kind == "button in form":
        return "use `st.form_submit_button`, or move the call out of the form"
    return "give the callback to `st.form_submit_button`, or move the widget out of the form"
