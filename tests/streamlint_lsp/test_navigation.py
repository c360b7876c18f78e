"""From one use of a key to the others: definition, references, highlights."""

from __future__ import annotations

from pathlib import Path

import pytest
from editor import Editor, editor
from lsprotocol import types as t

READ, WRITE = t.DocumentHighlightKind.Read, t.DocumentHighlightKind.Write
APP = """\
import streamlit as st
from helpers import KEY, init, put

init()
st.write("😋", st.session_state.user, st.session_state[KEY])
st.text_input("User", key="user")
put("user", 3)
if "user" in st.session_state:
    del st.session_state["user"]
for name in ["a", "b"]:
    st.session_state[name] = 0
"""
HELPERS = """\
import streamlit as st

KEY = "user"


def init():
    st.session_state.setdefault(KEY, None)


def put(key, value):
    st.session_state[key] = value
"""
OTHER = "import streamlit as st\n\nst.write(st.session_state.get('user'))\n"
FILES = {"app.py": APP, "helpers.py": HELPERS, "pages/two.py": OTHER}


async def definition(ed: Editor, name: str, at: t.Position) -> list[tuple[str, int, str]]:
    found = await ed.client.text_document_definition_async(t.DefinitionParams(ed.document(name), at))
    return told(ed, found)


async def references(ed: Editor, name: str, at: t.Position, declarations: bool) -> list[tuple[str, int, str]]:
    context = t.ReferenceContext(include_declaration=declarations)
    return told(ed, await ed.client.text_document_references_async(t.ReferenceParams(context, ed.document(name), at)))


async def highlights(ed: Editor, name: str, at: t.Position) -> list[tuple[int, str, t.DocumentHighlightKind | None]]:
    found = await ed.client.text_document_document_highlight_async(t.DocumentHighlightParams(ed.document(name), at))
    return [(each.range.start.line, ed.shown(name, each.range), each.kind) for each in found or ()]


def told(ed: Editor, found: object) -> list[tuple[str, int, str]]:
    assert found is None or isinstance(found, (list, tuple))
    return [
        (ed.name_of(each.uri), each.range.start.line, ed.shown(ed.name_of(each.uri), each.range))
        for each in found or ()
        if isinstance(each, t.Location)
    ]


@pytest.mark.asyncio
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
async def test_the_uses_of_a_key_in_all_files(tmp_path: Path, encoding: str) -> None:
    uses = [
        ("app.py", 4, "user"),
        ("app.py", 4, "KEY"),
        ("app.py", 5, "user"),
        ("app.py", 7, "user"),
        ("app.py", 8, "user"),
        ("helpers.py", 6, "KEY"),
        ("helpers.py", 10, "key"),
        ("pages/two.py", 2, "user"),
    ]
    async with editor(tmp_path, FILES, encoding=encoding) as ed:
        ed.open("app.py")
        for at in (
            ed.at("app.py", ".user", 1),
            ed.at("app.py", ".user", 5),
            ed.at("app.py", 'key="user"', 7),
            ed.at("app.py", '"user" in', 0),
            ed.at("app.py", "[KEY]", 2),
        ):
            assert await definition(ed, "app.py", at) == [("helpers.py", 6, "KEY")]
            assert await references(ed, "app.py", at, True) == uses
            assert await references(ed, "app.py", at, False) == [u for u in uses if u != ("helpers.py", 6, "KEY")]
            assert await highlights(ed, "app.py", at) == [
                (4, "user", READ),
                (4, "KEY", READ),
                (5, "user", WRITE),
                (7, "user", READ),
                (8, "user", WRITE),
            ]
        for at in (ed.at("app.py", "import"), ed.at("app.py", '"User"', 2), t.Position(900, 7), t.Position(0, 900)):
            assert await definition(ed, "app.py", at) == []
            assert await references(ed, "app.py", at, True) == []
            assert await highlights(ed, "app.py", at) == []
        loop = ed.at("app.py", "[name]", 1)
        assert await definition(ed, "app.py", loop) == [("app.py", 10, "name")]  # two keys, one place
        assert await definition(ed, "pages/two.py", t.Position(2, 35)) == []  # not open


@pytest.mark.asyncio
async def test_places_move_with_edits_that_are_not_analysed_yet(tmp_path: Path) -> None:
    async with editor(tmp_path, FILES) as ed:
        ed.open("app.py", "helpers.py")
        await references(ed, "app.py", ed.at("app.py", ".user", 1), True)
        ed.change("helpers.py", "# one\n# two\n" + HELPERS)
        ed.change("app.py", "\n\n" + APP + "if (\n")
        assert await definition(ed, "app.py", ed.at("app.py", ".user", 1)) == [("helpers.py", 8, "KEY")]
        found = await references(ed, "app.py", ed.at("app.py", ".user", 1), True)
        assert ("app.py", 6, "user") in found and ("pages/two.py", 2, "user") in found
        assert len(found) == 8


@pytest.mark.asyncio
async def test_a_file_of_two_apps_is_told_once(tmp_path: Path) -> None:
    start = "import streamlit as st\nfrom shared import show\n\nst.session_state.setdefault('n', 0)\nshow()\n"
    shared = "import streamlit as st\n\n\ndef show():\n    st.write(st.session_state.n)\n"
    pyproject = '[tool.streamlint]\nentrypoints = ["one.py", "two.py"]\n'
    files = {"one.py": start, "two.py": start, "shared.py": shared}
    (tmp_path / "pyproject.toml").write_text(pyproject, encoding="utf-8")
    async with editor(tmp_path, files) as ed:
        ed.open("shared.py")
        at = ed.at("shared.py", "state.n", 6)
        firsts = [("one.py", 3, "n"), ("two.py", 3, "n")]
        assert await definition(ed, "shared.py", at) == firsts
        assert await references(ed, "shared.py", at, False) == [("shared.py", 4, "n")]
        assert await references(ed, "shared.py", at, True) == [firsts[0], ("shared.py", 4, "n"), firsts[1]]
        assert await highlights(ed, "shared.py", at) == [(4, "n", READ)]
