"""The protocol's manners, where pygls has none: every request is answered, whatever it looks like and whenever it
comes, and a client that has gone is sent nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cattrs
from lsprotocol import types as t
from pygls.exceptions import JsonRpcException
from pygls.protocol import LanguageServerProtocol

PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS = -32700, -32600, -32601, -32602
NOT_INITIALIZED = -32002


@dataclass(frozen=True)
class _Malformed:
    """A message that is none of the protocol. `id` is None if nobody waits for an answer."""

    id: int | str | None
    code: int
    text: str


class Protocol(LanguageServerProtocol):
    """What the server speaks."""

    _closed = False

    def structure_message(self, data: dict[str, Any]) -> Any:
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            return self._malformed(data, error)

    def _malformed(self, data: dict[str, Any], error: JsonRpcException) -> _Malformed:
        method, identity = data.get("method"), data.get("id")
        asked = identity if isinstance(method, str) and isinstance(identity, (int, str)) else None
        if isinstance(method, str) and self.get_message_type(method) is None:
            return _Malformed(asked, METHOD_NOT_FOUND, f"Method Not Found: {method}")
        return _Malformed(asked, INVALID_PARAMS, f"Invalid Params: {_reasons(error)}")

    def handle_message(self, message: Any) -> None:
        if isinstance(message, _Malformed):
            if message.id is not None:
                self.refuse(message.id, message.code, message.text)
            return
        if not hasattr(message, "jsonrpc"):
            self.refuse(None, INVALID_REQUEST, "Invalid Request: this is no message of JSON-RPC 2.0")
            return
        method = getattr(message, "method", None)
        if method is not None and not self._is_welcome(method, getattr(message, "id", None)):
            return
        if method == t.EXIT:
            self._closed = True
        super().handle_message(message)

    def _is_welcome(self, method: str, identity: int | str | None) -> bool:
        """Whether it is time for the message; a request that comes at a wrong time is answered."""
        if method == t.EXIT:
            return True
        if self._workspace is None and method != t.INITIALIZE:
            code, text = NOT_INITIALIZED, "Server Not Initialized: the first request must be `initialize`"
        elif self._workspace is not None and method == t.INITIALIZE:
            code, text = INVALID_REQUEST, "Invalid Request: the server is initialized already"
        elif self._shutdown:
            code, text = INVALID_REQUEST, "Invalid Request: the server was shut down"
        else:
            return True
        if identity is not None:
            self.refuse(identity, code, text)
        return False

    def refuse(self, identity: int | str | None, code: int, text: str) -> None:
        """Answers a request with an error; one that could not be read has no id."""
        self._send_data({"jsonrpc": "2.0", "id": identity, "error": {"code": code, "message": text}})

    def _send_data(self, data: Any) -> None:
        if self._closed:
            return
        try:
            super()._send_data(data)
        except OSError:
            self._closed = True  # nobody reads any more; the end of what it sends ends the server


def _reasons(error: JsonRpcException) -> str:
    cause = error.__cause__
    if not isinstance(cause, Exception):
        return "the message cannot be read"
    reasons = cattrs.transform_error(cause, path="message")[:3]
    return "; ".join(" ".join(_camel(word) for word in each.split(" ")) for each in reasons)


def _camel(word: str) -> str:
    """`message.params.text_document` as the protocol spells it."""
    if not word.startswith("message."):
        return word
    head, *tail = word.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in tail)
