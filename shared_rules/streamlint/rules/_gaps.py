"""What the fixes of the rules about missing keys have to know, as it travels in a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streamlint.findings import Finding
from streamlint.fixes.missing import Gap

if TYPE_CHECKING:
    from streamlint.flow import MissingKey

ABOUT_GAPS = frozenset({"STL101", "STL102", "STL103"})


def gap_of(missing: MissingKey) -> tuple[str, ...]:
    """`Finding.repair` of a missing key."""
    similar = missing.similar if len(missing.similar) == 1 else ()
    kind = "widget" if missing.of_widget else ""
    return (missing.verb, missing.script, missing.default, "stays" if missing.stays else "", kind, *similar)


def gap(finding: Finding) -> Gap:
    """The same, read back."""
    verb, script, default, stays, kind = finding.repair[:5]
    path, span = finding.place.path, finding.place.span
    return Gap(path, span, finding.key or "", verb, script, default, bool(stays), bool(kind))


def start_wanted(finding: Finding) -> Gap | None:
    """The gap, if the finding is about a key that somebody forgot to set: not one that is only misspelled."""
    return gap(finding) if finding.code in ABOUT_GAPS and len(finding.repair) == 5 else None
