"""STL303: Cached function that uses the session, or whose result one user changes for all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Applicability, Finding, Fix, Severity
from streamlint.fixes import Files, cached, finished
from streamlint.rules._findings import finding
from streamlint.rules.base import Availability, Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL303",
    name="cached-session-state",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Cached function that uses the session, or whose result is changed for one user",
    fix=Availability.SOMETIMES,
)
MESSAGES = {
    "reads": "the cached `{name}` reads `{what}`: its result is kept for other values of it, and for other users",
    "looks for": "the cached `{name}` looks for `{what}`: its result is kept for sessions where that is otherwise",
    "sets": "the cached `{name}` sets `{what}`, which happens only in runs that do not find its result in the cache",
    "removes": "the cached `{name}` removes `{what}`, which runs that find its result in the cache do not do",
    "draws": "the cached `{name}` draws `st.{what}`, which runs that find its result in the cache do not ask",
}
ADVICE = {
    "reads": "pass it as an argument",
    "looks for": "pass what it needs to know as an argument",
    "sets": "return the value, and set the key where the function is called",
    "removes": "remove the key where the function is called",
    "draws": "draw the widget outside, and pass its value as an argument",
}


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each cached function that uses the session, and for each change of what one returned."""
    for misuse in app.misuses("cached state", "shared object", "shared default"):
        if misuse.kind == "cached state":
            _, name, how, what = misuse.about
            message = MESSAGES[how].format(name=f"{name}()", what=what or "the session state")
            yield finding(RULE, misuse, message, ADVICE[how], (how,))
        elif is_shared(misuse):
            message = f"`{shared_name(misuse)}` is one object for all sessions: what one user's run puts in, others get"
            yield finding(RULE, misuse, message, "keep what belongs to a user in `st.session_state`, or store a copy")


def is_shared(misuse: Misuse) -> bool:
    """Whether an object that a cached function returns is changed."""
    kind = {"shared object": 2, "shared default": 3}.get(misuse.kind)
    return kind is not None and misuse.about[kind] == "resource"


def shared_name(misuse: Misuse) -> str:
    return misuse.about[1 if misuse.kind == "shared object" else 2]


def fix(finding: Finding, files: Files) -> Fix | None:
    """What the function reads is given to it by all who call it: unsafe, since it is computed again for each value."""
    path = finding.place.path
    syntax = files.syntax(path) if finding.repair == ("reads",) else None
    edits = cached.as_parameter(syntax, finding.place.span) if syntax is not None else None
    return finished("Pass it as an argument", path, files, {path: edits}, Applicability.UNSAFE) if edits else None
