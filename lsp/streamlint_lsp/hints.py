"""Types beside keys."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types as t
from streamlint.facts.sites import ITEM
from streamlint.findings import Span
from streamlint.statemap import Access

from streamlint_lsp import tables
from streamlint_lsp.view import View


def hints(view: View, range_: t.Range) -> list[t.InlayHint]:
    """The types of keys in a range: at their initialisers, and where the file reads them first."""
    wanted = view.positions.span(range_)
    found: list[t.InlayHint] = []
    for access in _shown(view):
        moved = view.moved(access.token) if access.token is not None else None
        if moved is None or moved.end < wanted.start or wanted.end < moved.start:
            continue
        type_, position = tables.type_of(view.maps, access.key), _behind(view, access)
        if type_ is not None and position is not None:
            found.append(t.InlayHint(position, f": {type_}", t.InlayHintKind.Type))
    return found


def _shown(view: View) -> Iterator[Access]:
    """The accesses that get a hint, in order. An expression that stands for several keys gets none."""
    mine = [access for each in view.maps for access in each.within(view.path) if access.token is not None]
    named: dict[Span | None, set[str]] = {}
    for access in mine:
        named.setdefault(access.token, set()).add(access.key)
    begun = {
        access.token
        for key in {access.key for access in mine}
        for access in tables.initialisers(view.maps, key)
        if access.place.path == view.path
    }
    read: set[str] = set()
    told: set[object] = set()
    for access in sorted(mine, key=lambda each: (each.place.span, each.use)):
        first = access.use == "reads" and access.key not in read
        read |= {access.key} if first else set()
        wanted = access.exact and len(named[access.token]) == 1 and (first or access.token in begun)
        if wanted and access.token not in told:
            told.add(access.token)
            yield access


def _behind(view: View, access: Access) -> t.Position | None:
    """The place behind a key; behind the bracket if it is in one."""
    assert access.token is not None
    shown = view.range(access.place.span if access.form == ITEM else access.token)
    return shown.end if shown is not None else None
