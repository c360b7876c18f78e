"""Another name for a key, in the whole app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types as t

from streamlint_lsp.view import View

if TYPE_CHECKING:
    from streamlint_lsp.server import Server


class Refused(Exception):
    """Why the key cannot be renamed."""


def prepare(view: View, position: t.Position) -> t.PrepareRenamePlaceholder | None:
    return None


async def rename(server: Server, view: View, position: t.Position, name: str) -> t.WorkspaceEdit | None:
    return None
