"""The command line, flake8 and the server say the same of the same files."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

import pytest
from pages import all_cases
from processes import run_module
from streamlint.rules import all_rules
from wire import Wire

EXAMPLES = Path(__file__).parents[2] / "examples"
ALL = '[tool.streamlint]\nselect = ["ALL"]\n'
Rows: TypeAlias = set[tuple[str, int, int, str]]
"""Path, line, column (both from 1, in code points) and code."""


def of_command_line(folder: Path, roots: Iterable[Path]) -> Rows:
    names = (root.name for root in roots)
    done = run_module("streamlint_cli", "check", "--no-cache", "--output-format", "json", *names, cwd=folder)
    return {
        (os.path.relpath(row["filename"], folder), row["location"]["row"], row["location"]["column"], row["code"])
        for row in json.loads(done.stdout)
    }


def of_flake8(folder: Path) -> Rows:
    found = set()
    for line in run_module("flake8", "--select", "STL", "--isolated", "-j", "1", ".", cwd=folder).stdout.splitlines():
        match = re.match(r"(.+?):(\d+):(\d+): (\w+) ", line if isinstance(line, str) else line.decode())
        assert match, line
        found.add((os.path.normpath(match[1]), int(match[2]), int(match[3]), match[4]))
    return found


def rows(folder: Path, uri: str, items: Iterable[Any]) -> Rows:
    path = os.path.relpath(url2pathname(unquote(urlsplit(uri).path)), folder)
    return {
        (path, each["range"]["start"]["line"] + 1, each["range"]["start"]["character"] + 1, each["code"])
        for each in items
    }


def of_server(folder: Path, roots: Iterable[Path]) -> tuple[Rows, Rows]:
    """What is said of each document that is open, and of the folders as a whole."""
    documents = {path.as_uri(): path for root in roots for path in sorted(root.rglob("*.py"))}
    folders = [{"uri": root.as_uri(), "name": root.name} for root in roots]
    capabilities = {"textDocument": {"diagnostic": {}}, "general": {"positionEncodings": ["utf-32"]}}
    with Wire(folder) as wire:
        wire.initialize(capabilities, workspaceFolders=folders)
        report = wire.ask("all", "workspace/diagnostic", {"previousResultIds": []})["result"]
        whole = set[tuple[str, int, int, str]]()
        for each in report["items"]:
            whole |= rows(folder, each["uri"], each["items"])
        for uri, path in documents.items():
            wire.open(uri, path.read_bytes().decode())
        single = set[tuple[str, int, int, str]]()
        for uri in documents:
            report = wire.ask(uri, "textDocument/diagnostic", {"textDocument": {"uri": uri}})["result"]
            single |= rows(folder, uri, report["items"])
        assert wire.leave() == 0
    return single, whole


def agree(folder: Path, roots: list[Path]) -> None:
    expected = of_command_line(folder, roots)
    assert expected
    single, whole = of_server(folder, roots)
    assert single == expected
    assert whole == expected
    on = {each.code for each in all_rules() if each.by_default}  # the others are selected in flake8's own settings
    assert of_flake8(folder) == {row for row in expected if row[3] in on}


def test_on_all_examples(tmp_path: Path) -> None:
    copy = shutil.copytree(EXAMPLES, tmp_path / "examples")
    roots = [path for path in sorted(copy.iterdir()) if path.is_dir()]
    for root in roots:
        (root / "pyproject.toml").write_text(ALL, encoding="utf-8")
    agree(copy, roots)


@pytest.mark.timeout(600)
def test_on_the_bad_examples_of_all_rules(tmp_path: Path) -> None:
    roots = []
    for number, case in enumerate(each for each in all_cases() if each.marks):
        root = tmp_path / f"case_{number}"
        root.mkdir()
        case.write(root)
        (root / "pyproject.toml").write_text(ALL, encoding="utf-8")
        roots.append(root)
    agree(tmp_path, roots)
