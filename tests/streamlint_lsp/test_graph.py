"""What a client needs for a picture of session state: the graphs, and when to ask for them again."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from editor import editor
from pygls.exceptions import JsonRpcException
from wire import Wire

APP = """\
import streamlit as st

def save():
    st.session_state.saved = "😋"

st.button("Save", on_click=save)
st.write("😋", st.session_state.saved)
"""


@pytest.mark.asyncio
async def test_the_graphs_as_data(tmp_path: Path) -> None:
    async with editor(tmp_path, {"app.py": APP, "pages/two.py": "import streamlit as st\n"}, encoding="utf-16") as ed:
        ed.open("app.py")
        for arguments in ((), (None,), (ed.uri("app.py"),), (tmp_path.as_uri(), {"format": "json"}), (None, None)):
            found = await ed.command("graph", *arguments)
            [app] = found["graphs"]
            assert (found["version"], app["app"], app["root"]) == (1, "app.py", tmp_path.as_uri())
        nodes = {node["id"]: node for node in app["nodes"]}
        assert list(nodes) == ["page:app.py", "page:pages/two.py", "key:saved", "callback:app.py:save"]
        assert nodes["callback:app.py:save"]["place"] == {
            "uri": ed.uri("app.py"),
            "range": {"start": {"line": 2, "character": 4}, "end": {"line": 2, "character": 8}},
        }
        [warning] = nodes["key:saved"]["warnings"]
        assert warning["place"]["range"]["start"] == {"line": 6, "character": 15}
        edges = {edge["relation"]: edge for edge in app["edges"]}
        assert edges["reads"]["unprotected"] and edges["reads"]["codes"] == ["STL101"]

        ed.change("app.py", APP.replace("saved", "kept"))  # what is not saved counts
        [app] = (await ed.command("graph"))["graphs"]
        assert "key:kept" in {node["id"] for node in app["nodes"]}
        [app] = (await ed.command("graph", None, {"filter": "nothing"}))["graphs"]
        assert app["nodes"] == []


@pytest.mark.asyncio
async def test_the_graphs_as_pictures(tmp_path: Path) -> None:
    async with editor(tmp_path, {"app.py": APP}) as ed:
        svg = (await ed.command("graph", ed.uri("app.py"), {"format": "svg", "filter": "SAVE"}))["text"]
        assert "saved" in {each.text for each in ElementTree.fromstring(svg).iter()}
        assert (await ed.command("graph", None, {"format": "mermaid"}))["text"].startswith("flowchart LR")
        assert (await ed.command("graph", None, {"format": "dot"}))["text"].startswith("digraph")


@pytest.mark.asyncio
async def test_wrong_arguments_are_told(tmp_path: Path) -> None:
    async with editor(tmp_path, {"app.py": APP}) as ed:
        wrong: dict[str, tuple[Any, ...]] = {
            "URI of a file": (3,),
            "does not exist": (ed.uri("gone.py"),),
            "no file or folder": ("untitled:1",),
            "the format is one of json, svg, mermaid, dot": (None, {"format": "html"}),
            "not ['svg']": (None, {"format": ["svg"]}),
            "the filter is a text": (None, {"filter": 3}),
            "takes a URI and {format, filter}": (None, {"fomat": "svg"}),
            "not ('svg',)": (None, "svg"),
            "not ({}, 1)": (None, {}, 1),
        }
        for message, arguments in wrong.items():
            with pytest.raises(JsonRpcException) as found:
                await ed.command("graph", *arguments)
            assert found.value.code == -32602 and message in found.value.message


def test_a_client_that_wants_to_know_is_told_of_each_analysis(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")
    uri = (tmp_path / "app.py").as_uri()
    with Wire(tmp_path) as wire:
        wire.initialize({"experimental": {"streamlint": {"analysed": True}}})
        wire.open(uri, APP)
        for version in (2, 3):
            told = wire.wait(lambda message: message.get("method") == "streamlint/analysed")
            assert told["params"] == {"uris": [uri]}
            wire.change(uri, version, f"{APP}\n# {version}\n")
        assert wire.leave() == 0


@pytest.mark.parametrize("experimental", [None, {}, {"streamlint": True}, {"streamlint": {"analysed": 1}}, [1], 7])
def test_no_other_client_is_told(tmp_path: Path, experimental: object) -> None:
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")
    uri = (tmp_path / "app.py").as_uri()
    with Wire(tmp_path) as wire:
        wire.initialize({"experimental": experimental})
        wire.open(uri, APP)
        hover = {"textDocument": {"uri": uri}, "position": {"line": 6, "character": 35}}
        assert wire.ask(1, "textDocument/hover", hover)["result"]  # which waits for an analysis
        assert wire.leave() == 0
        assert "streamlint/analysed" not in {message.get("method") for message in wire.seen}
