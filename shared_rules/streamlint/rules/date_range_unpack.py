"""STL113: Both dates of a range of which only one may be picked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL113",
    name="date-range-unpack",
    since="0.1.0",
    severity=Severity.ERROR,
    summary="Both dates of a range of which only one may be picked",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each use of two dates where the user may have picked one."""
    for misuse in app.misuses("range", "range of key"):
        yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    step, key = misuse.about
    error = step.rsplit(": ", 1)[1]
    what = f"the range under `{key}`" if key else "the range of `st.date_input`"
    return f"{what} holds fewer than two dates while the user is picking them: {error}"


def advice(misuse: Misuse) -> str:
    return "use the dates only if `len(...) == 2`, else `st.stop()` or keep the last complete range"
