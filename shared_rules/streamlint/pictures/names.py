"""What files are called in pictures."""

from __future__ import annotations

import os

DIGITS = "0123456789"


def relative(path: str, root: str) -> str:
    """A path seen from a folder, with slashes; as it is if it lies on another drive."""
    try:
        return os.path.relpath(path, root).replace(os.sep, "/")
    except ValueError:
        return path.replace(os.sep, "/")


def page_name(path: str) -> str:
    """A script as Streamlit's sidebar shows it: `1_🍵_Our_tea.py` is "🍵 Our tea"."""
    stem = os.path.basename(path).removesuffix(".py")
    rest = stem.lstrip(DIGITS)
    number = stem[: len(stem) - len(rest)]
    words = rest.lstrip("_ -").replace("_", " ").split(" ")
    return " ".join(filter(None, words)) or number or stem


def sidebar_order(path: str) -> tuple[float, str]:
    """Numbered pages come first, in the order of their numbers, then all others by name."""
    stem = os.path.basename(path).removesuffix(".py")
    rest = stem.lstrip(DIGITS)
    number = stem[: len(stem) - len(rest)]
    return (float(number) if number else float("inf"), rest.lstrip("_ -").lower())
