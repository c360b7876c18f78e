"""The page of a rule, for who asks what a code means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types as t
from pygls.exceptions import JsonRpcInvalidParams
from streamlint.findings import DOCS_URL
from streamlint.rules import page, rule

if TYPE_CHECKING:
    from streamlint_lsp.server import Server


async def explain(server: Server, code: Any = None, *_: Any) -> dict[str, str]:
    """The page of the rule with this code or name, which clients that can open pages show in a browser."""
    known = rule(code) if isinstance(code, str) else None
    if known is None:
        raise JsonRpcInvalidParams(message=f"no rule is called {code!r}")
    url = f"{DOCS_URL}{known.name}"
    window = server.client_capabilities.window
    if window is not None and window.show_document is not None and window.show_document.support:
        # Not awaited: a client may answer only when the user has come back from the browser.
        server.window_show_document(t.ShowDocumentParams(uri=url, external=True))
    else:
        text = f"{known.code} ({known.name}): {known.summary}. {url}"
        server.window_show_message(t.ShowMessageParams(t.MessageType.Info, text))
    return {"code": known.code, "name": known.name, "url": url, "markdown": page(known)}
