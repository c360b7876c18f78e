"""What the rules about the order of a run share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streamlint.findings import Finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import Clash


def finding(rule: Rule, clash: Clash, message: str, advice: str) -> Finding:
    """The finding of a line that raises, with its witness."""
    return Finding(
        code=rule.code,
        name=rule.name,
        message=message,
        help=advice,
        place=clash.place,
        severity=rule.severity,
        confidence=clash.confidence,
        witness=clash.witness,
        related=clash.related,
        key=clash.key,
    )
