"""Draw what `streamlint check` shows in a terminal: runs the real check and writes rich's SVG.

    python scripts/terminal_picture.py [FOLDER] [PICTURE]

The folder is `examples/shop` and the picture `docs/images/check.svg`, unless said otherwise.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

from rich.console import Console
from streamlint.lint import lint_paths
from streamlint.settings import load_settings
from streamlint_cli.entries import entries
from streamlint_cli.terminal import styled
from streamlint_cli.text import full, summary

ROOT = Path(__file__).resolve().parent.parent
WIDTH = 110
MOST = 3
"""A picture of more findings than this is not looked at."""


FOLDER = str(ROOT / "examples" / "shop")
PICTURE = str(ROOT / "docs" / "images" / "check.svg")


def main(folder: str = FOLDER, picture: str = PICTURE) -> None:
    """Check the folder and draw the first findings."""
    target = Path(picture).resolve()
    os.chdir(folder)
    report = lint_paths(["."], load_settings(Path(".")), cache=False)
    rows = entries(report)
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print("[bold green]$[/] streamlint check", highlight=False)
    console.print(styled([*full(rows[:MOST], report), *summary(rows)]), highlight=False)
    target.parent.mkdir(parents=True, exist_ok=True)
    # A fixed id, so that the same findings draw the same file.
    target.write_text(without_fonts(console.export_svg(title="streamlint", unique_id="streamlint")), encoding="utf-8")


def without_fonts(svg: str) -> str:
    """The picture without rich's web fonts: a page that shows it must not ask another server for anything."""
    before, *blocks = svg.split("@font-face {")
    return before + "".join(block.partition("}")[2].lstrip() for block in blocks)


if __name__ == "__main__":
    main(*sys.argv[1:])
