"""What can be done about a finding: its fix, a comment, its page."""

from __future__ import annotations

from pathlib import Path

import pytest
from acting import actions, applied, chosen, titles
from editor import capabilities_of, editor
from lsprotocol import types as t
from pygls.exceptions import JsonRpcException
from streamlint.fixing import fix_paths
from streamlint.settings import load_settings

CLIENTS = ["vscode-1.139", "nvim-0.7.2", "helix-25.01", "eglot-1.9", "eglot-30.1", "ale-3.3"]
APP = """\
import streamlit as st

st.session_state.setdefault("rows", [])
del st.session_state["old"]
st.write(st.session_state.rows)
"""
HELPED = {
    "app.py": "import streamlit as st\nfrom helpers import show\n\nst.title('App')\nshow()\n",
    "helpers.py": "import streamlit as st\n\n\ndef show():\n"
    "    for row in st.session_state.‸rows:\n        st.write(row)\n",
}


@pytest.mark.asyncio
@pytest.mark.parametrize("client", CLIENTS)
async def test_a_quick_fix_is_offered_and_repairs(tmp_path: Path, client: str) -> None:
    async with editor(tmp_path, {"app.py": APP}, client=client) as ed:
        ed.open("app.py")
        [found] = await ed.diagnostics("app.py")
        offered = await actions(ed, "app.py", found.range, [found], ["quickfix"])
        assert offered[0].title == "STL103: Delete with `pop`"
        assert offered[0].is_preferred
        assert list(offered[0].diagnostics or ()) == [found]
        assert (offered[0].edit is None) is (client not in ("eglot-1.9", "ale-3.3"))
        edit = await chosen(ed, offered, "STL103: Delete")
        versioned = client not in ("nvim-0.7.2", "ale-3.3")
        assert (edit.document_changes is not None, edit.changes is not None) == (versioned, not versioned)
        if edit.document_changes is not None:
            [change] = edit.document_changes
            assert isinstance(change, t.TextDocumentEdit) and change.text_document.version == 1
        await applied(ed, offered, "STL103: Delete")
        assert 'st.session_state.pop("old", None)\n' in ed.texts["app.py"]
        assert await ed.codes("app.py") == []


@pytest.mark.asyncio
@pytest.mark.parametrize("client", ["vscode-1.139", "eglot-1.9", "nvim-0.7.2"])
async def test_a_fix_changes_a_file_that_is_not_open(tmp_path: Path, client: str) -> None:
    async with editor(tmp_path, HELPED, client=client) as ed:
        ed.open("helpers.py")
        offered = await actions(ed, "helpers.py")
        assert offered[0].title == "STL103: Initialise `rows` (unsafe)"
        assert not offered[0].is_preferred
        edit = await chosen(ed, offered, "STL103: Initialise")
        for change in edit.document_changes or ():
            assert isinstance(change, t.TextDocumentEdit)
            assert (change.text_document.uri, change.text_document.version) == (ed.uri("app.py"), None)
        assert ed.edited(edit).keys() == {"app.py"}
        ed.open("app.py")
        ed.change("app.py", "# first\n" + ed.texts["app.py"])
        offered = await actions(ed, "helpers.py")
        edit = await chosen(ed, offered, "STL103: Initialise")
        for change in edit.document_changes or ():
            assert isinstance(change, t.TextDocumentEdit) and change.text_document.version == 2
        await applied(ed, offered, "STL103: Initialise")
        assert ed.texts["app.py"].startswith(
            "# first\nimport streamlit as st\nfrom helpers import show\n\nst.session_state.setdefault('rows', [])\n"
        )
        assert "STL103" not in " ".join(titles(await actions(ed, "helpers.py")))  # waits for what rests on app.py
        assert await ed.codes("helpers.py") == []


@pytest.mark.asyncio
async def test_diagnostics_are_linked_by_code_and_range_alone(tmp_path: Path) -> None:
    text = "import streamlit as st\n\ndel st.session_state.a, st.session_state.b\n"
    async with editor(tmp_path, {"app.py": text}, client="nvim-0.7.2") as ed:
        ed.open("app.py")
        one, other = await ed.diagnostics("app.py")
        bare = [t.Diagnostic(each.range, each.message, code=each.code) for each in (one, other)]
        foreign = t.Diagnostic(one.range, "unused", code="F401")
        start = t.Range(t.Position(2, 0), t.Position(2, 0))
        offered = await actions(ed, "app.py", start, [*bare, foreign])
        assert titles(offered)[:1] == ["Disable STL103 (key-never-set) for this line"]
        assert {str(each) for action in offered for each in action.diagnostics or ()} <= {str(each) for each in bare}
        [explain] = [each for each in offered if each.title.startswith("Explain")]
        assert explain.command is not None
        assert await actions(ed, "app.py", start) == []


@pytest.mark.asyncio
async def test_what_only_shows_the_way_says_so(tmp_path: Path) -> None:
    text = "import streamlit as st\n\nst.session_state.‸answer = print('asked')\nst.write('end')\n"
    async with editor(tmp_path, {"app.py": text}, client="vscode-1.139", options={"extendSelect": ["STL504"]}) as ed:
        ed.open("app.py")
        assert await ed.codes("app.py") == ["STL504"]
        [fix] = [each for each in await actions(ed, "app.py", only=["quickfix"]) if each.title.startswith("STL504:")]
        assert fix.title.endswith(" (check the result)") and not fix.is_preferred
        assert "print" not in ed.edited(await chosen(ed, [fix], fix.title))["app.py"]


