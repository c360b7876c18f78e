"""Findings as diagnostics."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from lsprotocol import types as t
from streamlint.findings import Applicability, Finding, Severity

from streamlint_lsp.view import View

SOURCE = "streamlint"
_SEVERITIES = {
    Severity.ERROR: t.DiagnosticSeverity.Error,
    Severity.WARNING: t.DiagnosticSeverity.Warning,
    Severity.HINT: t.DiagnosticSeverity.Hint,
}
_BY_NAME = {
    "error": t.DiagnosticSeverity.Error,
    "warning": t.DiagnosticSeverity.Warning,
    "information": t.DiagnosticSeverity.Information,
    "hint": t.DiagnosticSeverity.Hint,
}
_UNNECESSARY = frozenset({"STL504", "STL901"})
_RELATED = 40
"""More steps than this tell nobody anything."""


def diagnostics(view: View, related: bool = True) -> list[t.Diagnostic]:
    """All findings of a document whose code was not edited since. `related`: the client shows further places."""
    return [d for finding in view.answer.findings if (d := diagnostic(view, finding, related)) is not None]


def diagnostic(view: View, finding: Finding, related: bool = True) -> t.Diagnostic | None:
    """One finding; None if its code was edited since."""
    range_ = view.range(finding.place.span)
    if range_ is None:
        return None
    return t.Diagnostic(
        range=range_,
        message=f"{finding.message}\n{finding.help}" if finding.help else finding.message,
        severity=_severity(view, finding),
        code=finding.code,
        code_description=t.CodeDescription(finding.url),
        source=SOURCE,
        tags=[t.DiagnosticTag.Unnecessary] if finding.code in _UNNECESSARY else None,
        related_information=list(_related(view, finding))[:_RELATED] if related else None,
        data={"name": finding.name, "fixable": finding.fix is not None and _applies(finding)},
    )


def _severity(view: View, finding: Finding) -> t.DiagnosticSeverity:
    """As the rule says, if the user does not say otherwise."""
    wanted = view.options.severity_of(finding.code, finding.name)
    return _SEVERITIES[finding.severity] if wanted is None else _BY_NAME[wanted]


def _applies(finding: Finding) -> bool:
    return finding.fix is not None and finding.fix.applicability > Applicability.DISPLAY


def _related(view: View, finding: Finding) -> Iterator[t.DiagnosticRelatedInformation]:
    """The steps of the witness, then what else explains the finding. A step outside the code is told at the finding."""
    for number, step in enumerate(finding.witness, start=1):
        location = view.location(step.place or finding.place)
        if location is not None:
            yield t.DiagnosticRelatedInformation(location, f"{number}. {step.text}")
    for each in finding.related:
        location = view.location(each.place)
        if location is not None:
            yield t.DiagnosticRelatedInformation(location, each.text)


def result_id(items: list[t.Diagnostic]) -> str:
    """The same for the same diagnostics."""
    return hashlib.sha256(repr(items).encode("utf-8", "surrogatepass")).hexdigest()[:16]
