"""State maps as clients are told of them: files by URI, places as ranges in the columns that the client counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from lsprotocol import types as t
from streamlint.findings import Finding, Place
from streamlint.pictures.places import Json, Places
from streamlint.source import SourceText
from streamlint.statemap import StateMap

from streamlint_lsp.positions import Positions


@dataclass(frozen=True)
class Maps:
    """The state maps of some apps, and what is wrong in their files."""

    root: str
    maps: tuple[StateMap, ...] = ()
    findings: tuple[Finding, ...] = ()


class _Texts:
    """The texts that places count in, each looked up once."""

    def __init__(self, text: Callable[[str], SourceText | None], encoding: str) -> None:
        self._text = text
        self._encoding = encoding
        self._known: dict[str, Positions | None] = {}

    def range_(self, place: Place) -> Json | None:
        """None for a file that is gone."""
        if place.path not in self._known:
            source = self._text(place.path)
            self._known[place.path] = Positions(source, self._encoding) if source is not None else None
        positions = self._known[place.path]
        return _as_json(positions.range(place.span)) if positions is not None else None


def places(uri: Callable[[str], str], text: Callable[[str], SourceText | None], encoding: str) -> Places:
    """How places are told to a client. `uri` names a file, `text` is what its places count in."""
    range_ = _Texts(text, encoding).range_
    return Places(uri, partial(_place, uri, range_), range_)


def _place(uri: Callable[[str], str], range_: Callable[[Place], Json | None], place: Place) -> Json:
    return {"uri": uri(place.path), "range": range_(place)}


def _as_json(range_: t.Range) -> Json:
    ends = (("start", range_.start), ("end", range_.end))
    return {end: {"line": at.line, "character": at.character} for end, at in ends}
