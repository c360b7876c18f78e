"""What the documentation shows in code blocks is what it says: terminals, settings, commands."""

from __future__ import annotations

import ast
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from docs_consoles import agree, updated
from docs_pages import DOCS, PAGES, ROOT
from docs_site import reference
from markdown_it import MarkdownIt
from streamlint.settings.files import parse_toml
from streamlint.settings.reference import MEANINGS
from streamlint.settings.schema import TOP, validate
from streamlint_cli.main import cli

FILES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "vscode-extension" / "README.md"])
ELSEWHERE = {
    "",
    "text",
    "text run",
    "text browser",
    "text browser chromium",
    "lua",
    "elisp",
    "yaml",
    "yml",
    "groovy",
    "xml",
}
"""Blocks that other tests look at, or nobody can."""


@dataclass(frozen=True)
class Block:
    file: Path
    line: int
    info: str
    text: str

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT).as_posix()}:{self.line}"


def blocks(*infos: str) -> list[Block]:
    return [block for file in FILES for block in _blocks(file) if block.info in infos]


def _blocks(file: Path) -> Iterator[Block]:
    for token in MarkdownIt().parse(file.read_text(encoding="utf-8")):
        if token.type == "fence":
            yield Block(file, token.map[0] + 1 if token.map else 0, token.info.strip(), token.content)


@pytest.mark.parametrize("name", PAGES)
def test_terminals_show_what_is_printed(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    assert updated(DOCS / name, tmp_path) == (DOCS / name).read_text(encoding="utf-8")


def test_dots_stand_for_any_lines() -> None:
    assert agree(["a", "...", "d"], ["a", "b", "c", "d"]) and agree(["a", "..."], ["a"])
    assert not agree(["a", "...", "d"], ["a", "b"]) and not agree(["a"], ["a", "b"])


@pytest.mark.parametrize("block", blocks("toml"), ids=str)
def test_toml_is_valid(block: Block) -> None:
    tables = parse_toml(block.text, str(block))
    validate(tables.get("tool", {}).get("streamlint", {}), str(block))


@pytest.mark.parametrize("block", blocks("json", "jsonc"), ids=str)
def test_json_is_valid(block: Block) -> None:
    json.loads(re.sub(r"(?m)//.*$", "", block.text) if block.info == "jsonc" else block.text)


@pytest.mark.parametrize("block", blocks("py", "python", "py fixed"), ids=str)
def test_python_is_valid(block: Block) -> None:
    ast.parse(block.text)


@pytest.mark.parametrize("block", blocks("console"), ids=str)
def test_commands_have_the_flags_that_are_shown(block: Block) -> None:
    for line in block.text.splitlines():
        words = shlex.split(line.removeprefix("$ "), comments=True) if line.startswith("$ streamlint ") else []
        for end in [index for index, word in enumerate(words) if word in ("|", ">", "&&", "||", ";")][:1]:
            words = words[:end]
        if words and not words[1].startswith("-"):
            command = cli.commands[words[1]]
            command.make_parser(click.Context(command, resilient_parsing=True)).parse_args(words[2:])


def test_every_kind_of_block_is_known() -> None:
    known = {"toml", "json", "jsonc", "py", "python", "py fixed", "console", "bash", "sh", "ini", "diff"} | ELSEWHERE
    assert {str(block): block.info for file in FILES for block in _blocks(file) if block.info not in known} == {}


def test_every_setting_is_explained() -> None:
    assert sorted(MEANINGS) == sorted(TOP)


def test_the_pages_made_from_the_code_are_whole() -> None:
    settings, commands = reference.settings(), reference.command_line()
    assert [name for name in TOP if f"\n## {name}\n" not in settings] == []
    assert [name for name in cli.commands if f"\n## streamlint {name}\n" not in commands] == []
    for block in MarkdownIt().parse(settings):
        if block.type == "fence":
            validate(parse_toml(block.content, "settings")["tool"]["streamlint"], "settings")
