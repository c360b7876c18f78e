"""What several features say of keys: types, places, counts."""

from __future__ import annotations

import os
from collections.abc import Iterable

from lsprotocol import types as t
from streamlint.statemap import Access, StateMap

from streamlint_lsp.view import View

MAX_SOURCE = 60
"""Characters of code that are shown; what is longer is cut."""


def type_of(maps: Iterable[StateMap], key: str) -> str | None:
    """The types of what a key holds, as an annotation; None where they are not known."""
    found = dict.fromkeys(name for each in maps for name in each.types.get(key, ()))
    names = [name for name in found if name != "None"] + ["None"] * ("None" in found)
    return " | ".join(names) or None


def accesses(maps: Iterable[StateMap], key: str) -> tuple[Access, ...]:
    """All accesses of a key in these apps; those of files that several apps run count once."""
    found = {(each.place, each.token, each.use): each for map_ in maps for each in map_.keys.get(key, ())}
    return tuple(sorted(found.values(), key=lambda each: each.place))


def initialisers(maps: Iterable[StateMap], key: str) -> tuple[Access, ...]:
    """Where a key gets its first value in these apps."""
    found = {(each.place, each.token): each for map_ in maps for each in map_.initialisers(key)}
    return tuple(sorted(found.values(), key=lambda each: each.place))


def relative(view: View, path: str) -> str:
    """A file's path as people call it: seen from its app's folder, or from the folder of the file itself."""
    entry = view.maps[0].entry if view.maps else view.path
    try:
        found = os.path.relpath(path, os.path.dirname(entry))
    except ValueError:  # another drive
        return path
    return found.replace(os.sep, "/")


def line_of(view: View, access: Access) -> int | None:
    """The line of a key, from 1, as the files are now."""
    location = where(view, access)
    return location.range.start.line + 1 if location is not None else None


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
