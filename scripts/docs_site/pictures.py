"""Drawings stand in the page itself, so that they take its colours and their text can be read and found."""

from __future__ import annotations

import posixpath
import re
from html import escape
from pathlib import Path

_IMAGE = re.compile(r"^!\[([^\]]*)\]\(([^)\s]+\.svg)\)$", re.MULTILINE)
DRAWN = 'class="sl-picture"'
"""What the pictures have that are made for this."""


def inlined(markdown: str, docs: Path, page: str) -> str:
    def replace(match: re.Match[str]) -> str:
        path = docs / posixpath.normpath(posixpath.join(posixpath.dirname(page), match[2]))
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        return _figure(text, match[1]) if DRAWN in text else match[0]

    return _IMAGE.sub(replace, markdown)


def _figure(svg: str, words: str) -> str:
    """The picture without its own style sheet, which `assets/site.css` has too."""
    svg = re.sub(r"<style>.*?</style>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"\n\s*\n", "\n", svg.strip())
    return f'<figure class="sl-figure" role="img" aria-label="{escape(words)}">{svg}</figure>'
