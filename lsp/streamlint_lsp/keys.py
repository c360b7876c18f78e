"""How several features say where keys are, what they are set to, and how many."""

from __future__ import annotations

import os
from functools import lru_cache

from lsprotocol import types as t
from streamlint.statemap import Access

from streamlint_lsp.view import View

MAX_SOURCE = 60
"""Characters of code that are shown; what is longer is cut."""


def relative(view: View, path: str) -> str:
    """A file's path as people call it: seen from its app's folder, or from the folder of the file itself."""
    return _relative(path, os.path.dirname(view.maps[0].entry if view.maps else view.path))


@lru_cache(maxsize=4096)
def _relative(path: str, folder: str) -> str:
    try:
        return os.path.relpath(path, folder).replace(os.sep, "/")
    except ValueError:  # another drive
        return path


def line_of(view: View, access: Access) -> int | None:
    """The line of a key, from 1, as the files are now."""
    span, path = access.token or access.place.span, access.place.path
    moved, source = view.moved(span, path), view.newest(path)
    return source.line_of(moved.start) if moved is not None and source is not None else None


def where(view: View, access: Access) -> t.Location | None:
    """Where a key is spelled, as the files are now; None if that was edited since."""
    span = access.token or access.place.span
    range_ = view.range(span, access.place.path)
    return t.Location(view.uri(access.place.path), range_) if range_ is not None else None


def place_name(view: View, access: Access) -> str:
    """File and line."""
    line = line_of(view, access)
    name = relative(view, access.place.path)
    return f"{name}:{line}" if line is not None else name


def value_of(view: View, access: Access) -> str | None:
    """The source of what a key is set to, on one line and shortened."""
    source = view.text(access.place.path)
    span = access.value if access.use != "draws" else access.place.span
    return shortened(source.text[span.start : span.end]) if source is not None and span is not None else None


def shortened(code: str) -> str:
    """Code on one line, cut where it is long."""
    flat = " ".join(code.split())
    return flat if len(flat) <= MAX_SOURCE else flat[: MAX_SOURCE - 1].rstrip() + "…"


def counted(number: int, what: str) -> str:
    """`1 read`, `2 reads`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
