"""Which keys an editor offers, and what it does with the one that is chosen."""

from __future__ import annotations

from pathlib import Path

import pytest
from editor import Editor, editor
from lsprotocol import types as t

APP = """\
import streamlit as st

st.session_state.setdefault("parts", [])
st.session_state["party mode"] = True
st.text_input("Name", key="name")
st.write(st.session_state.parts, st.session_state["name"], st.session_state.theme)
"""
PAGE = """\
import streamlit as st

if "theme" not in st.session_state:
    st.session_state.theme = "dark"
st.session_state.page_only = 1
"""
STRANGER = "import streamlit as st\n\nst.session_state.foreign = 1\nst.write(st.session_state.foreign)\n"
FILES = {"app.py": APP, "pages/one.py": PAGE, "other/app.py": STRANGER}


async def items(ed: Editor, name: str) -> list[t.CompletionItem]:
    found = await ed.client.text_document_completion_async(t.CompletionParams(ed.document(name), ed.cursor(name)))
    assert found is None or isinstance(found, t.CompletionList)
    return sorted(found.items, key=lambda each: each.sort_text or each.label) if found else []


async def labels(ed: Editor, name: str, text: str) -> list[str]:
    """What is offered once the user has typed this."""
    ed.change(name, text)
    return [each.label for each in await items(ed, name)]


async def chosen(ed: Editor, name: str, label: str, text: str) -> str:
    """The text once the user has chosen an item, without line ends at its end."""
    ed.change(name, text)
    [item] = [each for each in await items(ed, name) if each.label == label]
    assert isinstance(item.text_edit, t.TextEdit)
    edit = t.WorkspaceEdit(changes={ed.uri(name): [item.text_edit]})
    return ed.edited(edit)[name].removeprefix(APP)


@pytest.mark.asyncio
async def test_keys_are_offered_while_the_line_is_unfinished(tmp_path: Path) -> None:
    async with editor(tmp_path, FILES) as ed:
        ed.open("app.py")
        await ed.diagnostics("app.py")
        assert await labels(ed, "app.py", APP + "st.session_state.‸") == ["parts", "name", "page_only", "theme"]
        assert await labels(ed, "app.py", APP + "x = f(st.session_state.par‸\ny = 1\n") == [
            "parts",
            "name",
            "page_only",
            "theme",
        ]
        everything = ["parts", "party mode", "name", "page_only", "theme"]
        for line in (
            'st.session_state["‸',
            'if "‸" in st.session_state:',
            'st.session_state.get("‸")',
            "st.session_state[‸",
        ):
            assert await labels(ed, "app.py", APP + line) == everything, line
        for line in (
            "# st.session_state.‸",
            '"st.session_state.‸"',
            "st.session_state.parts.‸",
            "st.‸",
            'd = {}\nd["‸"]',
        ):
            assert await labels(ed, "app.py", APP + line) == [], line
        # In the middle of the file, and where the key that is typed is spelled nowhere else.
        middle = APP.replace("st.session_state.parts,", "st.session_state.thi‸,")
        assert "thi" not in await labels(ed, "app.py", middle)
        await ed.diagnostics("app.py")
        assert "thi" not in [each.label for each in await items(ed, "app.py")]


@pytest.mark.asyncio
async def test_the_chosen_key_replaces_what_is_typed(tmp_path: Path) -> None:
    async with editor(tmp_path, FILES) as ed:
        ed.open("app.py")
        await ed.diagnostics("app.py")

        async def choose(label: str, line: str) -> str:
            return await chosen(ed, "app.py", label, APP + line)

        assert await choose("parts", "st.session_state.par‸") == "st.session_state.parts"
        assert await choose("parts", "st.session_state.pa‸r + 1") == "st.session_state.parts + 1"
        assert await choose("party mode", 'st.session_state["pa‸r"]') == 'st.session_state["party mode"]'
        assert await choose("parts", 'st.session_state["‸\n') == 'st.session_state["parts"]\n'
        assert await choose("parts", "st.session_state['pa‸]") == "st.session_state['parts']"
        assert await choose("parts", "x = st.session_state[‸]") == 'x = st.session_state["parts"]'
        assert await choose("parts", "x = st.session_state[‸") == 'x = st.session_state["parts"]'
        assert await choose("parts", 'st.session_state.get("‸') == 'st.session_state.get("parts")'
        assert await choose("parts", 'st.session_state.setdefault("‸') == 'st.session_state.setdefault("parts"'
        assert await choose("parts", 'if "‸ in st.session_state:') == 'if "parts" in st.session_state:'


