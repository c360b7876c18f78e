"""Code actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types as t

from streamlint_lsp.view import View

if TYPE_CHECKING:
    from streamlint_lsp.server import Server

KINDS = (t.CodeActionKind.QuickFix, "source.fixAll.streamlint", t.CodeActionKind.RefactorRewrite)


async def offered(server: Server, view: View, params: t.CodeActionParams) -> list[t.CodeAction]:
    return []


async def resolve(server: Server, action: t.CodeAction) -> t.CodeAction:
    return action
