"""The code blocks of the pages about CI, and what their parts are: files that are pasted, and lines that are run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted((ROOT / "docs" / "ci").glob("*.md"))
FENCE = "```"


@dataclass(frozen=True)
class Block:
    """A fenced block. `file` is the name that the paragraph before it gives it."""

    page: str
    line: int
    language: str
    file: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks() -> list[Block]:
    """The blocks of all pages."""
    return [block for page in PAGES for block in _blocks(page)]


def _blocks(page: Path) -> Iterator[Block]:
    lines = page.read_text(encoding="utf-8").splitlines()
    fences = [at for at, line in enumerate(lines) if line.startswith(FENCE)]
    for start, end in zip(fences[::2], fences[1::2], strict=True):
        above = [line for line in lines[:start] if line][-1]
        file = above.strip("`:") if above.startswith("`") and above.endswith("`:") else ""
        yield Block(page.name, start + 1, lines[start][3:], file, "\n".join(lines[start + 1 : end]) + "\n")


def parsed(text: str) -> Any:
    """A YAML document. `on` is a word, as GitHub reads it."""
    return YAML(typ="safe", pure=True).load(StringIO(text))


def commands(block: Block) -> list[str]:
    """What a shell is given, in order."""
    if block.language == "console":
        return [line.removeprefix("$ ").partition("    #")[0] for line in block.text.splitlines() if line[:1] == "$"]
    if block.language == "groovy":
        return [line.split("'")[1] for line in block.text.splitlines() if line.strip().startswith("sh '")]
    return list(_steps(parsed(block.text))) if block.language == "yaml" else []


def _steps(node: Any, key: object = None) -> Iterator[str]:
    """The scripts of a workflow or pipeline, wherever they stand."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from _steps(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from _steps(value, key)
    elif key in ("run", "script") and isinstance(node, str):
        yield node
