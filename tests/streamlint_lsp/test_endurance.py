"""Many edits, the newest text first, all files at once, and the progress of the first look."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from editor import editor
from wire import Message, Wire

APP = "import streamlit as st\n\nst.write(st.session_state.name)\n"
MEBIBYTE = 1024


def resident(process: int) -> int:
    """The kibibytes that a process has in memory."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError("no VmRSS")


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_memory_is_flat_over_a_thousand_edits(tmp_path: Path) -> None:
    uri = (tmp_path / "app.py").as_uri()
    (tmp_path / "app.py").write_text(APP)
    with Wire(tmp_path) as wire:
        wire.initialize({"textDocument": {"diagnostic": {}}})
        wire.open(uri, APP)

        def edit(version: int) -> list[Message]:
            wire.change(uri, version, APP + f"st.session_state.count_{version} = {version}\n" * (version % 7))
            if version % 10:  # a hover in between, which needs no analysis
                wire.ask(f"hover {version}", "textDocument/hover", {
                    "textDocument": {"uri": uri}, "position": {"line": 2, "character": 27},
                })  # fmt: skip
                return []
            report = wire.ask(version, "textDocument/diagnostic", {"textDocument": {"uri": uri}})["result"]
            items: list[Message] = report["items"]
            return items

        for version in range(2, 301):
            edit(version)
        before = resident(wire.process.pid)
        for version in range(301, 1301):
            items = edit(version)
        assert items[0]["code"] == "STL103"
        after = resident(wire.process.pid)
        assert after - before < 25 * MEBIBYTE, (before, after)
        assert wire.leave() == 0


def test_the_newest_text_wins(tmp_path: Path) -> None:
    uri = (tmp_path / "app.py").as_uri()
    with Wire(tmp_path) as wire:
        wire.initialize()
        wire.open(uri, APP)
        wire.published(uri, 1)
        for version in range(2, 32):
            wire.change(uri, version, APP.replace("name", f"name_{version}"))
            asyncio.run(asyncio.sleep(0.02))
        [found] = wire.published(uri, 31)
        assert "name_31" in found["message"]
        for version in range(32, 40):
            wire.change(uri, version, APP)
            wire.ask(version, "textDocument/documentSymbol", {"textDocument": {"uri": uri}})
        wire.published(uri, 39)
        versions = [
            message["params"]["version"]
            for message in wire.seen
            if message.get("method") == "textDocument/publishDiagnostics"
        ]
        assert versions == sorted(versions) and versions[-1] == 39
        assert len(versions) <= 12, versions
        assert wire.leave() == 0


CAN_REFRESH: dict[str, Any] = {
    "textDocument": {"diagnostic": {"relatedDocumentSupport": True}, "publishDiagnostics": {}},
    "workspace": {"diagnostics": {"refreshSupport": True}},
}


def test_all_files_of_a_folder_with_result_ids(tmp_path: Path) -> None:
    files = {"app.py": APP, "pages/two.py": APP.replace("name", "nick"), "pages/three.py": "import streamlit as st\n"}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    uris = {name: (tmp_path / name).as_uri() for name in files}
    with Wire(tmp_path) as wire:
        answer = wire.initialize(CAN_REFRESH)["result"]["capabilities"]["diagnosticProvider"]
        assert answer["interFileDependencies"] and answer["workspaceDiagnostics"]

        def pull(identity: str, known: dict[str, str]) -> dict[str, Message]:
            previous = [{"uri": uri, "value": value} for uri, value in known.items()]
            result = wire.ask(identity, "workspace/diagnostic", {"previousResultIds": previous})["result"]
            return {each["uri"]: each for each in result["items"]}

        first = pull("first", {})
        assert {uri: [d["code"] for d in each["items"]] for uri, each in first.items()} == {
            uris["app.py"]: ["STL103"],
            uris["pages/two.py"]: ["STL103"],
        }
        known = {uri: each["resultId"] for uri, each in first.items()}
        assert {each["kind"] for each in pull("second", known).values()} == {"unchanged"}

        wire.open(uris["pages/two.py"], files["pages/two.py"])
        wire.wait(lambda message: message.get("method") == "workspace/diagnostic/refresh")
        document = {"textDocument": {"uri": uris["pages/two.py"]}}
        report = wire.ask("one", "textDocument/diagnostic", document)["result"]
        again = wire.ask("two", "textDocument/diagnostic", {**document, "previousResultId": report["resultId"]})
        assert again["result"] == {"kind": "unchanged", "resultId": report["resultId"]}

        wire.change(uris["pages/two.py"], 2, "import streamlit as st\n")
        wire.wait(lambda message: message.get("method") == "workspace/diagnostic/refresh")
        third = pull("third", known)
        assert third[uris["app.py"]]["kind"] == "unchanged"
        assert third[uris["pages/two.py"]]["items"] == []
        assert wire.leave() == 0
        assert not [m for m in wire.seen if m.get("method") == "textDocument/publishDiagnostics"]


