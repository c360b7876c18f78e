"""STL111: What a fragment must not do, or only a fragment may."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Clash

RULE = Rule(
    code="STL111",
    name="fragment-misuse",
    since="0.1.0",
    severity=Severity.ERROR,
    summary="What a fragment must not do, or only a rerun of a fragment may",
    versions=("1.37", None),
)

ADVICE = {
    "rerun": "use `st.rerun()` there, or ask for it only where a widget of the fragment was used",
    "outside": "draw it inside the fragment; a container made inside it will do",
    "sidebar": "call the fragment inside `with st.sidebar:`, and draw with plain `st` in it",
}


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each call that some run makes where Streamlit refuses it."""
    for clash in app.clashes:
        if clash.kind in ADVICE:
            yield finding(RULE, clash, message(clash), ADVICE[clash.kind])


def message(clash: Clash) -> str:
    match clash.kind:
        case "rerun":
            return 'a run of the whole script comes to `st.rerun(scope="fragment")`: Streamlit raises'
        case "sidebar":
            return f"this fragment writes `{clash.element}` into `st.sidebar`: Streamlit raises"
        case _:
            return f"this `{clash.element}` is drawn into a container outside its fragment: Streamlit raises"
