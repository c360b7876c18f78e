"""STL102: Session-state key that only another page sets."""

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
    code="STL102",
    name="page-dependent-key",
    since="0.1.0",
    severity=Severity.ERROR,
    summary="Session-state key that only another page sets",
    fix=Availability.SOMETIMES,
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each read that a session fails for this reason."""
    for missing in app.missing:
        if missing.kind == "page":
            yield finding(RULE, missing, message(missing), advice(missing), gap_of(missing))


def message(missing: MissingKey) -> str:
    error = "AttributeError" if missing.attribute else "KeyError"
    return f"only another page sets `{missing.key}`, and a bookmark or refresh opens this page first: {error}"


def advice(missing: MissingKey) -> str:
    guard = f'`if "{missing.key}" not in st.session_state: st.stop()`'
    return f"set `{missing.key}` on this page too (one function that every page calls), or guard: {guard}"


def fix(finding: Finding, files: Files) -> Fix | None:
    """The key is initialised on the page too; where no default is to be seen, the page stops without it."""
    path = finding.place.path
    syntax = files.syntax(path)
    if syntax is None:
        return None
    needed = gap(finding)
    repair = missing_keys.repaired(files, needed) if needed.default else missing_keys.guarded(syntax, needed)
    return finished(repair.title, path, files, repair.edits, repair.applicability) if repair is not None else None
