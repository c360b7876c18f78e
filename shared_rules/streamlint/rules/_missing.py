"""What the three rules about missing keys share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streamlint.findings import Finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import MissingKey


def finding(rule: Rule, missing: MissingKey, message: str, advice: str) -> Finding:
    """The finding of a failed read, with its witness."""
    return Finding(
        code=rule.code,
        name=rule.name,
        message=message,
        help=advice,
        place=missing.place,
        severity=rule.severity,
        confidence=missing.confidence,
        witness=missing.witness,
        related=missing.related,
        key=missing.key,
    )
