"""STL501: Guarded initialisation that `setdefault` says in one line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Applicability, Finding, Fix, Severity
from streamlint.fixes import Files, finished, guards
from streamlint.rules.base import Availability, Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult, Guard

RULE = Rule(
    code="STL501",
    name="use-setdefault",
    since="0.1.0",
    severity=Severity.HINT,
    summary="Guarded initialisation that `setdefault` says in one line",
    fix=Availability.ALWAYS,
)
SAFE = "safe"


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each `if` that does nothing but initialise keys with values that cost nothing."""
    for guard in app.guards:
        exact = guard.form == "absent" and guard.plain and (guard.together or not guard.several)
        yield Finding(
            code=RULE.code,
            name=RULE.name,
            message=message(guard),
            help="call `st.session_state.setdefault`" + (", once for each key" if guard.several else ""),
            place=guard.place,
            severity=RULE.severity,
            key=guard.keys[0],
            repair=(SAFE,) if exact else (),
        )


def message(guard: Guard) -> str:
    keys = ", ".join(f"`{key}`" for key in guard.keys[:3]) + (", …" if len(guard.keys) > 3 else "")
    if guard.several:
        return f"one test guards {keys}: where the keys part ways, some stay unset; `setdefault` looks at each"
    return f"a statement of its own sets {keys} if not set yet: `setdefault` says that in one line"


def fix(finding: Finding, files: Files) -> Fix | None:
    """Not exact is a test of the value (a stored None or 0 stays with `setdefault`), one test for several keys, and a
    value that is more than literals and names."""
    path = finding.place.path
    syntax = files.syntax(path)
    rewrite = guards.as_setdefault(syntax, finding.place.span) if syntax is not None else None
    if rewrite is None:
        return None
    exact = SAFE in finding.repair and rewrite.exact
    applicability = Applicability.SAFE if exact else Applicability.UNSAFE
    return finished("Replace with `setdefault`", path, files, {path: rewrite.edits}, applicability)
