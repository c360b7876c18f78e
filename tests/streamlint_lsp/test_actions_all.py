"""Fixing many findings at once, and which actions a client asks for."""

from __future__ import annotations

from pathlib import Path

import pytest
from acting import actions, applied, titles
from editor import editor
from lsprotocol import types as t
from streamlint.fixing import fix_paths
from streamlint.settings import load_settings

FILES = {
    "app.py": "import streamlit as st\nfrom helpers import drop\n\nss = st.session_state\n"
    'del ss["‸a"]\nif st.button("x"):\n    del ss.b\n    st.session_state.pop("c")\ndrop()\nfor each in ss.rows:\n'
    "    st.write(each)\n",
    "helpers.py": "import streamlit as st\n\n\ndef drop():\n    del st.session_state.d\n",
}
FIXED = {
    "app.py": 'ss.pop("a", None)\nif st.button("x"):\n    ss.pop("b", None)\n    st.session_state.pop("c", None)\n',
    "helpers.py": '    st.session_state.pop("d", None)\n',
}
IN_FILE = "Fix all STL103 (key-never-set) in this file"
IN_APP = "Fix all STL103 (key-never-set) in the app"


@pytest.mark.asyncio
@pytest.mark.parametrize("client", ["vscode-1.139", "eglot-1.9"])
async def test_all_of_a_rule_is_fixed_in_the_file_or_in_the_app(tmp_path: Path, client: str) -> None:
    async with editor(tmp_path, FILES, client=client) as ed:
        ed.open("app.py")
        offered = await actions(ed, "app.py", only=["quickfix"])
        assert [title for title in titles(offered) if title.startswith("Fix all")] == [IN_FILE, IN_APP]
        ed.change("app.py", "# typed\n" + ed.texts["app.py"])
        if client == "eglot-1.9":
            offered = await actions(ed, "app.py", t.Range(ed.at("app.py", "del"), ed.at("app.py", "del", 5)))
        await applied(ed, offered, IN_FILE)
        assert FIXED["app.py"] in ed.texts["app.py"] and ed.texts["app.py"].startswith("# typed\n")
        assert "for each in ss.rows" in ed.texts["app.py"], "its fix is unsafe"
        assert ed.texts["helpers.py"] == FILES["helpers.py"]


@pytest.mark.asyncio
async def test_all_of_a_rule_is_fixed_in_files_that_are_not_open(tmp_path: Path) -> None:
    async with editor(tmp_path, FILES, client="vscode-1.139") as ed:
        ed.open("helpers.py")
        at = t.Range(ed.at("helpers.py", "st.session_state"), ed.at("helpers.py", "st.session_state"))
        offered = await actions(ed, "helpers.py", at)
        assert [title for title in titles(offered) if title.startswith("Fix all STL")] == [IN_APP]
        await applied(ed, offered, IN_APP)
        assert FIXED["app.py"] in ed.texts["app.py"] and FIXED["helpers.py"] in ed.texts["helpers.py"]
        assert (tmp_path / "app.py").read_text() == ed.texts["app.py"]


@pytest.mark.asyncio
async def test_all_unsafe_fixes_of_a_rule_are_called_so(tmp_path: Path) -> None:
    text = "import streamlit as st\n\nfor each in st.session_state.rows:\n    st.write(each)\n"
    text += "len(st.session_state.names)\n"
    async with editor(tmp_path, {"app.py": text}, client="vscode-1.139") as ed:
        ed.open("app.py")
        at = t.Range(ed.at("app.py", "rows"), ed.at("app.py", "rows"))
        offered = await actions(ed, "app.py", at)
        assert f"{IN_FILE} (unsafe)" in titles(offered)
        assert "source.fixAll.streamlint" not in {each.kind for each in offered}
        await applied(ed, offered, IN_FILE)
        assert await ed.codes("app.py") == []


@pytest.mark.asyncio
@pytest.mark.parametrize("client", ["vscode-1.139", "ale-3.3"])
async def test_everything_safe_is_fixed_in_one_file(tmp_path: Path, client: str) -> None:
    async with editor(tmp_path, FILES, client=client) as ed:
        ed.open("app.py")
        whole = t.Range(t.Position(0, 0), t.Position(100, 0))
        [action] = await actions(ed, "app.py", whole, only=["source.fixAll"])
        assert action.kind == "source.fixAll.streamlint"
        settings = load_settings(tmp_path, isolated=True)
        expected = fix_paths([tmp_path / "app.py"], settings, cache=False).texts
        await applied(ed, [action], action.title)
        assert ed.texts["app.py"] == expected[str(tmp_path / "app.py")][1]
        assert ed.texts["helpers.py"] == FILES["helpers.py"]
        assert await actions(ed, "app.py", whole, only=["source.fixAll.streamlint"]) == []


@pytest.mark.asyncio
async def test_only_the_kinds_that_are_asked_for_are_offered(tmp_path: Path) -> None:
    async with editor(tmp_path, FILES, client="vscode-1.139") as ed:
        ed.open("app.py")

        async def kinds(*only: str) -> set[str]:
            found = await actions(ed, "app.py", only=list(only) or None)
            return {
                str(getattr(each.kind, "value", each.kind)) for each in found if not each.title.startswith("Explain")
            }

        everything = {"quickfix", "source.fixAll.streamlint", "refactor.rewrite", "refactor.extract"}
        assert await kinds() == everything
        assert await kinds("") == everything
        assert await kinds("quickfix") == {"quickfix"}
        assert await kinds("source") == await kinds("source.fixAll") == {"source.fixAll.streamlint"}
        assert await kinds("source.fixAll.streamlint") == {"source.fixAll.streamlint"}
        assert await kinds("refactor") == {"refactor.rewrite", "refactor.extract"}
        assert await kinds("refactor.extract", "quickfix") == {"quickfix", "refactor.extract"}
        for other in ("source.organizeImports", "source.fixAll.ruff", "refactor.inline", "quick", "source.fix"):
            assert await kinds(other) == set()
        provider = ed.initialized.capabilities.code_action_provider
        assert isinstance(provider, t.CodeActionOptions) and provider.resolve_provider
        assert everything <= {str(getattr(each, "value", each)) for each in provider.code_action_kinds or ()}
