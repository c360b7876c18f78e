"""STL305: A user's data in a setting of the whole process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL305",
    name="secret-in-process-env",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="A user's data in a setting of the whole process",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each place that puts a user's data into a setting of the process."""
    for misuse in app.misuses("process setting", "shared object"):
        if misuse.kind == "process setting" or misuse.about[2].startswith("client"):
            yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    return f"`{misuse.about[1]}` is one for the whole process: what this user enters is used for every other user too"


def advice(misuse: Misuse) -> str:
    return "keep it in `st.session_state`, and pass it to the client that needs it (`api_key=...`)"
