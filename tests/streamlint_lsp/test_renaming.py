"""Another name for a key, as editors ask for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from editor import Editor, editor
from lsprotocol import types as t
from pygls.exceptions import JsonRpcException

APP = """\
import streamlit as st
from helpers import KEY

st.session_state.setdefault(KEY, "😋")
st.write("😋", st.session_state.user, st.session_state['user'])
st.text_input("user", key="user")
"""
HELPERS = 'KEY = "user"\n'
PAGE = "import streamlit as st\n\nst.write(st.session_state.get('user'))\n"
FILES = {"app.py": APP, "helpers.py": HELPERS, "pages/two.py": PAGE}


async def rename(ed: Editor, name: str, at: t.Position, new: str) -> t.WorkspaceEdit | None:
    return await ed.client.text_document_rename_async(
        t.RenameParams(position=at, new_name=new, text_document=ed.document(name))
    )


async def prepared(ed: Editor, name: str, at: t.Position) -> tuple[str, str] | None:
    found = await ed.client.text_document_prepare_rename_async(t.PrepareRenameParams(ed.document(name), at))
    if found is None:
        return None
    assert isinstance(found, t.PrepareRenamePlaceholder)
    return ed.shown(name, found.range), found.placeholder


async def refusal(ed: Editor, name: str, at: t.Position, new: str) -> str:
    with pytest.raises(JsonRpcException) as refused:
        await rename(ed, name, at, new)
    assert refused.value.code == -32602
    return refused.value.message


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("client", "encoding"),
    [("vscode-1.139", None), ("eglot-30.1", "utf-32"), ("helix-25.01", "utf-8"), ("nvim-0.10.4", None)],
)
async def test_a_key_is_renamed_on_all_pages(tmp_path: Path, client: str, encoding: str | None) -> None:
    async with editor(tmp_path, FILES, client=client, encoding=encoding) as ed:
        ed.open("app.py", "pages/two.py")
        ed.change("pages/two.py", "# first\n" + PAGE)
        edit = await rename(ed, "app.py", ed.at("app.py", ".user", 1), "new name")
        assert edit is not None
        versioned = client in ("vscode-1.139", "eglot-30.1", "helix-25.01")
        assert (edit.document_changes is not None) is versioned and (edit.changes is not None) is not versioned
        if edit.document_changes:
            changes = [each for each in edit.document_changes if isinstance(each, t.TextDocumentEdit)]
            versions = {ed.name_of(each.text_document.uri): each.text_document.version for each in changes}
            assert versions == {"app.py": 1, "helpers.py": None, "pages/two.py": 2}
        assert ed.edited(edit) == {
            "app.py": APP.replace(".user", '["new name"]')
            .replace("['user']", "['new name']")
            .replace('key="user"', 'key="new name"'),
            "helpers.py": HELPERS.replace("user", "new name"),
            "pages/two.py": "# first\n" + PAGE.replace("'user'", "'new name'"),
        }


@pytest.mark.asyncio
async def test_what_can_be_renamed_is_told_before(tmp_path: Path) -> None:
    async with editor(tmp_path, FILES, client="vscode-1.139") as ed:
        ed.open("app.py", "helpers.py")
        for at in (ed.at("app.py", ".user", 1), ed.at("app.py", "['user']", 2), ed.at("app.py", 'key="user"', 9)):
            assert await prepared(ed, "app.py", at) == ("user", "user")
        assert await prepared(ed, "helpers.py", ed.at("helpers.py", '"user"', 2)) == ("user", "user")
        for at in (ed.at("app.py", "KEY,", 1), ed.at("app.py", "write", 1), t.Position(0, 0), t.Position(99, 99)):
            assert await prepared(ed, "app.py", at) is None  # the Python server's
        assert await prepared(ed, "helpers.py", ed.at("helpers.py", "KEY", 1)) is None
        edit = await rename(ed, "helpers.py", ed.at("helpers.py", "user", 1), "person")
        assert edit is not None and sorted(ed.edited(edit)) == ["app.py", "helpers.py", "pages/two.py"]
        assert await rename(ed, "app.py", ed.at("app.py", "write", 1), "person") is None
        by_name = await rename(ed, "app.py", ed.at("app.py", "KEY,", 1), "person")  # who does not ask first
        assert by_name == edit
        assert "not what spells" in await refusal(ed, "app.py", ed.at("app.py", '"user", key', 2), "person")
        assert "is called" in await refusal(ed, "app.py", ed.at("app.py", ".user", 2), "user")
        assert "needs a name" in await refusal(ed, "app.py", ed.at("app.py", ".user", 2), "")


@pytest.mark.asyncio
async def test_what_is_not_safe_is_refused_with_the_place(tmp_path: Path) -> None:
    page = PAGE + "n = st.number_input('n')\nst.session_state[f'u{n}'] = 1\n"
    async with editor(tmp_path, {**FILES, "pages/two.py": page}) as ed:
        ed.open("app.py")
        at = ed.at("app.py", ".user", 1)
        assert await refusal(ed, "app.py", at, "person") == (
            'The key at pages/two.py:5 is made at run time ("u…") and may be "user".'
        )
        ed.open("pages/two.py")
        ed.change("pages/two.py", PAGE)  # what counts is the text in the editor
        assert await rename(ed, "app.py", at, "person") is not None
        ed.change("pages/two.py", PAGE + "if (\n")
        assert "pages/two.py is no valid Python" in await refusal(ed, "app.py", at, "person")
        ed.change("app.py", APP + "if (\n")
        assert "no valid Python" in await refusal(ed, "app.py", at, "person")
