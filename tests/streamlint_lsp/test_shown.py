"""What an editor shows of keys without being asked: lenses, hints, symbols."""

from __future__ import annotations

from pathlib import Path

import pytest
from editor import Editor, editor
from lsprotocol import types as t

APP = """\
import streamlit as st

st.session_state.setdefault("count", 0)
st.session_state.unread = 1
st.text_input("Name", key="name")
st.text_input("Alone", key="alone")


def more():
    st.session_state["count"] += 1


st.button("More", on_click=more)
st.write(st.session_state.count, st.session_state.name)
"""
PAGE = "import streamlit as st\n\nst.session_state.theme = 'dark'\nst.write(st.session_state.count)\n"
FILES = {"app.py": APP, "pages/one.py": PAGE, "pages/two.py": PAGE.replace("theme", "other")}


async def lenses(ed: Editor, name: str) -> dict[str, t.CodeLens]:
    """The lenses by what they stand at, resolved."""
    found = await ed.client.text_document_code_lens_async(t.CodeLensParams(ed.document(name)))
    resolved: dict[str, t.CodeLens] = {}
    for each in found or []:
        assert each.command is None
        resolved[ed.shown(name, each.range)] = await ed.client.code_lens_resolve_async(each)
    return resolved


def title(lens: t.CodeLens) -> str:
    assert lens.command is not None
    assert lens.command.command == "streamlint.showReferences"
    return lens.command.title


@pytest.mark.asyncio
async def test_lenses(tmp_path: Path) -> None:
    async with editor(tmp_path, FILES, client="vscode-1.139") as ed:
        ed.open("app.py")
        await ed.diagnostics("app.py")
        found = await lenses(ed, "app.py")
        assert {*found} == {'"count"', "unread", '"name"'}
        assert title(found['"count"']) == "3 reads · 1 write · 3 pages"
        assert title(found["unread"]) == "never read · 1 page"
        assert title(found['"name"']) == "1 read · 1 page"
        command = found['"count"'].command
        assert command is not None and command.arguments is not None
        uri, position, places = command.arguments
        assert uri == ed.uri("app.py")
        assert position["line"] == 2
        assert len(places) == 4
        assert {place["uri"] for place in places} == {ed.uri(name) for name in FILES}
        stale = t.CodeLens(t.Range(t.Position(0, 0), t.Position(0, 1)), data={"uri": "file:///gone.py", "keys": ["x"]})
        assert title(await ed.client.code_lens_resolve_async(stale))


@pytest.mark.asyncio
async def test_no_lenses_where_they_are_not_wanted(tmp_path: Path) -> None:
    async with editor(tmp_path, FILES, options={"codeLens": False}) as ed:
        ed.open("app.py")
        await ed.diagnostics("app.py")
        assert not await ed.client.text_document_code_lens_async(t.CodeLensParams(ed.document("app.py")))


@pytest.mark.asyncio
async def test_one_initialiser_for_several_keys(tmp_path: Path) -> None:
    app = (
        "import streamlit as st\n\n"
        'for name in ["a", "b"]:\n    st.session_state.setdefault(name, 0)\n\n'
        "st.write(st.session_state.a, st.session_state.b)\n"
    )
    async with editor(tmp_path, {"app.py": app}) as ed:
        ed.open("app.py")
        await ed.diagnostics("app.py")
        [lens] = (await lenses(ed, "app.py")).values()
        assert title(lens) == "2 keys · 2 reads"


async def hints(ed: Editor, name: str, start: int = 0, end: int = 999) -> list[tuple[str, str]]:
    """What the line has before each hint, and the hint."""
    range_ = t.Range(t.Position(start, 0), t.Position(end, 0))
    found = await ed.client.text_document_inlay_hint_async(t.InlayHintParams(ed.document(name), range_))
    shown: list[tuple[str, str]] = []
    for each in found or []:
        before = t.Range(t.Position(each.position.line, 0), each.position)
        assert isinstance(each.label, str)
        assert each.kind == t.InlayHintKind.Type
        shown.append((ed.shown(name, before), each.label))
    return shown


