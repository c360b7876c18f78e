"""From one use of a key to the others."""

from __future__ import annotations

from lsprotocol import types as t

from streamlint_lsp.view import View


def definition(view: View, position: t.Position) -> list[t.Location] | None:
    return None


def references(view: View, position: t.Position, declarations: bool) -> list[t.Location] | None:
    return None


def highlights(view: View, position: t.Position) -> list[t.DocumentHighlight] | None:
    return None
