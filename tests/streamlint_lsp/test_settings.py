"""Where settings come from, and when they hold."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from editor import Editor, capabilities_of, editor
from lsprotocol import types as t
from streamlint_lsp.options import Options

APP = "import streamlit as st\n\nst.write(st.session_state.name)\n"
TWO = "import streamlit as st\n\nst.write(st.session_state.name)\nst.session_state.count += 1\n"


def watched(ed: Editor, name: str, kind: t.FileChangeType = t.FileChangeType.Changed) -> None:
    event = t.FileEvent(ed.uri(name), kind)
    ed.client.workspace_did_change_watched_files(t.DidChangeWatchedFilesParams([event]))


def configure(ed: Editor, settings: dict[str, Any], scope: str | None = None) -> None:
    """The client has these settings from now on, and says that something has changed."""
    if scope is None:
        ed.client.set_configuration({"streamlint": settings})
    else:
        ed.client.set_configuration({"streamlint": settings}, scope_uri=scope)
    ed.client.workspace_did_change_configuration(t.DidChangeConfigurationParams(settings=None))


async def until(ed: Editor, name: str, codes: list[str]) -> None:
    """Waits until these are the findings."""
    for _ in range(200):
        if await ed.codes(name) == codes:
            return
        await asyncio.sleep(0.1)
    assert await ed.codes(name) == codes


def said(ed: Editor) -> list[str]:
    return [each.message for each in ed.client.messages]


@pytest.mark.asyncio
@pytest.mark.parametrize("client", ["vscode-1.139", "helix-25.01"])
async def test_changed_settings_hold_at_once(tmp_path: Path, client: str) -> None:
    async with editor(tmp_path, {"app.py": APP}, client=client, settings={"ignore": ["STL103"]}) as ed:
        ed.open("app.py")
        await until(ed, "app.py", [])
        configure(ed, {})
        await until(ed, "app.py", ["STL103"])
        configure(ed, {"severity": {"STL1": "information", "key-never-set": "hint"}})
        for _ in range(100):
            [found] = await ed.diagnostics("app.py")
            if found.severity == t.DiagnosticSeverity.Hint:
                break
            await asyncio.sleep(0.1)
        assert found.severity == t.DiagnosticSeverity.Hint
        configure(ed, {"enable": False})
        await until(ed, "app.py", [])
        at = ed.at("app.py", "name", 1)
        assert not await ed.client.text_document_references_async(
            t.ReferenceParams(t.ReferenceContext(True), ed.document("app.py"), at)
        )
        assert said(ed) == []


@pytest.mark.asyncio
async def test_mistakes_are_told_once_and_the_rest_counts(tmp_path: Path) -> None:
    settings = {
        "ignore": ["STL103"],
        "targetVersion": "one",
        "select": ["NOPE"],
        "enable": "yes",
        "slect": [],
        "severity": {"STL2": "hint", "STL3": "loud", "no-such-rule": "hint"},
        "interpreter": ["python"],
        "codeLens": None,
    }
    async with editor(tmp_path, {"app.py": TWO}, client="vscode-1.139", settings=settings) as ed:
        ed.open("app.py")
        await until(ed, "app.py", ["STL101"])
        for _ in range(50):
            if len(said(ed)) >= 6:
                break
            await asyncio.sleep(0.1)
        told = sorted(said(ed))
        assert len(told) == 6, told
        for word in ("`streamlint.targetVersion`", "NOPE", "`streamlint.enable`", "`streamlint.slect`; did you mean",
                     "`streamlint.severity.STL3`", "`no-such-rule`"):  # fmt: skip
            assert sum(word in each for each in told) == 1, word
        assert all(each.startswith("streamlint: ") for each in told)
        configure(ed, settings)
        ed.change("app.py", TWO + "\n")
        await until(ed, "app.py", ["STL101"])
        assert len(said(ed)) == 6


@pytest.mark.asyncio
async def test_settings_of_the_first_request(tmp_path: Path) -> None:
    for options in (
        {"ignore": ["STL103"]},
        {"settings": {"ignore": ["STL103"]}},
        {"streamlint": {"ignore": ["STL103"]}},
    ):
        async with editor(tmp_path, {"app.py": APP}, client="nvim-0.7.2", options=options) as ed:
            ed.open("app.py")
            assert await ed.codes("app.py") == []


@pytest.mark.asyncio
async def test_settings_that_come_with_the_notification(tmp_path: Path) -> None:
    """Clients that cannot be asked."""
    async with editor(tmp_path, {"app.py": APP}, client="ale-3.3") as ed:
        ed.open("app.py")
        assert await ed.codes("app.py") == ["STL103"]
        ed.published.clear()
        settings = {"streamlint": {"ignore": ["STL103"]}}
        ed.client.workspace_did_change_configuration(t.DidChangeConfigurationParams(settings=settings))
        assert await ed.codes("app.py") == []


@pytest.mark.asyncio
async def test_the_project_file_is_watched(tmp_path: Path) -> None:
    project = tmp_path / "pyproject.toml"
    project.write_text('[tool.streamlint]\nignore = ["STL103"]\n', encoding="utf-8")
    async with editor(tmp_path, {"app.py": APP, "helpers.py": ""}, client="vscode-1.139") as ed:
        ed.open("app.py")
        assert await ed.codes("app.py") == []
        patterns = [
            each.register_options["watchers"] if isinstance(each.register_options, dict) else each.register_options
            for each in ed.registered
            if each.method == t.WORKSPACE_DID_CHANGE_WATCHED_FILES
        ]
        assert "pyproject.toml" in repr(patterns) and "**/*.py" in repr(patterns)
        project.write_text("[tool.streamlint]\n", encoding="utf-8")
        watched(ed, "pyproject.toml")
        await until(ed, "app.py", ["STL103"])
        project.write_text('[tool.streamlint]\nslect = ["STL103"]\n', encoding="utf-8")
        watched(ed, "pyproject.toml")
        await until(ed, "app.py", ["STL103"])
        assert [each for each in said(ed) if "unknown setting `slect`" in each]
        project.unlink()
        watched(ed, "pyproject.toml", t.FileChangeType.Deleted)
        await until(ed, "app.py", ["STL103"])


@pytest.mark.asyncio
async def test_files_changed_outside_count(tmp_path: Path) -> None:
    files = {
        "app.py": "import streamlit as st\nimport helpers\n\nhelpers.init()\nst.write(st.session_state.name)\n",
        "helpers.py": "import streamlit as st\n\n\ndef init():\n    st.session_state.setdefault('name', '')\n",
    }
    async with editor(tmp_path, files, client="vscode-1.139") as ed:
        ed.open("app.py")
        assert await ed.codes("app.py") == []
        (tmp_path / "helpers.py").write_text("def init():\n    pass\n", encoding="utf-8")
        watched(ed, "helpers.py")
        await until(ed, "app.py", ["STL103"])
        (tmp_path / "helpers.py").write_text(files["helpers.py"], encoding="utf-8")
        watched(ed, "helpers.py")
        await until(ed, "app.py", [])
        (tmp_path / "helpers.py").unlink()
        watched(ed, "helpers.py", t.FileChangeType.Deleted)
        await ed.codes("app.py")
        (tmp_path / "helpers.py").write_text("def init():\n    pass\n", encoding="utf-8")
        watched(ed, "helpers.py", t.FileChangeType.Created)
        await until(ed, "app.py", ["STL103"])


@pytest.mark.asyncio
async def test_each_folder_has_its_own_settings(tmp_path: Path) -> None:
    files = {"one/app.py": APP, "two/app.py": APP, "three/app.py": APP}
    for name, text in (("one", ""), ("two", 'ignore = ["STL103"]\n'), ("three", "")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pyproject.toml").write_text(f"[tool.streamlint]\n{text}", encoding="utf-8")
    folders = [t.WorkspaceFolder((tmp_path / name).as_uri(), name) for name in ("one", "two")]
    scoped = {(tmp_path / "three").as_uri(): {"enable": False}}
    async with editor(tmp_path, files, client="vscode-1.139", folders=folders, scoped=scoped, settings={}) as ed:
        ed.open(*files)
        await until(ed, "one/app.py", ["STL103"])
        await until(ed, "two/app.py", [])
        await until(ed, "three/app.py", ["STL103"])
        added = [t.WorkspaceFolder((tmp_path / "three").as_uri(), "three")]
        event = t.WorkspaceFoldersChangeEvent(added=added, removed=[])
        ed.client.workspace_did_change_workspace_folders(t.DidChangeWorkspaceFoldersParams(event))
        await until(ed, "three/app.py", [])
        configure(ed, {"ignore": ["STL1"]}, (tmp_path / "one").as_uri())
        await until(ed, "one/app.py", [])


def test_capabilities_say_which_clients_are_asked() -> None:
    for name, asked in (("vscode-1.139", True), ("ale-3.3", False)):
        workspace = capabilities_of(name).workspace
        assert bool(workspace and workspace.configuration) is asked


def test_the_most_specific_severity_wins() -> None:
    options, problems = Options.of({"severity": {"ALL": "error", "STL1": "warning", "STL10": "hint", "stl201": "hint"}})
    assert problems == ()
    assert [options.severity_of(code, "") for code in ("STL101", "STL111", "STL201", "STL202")] == [
        "hint", "warning", "hint", "error",
    ]  # fmt: skip
    assert Options().severity_of("STL101", "") is None
    assert hash(options) == hash(Options.of({"severity": dict(options.severity)})[0])


@pytest.mark.parametrize("given", [3, "text", [1], True])
def test_settings_that_are_no_object(given: object) -> None:
    options, [problem] = Options.of(given)
    assert options == Options() and "must be an object" in problem
    assert Options.of(None) == (Options(), ())


@pytest.mark.asyncio
async def test_what_the_baseline_has_is_not_shown(tmp_path: Path) -> None:
    async with editor(tmp_path, {"app.py": TWO}) as ed:
        ed.open("app.py")
        await until(ed, "app.py", ["STL103", "STL101"])
        entry = {"code": "STL103", "key": "name", "text": "st.session_state.name"}
        baseline = {"version": 1, "files": {"app.py": [entry]}}
        (tmp_path / ".streamlint-baseline.json").write_text(json.dumps(baseline))
        watched(ed, ".streamlint-baseline.json", t.FileChangeType.Created)
        await until(ed, "app.py", ["STL101"])
        (tmp_path / ".streamlint-baseline.json").write_text("{")
        watched(ed, ".streamlint-baseline.json")
        await until(ed, "app.py", ["STL103", "STL101"])
        assert "is no baseline of streamlint" in said(ed)[0]
