"""STL502: Key initialised in several places with different values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Related, Severity
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult

RULE = Rule(
    code="STL502",
    name="scattered-initialization",
    since="0.1.0",
    severity=Severity.HINT,
    summary="Key initialised in several places with different values",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each place that initialises a key with another value than the first one."""
    for key, later, first in app.scattered:
        yield Finding(
            code=RULE.code,
            name=RULE.name,
            message=f"`{key}` is initialised here and elsewhere, with different values: whichever runs first wins",
            help="initialise the key in one place, which every page runs",
            place=later.place,
            severity=RULE.severity,
            related=(Related(f"`{key}` is initialised with another value here", first.place),),
            key=key,
        )
