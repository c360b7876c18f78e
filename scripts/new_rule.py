"""Begins a rule: its file, and the page that is both its documentation and its test.

    python scripts/new_rule.py STL227 stale-copy

Exits 2 and writes nothing where the code or the name is not of the right form or is taken.
"""

from __future__ import annotations

import sys
from pathlib import Path

from streamlint.findings import Severity
from streamlint.rules import all_rules

RULES = Path(__file__).resolve().parent.parent / "shared_rules" / "streamlint" / "rules"
SEVERITIES = {"1": "ERROR", "2": "WARNING", "3": "WARNING", "4": "WARNING", "5": "HINT", "9": "HINT"}
"""The hundred of a code says the consequence: the app raises, state is lost, state leaks, cost, style, housekeeping."""

CODE = '''"""{code}: what it finds, in one line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Severity
from streamlint.rules.base import Rule

if TYPE_CHECKING:
    from streamlint.flow import AppResult

RULE = Rule(
    code="{code}",
    name="{name}",
    since="{since}",
    severity=Severity.{severity},
    summary="What it finds, in one line",
)


def check(app: AppResult) -> Iterator[Finding]:
    """One finding for each ..."""
    yield from ()
'''

PAGE = """# {name} ({code})

## What it does

Finds ...

## Why is this bad?

...

## Example

```py
import streamlit as st

st.write(st.session_state.rows)  # error: {code} AttributeError
```

Use instead:

```py
import streamlit as st

st.session_state.setdefault("rows", [])
st.write(st.session_state.rows)
```

## Witness explanation

...

## When not to use it

...

## References

- [Streamlit documentation: Session State](https://docs.streamlit.io/develop/concepts/architecture/session-state)
"""


def problem(code: str, name: str) -> str | None:
    """Why no rule can be begun with this code and name, or None."""
    if not (code.startswith("STL") and code[3:].isdigit() and len(code) == 6 and code[3] in SEVERITIES):
        return f"{code}: a code is STL and three digits, the first of them one of {', '.join(SEVERITIES)}"
    if not all(word.isalnum() and word.islower() for word in name.split("-")):
        return f"{name}: a name is words of small letters joined by hyphens, such as set-after-widget"
    taken = [rule for rule in all_rules() if code == rule.code or name == rule.name]
    return f"taken by {taken[0].code} ({taken[0].name})" if taken else None


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        print("usage: python scripts/new_rule.py CODE NAME", file=sys.stderr)
        return 2
    code, name = arguments
    if why := problem(code, name):
        print(f"scripts/new_rule.py: {why}", file=sys.stderr)
        return 2
    from streamlint import __version__

    words = {"code": code, "name": name, "since": __version__, "severity": Severity[SEVERITIES[code[3]]].name}
    for suffix, template in ((".py", CODE), (".md", PAGE)):
        path = RULES / f"{name.replace('-', '_')}{suffix}"
        path.write_text(template.format(**words), encoding="utf-8")
        print(f"wrote {path}")
    print("Now fill in both, run `python scripts/update_readme.py` and `pytest -k", f"{name.replace('-', '_')}`.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