@pytest.mark.asyncio
async def test_safe_quick_fixes_do_what_the_command_line_does(tmp_path: Path) -> None:
    text = (
        "import streamlit as st\n\nss = st.session_state\n"
        'del ss["a"]\nif st.button("x"):\n    del ss.b\n    ss.pop("c")\nst.write("end")\n'
        'if "n" not in ss:\n    ss.n = 0  # count\nst.write(ss.n)\n'
    )
    settings = load_settings(tmp_path, isolated=True, overrides={"extend-select": ["STL501"]})
    (tmp_path / "app.py").write_text(text)
    expected = fix_paths([tmp_path], settings, cache=False).texts[str(tmp_path / "app.py")][1]
    async with editor(tmp_path, {"app.py": text}, client="vscode-1.139", options={"extendSelect": ["STL501"]}) as ed:
        ed.open("app.py")
        for _ in range(10):
            found = [
                action for each in await ed.diagnostics("app.py") for action in await actions(ed, "app.py", each.range)
            ]
            preferred = [action for action in found if action.is_preferred]
            if not preferred:
                break
            await applied(ed, preferred[:1], preferred[0].title)
        assert ed.texts["app.py"] == expected
        assert "setdefault" in expected and expected.count("pop") == 3


@pytest.mark.asyncio
async def test_an_outdated_action_is_made_anew_or_refused(tmp_path: Path) -> None:
    async with editor(tmp_path, {"app.py": APP}, client="vscode-1.139") as ed:
        ed.open("app.py")
        [found] = await ed.diagnostics("app.py")
        offered = await actions(ed, "app.py", found.range)
        fix = offered[0]
        [refactor] = [
            each for each in await actions(ed, "app.py", found.range) if each.title == "Write `old` as an attribute"
        ]
        ed.change("app.py", "# 😋 above\n" + ed.texts["app.py"])
        await applied(ed, [fix], fix.title)
        assert ed.texts["app.py"] == "# 😋 above\n" + APP.replace(
            'del st.session_state["old"]', 'st.session_state.pop("old", None)'
        )
        for action in (fix, refactor):
            action.edit = None
            with pytest.raises(JsonRpcException) as refused:
                await ed.client.code_action_resolve_async(action)
            assert refused.value.code == t.LSPErrorCodes.ContentModified
        ed.change("app.py", APP + "if (\n")
        assert [each.edit or each.data for each in await actions(ed, "app.py", found.range) if not each.command] == []
        strange = t.CodeAction("?", data={"uri": ed.uri("app.py"), "version": 1, "do": "fix", "finding": [1]})
        for action in (strange, t.CodeAction("?", data={"uri": "untitled:a"}), fix):
            with pytest.raises(JsonRpcException):
                await ed.client.code_action_resolve_async(action)
        assert (await ed.client.code_action_resolve_async(t.CodeAction("?"))).edit is None


@pytest.mark.asyncio
async def test_a_rule_is_explained(tmp_path: Path) -> None:
    async with editor(tmp_path, {"app.py": APP}, client="vscode-1.139") as ed:
        ed.open("app.py")
        [found] = await ed.diagnostics("app.py")
        [action] = [each for each in await actions(ed, "app.py", found.range) if each.title.startswith("Explain")]
        assert action.title == "Explain STL103 (key-never-set)" and action.command is not None
        command = t.ExecuteCommandParams(action.command.command, arguments=action.command.arguments)
        told = await ed.client.workspace_execute_command_async(command)
        assert told["markdown"].startswith("# key-never-set (STL103)")
        assert told["url"].endswith("/key-never-set")
        await ed.codes("app.py")
        [shown] = ed.client.shown_documents
        assert (shown.uri, shown.external) == (told["url"], True)
        for arguments in ([], ["STL999"], [1], ["STL103", 2, 3]):
            unknown = t.ExecuteCommandParams("streamlint.explain", arguments=arguments)
            if arguments[:1] == ["STL103"]:
                await ed.client.workspace_execute_command_async(unknown)
                continue
            with pytest.raises(JsonRpcException):
                await ed.client.workspace_execute_command_async(unknown)


@pytest.mark.asyncio
async def test_a_client_that_takes_no_actions_gets_commands(tmp_path: Path) -> None:
    known = capabilities_of("ale-3.3")
    assert known.text_document is not None
    known.text_document.code_action = None
    async with editor(tmp_path, {"app.py": APP}, capabilities=known) as ed:
        ed.open("app.py")
        [found] = await ed.diagnostics("app.py")
        params = t.CodeActionParams(ed.document("app.py"), found.range, t.CodeActionContext([found]))
        [command] = await ed.client.text_document_code_action_async(params) or []
        assert isinstance(command, t.Command) and command.command == "streamlint.explain"


@pytest.mark.asyncio
async def test_odd_requests_do_no_harm(tmp_path: Path) -> None:
    async with editor(tmp_path, {"app.py": APP}, client="vscode-1.139") as ed:
        ed.open("app.py")
        await ed.codes("app.py")
        far = t.Range(t.Position(900, 900), t.Position(901, 3))
        assert [each for each in await actions(ed, "app.py", far) if each.kind == "quickfix"] == []
        back = t.Range(t.Position(3, 20), t.Position(2, 0))
        assert await actions(ed, "app.py", back)
        for uri in ("untitled:Untitled-1", "file:///nowhere/app.py", "vscode-notebook-cell:/a#b"):
            params = t.CodeActionParams(t.TextDocumentIdentifier(uri), far, t.CodeActionContext([]))
            assert not await ed.client.text_document_code_action_async(params)
