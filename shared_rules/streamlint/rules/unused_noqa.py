"""STL901: a suppression comment that suppresses nothing of ours.

Which comments were of use is only known after everything else has been reported, so `streamlint.lint` asks for these
findings; this file declares the rule, so that it can be selected, listed and explained like any other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from streamlint.findings import Finding, Place, Severity
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.suppressions import Suppressions

RULE = Rule(
    code="STL901",
    name="unused-noqa",
    since="0.1",
    severity=Severity.HINT,
    summary="A suppression comment names a rule that reports nothing there",
)


def check(app: Any) -> Iterator[Finding]:
    """Nothing: see `findings`."""
    yield from ()


def findings(path: str, comments: Suppressions, on: Mapping[str, str]) -> Iterator[Finding]:
    """The comments of a file that suppressed nothing, after everything was held against them.

    `on` are the rules that ran there, code to name: a comment for another rule may yet be of use."""
    for comment in comments.unused(on.values()):
        useless = [code for code in comment.codes if _is_on(code, on)]
        if useless:
            yield Finding(
                code=RULE.code,
                name=RULE.name,
                message=f"This comment suppresses nothing: {', '.join(useless)} reports nothing here",
                help="remove the comment, or the codes that are of no use",
                place=Place(path, comment.span),
                severity=RULE.severity,
            )


def _is_on(written: str, on: Mapping[str, str]) -> bool:
    return written in on.values() or any(code.startswith(written) for code in on)
