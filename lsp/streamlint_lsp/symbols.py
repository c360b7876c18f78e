"""Keys as symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types as t

from streamlint_lsp.view import View

if TYPE_CHECKING:
    from streamlint_lsp.server import Server


def document(view: View) -> list[t.DocumentSymbol]:
    return []


async def workspace(server: Server, query: str) -> list[t.WorkspaceSymbol]:
    return []
