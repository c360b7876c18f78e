"""The apps of `streamlint/flow/cases/`: what a run of Session State must and must not be found to do.

Each Markdown file holds many small apps in the grammar of the rule pages (`pages.py`), one a heading, most of them in
pairs: an app that is right, and one that differs little and raises.
"""

from __future__ import annotations

from pathlib import Path

from pages import Case, parse
from streamlint.rules import all_rules

FOLDER = Path(__file__).parent / "streamlint" / "flow" / "cases"
CODES = tuple(rule.code for rule in all_rules() if rule.code.startswith(("STL1", "STL2", "STL3", "STL4")))


def flow_cases() -> list[Case]:
    """All cases, in the order of the files."""
    paths = sorted(FOLDER.glob("*.md"))
    return [case for path in paths for case in parse(path.read_text(encoding="utf-8"), path.stem)]
