"""STL223: State of a data editor that is used as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL223",
    name="data-editor-state-misread",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="State of a data editor that is used as a table",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each use of the changes of a data editor as a table."""
    for misuse in app.misuses("editor state"):
        yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    _, key, use = misuse.about
    if use.endswith("(...)"):
        return (
            f"`{key}` holds what the user changed in the data editor, a dict, not the table that `{use}` is meant for"
        )
    return f"`{key}` holds what the user changed in the data editor, a dict, not the table: it has no `{use}`"


def advice(misuse: Misuse) -> str:
    return "use what `st.data_editor` returns; the dict has `edited_rows`, `added_rows` and `deleted_rows`"
