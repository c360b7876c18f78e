"""What an editor underlines, and when."""

from __future__ import annotations

from pathlib import Path

import pytest
from editor import editor
from lsprotocol import types as t

APP = "import streamlit as st\n\nst.write(st.session_state.name)\n"
FIXED = 'import streamlit as st\n\nst.session_state.setdefault("name", "")\nst.write(st.session_state.name)\n'


@pytest.mark.asyncio
@pytest.mark.parametrize("client", ["nvim-0.7.2", "vscode-1.139", "helix-25.01", "eglot-1.9", "eglot-30.1", "ale-3.3"])
async def test_a_finding_is_shown_and_goes(tmp_path: Path, client: str) -> None:
    async with editor(tmp_path, {"app.py": APP}, client=client) as ed:
        ed.open("app.py")
        [found] = await ed.diagnostics("app.py")
        assert found.code == "STL103"
        assert found.source == "streamlint"
        assert found.severity == t.DiagnosticSeverity.Error
        assert found.code_description is not None and found.code_description.href.endswith("/key-never-set")
        assert ed.shown("app.py", found.range) == "st.session_state.name"
        ed.change("app.py", FIXED)
        assert await ed.diagnostics("app.py") == []


@pytest.mark.asyncio
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
async def test_columns_are_counted_as_the_client_does(tmp_path: Path, encoding: str) -> None:
    text = 'import streamlit as st\n\x0c\nx = "😋é"; st.write("😋", st.session_state.name)\n'
    async with editor(tmp_path, {"app.py": text}, encoding=encoding) as ed:
        ed.open("app.py")
        [found] = await ed.diagnostics("app.py")
        assert found.range.start.line == 2
        assert ed.shown("app.py", found.range) == "st.session_state.name"


@pytest.mark.asyncio
async def test_broken_code_keeps_the_last_findings_where_they_belong(tmp_path: Path) -> None:
    async with editor(tmp_path, {"app.py": APP}) as ed:
        ed.open("app.py")
        await ed.diagnostics("app.py")
        ed.change("app.py", "# one\n# two\n" + APP + "if (\n")
        [found] = await ed.diagnostics("app.py")
        assert ed.shown("app.py", found.range) == "st.session_state.name"


@pytest.mark.asyncio
async def test_unsaved_text_of_a_helper_counts_for_the_page(tmp_path: Path) -> None:
    files = {
        "app.py": "import streamlit as st\nfrom helpers import init\n\ninit()\nst.write(st.session_state.name)\n",
        "helpers.py": "import streamlit as st\n\n\ndef init():\n    pass\n",
    }
    async with editor(tmp_path, files) as ed:
        ed.open("app.py", "helpers.py")
        assert await ed.codes("app.py") == ["STL103"]
        ed.published.clear()
        ed.change("helpers.py", files["helpers.py"].replace("pass", 'st.session_state.setdefault("name", "")'))
        await ed.diagnostics("helpers.py")
        assert await ed.codes("app.py") == []
