"""STL504: Key that is set and never read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Applicability, Finding, Fix, Related, Severity, Span
from streamlint.fixes import Files, finished, unused
from streamlint.rules.base import Availability, Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult

RULE = Rule(
    code="STL504",
    name="unused-key",
    since="0.1.0",
    severity=Severity.HINT,
    summary="Key that is set and never read",
    fix=Availability.SOMETIMES,
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each key that the app only sets, at the first place that does."""
    for found in app.unused:
        first, *others = found.places
        yield Finding(
            code=RULE.code,
            name=RULE.name,
            message=f"`{found.key}` is set here, and nothing in the app looks at it",
            help="leave it out, or read it where it was meant to be read",
            place=first,
            severity=RULE.severity,
            related=tuple(Related(f"`{found.key}` is set here too", place) for place in others),
            key=found.key,
        )


def fix(finding: Finding, files: Files) -> Fix | None:
    """The key is set nowhere any more: unsafe, since code that streamlint does not see may read it; only shown where
    the values are computed."""
    key = finding.key or ""
    places: dict[str, list[Span]] = {}
    for place in (finding.place, *(related.place for related in finding.related)):
        places.setdefault(place.path, []).append(place.span)
    edits, applicability = {}, Applicability.UNSAFE
    for path, spans in places.items():
        syntax = files.syntax(path)
        removal = unused.without_key(syntax, spans, key) if syntax is not None else None
        if removal is None:
            return None
        edits[path] = removal.edits
        applicability = min(applicability, removal.applicability)
    return finished(f"Remove `{key}`", finding.place.path, files, edits, applicability)
