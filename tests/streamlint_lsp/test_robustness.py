"""Clients that send nonsense, say nothing or die; files that go; an engine that fails."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from wire import PATIENCE, Wire

APP = "import streamlit as st\n\nst.write(st.session_state.name)\n"
QUIET = 2000
"""Characters on the standard error that nobody minds."""
AT = {"position": {"line": 2, "character": 26}}


def about(uri: str, **more: Any) -> dict[str, Any]:
    return {"textDocument": {"uri": uri}, **AT, **more}


REQUESTS: dict[str, dict[str, Any]] = {
    "textDocument/completion": {},
    "textDocument/hover": {},
    "textDocument/definition": {},
    "textDocument/references": {"context": {"includeDeclaration": True}},
    "textDocument/documentHighlight": {},
    "textDocument/documentSymbol": {},
    "textDocument/prepareRename": {},
    "textDocument/rename": {"newName": "x"},
    "textDocument/codeLens": {},
    "textDocument/inlayHint": {"range": {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}},
    "textDocument/codeAction": {
        "range": {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}},
        "context": {"diagnostics": []},
    },
    "textDocument/diagnostic": {},
}


def test_requests_that_are_none_are_answered(tmp_path: Path) -> None:
    with Wire(tmp_path) as wire:
        wire.initialize()
        for identity, (method, params) in enumerate({
            "textDocument/hover": {"textDocument": 3},
            "textDocument/definition": None,
            "textDocument/rename": {"textDocument": {"uri": "file:///x.py"}, "position": {"line": "a"}, "newName": 1},
            "textDocument/codeAction": [],
            "textDocument/diagnostic": {"textDocument": {}},
            "workspace/executeCommand": {"command": ["a"], "arguments": 3},
            "workspace/symbol": "x",
            "completionItem/resolve": {},
        }.items()):  # fmt: skip
            error = wire.ask(identity, method, params)["error"]
            assert error["code"] == -32602 and error["message"].startswith("Invalid Params: "), (method, error)
        assert "message.params.textDocument" in wire.ask(50, "textDocument/hover", {})["error"]["message"]
        assert wire.ask(51, "no/such/method", {})["error"]["code"] == -32601
        wire.send({"jsonrpc": "2.0", "id": 52, "method": "no/such/method"})
        assert wire.answer(52)["error"]["code"] == -32601
        assert wire.ask(53, "workspace/executeCommand", {"command": "nothing"})["error"]["code"] == -32602
        assert wire.ask(54, "initialize", {"capabilities": {}})["error"]["code"] == -32600
        wire.write(b"{nonsense")
        assert wire.answer(None)["error"]["code"] == -32700
        wire.write(b"\xff\xfe")
        assert wire.answer(None)["error"]["code"] == -32700
        for odd in ([], 3, {"id": 7}, "text"):
            wire.send(odd)
            assert wire.answer(None)["error"]["code"] == -32600
        for method in ("textDocument/didOpen", "textDocument/didChange", "$/cancelRequest", "no/such/notification"):
            wire.notify(method, {"textDocument": 3})
            wire.notify(method)
        uri = (tmp_path / "app.py").as_uri()
        wire.open(uri, APP)
        assert [each["code"] for each in wire.published(uri)] == ["STL103"]  # it is as alive as before
        assert wire.leave() == 0
        assert len(wire.errors()) < QUIET
        assert not [m for m in wire.seen if m.get("method") == "window/showMessage"]


def test_requests_at_the_wrong_time(tmp_path: Path) -> None:
    with Wire(tmp_path) as wire:
        uri = (tmp_path / "app.py").as_uri()
        wire.open(uri, APP)
        for identity, (method, more) in enumerate(REQUESTS.items()):
            assert wire.ask(identity, method, about(uri, **more))["error"]["code"] == -32002, method
        assert wire.ask(90, "shutdown")["error"]["code"] == -32002
        assert "capabilities" in wire.initialize()["result"]
        wire.open(uri, APP)
        wire.published(uri)
        assert wire.ask(91, "shutdown")["result"] is None
        for identity, (method, more) in enumerate(REQUESTS.items()):
            assert wire.ask(f"late {identity}", method, about(uri, **more))["error"]["code"] == -32600, method
        wire.change(uri, 2, "")
        wire.notify("exit")
        assert wire.process.wait(PATIENCE) == 0
        assert len(wire.errors()) < QUIET


@pytest.mark.parametrize("client", ["push", "pull"])
def test_documents_that_are_no_files_of_ours(tmp_path: Path, client: str) -> None:
    capabilities = {"textDocument": {"diagnostic": {}}} if client == "pull" else {}
    with Wire(tmp_path) as wire:
        wire.initialize(capabilities)
        odd = [
            "untitled:Untitled-1",
            "vscode-notebook-cell:/tmp/a.ipynb#W0sZmlsZQ%3D%3D",
            "http://example.com/app.py",
            "git:/tmp/app.py?ref",
            "",
            "app.py",
            "file://",
            "file:///",
            "file:///no/such/folder/app.py",
            tmp_path.as_uri(),
            "file:///tmp/%00.py",
        ]
        for number, uri in enumerate(odd):
            for opened in (False, True):
                if opened:
                    wire.open(uri, APP)
                    wire.change(uri, 2, APP)
                for method, more in REQUESTS.items():
                    answer = wire.ask(f"{number} {opened} {method}", method, about(uri, **more))
                    code = answer.get("error", {}).get("code")
                    assert code in (None, -32602), (uri, method, answer)
            wire.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
            wire.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
            wire.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri, "type": 3}]})
        other = (tmp_path / "notes.txt").as_uri()
        wire.open(other, "text", "plaintext")
        uri = (tmp_path / "app.py").as_uri()
        wire.open(uri, APP)
        report = wire.ask("last", "textDocument/diagnostic", about(uri))["result"]
        assert [each["code"] for each in report["items"]] == ["STL103"]
        assert wire.leave() == 0
        assert len(wire.errors()) < QUIET


def test_files_that_go_under_the_server(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import streamlit as st\nimport helpers\n\nhelpers.show()\n")
    (tmp_path / "helpers.py").write_text("import streamlit as st\n\n\ndef show():\n    st.session_state.name\n")
    app, helpers = ((tmp_path / name).as_uri() for name in ("app.py", "helpers.py"))
    with Wire(tmp_path) as wire:
        wire.initialize()
        wire.open(app, (tmp_path / "app.py").read_text())
        wire.open(helpers, (tmp_path / "helpers.py").read_text())
        assert [each["code"] for each in wire.published(helpers)] == ["STL103"]
        (tmp_path / "helpers.py").unlink()
        (tmp_path / "app.py").unlink()
        gone = [{"uri": uri, "type": 3} for uri in (app, helpers)]
        wire.notify("workspace/didChangeWatchedFiles", {"changes": gone})
        for number, (method, more) in enumerate(REQUESTS.items()):
            assert "error" not in wire.ask(number, method, about(app, **more)), method
        wire.notify("textDocument/didClose", {"textDocument": {"uri": helpers}})
        wire.change(app, 2, APP)
        assert [each["code"] for each in wire.published(app, 2)] == ["STL103"]
        os.rmdir(tmp_path / ".streamlint_cache") if not any((tmp_path / ".streamlint_cache").glob("*")) else None
        assert wire.leave() == 0
        assert len(wire.errors()) < QUIET


FAILING = """
import sys
from streamlint.rules import key_never_set
import streamlint.rules as rules
def fails(result):
    raise ZeroDivisionError("on purpose")
