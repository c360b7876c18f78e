"""STL301: Data of one user in a module that all sessions share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL301",
    name="shared-module-state",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Data of one user in a module that all sessions share",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each place that puts a user's data into what an imported module keeps."""
    for misuse in app.misuses("shared object"):
        if misuse.about[2] == "module":
            yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    return f"`{misuse.about[1]}` is there once for all sessions: what one user's run puts in, every other user gets"


def advice(misuse: Misuse) -> str:
    return "keep it in `st.session_state`, or in an object that is made there"
