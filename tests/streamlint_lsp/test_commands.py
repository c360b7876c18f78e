"""What clients may ask for by `workspace/executeCommand`."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Any

import pytest
from editor import Editor, editor
from pygls.exceptions import JsonRpcException
from streamlint import __version__

APP = """\
import streamlit as st

st.write("😋", st.session_state.name)
st.session_state.setdefault("count", 0)
st.session_state.count += 1
st.text_input("q", key="q")
i = st.number_input("n")
st.session_state[f"row_{i}"] = 1
"""
PAGE = "import streamlit as st\n\nst.write(st.session_state.get('count'), st.session_state[st.query_params['k']])\n"


async def error_of(ed: Editor, command: str, *arguments: Any) -> JsonRpcException:
    with pytest.raises(JsonRpcException) as found:
        await ed.command(command, *arguments)
    assert found.value.code == -32602
    return found.value


@pytest.mark.asyncio
async def test_the_state_map_as_data(tmp_path: Path) -> None:
    async with editor(tmp_path, {"app.py": APP, "pages/two.py": PAGE}, encoding="utf-16") as ed:
        ed.open("app.py")
        for arguments in ((), (ed.uri("pages/two.py"),), (tmp_path.as_uri(),), ({"uri": ed.uri("app.py")},)):
            found = await ed.command("stateMap", *arguments)
            [app] = found["apps"]
            assert (app["root"], app["entrypoint"]) == (tmp_path.as_uri(), ed.uri("app.py"))
            assert app["pages"] == [ed.uri("pages/two.py")]
            keys = {each["key"]: each for each in app["keys"]}
            assert sorted(keys) == ["count", "name", "q"]
        assert [each["key"] for each in app["dynamic"]] == ["row_…"]
        assert [each["uri"] for each in app["unknown"]] == [ed.uri("pages/two.py")]

        count = keys["count"]
        assert (count["kind"], count["types"], count["survivesPageSwitch"]) == ("plain", ["int"], True)
        assert count["files"] == {
            ed.uri("app.py"): {"initialises": 1, "updates": 1},
            ed.uri("pages/two.py"): {"reads": 1},
        }
        assert [each["range"]["start"]["line"] for each in count["initialisers"]] == [3]
        assert [(each["use"], each["protected"]) for each in count["uses"]] == [
            ("initialises", None),
            ("updates", True),
            ("reads", True),
        ]
        assert count["uses"][2]["pages"] == [ed.uri("pages/two.py")]
        assert (keys["q"]["kind"], keys["q"]["uses"][0]["element"]) == ("widget", "text_input")

        [read], [warning] = keys["name"]["uses"], keys["name"]["warnings"]
        assert read["protected"] is False
        assert (warning["code"], warning["name"], warning["severity"]) == ("STL103", "key-never-set", "error")
        assert warning["range"] == read["range"] and warning["uri"] == read["uri"]
        assert read["range"] == {"start": {"line": 2, "character": 15}, "end": {"line": 2, "character": 36}}
        assert read["spelled"]["start"] == {"line": 2, "character": 32}

        ed.change("app.py", APP.replace(".name", ".nickname"))  # what is not saved counts
        [app] = (await ed.command("stateMap"))["apps"]
        assert [each["key"] for each in app["keys"]] == ["count", "nickname", "q"]


@pytest.mark.asyncio
async def test_the_configuration_of_a_file(tmp_path: Path) -> None:
    pyproject = '[tool.streamlint]\ntarget-version = "1.40"\nignore = ["STL103"]\nexclude = ["old"]\n'
    (tmp_path / "pyproject.toml").write_text(pyproject, encoding="utf-8")
    options = {"settings": {"extendSelect": ["STL5"], "severity": {"STL1": "warning"}}}
    async with editor(tmp_path, {"app.py": APP, "old/app.py": APP}, options=options) as ed:
        found = await ed.command("showConfiguration", ed.uri("app.py"))
        assert found["root"] == str(tmp_path)
        assert found["configFile"] == str(tmp_path / "pyproject.toml")
        assert (found["targetVersion"], found["targetVersionSource"]) == ("1.40", "setting")
        assert "STL101" in found["rules"] and "STL501" in found["rules"] and "STL103" not in found["rules"]
        assert found["overrides"] == {"extend-select": ["STL5"]}
        assert found["severity"] == {"STL1": "warning"}
        assert (found["excluded"], found["enabled"]) == (False, True)
        assert (await ed.command("showConfiguration", ed.uri("old/app.py")))["excluded"] is True


@pytest.mark.asyncio
async def test_versions_restart_and_caches(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.streamlint]\n", encoding="utf-8")
    async with editor(tmp_path, {"app.py": APP}) as ed:
        assert ed.initialized.capabilities.execute_command_provider is not None
        offered = set(ed.initialized.capabilities.execute_command_provider.commands)
        assert {
            f"streamlint.{n}" for n in ("stateMap", "restart", "showConfiguration", "clearCache", "version")
        } <= offered
        ed.open("app.py")
        assert "STL103" in await ed.codes("app.py")
        report = await ed.command("version")
        assert (report["streamlint"], report["python"]) == (__version__, platform.python_version())
        assert all(report[name] for name in ("executable", "pygls", "astroid", "lsprotocol"))
        assert {"hover", "rename", "completion"} <= set(report["features"])
        assert (report["positionEncoding"], report["diagnostics"]) == ("utf-16", "push")

        (tmp_path / "pyproject.toml").write_text('[tool.streamlint]\nignore = ["STL103"]\n', encoding="utf-8")
        ed.published.clear()
        assert await ed.command("restart") is None
        assert "STL103" not in await ed.codes("app.py")

        cache = tmp_path / ".streamlint_cache"
        assert cache.is_dir()
        assert await ed.command("clearCache") == {"removed": [str(cache)]}
        await ed.codes("app.py")


@pytest.mark.asyncio
async def test_wrong_arguments_are_told(tmp_path: Path) -> None:
    async with editor(tmp_path, {"app.py": APP}) as ed:
        for arguments in ((3,), ("a", "b"), ({"url": "x"},), ([],)):
            assert "takes the URI" in (await error_of(ed, "stateMap", *arguments)).message
        assert "no file or folder" in (await error_of(ed, "stateMap", "untitled:Untitled-1")).message
        assert "does not exist" in (await error_of(ed, "stateMap", ed.uri("gone.py"))).message
        assert "takes the URI" in (await error_of(ed, "showConfiguration")).message
        for command in ("restart", "clearCache", "version"):
            assert "takes no arguments" in (await error_of(ed, command, 1)).message
        await error_of(ed, "nothing")
