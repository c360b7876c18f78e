"""STL206: Variable that is expected to survive a rerun."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Applicability, Finding, Fix, Severity
from streamlint.fixes import Files, finished, lifted
from streamlint.rules._findings import finding
from streamlint.rules.base import Availability, Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL206",
    name="local-lost-on-rerun",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Variable that is expected to survive a rerun",
    fix=Availability.SOMETIMES,
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each variable that a click changes and a later run is meant to see."""
    for misuse in app.misuses("lost local"):
        yield finding(RULE, misuse, message(misuse), advice(misuse), (misuse.about[1],))


def message(misuse: Misuse) -> str:
    _, name, how, start = misuse.about
    if how == "grown":
        return f"each run sets `{name}` anew, so this change is gone at the next interaction"
    if how == "callback":
        return f"a callback changes `{name}` of the run before: the script, which runs next, sets `{name}` anew"
    held = "what each run starts with" if start == "constant" else "not defined"
    return f"`{name}` gets its value only in the run of another click; in this one it is {held}"


def advice(misuse: Misuse) -> str:
    return f"keep it in the session state: `st.session_state.{misuse.about[1]}`, set once if it is not there"


def fix(finding: Finding, files: Files) -> Fix | None:
    """The variable becomes a key, set once: unsafe, as it then outlives each run."""
    path = finding.place.path
    syntax = files.syntax(path)
    edits = lifted.into_state(syntax, finding.repair[0]) if syntax is not None else None
    return finished("Keep it in the session state", path, files, {path: edits}, Applicability.UNSAFE) if edits else None
