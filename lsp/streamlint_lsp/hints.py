"""Types beside keys."""

from __future__ import annotations

from lsprotocol import types as t

from streamlint_lsp.view import View


def hints(view: View, range_: t.Range) -> list[t.InlayHint]:
    return []