@pytest.mark.asyncio
async def test_aliases_are_known_and_shadows_too(tmp_path: Path) -> None:
    text = APP + (
        "from streamlit import session_state as other\n"
        "ss = st.session_state\n\n"
        "def shadowed():\n    ss = {}\n    ss\n\n"
        "def plain():\n    ss\n\n"
        "def helper(state, box):\n    box\n\n"
        "class Panel:\n"
        "    def __init__(self):\n        self.state = st.session_state\n\n"
        "    def draw(self):\n        self.state.parts\n\n"
        "    def more(self):\n        self\n\n"
        "helper(st.session_state, {})\nPanel().draw()\n"
        "session_state = {}\n"
    )
    async with editor(tmp_path, {**FILES, "app.py": text}) as ed:
        ed.open("app.py")
        await ed.diagnostics("app.py")

        async def offered(old: str, new: str) -> bool:
            return "parts" in await labels(ed, "app.py", text.replace(old, new, 1))

        assert await offered("Panel().draw()\n", "Panel().draw()\nother.‸\n")
        assert await offered("def plain():\n    ss", "def plain():\n    ss.‸")
        assert await offered("def plain():\n    ss", 'def plain():\n    ss["‸')
        assert not await offered("    ss = {}\n    ss\n", "    ss = {}\n    ss.‸\n")
        assert not await offered("    ss = {}\n    ss\n", "    ss = {}\n    ss\n    ss.‸\n")
        assert await offered("    box\n", "    state.‸\n")
        assert await offered("    box\n", "    box\n    if 'x‸' in state\n")
        assert not await offered("    box\n", "    box.‸\n")
        assert await offered("        self\n", "        self.state.‸\n")
        assert not await offered("helper(st", "state.‸\nhelper(st")
        assert not await offered("session_state = {}\n", "session_state = {}\nsession_state.‸")
        # An alias that the server has not been told of yet, in text that never parsed.
        assert await offered("session_state = {}\n", "session_state = {}\nfresh = st.session_state\nfresh.‸")
        assert not await offered("def plain():\n    ss", "def plain():\n    ss = []\n    ss.‸")


@pytest.mark.asyncio
async def test_a_file_that_never_parsed(tmp_path: Path) -> None:
    broken = (
        "import streamlit as st\nss = st.session_state\n\nss.count = 1\nst.text_input('x', key='name')\n\n"
        "def f(ss):\n    ss.‸\n\ndef g(:\n    pass\n"
    )
    async with editor(tmp_path, {"app.py": broken, "pages/one.py": PAGE}) as ed:
        ed.open("app.py")
        assert await items(ed, "app.py") == []
        found = await labels(ed, "app.py", broken.replace("‸", "x").replace("def g", 'x = ss["‸\ndef g'))
        assert {"count", "name"} <= {*found}
    async with editor(tmp_path, {"pages/two.py": "import streamlit as st\nst.session_state.‸\n"}) as ed:
        ed.open("pages/two.py")
        assert isinstance(await items(ed, "pages/two.py"), list)


@pytest.mark.asyncio
async def test_the_key_of_a_widget(tmp_path: Path) -> None:
    async with editor(tmp_path, FILES) as ed:
        ed.open("app.py")
        await ed.diagnostics("app.py")
        found = await labels(ed, "app.py", APP + 'st.number_input("n", key="‸")\n')
        assert found == ["parts", "theme", "page_only", "party mode", "name"]
        assert await labels(ed, "app.py", APP + 'st.columns(2)[0].number_input("n", key="‸")\n') == []
        column = 'col, _ = st.columns(2)\ncol.number_input(\n    "n",\n    key="‸\n)\n'
        assert "theme" in await labels(ed, "app.py", APP + column)
        for line in ('sorted([], key="‸")', 'import altair as alt\nalt.selection(key="‸")', 'st.write(key="‸")'):
            assert await labels(ed, "app.py", APP + line) == [], line


