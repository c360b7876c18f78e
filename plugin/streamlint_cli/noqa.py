"""`--add-noqa`: comments that suppress what is found, written into the user's files."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import click
from streamlint.findings import Finding
from streamlint.fixing import write_atomically
from streamlint.lint import Report
from streamlint.source import SourceText
from streamlint.suppressions import add_noqa as with_comments


def add_noqa(report: Report) -> int:
    """Write a noqa comment for every finding; returns how many lines got one. Raises `click.ClickException`."""
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        by_file[finding.place.path].append(finding)
    return sum(_add_to_file(report.sources(path), findings) for path, findings in by_file.items())


def _add_to_file(source: SourceText, findings: list[Finding]) -> int:
    text = with_comments(source, findings)
    changed = sum(before != after for before, after in zip(source.lines(), SourceText("", text).lines(), strict=True))
    if not changed:
        return 0
    try:
        ast.parse(text)
        write_atomically(Path(source.path), source.to_bytes(text))
    except (SyntaxError, ValueError, OSError) as error:
        raise click.ClickException(f"cannot add comments to {source.path}: {error}") from error
    return changed
