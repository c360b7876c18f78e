"""STL901: a suppression comment that suppresses nothing of ours.

Which comments were of use is only known after everything else has been reported, so `streamlint.lint` makes these
findings; this file declares the rule, so that it can be selected, listed and explained like any other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from streamlint.findings import Finding, Severity
from streamlint.rules.base import Rule

RULE = Rule(
    code="STL901",
    name="unused-noqa",
    since="0.1",
    severity=Severity.HINT,
    summary="A suppression comment names a rule that reports nothing there",
)


def check(app: Any) -> Iterator[Finding]:
    """Nothing: see `streamlint.lint`."""
    yield from ()