@pytest.mark.asyncio
@pytest.mark.parametrize("client", ["vscode-1.139", "eglot-1.9", "helix-25.01"])
async def test_what_an_item_tells(tmp_path: Path, client: str) -> None:
    async with editor(tmp_path, FILES, client=client) as ed:
        ed.open("app.py")
        await ed.diagnostics("app.py")
        ed.change("app.py", APP + 'st.session_state["‸"]')
        found = {each.label: each for each in await items(ed, "app.py")}
        name, theme = found["name"], found["theme"]
        assert theme.detail is not None and "str" in theme.detail
        if client == "vscode-1.139":
            assert theme.label_details == t.CompletionItemLabelDetails(detail=": str", description="pages/one.py:4")
        else:
            assert theme.label_details is None and theme.detail == "str · pages/one.py:4"
        if client == "eglot-1.9":
            assert isinstance(name.documentation, str)
        else:
            assert name.documentation is None
        name = await ed.client.completion_item_resolve_async(name)
        told = name.documentation
        if client == "vscode-1.139":
            assert isinstance(told, t.MarkupContent) and told.kind == "markdown"
            told = told.value
        assert isinstance(told, str)
        assert 'st.text_input("Name", key="name")' in told
        assert "app.py:5" in told
        stale = t.CompletionItem("gone", data={"uri": "file:///nowhere.py", "key": "gone"})
        assert (await ed.client.completion_item_resolve_async(stale)).documentation is None


@pytest.mark.asyncio
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
async def test_columns_are_those_of_the_client(tmp_path: Path, encoding: str) -> None:
    text = APP + '\x0c\r\nif x:\r\n\tst.write("😋é", '
    async with editor(tmp_path, FILES, encoding=encoding) as ed:
        ed.open("app.py")
        await ed.diagnostics("app.py")
        assert await chosen(ed, "app.py", "parts", text + "st.session_state['pa‸r'])\r\n") == (
            text.removeprefix(APP) + "st.session_state['parts'])\r\n"
        )
        assert await chosen(ed, "app.py", "parts", text + "st.session_state.pa‸") == (
            text.removeprefix(APP) + "st.session_state.parts"
        )


@pytest.mark.asyncio
async def test_odd_keys_and_odd_places(tmp_path: Path) -> None:
    app = APP + "st.session_state[\"it's\"] = 1\nst.session_state['back\\\\slash'] = 1\nst.session_state['class'] = 1\n"
    async with editor(tmp_path, {"app.py": app}) as ed:
        ed.open("app.py")
        await ed.diagnostics("app.py")
        assert (await chosen(ed, "app.py", "it's", app + "st.session_state['‸']")).endswith("['it\\'s']")
        assert (await chosen(ed, "app.py", "back\\slash", app + 'st.session_state["‸"]')).endswith('["back\\\\slash"]')
        raw = await labels(ed, "app.py", app + "st.session_state[r'‸']")
        assert "class" in raw and "it's" not in raw
        dotted = await labels(ed, "app.py", app + "st.session_state.‸")
        assert not {"class", "it's", "get", "clear"} & {*dotted}
        far = t.CompletionParams(ed.document("app.py"), t.Position(99999, 99999))
        assert isinstance(await ed.client.text_document_completion_async(far), (t.CompletionList, type(None)))
        unknown = t.CompletionParams(t.TextDocumentIdentifier("untitled:x"), t.Position(0, 0))
        assert await ed.client.text_document_completion_async(unknown) is None
        ed.close("app.py")
        closed = t.CompletionParams(ed.document("app.py"), t.Position(3, 0))
        assert await ed.client.text_document_completion_async(closed) is None
