"""The apps of `streamlint/style/`: a file for each rule of style, in the grammar of the rule pages (`pages.py`).

Only the rule that a file is named after is asked. Most apps show their `py fixed` text.
"""

from __future__ import annotations

from pathlib import Path

from pages import Case, parse
from streamlint.rules import rule

FOLDER = Path(__file__).parent / "streamlint" / "style"


def style_cases() -> list[Case]:
    """All cases, in the order of the files."""
    paths = sorted(FOLDER.glob("*.md"))
    return [case for path in paths for case in parse(path.read_text(encoding="utf-8"), path.stem)]


def own_rule(case: Case) -> str:
    """The code of the rule that the file of a case (or the page) is named after; "" for other files."""
    found = rule(case.page.replace("_", "-"))
    return found.code if found is not None else ""
