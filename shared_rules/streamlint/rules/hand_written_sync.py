"""STL506: Parameter of the address that is kept in step with a widget by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Related, Severity
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult

RULE = Rule(
    code="STL506",
    name="hand-written-sync",
    since="0.1.0",
    severity=Severity.HINT,
    summary="Parameter of the address that is kept in step with a widget by hand",
    versions=("1.55", None),
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each assignment of a parameter from a widget that begins with it."""
    for found in app.synced:
        key = f'key="{found.key or found.parameter}"'
        yield Finding(
            code=RULE.code,
            name=RULE.name,
            message=f"`{found.parameter}` of the address is kept in step with this app's `st.{found.element}` by hand",
            help=f'give the widget `{key}` and `bind="query-params"`, which does both ways',
            place=found.place,
            severity=RULE.severity,
            related=(Related("the widget is drawn here", found.widget),),
            key=found.key,
        )
