"""`--statistics`: how often each rule reports, most often first."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from streamlint_cli.entries import Entry
from streamlint_cli.text import STYLES, Piece, over_budget

if TYPE_CHECKING:
    from streamlint.lint import Report


def statistics(rows: Sequence[Entry], report: Report, output_format: str) -> Iterator[Piece]:
    """Ruff's table, or its JSON. Raises `click.UsageError` for formats that have no place for counts."""
    counts = sorted(Counter(row.code for row in rows).items(), key=lambda item: (-item[1], item[0]))
    groups = [[row for row in rows if row.code == code] for code, _ in counts]
    if output_format == "json":
        yield json.dumps([_counted(group) for group in groups], indent=2) + "\n", ""
        return
    if output_format not in ("full", "concise", "grouped"):
        raise click.UsageError(f"--statistics can be shown as text or json, not as {output_format}")
    width = len(str(counts[0][1])) if counts else 0
    marks = "[ ] " if any(row.fixable for row in rows) else ""
    for group in groups:
        yield f"{len(group):>{width}}\t", "bold"
        yield f"{group[0].code}\t", STYLES[group[0].severity]
        mark = "[*] " if all(row.fixable for row in group) else "[-] " if any(row.fixable for row in group) else marks
        yield f"{mark}{group[0].name}\n", ""
    yield from over_budget(report)


def _counted(group: Sequence[Entry]) -> dict[str, object]:
    fixable = sum(row.fixable for row in group)
    return {
        "code": group[0].code,
        "name": group[0].name,
        "count": len(group),
        "fixable": fixable == len(group),
        "fixable_count": fixable,
    }
