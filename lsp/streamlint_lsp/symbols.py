"""Keys as symbols: those of a document, and those of all apps of the client's folders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from lsprotocol import types as t
from pygls.uris import from_fs_path
from streamlint.statemap import Access

from streamlint_lsp import keys, tables
from streamlint_lsp.documents import Document
from streamlint_lsp.projects import Answer
from streamlint_lsp.view import View

if TYPE_CHECKING:
    from streamlint_lsp.server import Server

MANY = 2000
"""More symbols than this are no answer to anything."""


def is_hierarchical(capabilities: t.ClientCapabilities) -> bool:
    text = capabilities.text_document
    symbol = text.document_symbol if text else None
    return bool(symbol and symbol.hierarchical_document_symbol_support)


def _kind(known: t.ClientSymbolKindOptions | None) -> t.SymbolKind:
    """`Key`, for clients that say that they know it."""
    knows = known is not None and t.SymbolKind.Key in (known.value_set or ())
    return t.SymbolKind.Key if knows else t.SymbolKind.Field


# --- of a document -------------------------------------------------------------------------------------------


def document(view: View, capabilities: t.ClientCapabilities) -> list[t.DocumentSymbol] | list[t.SymbolInformation]:
    """The keys of a document; flat for clients that want it so."""
    text = capabilities.text_document
    kind = _kind(text.document_symbol.symbol_kind if text and text.document_symbol else None)
    made = [_symbol(view, key, found, kind) for key, found in _keys(view).items()]
    tree = [symbol for symbol in made if symbol is not None]
    tree.sort(key=lambda symbol: (symbol.selection_range.start.line, symbol.selection_range.start.character))
    if is_hierarchical(capabilities):
        return tree
    return [
        t.SymbolInformation(t.Location(view.document.uri, each.selection_range), each.name, each.kind) for each in tree
    ]


def _keys(view: View) -> dict[str, list[Access]]:
    """The accesses in the document by key, in order."""
    found: dict[str, dict[object, Access]] = {}
    for each in view.maps:
        for access in each.within(view.path):
            if access.exact and access.token is not None:
                found.setdefault(access.key, {}).setdefault((access.token, access.use), access)
    return {key: sorted(known.values(), key=lambda each: each.place) for key, known in found.items()}


def _symbol(view: View, key: str, found: Sequence[Access], kind: t.SymbolKind) -> t.DocumentSymbol | None:
    """One key: at its initialiser, or where the file uses it first. What is done elsewhere is below it, wherever it
    stands; the protocol asks only that a symbol's own range has its name."""
    begun = {access.place for access in tables.initialisers(view.maps, key)}
    chosen = next((access for access in found if access.place in begun), found[0])
    others = [access for access in found if access.token != chosen.token]
    made = _made(view, chosen, key or '""', kind, tables.type_of(view.maps, key))
    if made is not None:
        below = [_made(view, each, each.use, t.SymbolKind.Property, each.function or None) for each in others]
        made.children = [child for child in below if child is not None]
    return made


def _made(view: View, access: Access, name: str, kind: t.SymbolKind, detail: str | None) -> t.DocumentSymbol | None:
    whole, token = view.range(access.place.span), view.range(access.token or access.place.span)
    return t.DocumentSymbol(name, kind, whole, token, detail) if whole is not None and token is not None else None


# --- of everything -------------------------------------------------------------------------------------------


async def workspace(server: Server, query: str) -> list[t.SymbolInformation]:
    """The keys of all apps whose name has the letters of the query in their order."""
    found: dict[object, tuple[tuple[int, str], t.SymbolInformation]] = {}
    workspace = server.client_capabilities.workspace
    kind = _kind(workspace.symbol.symbol_kind if workspace and workspace.symbol else None)
    for folder in server.workspaces.folders.values():
        if not server.workspaces.options(folder).enable:
            continue
        answers = await server.session.ask(lambda projects, at=folder: projects.maps(at))  # type: ignore[misc]
        for answer in answers:
            for symbol in _of_app(_view(server, answer), query, kind):
                rank = (_distance(symbol.name, query), symbol.name)
                found.setdefault((symbol.name, repr(symbol.location)), (rank, symbol))
    return [symbol for _, symbol in sorted(found.values(), key=lambda each: each[0])][:MANY]


def _view(server: Server, answer: Answer) -> View:
    """An app seen from its entrypoint, whether or not that is open."""
    known = server.session.documents.get(answer.path)
    shown = known or Document(str(from_fs_path(answer.path)), answer.path, 0, answer.source)
    return View(shown, answer, server.session.documents, server.encoding)


def _of_app(view: View, query: str, kind: t.SymbolKind) -> Iterable[t.SymbolInformation]:
    for each in view.maps:
        for key in each.keys:
            if not tables.is_subsequence(query, key):
                continue
            places = each.initialisers(key) or each.keys[key]
            location = next((found for place in places if (found := keys.where(view, place)) is not None), None)
            if location is not None:
                yield t.SymbolInformation(location, key or '""', kind, container_name=_container(view, each.entry))


def _container(view: View, entry: str) -> str:
    return f"session state of {keys.relative(view, entry)}"


def _distance(key: str, query: str) -> int:
    """The smaller, the more the key looks like the query."""
    key, query = key.casefold(), query.casefold()
    return 0 if key == query else 1 if key.startswith(query) else 2 if query in key else 3
