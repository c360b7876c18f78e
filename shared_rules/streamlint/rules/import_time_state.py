"""STL302: Session state that is used while a module is imported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL302",
    name="import-time-state",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Session state that is used while a module is imported",
)
MESSAGES = {
    "sets": "`{}` is set while the module is imported: only the first session of the process gets it",
    "reads": "`{}` is read while the module is imported: all sessions get what the first one had",
    "draws": "`st.{}` is drawn while the module is imported: only the first run of the process shows it",
    "makes": "`{}` is called while the module is imported, and stored for each session: all get the same",
}


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each key, name or module that is used too early."""
    for misuse in app.misuses("import"):
        yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    return MESSAGES[misuse.about[1]].format(misuse.about[2])


def advice(misuse: Misuse) -> str:
    return "do it in a function of the module, and call that in each run"
