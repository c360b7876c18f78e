"""Another name for a key, in all apps that have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types as t
from pygls.exceptions import JsonRpcContentModified
from streamlint.findings import FileEdits, Place, Span
from streamlint.fixes.renaming import inside
from streamlint.renaming import Refused
from streamlint.source import SourceText

from streamlint_lsp.positions import Positions
from streamlint_lsp.view import View

if TYPE_CHECKING:
    from streamlint_lsp.server import Server


async def prepare(server: Server, view: View, position: t.Position) -> t.PrepareRenamePlaceholder | None:
    """The characters of the key at a position. A name that stands for a key is the Python server's to rename."""
    found = await _spelled(server, view, position)
    if found is None:
        return None
    key, place = found
    range_ = view.range(place.span)
    return t.PrepareRenamePlaceholder(range=range_, placeholder=key) if range_ is not None else None


async def rename(server: Server, view: View, position: t.Position, name: str) -> t.WorkspaceEdit | None:
    """The edits that rename the key at a position. Raises `Refused`; gives None where there is no key."""
    if not view.current:
        raise Refused("The file is no valid Python at the moment.")
    spelled = await _spelled(server, view, position)
    keys = {access.key for _, access in view.accesses(position) if access.exact}
    if spelled is None and len(keys) != 1:
        if keys:
            raise Refused("What stands here is several keys.")
        return None
    key = spelled[0] if spelled is not None else keys.pop()
    found = await server.session.ask(lambda projects: projects.rename(view.path, key, name))
    if spelled is not None and not _has(found, spelled[1]):
        raise Refused(f'What stands here is not what spells the key "{key}".')
    return _workspace_edit(server, view, found)


async def _spelled(server: Server, view: View, position: t.Position) -> tuple[str, Place] | None:
    """The key whose very characters stand at a position, and where they are in the answer's text: at a use of it, or in
    a literal that may be one elsewhere."""
    access = next((access for _, access in view.accesses(position) if access.literal), None)
    if access is not None:
        return access.key, view.spelling(access)
    offset = view.old_offset(position)
    if offset is None or not any(not a.literal for each in view.maps for a in each.accesses):
        return None
    literal = await server.session.ask(lambda projects: projects.literal(view.path, offset))
    if literal is None or not view.current:
        return None
    span, text = literal
    if not any(not access.literal for each in view.maps for access in each.keys.get(text, ())):
        return None
    start, end = inside(view.answer.source.text[span.start : span.end])
    return text, Place(view.path, Span(span.start + start, span.start + end))


def _has(found: list[tuple[SourceText, FileEdits]], place: Place) -> bool:
    """Whether an edit changes the characters at a place."""
    edits = [edit for _, each in found if each.path == place.path for edit in each.edits]
    return any(edit.start <= place.span.start and place.span.end <= edit.end for edit in edits)


def _workspace_edit(server: Server, view: View, found: list[tuple[SourceText, FileEdits]]) -> t.WorkspaceEdit:
    edits: dict[str, list[t.TextEdit]] = {}
    for source, each in found:
        document = server.session.documents.get(each.path)
        if document is not None and document.text != source.text:
            raise JsonRpcContentModified("The text has changed.")
        positions = Positions(source, server.encoding)
        edits[each.path] = [t.TextEdit(positions.range(Span(e.start, e.end)), e.text) for e in each.edits]
    workspace = server.client_capabilities.workspace
    if workspace is None or workspace.workspace_edit is None or not workspace.workspace_edit.document_changes:
        return t.WorkspaceEdit(changes={view.uri(path): mine for path, mine in edits.items()})
    return t.WorkspaceEdit(
        document_changes=[
            t.TextDocumentEdit(t.OptionalVersionedTextDocumentIdentifier(view.uri(path), view.version(path)), mine)
            for path, mine in edits.items()
        ]
    )


__all__ = ["Refused", "prepare", "rename"]
