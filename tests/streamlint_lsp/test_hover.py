"""What the mouse is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from editor import CURSOR, Editor, editor
from lsprotocol import types as t

APP = """\
import streamlit as st
from helpers import KEY, bump

st.session_state.setdefault("count", 0)
st.text_input("Your name", key="name", on_change=bump)
st.button("More", on_click=bump)
st.write(st.session_state["count"], st.session_state.name, st.session_state[KEY])
"""
HELPERS = """\
import streamlit as st

KEY = "chosen"


def bump():
    st.session_state.count += 1
"""
PAGE = """\
import streamlit as st
from helpers import KEY

st.session_state[KEY] = [1, 2]
st.write(st.session_state.count)
if "count" in st.session_state:
    del st.session_state["count"]
"""
FILES = {"app.py": APP, "helpers.py": HELPERS, "pages/one.py": PAGE}


async def told(ed: Editor, name: str, text: str, inside: int = 0, occurrence: int = 0) -> str:
    """What is said at an occurrence of a text."""
    position = ed.at(name, text, inside, occurrence)
    found = await ed.client.text_document_hover_async(t.HoverParams(ed.document(name), position))
    if found is None:
        return ""
    assert isinstance(found.contents, t.MarkupContent)
    return found.contents.value


@pytest.mark.asyncio
async def test_the_life_of_a_key(tmp_path: Path) -> None:
    async with editor(tmp_path, FILES, client="vscode-1.139") as ed:
        ed.open("app.py", "pages/one.py")
        await ed.diagnostics("app.py")
        count = await told(ed, "app.py", '"count", 0', 3)
        assert count.startswith("**`count`**: `int` — session state of `app.py`")
        assert f"- **initialised** `0` at [app.py:4]({ed.uri('app.py')}#L4)" in count
        assert "- **written** [helpers.py:7]" in count and "(callback `bump`)" in count
        assert "- **read** " in count and "[app.py:7]" in count and "[pages/one.py:5]" in count
        assert "- **tested** [pages/one.py:6]" in count
        assert "- **deleted** [pages/one.py:7]" in count
        assert "- **survives a page switch**: no widget has the key (Streamlit 1.67)" in count
        assert "[STL102 page-dependent-key](" in count and "(pages/one.py:5): " in count
        assert await told(ed, "pages/one.py", "state.count", 8) == count
        name = await told(ed, "app.py", 'key="name"', 6)
        assert name == await told(ed, "app.py", "state.name", 7)
        assert '- **widget** `st.text_input("Your name", key="name", on_change=bump)` at [app.py:5]' in name
        assert "- **is lost on a page switch**: the value of a widget is dropped with its page" in name
        chosen = await told(ed, "pages/one.py", "[KEY]", 2)
        assert chosen.startswith("**`chosen`**: `list[int]`")
        assert "`[1, 2]` at [pages/one.py:4]" in chosen
        assert await told(ed, "app.py", "st.write", 4) == ""
        found = await ed.client.text_document_hover_async(
            t.HoverParams(ed.document("app.py"), ed.at("app.py", '"count"]', 2))
        )
        assert found is not None and found.range is not None
        assert ed.shown("app.py", found.range) == '"count"'


@pytest.mark.asyncio
async def test_findings_about_the_key_and_edits_since(tmp_path: Path) -> None:
    app = "import streamlit as st\n\nst.write(st.session_state.gone)\nst.session_state.here = '`'\n"
    async with editor(tmp_path, {"app.py": app}, client="eglot-1.9") as ed:
        ed.open("app.py")
        await ed.diagnostics("app.py")
        gone = await told(ed, "app.py", "gone", 1)
        assert "STL103 key-never-set (app.py:3)" in gone
        assert "**" not in gone and "](" not in gone  # this client shows plain text
        assert "page switch" not in gone  # there is one page
        ed.change("app.py", "# 😋\n\n" + app + "if (")
        assert "STL103 key-never-set (app.py:5)" in await told(ed, "app.py", "gone", 1)
        assert "never read" in await told(ed, "app.py", "here", 0)
        assert await told(ed, "app.py", "if (", 1) == ""


@pytest.mark.asyncio
async def test_why_a_widget_survives(tmp_path: Path) -> None:
    files = {
        "app.py": (
            "import streamlit as st\n\n"
            'st.sidebar.text_input("x", key="everywhere")\n'
            'st.navigation([st.Page("one.py"), st.Page("two.py")]).run()\n'
        ),
        "one.py": 'import streamlit as st\n\nst.text_input("y", key="here")\nst.write(st.session_state.everywhere)\n',
        "two.py": "import streamlit as st\n\nst.write(st.session_state.everywhere)\n",
    }
    async with editor(tmp_path, files) as ed:
        ed.open("one.py", "app.py")
        await ed.diagnostics("one.py")
        assert "the entrypoint draws the widget on every page" in await told(ed, "one.py", "everywhere", 1)
        assert "is lost on a page switch" in await told(ed, "one.py", '"here"', 1)


@pytest.mark.asyncio
async def test_one_expression_for_several_keys(tmp_path: Path) -> None:
    app = (
        "import streamlit as st\n\n"
        'for name in ["a", "b"]:\n    st.session_state.setdefault(name, 0)\n\n'
        "st.write(st.session_state.a, st.session_state.b)\n"
        "st.session_state[f\"row{st.text_input('n')}\"] = 1\n"
    )
    async with editor(tmp_path, {"app.py": app}) as ed:
        ed.open("app.py")
        await ed.diagnostics("app.py")
        both = await told(ed, "app.py", "setdefault(name", 12)
        assert both.startswith("2 keys of session state: `a`, `b`")
        assert both.count("session state of") == 2
        assert "made at run time" in await told(ed, "app.py", "row", 0)


RULES = """\
# ruff: noqa: STL504
import streamlit as st

