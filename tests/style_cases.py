"""The apps of `streamlint/style/`: a file for each rule of style, in the grammar of the rule pages (`pages.py`); and
those of `streamlint/repairs/`, for the fixes of other rules.

Only the rule that a file is named after is asked. Most apps show their `py fixed` text.
"""

from __future__ import annotations

from pathlib import Path

from pages import Case, parse
from streamlint.rules import rule

FOLDER = Path(__file__).parent / "streamlint" / "style"
REPAIRS = Path(__file__).parent / "streamlint" / "repairs"


def style_cases(folder: Path = FOLDER) -> list[Case]:
    """All cases of a folder, in the order of the files."""
    paths = sorted(folder.glob("*.md"))
    return [case for path in paths for case in parse(path.read_text(encoding="utf-8"), path.stem)]


def repair_cases() -> list[Case]:
    """The cases of fixes of rules that are not about style."""
    return style_cases(REPAIRS)


def own_rule(case: Case) -> str:
    """The code of the rule that the file of a case (or the page) is named after; "" for other files."""
    found = rule(case.page.replace("_", "-"))
    return found.code if found is not None else ""
