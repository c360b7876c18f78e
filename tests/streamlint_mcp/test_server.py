"""`streamlint mcp`, asked by the SDK's own client over the standard streams of a real process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

pytest.importorskip("mcp")

import anyio
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp_types import CallToolResult, ListRootsResult, Root

APP = (
    "import streamlit as st\n\nif st.button('Load'):\n    st.session_state.rows = []\nst.write(st.session_state.rows)\n"
)
Ask = Callable[..., CallToolResult]


def talk(
    folder: Path, conversation: Callable[[Client], Awaitable[Any]], *arguments: str, roots: list[Path] | None = None
) -> Any:
    """What comes of a conversation with a server in a folder; the client has `roots`, or does not know them."""

    async def listed(_: Any) -> ListRootsResult:
        return ListRootsResult(roots=[Root(uri=root.as_uri()) for root in roots or ()])  # type: ignore[arg-type]

    async def run() -> Any:
        command = ["-m", "streamlint_cli", "mcp", *arguments]
        server = StdioServerParameters(command=sys.executable, args=command, cwd=folder)
        async with Client(
            stdio_client(server),
            list_roots_callback=listed if roots is not None else None,
        ) as client:
            return await conversation(client)

    return anyio.run(run)


def call(
    folder: Path, tool: str, /, *options: str, roots: list[Path] | None = None, **arguments: Any
) -> CallToolResult:
    async def conversation(client: Client) -> CallToolResult:
        return await client.call_tool(tool, arguments)

    return talk(folder, conversation, *options, roots=roots)


def answer(result: CallToolResult) -> dict[str, Any]:
    assert not result.is_error and result.structured_content is not None, result.content
    return result.structured_content


def complaint(result: CallToolResult) -> str:
    assert result.is_error, result
    return "".join(getattr(block, "text", "") for block in result.content)


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A folder with an app that fails on the first visit."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("")
    (folder / "app.py").write_text(APP)
    return folder


def test_what_is_offered(app: Path) -> None:
    async def conversation(client: Client) -> Any:
        return client.instructions, (await client.list_tools()).tools

    instructions, tools = talk(app, conversation)
    assert "witness" in instructions and "noqa" in instructions
    assert [tool.name for tool in tools] == ["lint", "explain", "fix", "state_map"]
    for tool in tools:
        assert tool.annotations.read_only_hint and tool.description
        assert tool.input_schema["additionalProperties"] is False
        assert all(each.get("description") for each in tool.input_schema["properties"].values())
        jsonschema.Draft202012Validator.check_schema(tool.output_schema)


def test_answers_are_what_their_schemas_say(app: Path) -> None:
    async def conversation(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        for name, arguments in (
            ("lint", {}),
            ("explain", {"rule": "STL101"}),
            ("fix", {"unsafe": True}),
            ("state_map", {}),
        ):
            schema = tools[name].output_schema
            assert schema is not None
            jsonschema.validate(answer(await client.call_tool(name, arguments)), schema)

    talk(app, conversation)


def test_a_finding_comes_with_the_run_that_proves_it(app: Path) -> None:
    found = answer(call(app, "lint"))
    assert (found["total"], found["files"], found["apps"], found["problems"]) == (1, 1, 1, [])
    (bug,) = found["findings"]
    assert (bug["code"], bug["key"], bug["severity"]) == ("STL101", "rows", "error")
    file = str(app / "app.py")
    assert bug["place"] == {"file": file, "row": 5, "column": 10, "end_row": 5, "end_column": 31}
    assert bug["witness"][0]["text"].startswith("first visit") and bug["witness"][-1]["place"]["row"] == 5
    assert bug["fix"]["applicability"] == "unsafe"


def test_files_are_read_anew_for_each_question(app: Path) -> None:
    async def conversation(client: Client) -> None:
        assert answer(await client.call_tool("lint", {}))["total"] == 1
        (app / "app.py").write_text(APP.replace("st.write", "print").replace("st.session_state.rows)", "1)"))
        assert answer(await client.call_tool("lint", {}))["total"] == 0

    talk(app, conversation)


def test_no_more_findings_than_wanted(app: Path) -> None:
    (app / "app.py").write_text(APP + "st.write(st.session_state.other)\n")
    found = answer(call(app, "lint", limit=1))
    assert found["total"] == 2 and len(found["findings"]) == 1


def test_a_file_that_is_not_python_is_told(app: Path) -> None:
    (app / "bad.py").write_text("import streamlit as st\nst.write(\n")
    (problem,) = answer(call(app, "lint", paths=["bad.py"]))["problems"]
    assert problem["kind"] == "syntax" and problem["place"]["row"] == 2


def test_a_rule_is_explained(app: Path) -> None:
    explained = answer(call(app, "explain", rule="key-never-set"))
    assert explained["code"] == "STL103" and explained["explanation"].startswith("# key-never-set")


def test_a_fix_is_a_diff_that_applies_and_nothing_is_written(app: Path) -> None:
    preview = answer(call(app, "fix", unsafe=True))
    assert preview["diff"].startswith("--- app.py\n+++ app.py\n")
    assert [each["code"] for each in preview["fixed"]] == ["STL101"] and preview["remaining"] == 0
    assert {path.name for path in app.iterdir()} == {"app.py", "pyproject.toml"}
    assert (app / "app.py").read_text() == APP
    subprocess.run(["git", "apply", "-p0", "-"], cwd=app, input=preview["diff"], text=True, check=True)
    assert answer(call(app, "lint"))["total"] == 0


def test_unsafe_fixes_are_asked_for(app: Path) -> None:
    preview = answer(call(app, "fix"))
    assert (preview["diff"], preview["fixed"], preview["remaining"]) == ("", [], 1)


def test_the_keys_of_an_app(app: Path) -> None:
    (found,) = answer(call(app, "state_map"))["apps"]
    assert found["root"] == str(app) and found["entrypoint"] == "app.py"
    (key,) = found["keys"]
    assert key["key"] == "rows" and [use["use"] for use in key["uses"]] == ["sets", "reads"]
    assert [use["protected"] for use in key["uses"]] == [None, False]


# --- who may ask for what ----------------------------------------------------------------------------------------


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """An app outside of the workspace."""
    path = tmp_path / "secret" / "app.py"
    path.parent.mkdir()
    path.write_text(APP)
    return path


def test_nothing_outside_of_the_roots_is_looked_at(app: Path, secret: Path) -> None:
    (app / "linked.py").symlink_to(secret)
    (app / "linked").symlink_to(secret.parent)

    async def conversation(client: Client) -> None:
        for tool in ("lint", "fix", "state_map"):
            for wanted in (str(secret), "../secret/app.py", "..", "linked.py", "linked/app.py"):
                assert "is outside of the workspace" in complaint(await client.call_tool(tool, {"paths": [wanted]}))

    talk(app, conversation, "--root", str(app))


def test_a_link_in_a_folder_leads_nowhere_either(app: Path, secret: Path) -> None:
    (app / "linked").symlink_to(secret.parent)
    secret.write_text(APP.replace("rows", "hidden"))
    for tool, arguments in (("lint", {}), ("fix", {"unsafe": True}), ("state_map", {})):
        assert "hidden" not in str(answer(call(app, tool, **arguments)))


def test_the_client_s_roots_hold(app: Path, secret: Path) -> None:
    elsewhere = secret.parent.parent
    assert answer(call(elsewhere, "lint", roots=[app]))["total"] == 1
    assert "is outside of the workspace" in complaint(call(elsewhere, "lint", roots=[app], paths=[str(secret)]))
    assert answer(call(elsewhere, "lint", roots=[app, secret.parent]))["total"] == 2


def test_folders_of_the_command_line_hold_whatever_the_client_says(app: Path, secret: Path) -> None:
    result = call(app, "lint", "--root", str(app), roots=[secret.parent], paths=[str(secret)])
    assert "is outside of the workspace" in complaint(result)


def test_a_client_whose_roots_are_nowhere(app: Path) -> None:
    assert "--root" in complaint(call(app, "lint", roots=[app / "gone"]))


# --- what goes wrong ---------------------------------------------------------------------------------------------


MISTAKES: list[tuple[str, dict[str, Any], str]] = [
    ("lint", {"paths": ["nope.py"]}, "`nope.py` does not exist"),
    ("lint", {"paths": ["a\0b"]}, "NUL"),
    ("lint", {"paths": "app.py"}, "paths"),
    ("lint", {"path": ["app.py"]}, "path"),
    ("lint", {"limit": 0}, "limit"),
    ("lint", {"select": ["F401"]}, "unknown rule selector `F401`"),
    ("explain", {"rule": "STL1O1"}, "did you mean `STL101`"),
    ("explain", {}, "rule"),
    ("fix", {"unsafe": "perhaps"}, "unsafe"),
]


def test_a_mistake_is_an_answer_and_the_server_goes_on(app: Path) -> None:
    async def conversation(client: Client) -> None:
        for tool, arguments, message in MISTAKES:
            assert message in complaint(await client.call_tool(tool, arguments))
        assert answer(await client.call_tool("lint", {}))["total"] == 1

    talk(app, conversation)


def test_broken_settings_are_an_answer(app: Path) -> None:
    (app / "streamlint.toml").write_text("selct = []\n")
    assert "did you mean `select`" in complaint(call(app, "lint"))


def test_questions_at_once_are_all_answered(app: Path) -> None:
    async def conversation(client: Client) -> None:
        totals: list[int] = []

        async def ask() -> None:
            totals.append(answer(await client.call_tool("lint", {}))["total"])

        async with anyio.create_task_group() as group:
            for _ in range(5):
                group.start_soon(ask)
        assert totals == [1] * 5

    talk(app, conversation)


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    code = "import sys; sys.modules['mcp'] = None; from streamlint_cli.main import main; main(['mcp'])"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, env=os.environ)
    assert done.returncode == 2 and "pip install 'streamlint[mcp]'" in done.stderr
