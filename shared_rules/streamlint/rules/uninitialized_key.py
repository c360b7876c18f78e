"""STL101: Session-state key that some run has not set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Fix, Severity
from streamlint.fixes import Files, finished
from streamlint.fixes import missing as missing_keys
from streamlint.rules._findings import finding
from streamlint.rules._gaps import gap, gap_of
from streamlint.rules.base import Availability, Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, MissingKey

RULE = Rule(
    code="STL101",
    name="uninitialized-key",
    since="0.1.0",
    severity=Severity.ERROR,
    summary="Session-state key that some run has not set",
    fix=Availability.SOMETIMES,
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each read that a session fails for this reason."""
    for missing in app.missing:
        if missing.kind == "early":
            yield finding(RULE, missing, message(missing), advice(missing), gap_of(missing))


def message(missing: MissingKey) -> str:
    error = "AttributeError" if missing.attribute else "KeyError"
    return f"`{missing.key}` is not set in every run that {missing.verb} it: {error}"


def advice(missing: MissingKey) -> str:
    if missing.verb in ("deletes", "pops"):
        return f'remove it with `st.session_state.pop("{missing.key}", None)`'
    return f'set it first: `st.session_state.setdefault("{missing.key}", ...)`, or ask with `.get("{missing.key}")`'


def fix(finding: Finding, files: Files) -> Fix | None:
    """Initialise the key at the top of the script, or ask with a default, as its use has it."""
    path = finding.place.path
    syntax = files.syntax(path)
    if syntax is None:
        return None
    repair = missing_keys.repaired(files, gap(finding))
    return finished(repair.title, path, files, repair.edits, repair.applicability) if repair is not None else None
