"""The pages of the documentation whose examples are apps, in the grammar of the rule pages."""

from __future__ import annotations

from pathlib import Path

from pages import Case, parse

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = ("session-state.md", "tutorial.md", "faq.md", "index.md")


def docs_cases() -> list[Case]:
    """The cases of all these pages."""
    return [case for name in PAGES for case in parse((DOCS / name).read_text(encoding="utf-8"), name)]
