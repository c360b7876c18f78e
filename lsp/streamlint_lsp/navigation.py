"""From one use of a key to the others."""

from __future__ import annotations

from collections.abc import Iterable

from lsprotocol import types as t
from streamlint.statemap import DELETES, DRAWS, Access, StateMap

from streamlint_lsp.view import View


def definition(view: View, position: t.Position) -> list[t.Location] | None:
    """Where the keys at a position get their first value, in all apps that run the file."""
    found = [a for each, access in _exact(view, position) for a in each.initialisers(access.key)]
    return _locations(view, found)


def references(view: View, position: t.Position, declarations: bool) -> list[t.Location] | None:
    """All uses of the keys at a position; `declarations` says whether those that give the first value count."""
    found: list[Access] = []
    for each, access in _exact(view, position):
        left_out = () if declarations else each.initialisers(access.key)
        found += [a for a in each.keys[access.key] if a not in left_out]
    return _locations(view, found)


def highlights(view: View, position: t.Position) -> list[t.DocumentHighlight] | None:
    """The uses of the keys at a position in this file."""
    found: dict[tuple[int, int, int, int], t.DocumentHighlight] = {}
    for each, access in _exact(view, position):
        for other in each.within(view.path):
            range_ = view.range(view.spelling(other).span) if other.exact and other.key == access.key else None
            if range_ is None:
                continue
            known = found.get(_order(range_))
            if known is None or known.kind == t.DocumentHighlightKind.Read:
                found[_order(range_)] = t.DocumentHighlight(range_, _kind(other))
    return [found[at] for at in sorted(found)] or None


def _exact(view: View, position: t.Position) -> list[tuple[StateMap, Access]]:
    return [(each, access) for each, access in view.accesses(position) if access.exact]


def _kind(access: Access) -> t.DocumentHighlightKind:
    writes = access.writes or access.use in (DELETES, DRAWS)
    return t.DocumentHighlightKind.Write if writes else t.DocumentHighlightKind.Read


def _locations(view: View, accesses: Iterable[Access]) -> list[t.Location] | None:
    """Each place once, in order; None for none."""
    found: dict[tuple[str, tuple[int, int, int, int]], t.Location] = {}
    for access in accesses:
        location = view.location(view.spelling(access))
        if location is not None:
            found[location.uri, _order(location.range)] = location
    return [found[at] for at in sorted(found)] or None


def _order(range_: t.Range) -> tuple[int, int, int, int]:
    return range_.start.line, range_.start.character, range_.end.line, range_.end.character
