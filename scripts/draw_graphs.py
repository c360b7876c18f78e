"""Draws the graphs that are kept: the README's picture, and those that the tests compare with.

python scripts/draw_graphs.py [--check]
"""

from __future__ import annotations

import sys
from pathlib import Path

from streamlint.lint import Linter
from streamlint.pictures import PICTURES
from streamlint.pictures.graph import graph_of
from streamlint.settings import load_settings

ROOT = Path(__file__).resolve().parent.parent
KEPT = {
    "docs/images/graph.svg": ("navigation", "svg"),
    "tests/data/pictures/shop.svg": ("shop", "svg"),
    "tests/data/pictures/shop.mmd": ("shop", "mermaid"),
    "tests/data/pictures/shop.dot": ("shop", "dot"),
}
"""Files with the example that they show, and how."""


def drawn(example: str, form: str) -> str:
    """The graph of an example."""
    folder = ROOT / "examples" / example
    linter = Linter(load_settings(folder, isolated=True), cache=False, mapped=True)
    maps, report = linter.judged_maps([folder])
    return PICTURES[form]([graph_of(each, report.findings, str(folder)) for each in maps])


def main() -> int:
    stale: list[str] = []
    for name, (example, form) in KEPT.items():
        path, text = ROOT / name, drawn(example, form)
        if path.is_file() and path.read_bytes() == text.encode():
            continue
        stale.append(name)
        if sys.argv[1:] != ["--check"]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
    print("\n".join(stale), end="\n" if stale else "")
    return int(bool(stale) and sys.argv[1:] == ["--check"])


if __name__ == "__main__":
    sys.exit(main())
