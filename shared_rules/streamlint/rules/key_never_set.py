"""STL103: Session-state key that nothing in the app sets."""

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
    code="STL103",
    name="key-never-set",
    since="0.1.0",
    severity=Severity.ERROR,
    summary="Session-state key that nothing in the app sets",
    fix=Availability.SOMETIMES,
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each read that a session fails for this reason."""
    for missing in app.missing:
        if missing.kind == "never":
            yield finding(RULE, missing, message(missing), advice(missing), gap_of(missing))


def message(missing: MissingKey) -> str:
    error = "AttributeError" if missing.attribute else "KeyError"
    hint = f"; did you mean `{missing.similar[0]}`?" if missing.similar else ""
    return f"nothing in the app sets `{missing.key}`: {error}{hint}"


def advice(missing: MissingKey) -> str:
    if missing.similar:
        return f"use `{missing.similar[0]}`, or set `{missing.key}` before this line"
    return f'set it first: `st.session_state.setdefault("{missing.key}", ...)`, or ask with `.get("{missing.key}")`'


def fix(finding: Finding, files: Files) -> Fix | None:
    """The key that was meant, if just one looks alike; else as for a key that is set too late."""
    path = finding.place.path
    syntax = files.syntax(path)
    if syntax is None:
        return None
    similar = finding.repair[5:]
    needed = gap(finding)
    repair = missing_keys.renamed(syntax, needed, similar[0]) if similar else missing_keys.repaired(files, needed)
    return finished(repair.title, path, files, repair.edits, repair.applicability) if repair is not None else None
