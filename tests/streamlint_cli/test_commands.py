"""`rule`, `version`, and how fast the command line starts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from reports import Streamlint
from streamlint import __version__
from streamlint.rules import all_rules, page


@pytest.mark.parametrize("wanted", ["STL103", "stl103", "key-never-set"])
def test_rule_by_code_or_name(streamlint: Streamlint, wanted: str) -> None:
    result = streamlint("rule", wanted)
    assert result.code == 0
    assert result.out.startswith("# key-never-set (STL103)")


def test_rule_as_json(streamlint: Streamlint) -> None:
    described = json.loads(streamlint("rule", "STL103", "--output-format", "json").out)
    assert (described["code"], described["name"], described["severity"]) == ("STL103", "key-never-set", "error")
    assert described["explanation"].startswith("# key-never-set")


def test_all_rules(streamlint: Streamlint) -> None:
    described = json.loads(streamlint("rule", "--all", "--output-format", "json").out)
    assert [each["code"] for each in described] == [each.code for each in all_rules()]
    text = streamlint("rule", "--all").out
    assert all(page(each).strip() in text for each in all_rules())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["STL1O3"], "did you mean `STL103`"),
        (["key-never-sett"], "did you mean `key-never-set`"),
        (["xyz"], "unknown rule `xyz`"),
        ([], "--all"),
        (["STL103", "--all"], "not both"),
    ],
)
def test_rule_mistakes(streamlint: Streamlint, arguments: list[str], message: str) -> None:
    result = streamlint("rule", *arguments)
    assert result.code == 2 and message in result.err


def test_version(streamlint: Streamlint) -> None:
    assert streamlint("version").out == streamlint("--version").out == f"streamlint {__version__}\n"
    assert json.loads(streamlint("version", "--output-format", "json").out)["version"] == __version__


def test_clean_leaves_strangers_alone(streamlint: Streamlint, tmp_path: Path) -> None:
    """A folder of that name that no cache made is somebody's."""
    (tmp_path / ".streamlint_cache").mkdir()
    (tmp_path / ".streamlint_cache" / "thesis.txt").write_text("x")
    assert streamlint("clean").code == 0
    assert (tmp_path / ".streamlint_cache" / "thesis.txt").exists()


def test_the_help_is_whole_and_says_where_to_begin(streamlint: Streamlint) -> None:
    out = streamlint("--help").out
    assert "..." not in out.partition("Commands:")[2], "each command is told in one short line"
    assert "Begin with `streamlint check`" in out
    for name in (line.split()[0] for line in out.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()):
        told = streamlint(name, "--help")
        assert told.code == 0 and told.out.startswith(f"Usage: streamlint {name} ")


def imported(folder: Path, *arguments: str) -> set[str]:
    """The modules that a run of the command line imports."""
    command = [sys.executable, "-X", "importtime", "-m", "streamlint_cli", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}


@pytest.mark.parametrize(
    "arguments", [["version"], ["--help"], ["init", "--help"], ["rule", "STL103"], ["rule", "--all"]], ids=" ".join
)
def test_small_commands_load_no_machinery(tmp_path: Path, arguments: list[str]) -> None:
    modules = imported(tmp_path, *arguments)
    assert "streamlint_cli.main" in modules
    assert not modules & {"astroid", "rich", "rich.console", "streamlint.lint", "streamlint.flow.machine"}
    assert not modules & {"tomlkit", "ruamel.yaml", "configupdater", "configparser", "streamlint_cli.adoption.planning"}


def test_a_check_without_colours_needs_no_rich(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import streamlit as st\nst.session_state.cart\n")
    assert not imported(tmp_path, "check") & {"rich", "rich.console", "rich.progress"}
