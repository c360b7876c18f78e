"""How the rules make a finding of what `flow` found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streamlint.findings import Finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import Clash, MissingKey, Misuse


def finding(
    rule: Rule, found: MissingKey | Clash | Misuse, message: str, advice: str, repair: tuple[str, ...] = ()
) -> Finding:
    """The finding of what some run does, with its witness."""
    return Finding(
        code=rule.code,
        name=rule.name,
        message=message,
        help=advice,
        place=found.place,
        severity=rule.severity,
        confidence=found.confidence,
        witness=found.witness,
        related=found.related,
        key=found.key,
        repair=repair,
    )
