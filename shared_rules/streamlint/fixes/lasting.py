"""Widgets that keep their value, where Streamlit can."""

from __future__ import annotations

from streamlint.findings import Applicability, Finding, Fix
from streamlint.fixes import small
from streamlint.fixes.building import Files, finished


def lasting(finding: Finding, files: Files, scope: str) -> Fix | None:
    """The finding's widget with `persist_state=scope`: unsafe, as it then is what the user left it at."""
    path = finding.place.path
    syntax = files.syntax(path)
    if syntax is None or not finding.repair:
        return None
    edits = small.with_argument(syntax, finding.place.span, "persist_state", syntax.quoted(scope))
    return finished("Keep the value", path, files, {path: edits}, Applicability.UNSAFE) if edits else None
