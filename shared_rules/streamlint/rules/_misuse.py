"""What the rules about misuses of Streamlit share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streamlint.findings import Finding
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import Misuse


def finding(rule: Rule, misuse: Misuse, message: str, advice: str) -> Finding:
    """The finding of a misuse, with its witness."""
    return Finding(
        code=rule.code,
        name=rule.name,
        message=message,
        help=advice,
        place=misuse.place,
        severity=rule.severity,
        confidence=misuse.confidence,
        witness=misuse.witness,
        related=misuse.related,
        key=misuse.key or None,
    )
