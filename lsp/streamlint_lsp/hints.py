"""Types beside keys."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types as t
from streamlint.facts.sites import ITEM
from streamlint.statemap import Access

from streamlint_lsp import keys
from streamlint_lsp.view import View


def hints(view: View, range_: t.Range) -> list[t.InlayHint]:
    """The types of keys in a range: at their initialisers, and where the file reads them first."""
    wanted = view.positions.span(range_)
    found: list[t.InlayHint] = []
    for access in _shown(view):
        moved = view.moved(access.token) if access.token is not None else None
        type_ = keys.type_of(view.maps, access.key)
        position = _behind(view, access)
        if moved is None or type_ is None or position is None:
            continue
        if moved.start <= wanted.end and wanted.start <= moved.end:
            found.append(t.InlayHint(position, f": {type_}", t.InlayHintKind.Type))
    return found


def _shown(view: View) -> Iterator[Access]:
    """The accesses that get a hint, in order. An expression that stands for several keys gets none."""
    mine = [access for each in view.maps for access in each.within(view.path) if access.token is not None]
    begun = {access for each in view.maps for key in each.keys for access in each.initialisers(key)}
    read: set[str] = set()
    told: set[object] = set()
    for access in sorted(mine, key=lambda each: (each.place.span, each.use)):
        first = access.reads and access.key not in read
        read |= {access.key} if access.reads else set()
        alone = all(other.key == access.key for other in mine if other.token == access.token)
        if access.exact and alone and (first or access in begun) and access.token not in told:
            told.add(access.token)
            yield access


def _behind(view: View, access: Access) -> t.Position | None:
    """The place behind a key; behind the bracket if it is in one."""
    assert access.token is not None
    shown = view.range(access.place.span if access.form == ITEM else access.token)
    return shown.end if shown is not None else None
