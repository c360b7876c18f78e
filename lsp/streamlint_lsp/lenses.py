"""What stands above initialisers."""

from __future__ import annotations

from lsprotocol import types as t

from streamlint_lsp.view import View


def lenses(view: View) -> list[t.CodeLens]:
    return []
