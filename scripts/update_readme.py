"""Writes the table of rules into README.md, between its two markers.

python scripts/update_readme.py
"""

from __future__ import annotations

import sys
from pathlib import Path

from streamlint.rules import Availability, all_rules

README = Path(__file__).resolve().parent.parent / "README.md"
BEGIN = "<!-- rules: begin (written by scripts/update_readme.py) -->\n"
END = "<!-- rules: end -->\n"
FIXES = {Availability.NONE: "", Availability.SOMETIMES: "sometimes", Availability.ALWAYS: "yes"}


def table() -> str:
    """The rules as a Markdown table, sorted by code."""
    rows = ["| Code | Name | What it finds | Severity | Fix | Default |", "|---|---|---|---|---|---|"]
    for rule in all_rules():
        page = f"shared_rules/streamlint/rules/{rule.name.replace('-', '_')}.md"
        cells = (rule.code, f"[{rule.name}]({page})", rule.summary, rule.severity.value, FIXES[rule.fix])
        rows.append(f"| {' | '.join(cells)} | {'on' if rule.by_default else 'off'} |")
    return "\n".join(rows) + "\n"


def updated(readme: str) -> str:
    """The text with the table of today. Raises `ValueError` where a marker is missing."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"README.md needs the lines {BEGIN!r} and {END!r}")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def main() -> int:
    text = README.read_text(encoding="utf-8")
    if sys.argv[1:] == ["--check"]:
        return int(updated(text) != text)
    README.write_text(updated(text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