good = rules.check_of
import streamlint.lint
streamlint.lint.check_of = lambda rule: fails if rule.code == "STL102" else good(rule)
from streamlint_lsp.server import start
sys.exit(start())
"""


def test_a_rule_that_fails_is_told_once_and_hides_nothing(tmp_path: Path) -> None:
    uri = (tmp_path / "app.py").as_uri()
    with Wire(tmp_path, (sys.executable, "-c", FAILING)) as wire:
        wire.initialize()
        for version in range(1, 4):
            wire.open(uri, APP) if version == 1 else wire.change(uri, version, APP + "\n" * version)
            assert [each["code"] for each in wire.published(uri, version)] == ["STL103"]
        assert wire.leave() == 0
        told = [m["params"]["message"] for m in wire.seen if m.get("method") == "window/showMessage"]
        assert len(told) == 1 and "STL102" in told[0] and "on purpose" in told[0]
        assert len(wire.errors()) < QUIET


def big_app(root: Path, pages: int = 60) -> str:
    """Many pages with many keys: an analysis takes its time. Gives the entrypoint's text."""
    (root / "pages").mkdir()
    for number in range(pages):
        lines = ["import streamlit as st", ""]
        for key in range(40):
            lines += [f"if st.button('b{key}'):", f"    st.session_state.k{key} = {number}",
                      f"if 'k{key}' in st.session_state:", f"    st.write(st.session_state.k{key})"]  # fmt: skip
        (root / "pages" / f"page_{number}.py").write_text("\n".join(lines) + "\n")
    text = (root / "pages" / "page_0.py").read_text()
    (root / "app.py").write_text(text)
    return text


