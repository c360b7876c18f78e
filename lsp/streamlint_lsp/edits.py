"""Edits of the engine as edits of the protocol, in the form that the client takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from lsprotocol import types as t
from pygls.uris import from_fs_path
from streamlint.findings import Edit, Span
from streamlint.records import immutable
from streamlint.source import SourceText

from streamlint_lsp.positions import Positions

if TYPE_CHECKING:
    from streamlint_lsp.server import Server

MANY_LINES = 4000
"""More changed lines than this are replaced as a whole."""


class OutdatedEdit(Exception):
    """The edits count in a text that an open document no longer has."""


@immutable
class Changes:
    """Edits by path, each with the text that they count in."""

    files: Mapping[str, tuple[SourceText, Sequence[Edit]]]

    @property
    def identity(self) -> frozenset[tuple[str, Edit]]:
        return frozenset((path, edit) for path, (_, edits) in self.files.items() for edit in edits)


def workspace_edit(server: Server, changes: Changes) -> t.WorkspaceEdit:
    """The edit for the client, with versions where it knows them. Raises `OutdatedEdit`."""
    found: list[tuple[t.OptionalVersionedTextDocumentIdentifier, list[t.TextEdit]]] = []
    for path, (source, edits) in sorted(changes.files.items()):
        document = server.session.documents.get(path)
        if document is not None and document.text != source.text:
            raise OutdatedEdit(path)
        uri = document.uri if document is not None else str(from_fs_path(path))
        version = document.version if document is not None else None
        positions = Positions(source, server.encoding)
        made = [t.TextEdit(positions.range(edit_span(edit)), edit.text) for edit in edits]
        found.append((t.OptionalVersionedTextDocumentIdentifier(uri=uri, version=version), made))
    if versioned(server):
        return t.WorkspaceEdit(document_changes=[t.TextDocumentEdit(text, list(made)) for text, made in found])
    return t.WorkspaceEdit(changes={text.uri: made for text, made in found})


def versioned(server: Server) -> bool:
    """Whether the client takes edits with the versions of the documents."""
    workspace = server.client_capabilities.workspace
    return bool(workspace and workspace.workspace_edit and workspace.workspace_edit.document_changes)


def edit_span(edit: Edit) -> Span:
    return Span(edit.start, edit.end)


def difference(old: str, new: str) -> tuple[Edit, ...]:
    """Edits of whole lines that make a text of another: what stays keeps its place, and so do cursors in it."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    if len(before) + len(after) > MANY_LINES:
        return tuple(_middle(old, new))
    return tuple(_by_lines(before, after))


def _by_lines(before: list[str], after: list[str]) -> Iterator[Edit]:
    starts = [0]
    for line in before:
        starts.append(starts[-1] + len(line))
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            yield Edit(starts[a], starts[b], "".join(after[c:d]))


def _middle(old: str, new: str) -> Iterator[Edit]:
    """All between what both texts begin and end with."""
    start, most = 0, min(len(old), len(new))
    while start < most and old[start] == new[start]:
        start += 1
    end = 0
    while end < most - start and old[-1 - end] == new[-1 - end]:
        end += 1
    if old != new:
        yield Edit(start, len(old) - end, new[start : len(new) - end])
