"""The language server's bare wire: messages that no decent client would send, and a process that may be watched."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

SERVER = (sys.executable, "-m", "streamlint_cli", "server")
PATIENCE = 60
Message = dict[str, Any]


class Wire:
    """A server process; what it says is read all the time."""

    def __init__(self, root: Path, server: Sequence[str] = SERVER, env: Mapping[str, str] | None = None) -> None:
        self.root = root
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(list(server), cwd=root, stdin=pipe, stdout=pipe, stderr=pipe, env=env)
        self._messages: queue.Queue[Message] = queue.Queue()
        self.seen: list[Message] = []
        self._errors: list[bytes] = []
        self._threads = [threading.Thread(target=each, daemon=True) for each in (self._read, self._read_errors)]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    # --- to the server -----------------------------------------------------------------------------------------------

    def write(self, body: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def send(self, message: object) -> None:
        self.write(json.dumps(message).encode())

    def notify(self, method: str, params: object = None) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def request(self, identity: int | str, method: str, params: object = None) -> None:
        self.send({"jsonrpc": "2.0", "id": identity, "method": method, "params": params})

    def ask(self, identity: int | str, method: str, params: object = None) -> Message:
        """The answer to a request."""
        self.request(identity, method, params)
        return self.answer(identity)

    def initialize(self, capabilities: object = None, **more: object) -> Message:
        params = {"processId": None, "rootUri": self.root.as_uri(), "capabilities": capabilities or {}, **more}
        answer = self.ask("initialize", "initialize", params)
        self.notify("initialized", {})
        return answer

    def open(self, uri: str, text: str, language: str = "python") -> None:
        item = {"uri": uri, "languageId": language, "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def change(self, uri: str, version: int, text: str) -> None:
        document = {"uri": uri, "version": version}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def leave(self) -> int:
        """Shutdown and exit; gives the status."""
        self.ask("shutdown", "shutdown")
        self.notify("exit")
        return self.process.wait(PATIENCE)

    # --- from the server ---------------------------------------------------------------------------------------------

    def wait(self, wanted: Callable[[Message], bool]) -> Message:
        """The next message that is wanted."""
        while True:
            message = self._messages.get(timeout=PATIENCE)
            self.seen.append(message)
            if wanted(message):
                return message

    def answer(self, identity: int | str | None) -> Message:
        return self.wait(lambda message: message.get("id", 0) == identity and "method" not in message)

    def published(self, uri: str, version: int | None = None) -> list[Message]:
        """The next diagnostics of a document, or those of a version."""

        def is_it(message: Message) -> bool:
            params = message.get("params")
            if message.get("method") != "textDocument/publishDiagnostics" or params["uri"] != uri:
                return False
            return version is None or params.get("version") == version

        found: list[Message] = self.wait(is_it)["params"]["diagnostics"]
        return found

    def errors(self) -> str:
        """What it wrote to its standard error, once it has ended."""
        self._threads[1].join(PATIENCE)
        return b"".join(self._errors).decode(errors="replace")

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while line := stream.readline():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
                while stream.readline().strip():
                    pass
                self._messages.put(json.loads(stream.read(length)))

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        while data := self.process.stderr.read1(4096):  # type: ignore[attr-defined]
            self._errors.append(data)
