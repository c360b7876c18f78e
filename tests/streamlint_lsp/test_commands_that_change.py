"""Commands whose answers a client writes: all fixes, and the configuration of a project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from editor import Editor, editor
from lsprotocol import types as t
from lsprotocol.converters import get_converter
from pygls.exceptions import JsonRpcException
from streamlint.rules import all_rules

HELPER = "import streamlit as st\n\n\ndef show():\n    if st.session_state.coupon:\n        st.write(1)\n"
APP = """\
import streamlit as st
from helper import show

def use():
    st.session_state.coupon = st.session_state.code

st.text_input("Code 😋", key="code", on_change=use)
if st.session_state.coupon:
    st.write("10 %")
show()
"""
FIXED = 'st.session_state.get("coupon")'


async def run(ed: Editor, command: str, *arguments: Any) -> Any:
    params = t.ExecuteCommandParams(f"streamlint.{command}", list(arguments) or None)
    return get_converter().unstructure(await ed.client.workspace_execute_command_async(params))


async def edited(ed: Editor, *arguments: Any) -> dict[str, str]:
    """The texts after all fixes."""
    found = await run(ed, "fixAll", *arguments)
    return ed.edited(get_converter().structure(found, t.WorkspaceEdit))


async def error_of(ed: Editor, command: str, *arguments: Any) -> str:
    with pytest.raises(JsonRpcException) as found:
        await run(ed, command, *arguments)
    return found.value.message


@pytest.mark.asyncio
async def test_all_fixes_of_a_file_and_of_its_app(tmp_path: Path) -> None:
    async with editor(tmp_path, {"app.py": APP, "helper.py": HELPER}) as ed:
        ed.open("app.py")
        of_file = await edited(ed, ed.uri("app.py"))
        assert of_file == {"app.py": APP.replace("if st.session_state.coupon", f"if {FIXED}")}
        of_app = await edited(ed, ed.uri("app.py"), {"app": True})
        assert of_app == {**of_file, "helper.py": HELPER.replace("if st.session_state.coupon", f"if {FIXED}")}
        ed.change("app.py", of_file["app.py"])
        assert await run(ed, "fixAll", ed.uri("app.py")) is None
        ed.change("app.py", "if (")
        assert await run(ed, "fixAll", ed.uri("app.py")) is None
        assert "takes the URI" in await error_of(ed, "fixAll")
        assert "takes the URI" in await error_of(ed, "fixAll", ed.uri("app.py"), True)


@pytest.mark.asyncio
async def test_rules_are_listed(tmp_path: Path) -> None:
    async with editor(tmp_path, {}) as ed:
        found = await run(ed, "rules")
        assert [(each["code"], each["name"], each["summary"]) for each in found] == [
            (each.code, each.name, each.summary) for each in all_rules()
        ]
        assert {each["severity"] for each in found} == {"error", "warning", "hint"}


@pytest.mark.asyncio
async def test_what_a_project_would_be_configured_with(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'shop'\n")
    async with editor(tmp_path, {}) as ed:
        [found] = await run(ed, "initialise", tmp_path.as_uri())
        assert found["uri"] == (tmp_path / "pyproject.toml").as_uri()
        assert found["before"] == "[project]\nname = 'shop'\n" and found["after"].startswith(found["before"])
        assert "[tool.streamlint]" in found["after"] and len(found["changes"]) == 2
        assert (tmp_path / "pyproject.toml").read_text() == found["before"]
        (tmp_path / "pyproject.toml").write_text(found["after"])
        assert await run(ed, "initialise", tmp_path.as_uri()) == []
        (tmp_path / "pyproject.toml").write_text("[project\n")
        assert "not valid TOML" in await error_of(ed, "initialise", tmp_path.as_uri())
        assert "takes the URI of a folder" in await error_of(ed, "initialise")
