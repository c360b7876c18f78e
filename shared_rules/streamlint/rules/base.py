"""What a rule file declares about its rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, TypeAlias

from streamlint.findings import Finding, Fix, Severity
from streamlint.fixes import Files
from streamlint.records import immutable


class Availability(Enum):
    """Whether findings of a rule come with a fix."""

    NONE = "none"
    SOMETIMES = "sometimes"
    ALWAYS = "always"


@immutable
class Rule:
    """One rule. `name` is kebab-case and equals its file's name with `_` for `-`.

    `since` is the streamlint release that brought it. `versions` are the Streamlit releases (major.minor) it holds
    from and until, both inclusive; None is no bound. `summary` is one line for lists of rules."""

    code: str
    name: str
    since: str
    severity: Severity
    summary: str
    fix: Availability = Availability.NONE
    versions: tuple[str | None, str | None] = (None, None)

    @property
    def by_default(self) -> bool:
        """Hints are off until they are selected (design decision D9)."""
        return self.severity is not Severity.HINT

    def holds_for(self, version: tuple[int, int]) -> bool:
        """Whether the rule says something about this Streamlit release (major, minor)."""
        since, until = (_minor(bound) for bound in self.versions)
        return (since is None or since <= version) and (until is None or version <= until)


Check: TypeAlias = Callable[[Any], Iterator[Finding]]
"""`check(app)`: the findings of one rule in one analysed app (`streamlint.flow.AppResult`)."""

Repair: TypeAlias = Callable[[Finding, Files], Fix | None]
"""`fix(finding, files)`: the fix of one of the rule's findings, built when it is asked for, or None."""


def _minor(bound: str | None) -> tuple[int, int] | None:
    if bound is None:
        return None
    major, minor = bound.split(".")[:2]
    return int(major), int(minor)