@pytest.mark.parametrize("how", ["shutdown and exit", "exit", "the client dies"])
def test_the_process_ends_in_the_middle_of_an_analysis(tmp_path: Path, how: str) -> None:
    text = big_app(tmp_path)
    uri = (tmp_path / "app.py").as_uri()
    with Wire(tmp_path) as wire:
        wire.initialize()
        wire.open(uri, text)
        for identity, (method, more) in enumerate(REQUESTS.items()):
            wire.request(identity, method, about(uri, **more))
        time.sleep(1)
        if how == "shutdown and exit":
            wire.ask("shutdown", "shutdown")
        if how == "the client dies":
            assert wire.process.stdin is not None
            wire.process.stdin.close()
        else:
            wire.notify("exit")
        assert wire.process.wait(10) == (0 if how == "shutdown and exit" else 1)
        assert len(wire.errors()) < QUIET
        assert not [m for m in wire.seen if m.get("method") == "textDocument/publishDiagnostics"]


def test_a_client_that_reads_nothing_and_dies(tmp_path: Path) -> None:
    uri = (tmp_path / "app.py").as_uri()
    with Wire(tmp_path) as wire:
        wire.initialize()
        wire.open(uri, APP)
        wire.published(uri)
        assert wire.process.stdin is not None and wire.process.stdout is not None
        wire.change(uri, 2, APP + "\n")
        wire.process.stdin.close()
        assert wire.process.wait(10) == 1
        assert len(wire.errors()) < QUIET


@pytest.mark.skipif(sys.platform == "win32", reason="processes are not asked there")
def test_the_server_goes_when_its_clients_process_has_gone(tmp_path: Path) -> None:
    """Though somebody else keeps the pipe open."""
    client = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with Wire(tmp_path) as wire:
        wire.ask(1, "initialize", {"processId": client.pid, "rootUri": None, "capabilities": {}})
        client.kill()
        client.wait()
        assert wire.process.wait(20) == 1


def test_a_client_that_never_answers(tmp_path: Path) -> None:
    uri = (tmp_path / "app.py").as_uri()
    registers = {"dynamicRegistration": True}
    workspace = {"configuration": True, "didChangeConfiguration": registers, "didChangeWatchedFiles": registers}
    with Wire(tmp_path) as wire:
        wire.initialize({"workspace": workspace, "window": {"workDoneProgress": True}})
        wire.open(uri, APP)
        assert [each["code"] for each in wire.published(uri)] == ["STL103"]
        wire.change(uri, 2, APP.replace("name", "nick"))
        assert "nick" in wire.published(uri, 2)[0]["message"]
        asked = {m["method"] for m in wire.seen if "method" in m and "id" in m}
        assert {"client/registerCapability", "window/workDoneProgress/create"} <= asked
        wire.wait(lambda message: message.get("method") == "workspace/configuration")  # it does not wait for ever
        wire.notify("workspace/didChangeConfiguration", {"settings": None})
        assert wire.leave() == 0
        assert len(wire.errors()) < QUIET
