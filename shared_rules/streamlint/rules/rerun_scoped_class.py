"""STL212: Object of a class that each run defines anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules._findings import finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Misuse

RULE = Rule(
    code="STL212",
    name="rerun-scoped-class",
    since="0.1.0",
    severity=Severity.WARNING,
    summary="Object of a class that each run defines anew",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each key that holds objects of such a class, where the first comparison with it is."""
    seen: set[tuple[str, ...]] = set()
    for misuse in app.misuses:
        if misuse.kind == "scoped class":
            _, key, cls, _ = misuse.about
            if (key, cls) not in seen:
                seen.add((key, cls))
                yield finding(RULE, misuse, message(misuse), advice(misuse))


def message(misuse: Misuse) -> str:
    _, key, cls, use = misuse.about
    failing = {
        "asks for the class of": "is no instance of this run's",
        "looks up": "is not found among this run's",
        "searches": "is not found among this run's",
    }.get(use, "is not equal to this run's")
    return f"each run defines `{cls}` anew: what an earlier run has stored as `{key}` {failing}"


def advice(misuse: Misuse) -> str:
    return f"define `{misuse.about[2]}` in a module and import it, or store and compare a text or number"