st.write(st.session_state.a)  # noqa: E501, STL103 - it is there
st.write(st.session_state.b)  # noqa:stl101,STL2
st.write("# noqa: STL103")
st.write(st.session_state.c)  # streamlint: ignore[uninitialized-key]
st.write(st.session_state.d)  # see STL103
st.write(st.session_state.e)  # noqa
"""


@pytest.mark.asyncio
async def test_rules_in_comments(tmp_path: Path) -> None:
    async with editor(tmp_path, {"app.py": RULES}, client="vscode-1.139") as ed:
        ed.open("app.py")
        await ed.diagnostics("app.py")
        rule = await told(ed, "app.py", "STL103 -", 2)
        assert rule.startswith("**[STL103 key-never-set](")
        assert "(error)" in rule and "Finds" in rule and "## " not in rule
        assert await told(ed, "app.py", "E501", 1) == ""
        assert "uninitialized-key" in await told(ed, "app.py", "stl101", 6)
        assert "STL504" in await told(ed, "app.py", "STL504", 0)
        group = await told(ed, "app.py", "STL2\n", 4)
        assert "STL201" in group and "STL301" not in group
        assert await told(ed, "app.py", 'STL103")', 1) == ""
        assert "STL101" in await told(ed, "app.py", "uninitialized-key", 5)
        assert await told(ed, "app.py", "STL103\n", 1) == ""
        assert await told(ed, "app.py", "noqa\n", 1) == ""
        found = await ed.client.text_document_hover_async(
            t.HoverParams(ed.document("app.py"), ed.at("app.py", "STL103 -", 2))
        )
        assert found is not None and found.range is not None
        assert ed.shown("app.py", found.range) == "STL103"


@pytest.mark.asyncio
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
async def test_columns_and_odd_positions(tmp_path: Path, encoding: str) -> None:
    app = 'import streamlit as st\r\n\x0c\r\nst.write("😋é",\tst.session_state.setdefault("é", 1))\r\n'
    async with editor(tmp_path, {"app.py": app}, encoding=encoding) as ed:
        ed.open("app.py")
        await ed.diagnostics("app.py")
        assert "app.py:3" in await told(ed, "app.py", '"é", 1', 1)
        for position in (t.Position(999, 999), t.Position(0, 9999), t.Position(2, 9999)):
            assert await ed.client.text_document_hover_async(t.HoverParams(ed.document("app.py"), position)) is None
        unknown = t.TextDocumentIdentifier("vscode-notebook-cell:/x.ipynb#1")
        assert await ed.client.text_document_hover_async(t.HoverParams(unknown, t.Position(0, 0))) is None
    assert CURSOR not in app
