"""What stands above initialisers: how often a key is used, and where on a click."""

from __future__ import annotations

from collections.abc import Iterable

from lsprotocol import types as t
from streamlint.findings import Span
from streamlint.statemap import DRAWS, Access

from streamlint_lsp import keys, tables
from streamlint_lsp.view import View

COMMAND = "streamlint.showReferences"
"""What a click does. The client runs it: only the client can open a list of places.

The protocol knows no such command, and a lens whose command is empty is not allowed. So the command has a name of our
own, which an extension binds to what its editor has (`editor.action.showReferences` in VS Code, the quickfix list in
Neovim), with the document, the position and the places. The server does not advertise it: a client would then send it
here, where nothing can be done. A client that does not know the name still shows the text.
"""


def lenses(view: View) -> list[t.CodeLens]:
    """The lenses of a document, without what they say: that is found out for those that are seen."""
    found: list[t.CodeLens] = []
    for token, names in sorted(_begun(view).items()):
        range_ = view.range(token)
        if range_ is not None:
            found.append(t.CodeLens(range_, data={"uri": view.document.uri, "keys": names}))
    return found


def _begun(view: View) -> dict[Span, list[str]]:
    """The keys of the initialisers in the file, by what spells them. A widget whose key nobody else uses is none."""
    found: dict[Span, list[str]] = {}
    for key in sorted({access.key for each in view.maps for access in each.within(view.path) if access.exact}):
        used = any(access.use != DRAWS for access in tables.accesses(view.maps, key))
        for access in tables.initialisers(view.maps, key) if used else ():
            if access.place.path == view.path and access.token is not None:
                known = found.setdefault(access.token, [])
                known += [key] if key not in known else []
    return found


def resolve(view: View | None, lens: t.CodeLens) -> t.CodeLens:
    """The lens with its text and what a click on it shows."""
    names = lens.data.get("keys") if isinstance(lens.data, dict) else None
    if view is None or not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        lens.command = t.Command("session state", COMMAND, arguments=[])
        return lens
    here = t.Location(view.document.uri, lens.range)
    used = [access for name in names for access in tables.accesses(view.maps, name)]
    shown = [(access, keys.where(view, access)) for access in used]
    others = [(access, location) for access, location in shown if location != here]
    title = _title(view, names, [access for access, _ in others], [access for access, _ in shown])
    places = list({repr(location): location for _, location in others if location is not None}.values())
    lens.command = t.Command(title, COMMAND, arguments=[view.document.uri, lens.range.start, places])
    return lens


def _title(view: View, names: list[str], others: Iterable[Access], everything: Iterable[Access]) -> str:
    """`2 reads · 1 write · 3 pages`"""
    found = list(others)
    reads = len({(access.place, access.token) for access in found if access.use == "reads"})
    writes = len({(access.place, access.token) for access in found if access.writes})
    pages = {page for access in everything for page in access.pages}
    parts = [keys.counted(len(names), "key")] if len(names) > 1 else []
    parts.append(keys.counted(reads, "read") if reads else _unread(view, names))
    parts += [keys.counted(writes, "write")] if writes else []
    if any(each.pages for each in view.maps) and pages:
        parts.append(keys.counted(len(pages), "page"))
    return " · ".join(parts)


def _unread(view: View, names: list[str]) -> str:
    """A key that is made at run time may be this one."""
    dynamic = [access for each in view.maps for access in each.dynamic if access.use == "reads"]
    maybe = any(access.matches(name) for access in dynamic for name in names)
    return "never read by name" if maybe else "never read"
