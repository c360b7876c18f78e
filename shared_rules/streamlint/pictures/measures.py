"""Sizes, in pixels. Nobody knows the reader's fonts: texts are as wide as most fixed-width fonts make them."""

from __future__ import annotations

import math
from collections.abc import Iterable

from streamlint.source import display_width

MARGIN = 28
TOP = 52
"""Where the nodes begin, below the names of the columns."""
PORT = 14
"""Between two lines that end at the same side of a node."""
LABEL_CELL, DETAIL_CELL = 8.0, 6.7
"""The width of a character of a label and of what stands below it."""
MOST_LABEL, MOST_DETAIL = 30, 36
"""What has more characters is cut."""
PADDING = 16
BADGE = 24


def height(lines: int) -> int:
    """The height of a node at a side of which so many lines end."""
    return max(44, PORT * (lines + 1))


def column_width(texts: Iterable[tuple[str, str, bool]]) -> int:
    """The width of nodes with these labels and details, and a badge or none."""
    widths = (
        max(cells(label, MOST_LABEL) * LABEL_CELL + BADGE * badge, cells(detail, MOST_DETAIL) * DETAIL_CELL)
        for label, detail, badge in texts
    )
    return math.ceil(max(112, *widths) + 2 * PADDING)


def gap(links: int) -> int:
    """Between two columns: the more lines there are, the more room they need to part."""
    return 190 + min(150, links)


def cells(text: str, most: int) -> int:
    return min(display_width(shown(text)), most)


def cut(text: str, most: int) -> str:
    """The text on one line, with "…" for what is too long."""
    flat = shown(text)
    if display_width(flat) <= most:
        return flat
    while display_width(flat) > most - 1:
        flat = flat[:-1]
    return flat + "…"


def shown(text: str) -> str:
    """The text with pictures or escapes for what cannot be seen."""
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(char: str) -> str:
    if char.isprintable():
        return char
    if char == "\u200d":  # what joins emoji
        return char
    return chr(0x2400 + ord(char)) if ord(char) < 0x20 else char.encode("unicode_escape").decode()