@pytest.mark.asyncio
async def test_hints(tmp_path: Path) -> None:
    async with editor(tmp_path, FILES, options={"inlayHints": True}, client="nvim-0.10.4") as ed:
        ed.open("app.py", "pages/one.py")
        await ed.diagnostics("app.py")
        assert await hints(ed, "app.py") == [
            ('st.session_state.setdefault("count"', ": int"),
            ("st.session_state.unread", ": int"),
            ('st.text_input("Name", key="name"', ": str"),
            ('st.text_input("Alone", key="alone"', ": str"),
            ("st.write(st.session_state.count", ": int"),
            ("st.write(st.session_state.count, st.session_state.name", ": str"),
        ]
        assert await hints(ed, "app.py", 3, 4) == [("st.session_state.unread", ": int")]
        assert ("st.write(st.session_state.count", ": int") in await hints(ed, "pages/one.py")


@pytest.mark.asyncio
async def test_hints_are_off_by_default(tmp_path: Path) -> None:
    async with editor(tmp_path, FILES) as ed:
        ed.open("app.py")
        await ed.diagnostics("app.py")
        assert await hints(ed, "app.py") == []


@pytest.mark.asyncio
async def test_the_keys_of_a_document(tmp_path: Path) -> None:
    async with editor(tmp_path, FILES, client="vscode-1.139") as ed:
        ed.open("app.py")
        await ed.diagnostics("app.py")
        found = await ed.client.text_document_document_symbol_async(t.DocumentSymbolParams(ed.document("app.py")))
        assert found is not None
        symbols = [each for each in found if isinstance(each, t.DocumentSymbol)]
        assert [each.name for each in symbols] == ["count", "unread", "name", "alone"]
        count = symbols[0]
        assert count.kind == t.SymbolKind.Key
        assert count.detail == "int"
        assert ed.shown("app.py", count.selection_range) == '"count"'
        assert ed.shown("app.py", count.range) == 'st.session_state.setdefault("count", 0)'
        below = [(each.name, each.detail, ed.shown("app.py", each.selection_range)) for each in count.children or []]
        assert below == [("updates", "more", '"count"'), ("reads", None, "count")]
        ed.change("app.py", "# one\n" + APP + "if (")
        moved = await ed.client.text_document_document_symbol_async(t.DocumentSymbolParams(ed.document("app.py")))
        assert moved is not None and isinstance(moved[0], t.DocumentSymbol)
        assert moved[0].selection_range.start.line == 3


@pytest.mark.asyncio
async def test_the_keys_of_a_document_as_a_list(tmp_path: Path) -> None:
    async with editor(tmp_path, FILES, client="helix-25.01") as ed:
        ed.open("app.py")
        await ed.diagnostics("app.py")
        found = await ed.client.text_document_document_symbol_async(t.DocumentSymbolParams(ed.document("app.py")))
        assert found is not None
        flat = [each for each in found if isinstance(each, t.SymbolInformation)]
        assert [each.name for each in flat] == ["count", "unread", "name", "alone"]
        assert flat[0].kind == t.SymbolKind.Field  # the only one that this client says it knows
        assert ed.shown("app.py", flat[0].location.range) == '"count"'


async def found(ed: Editor, query: str) -> list[tuple[str, str, int]]:
    """The names, files and lines of what is found for a query."""
    answer = await ed.client.workspace_symbol_async(t.WorkspaceSymbolParams(query))
    shown: list[tuple[str, str, int]] = []
    for each in answer or []:
        assert isinstance(each.location, t.Location)
        shown.append((each.name, ed.name_of(each.location.uri), each.location.range.start.line + 1))
    return shown


@pytest.mark.asyncio
async def test_the_keys_of_all_apps(tmp_path: Path) -> None:
    files = {
        **{f"first/{name}": text for name, text in FILES.items()},
        "second/app.py": "import streamlit as st\n\nst.session_state.Total_Count = 1\nst.write(st.session_state.x)\n",
    }
    async with editor(tmp_path, files) as ed:
        names = [name for name, _, _ in await found(ed, "")]
        assert {*names} == {"count", "unread", "name", "alone", "theme", "other", "Total_Count", "x"}
        assert await found(ed, "COUNT") == [("count", "first/app.py", 3), ("Total_Count", "second/app.py", 3)]
        assert await found(ed, "tmE") == [("theme", "first/pages/one.py", 3)] or "theme" in str(await found(ed, "tmE"))
        assert await found(ed, "zzz") == []
        ed.open("first/app.py")
        ed.change("first/app.py", "# one\n" + APP)
        await ed.diagnostics("first/app.py")
        assert ("count", "first/app.py", 4) in await found(ed, "count")
