"""The terminals that the documentation shows: what stands below `$ streamlint ...` is what it prints.

The command is run in a folder with the files of the example above it, without their marks. A line `...` in the output
stands for any lines. Other commands than streamlint's are not run.
"""

from __future__ import annotations

import contextlib
import io
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from docs_site.blocks import without_marks
from markdown_it import MarkdownIt
from pages import parse
from streamlint_cli.main import main

ANY = "..."


@dataclass(frozen=True, slots=True)
class Shown:
    """One `console` block: the line of the page that it begins in, and its text."""

    line: int
    text: str

    @property
    def commands(self) -> Iterator[tuple[str, list[str]]]:
        """Each command with the lines below it."""
        command, output = "", list[str]()
        for line in self.text.splitlines():
            if line.startswith("$ "):
                if command:
                    yield command, output
                command, output = line.removeprefix("$ "), []
            else:
                output.append(line)
        yield command, output


def play(markdown: str, page: str, folder: Path) -> Iterator[tuple[Shown, str]]:
    """Each block of a page with what it would be if its commands were run now. Changes the working directory."""
    cases = iter([(case, path, text) for case in parse(markdown, page) for path, text in case.files])
    current = None
    for token in MarkdownIt().parse(markdown):
        if token.type == "fence" and token.info == "py":
            case, path, text = next(cases)
            if case is not current:
                current, place = case, folder / str(token.map)
            write(place / path, without_marks(text))
            os.chdir(place)
        elif token.type == "fence" and token.info == "console" and current is not None:
            block = Shown(token.map[0] + 1 if token.map else 0, token.content)
            yield block, "".join(_run(block))


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    (path.parent / "pyproject.toml").touch() if path.name == "app.py" else None
    path.write_text(text, encoding="utf-8")


def _run(block: Shown) -> Iterator[str]:
    for command, output in block.commands:
        yield f"$ {command}\n"
        if command.startswith("streamlint "):
            printed = printed_by(shlex.split(command.partition("  # ")[0])[1:]).splitlines()
            yield from (f"{line}\n" for line in (output if agree(output, printed) else printed))


def agree(shown: Sequence[str], printed: Sequence[str]) -> bool:
    """Whether the lines are the same, up to `...`."""
    if ANY not in shown:
        return list(shown) == list(printed)
    at = list(shown).index(ANY)
    rest = list(shown[at + 1 :])
    return list(shown[:at]) == list(printed[:at]) and (not rest or list(printed[-len(rest) :]) == rest)


def printed_by(arguments: Sequence[str]) -> str:
    """What a command prints on both streams; stdout first."""
    output, errors = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline=""), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors), contextlib.suppress(SystemExit):
        main([*arguments, *(["--no-cache"] if arguments[0] in ("check", "keys") else [])])
    output.flush()
    text = output.buffer.getvalue().decode()
    return text + errors.getvalue()


def updated(path: Path, folder: Path) -> str:
    """The page with its terminals as they are now."""
    text = path.read_text(encoding="utf-8")
    for block, now in list(play(text, path.name, folder)):
        text = text.replace(f"```console\n{block.text}```", f"```console\n{now}```", 1)
    return text


if __name__ == "__main__":
    page = Path(sys.argv[1]).resolve()
    page.write_text(updated(page, Path(sys.argv[2]).resolve()), encoding="utf-8")
