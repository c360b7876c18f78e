"""What can be done about a finding: its fix, a comment, its page."""

from __future__ import annotations

from pathlib import Path

import pytest
from acting import actions, chosen
from editor import editor
from lsprotocol import types as t

CLIENTS = ["vscode-1.139", "nvim-0.7.2", "helix-25.01", "eglot-1.9", "eglot-30.1", "ale-3.3"]
APP = """\
import streamlit as st

st.session_state.setdefault("rows", [])
del st.session_state["old"]
st.write(st.session_state.rows)
"""


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
        ed.change("app.py", ed.edited(edit)["app.py"])
        assert 'st.session_state.pop("old", None)\n' in ed.texts["app.py"]
        assert await ed.codes("app.py") == []