def test_a_client_that_asks_gets_what_other_files_have_changed(tmp_path: Path) -> None:
    app = "import streamlit as st\nimport helpers\n\nhelpers.init()\nst.write(st.session_state.name)\n"
    helpers = "import streamlit as st\n\n\ndef init():\n    st.session_state.setdefault('name', '')\n"
    (tmp_path / "app.py").write_text(app)
    (tmp_path / "helpers.py").write_text(helpers)
    one, two = (tmp_path / "app.py").as_uri(), (tmp_path / "helpers.py").as_uri()
    with Wire(tmp_path) as wire:
        wire.initialize({"textDocument": {"diagnostic": {}}})
        wire.open(one, app)
        wire.open(two, helpers)

        def codes(identity: int) -> list[str]:
            report = wire.ask(identity, "textDocument/diagnostic", {"textDocument": {"uri": one}})["result"]
            return [each["code"] for each in report["items"]]

        assert codes(1) == []
        wire.change(two, 2, "def init():\n    pass\n")
        assert codes(2) == ["STL103"]  # though its own text is the same
        wire.notify("textDocument/didClose", {"textDocument": {"uri": two}})
        assert codes(3) == []
        assert wire.leave() == 0


@pytest.mark.asyncio
@pytest.mark.parametrize("client", ["vscode-1.139", "nvim-0.10.4", "helix-25.01", "eglot-1.9"])
async def test_diagnostics_are_sent_or_asked_for_never_both(tmp_path: Path, client: str) -> None:
    async with editor(tmp_path, {"app.py": APP}, client=client) as ed:
        ed.open("app.py")
        await ed.diagnostics("app.py")
        ed.change("app.py", APP + "\n")
        assert len(await ed.diagnostics("app.py")) == 1
        ed.close("app.py")
        await asyncio.sleep(0.5)
        assert bool(ed.published) is not ed.pulls


def progress(wire: Wire, kind: str) -> Message:
    return wire.wait(lambda m: m.get("method") == "$/progress" and m["params"]["value"]["kind"] == kind)


def begin(wire: Wire, uri: str, text: str) -> Any:
    """Opens the first document; gives the token of the progress that begins."""
    wire.initialize({"window": {"workDoneProgress": True}})
    wire.open(uri, text)
    created = wire.wait(lambda message: message.get("method") == "window/workDoneProgress/create")
    wire.send({"jsonrpc": "2.0", "id": created["id"], "result": None})
    return created["params"]["token"]


def many_apps(root: Path) -> str:
    lines = ["import streamlit as st", "from shared import show", "", "show()"]
    for key in range(60):
        lines += [f"if st.button('b{key}'):", f"    st.session_state.k{key} = 1",
                  f"if 'k{key}' in st.session_state:", f"    st.write(st.session_state.k{key})"]  # fmt: skip
    text = "\n".join(lines) + "\n"
    for number in range(12):
        (root / f"app_{number}.py").write_text(text)
    shared = "import streamlit as st\n\n\ndef show():\n    st.write(st.session_state.name)\n"
    (root / "shared.py").write_text(shared)
    (root / "pyproject.toml").write_text('[tool.streamlint]\nentrypoints = ["app_*.py"]\n')
    return shared


def test_the_first_look_shows_its_progress(tmp_path: Path) -> None:
    shared = many_apps(tmp_path)
    uri = (tmp_path / "shared.py").as_uri()
    with Wire(tmp_path) as wire:
        token = begin(wire, uri, shared)
        value = progress(wire, "begin")["params"]["value"]
        assert value["cancellable"] is True and value["title"].startswith("streamlint")
        ended = progress(wire, "end")
        assert ended["params"]["token"] == token
        reports = [m["params"]["value"] for m in wire.seen if m.get("method") == "$/progress"][1:-1]
        parts = [each["percentage"] for each in reports]
        assert reports and parts == sorted(parts) and all("app_" in each["message"] for each in reports)
        wire.change(uri, 2, shared + "\n")
        wire.published(uri, 2)
        assert len([m for m in wire.seen if m.get("method") == "window/workDoneProgress/create"]) == 1
        assert wire.leave() == 0


def test_the_first_look_can_be_cancelled(tmp_path: Path) -> None:
    shared = many_apps(tmp_path)
    uri = (tmp_path / "shared.py").as_uri()
    with Wire(tmp_path) as wire:
        token = begin(wire, uri, shared)
        progress(wire, "begin")
        wire.notify("window/workDoneProgress/cancel", {"token": token})
        progress(wire, "end")
        hover = {"textDocument": {"uri": uri}, "position": {"line": 4, "character": 32}}
        assert wire.ask(1, "textDocument/hover", hover)["result"] is None  # it does not wait for what never comes
        assert not [m for m in wire.seen if m.get("method") == "textDocument/publishDiagnostics"]
        wire.change(uri, 2, shared + "\n")  # who goes on typing wants it after all
        assert [each["code"] for each in wire.published(uri, 2)] == ["STL103"]
        assert wire.leave() == 0
