"""What the mouse is told."""

from __future__ import annotations

from lsprotocol import types as t

from streamlint_lsp.view import View


def hover(view: View, position: t.Position) -> t.Hover | None:
    return None
