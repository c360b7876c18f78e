"""`streamlint check`: from flags to a report, and from a report to output and an exit code."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from streamlint_cli.options import check_options, config_file, overrides, similar_file

if TYPE_CHECKING:
    from streamlint.lint import Report
    from streamlint.settings import Settings
    from streamlint_cli.entries import Entry
    from streamlint_cli.text import Piece

STDIN = "-"


@click.command()
@click.argument("files", nargs=-1)
@check_options
def check(files: tuple[str, ...], **flags: Any) -> int:
    """Check FILES (default: the current directory; `-` is stdin)."""
    from streamlint.settings import SettingsError

    try:
        return _check(files, flags)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def _check(files: tuple[str, ...], flags: Mapping[str, Any]) -> int:
    groups = _groups(_existing(files, flags["stdin_filename"]), flags)
    if flags["show_settings"]:
        return _show_settings(groups)
    if flags["show_files"]:
        return _show_files(groups)
    report = _lint(groups, flags)
    if flags["add_noqa"]:
        return _add_noqa(report)
    from streamlint_cli.entries import entries

    rows = entries(report)
    settings = next(iter(groups))
    output_format = flags["output_format"] or settings.output_format or "full"
    with _output(flags["output_file"]) as stream:
        _print(rows, report, flags, output_format, stream)
    if not report.files and not flags["quiet"]:
        click.echo("warning: No Python files found under the given path(s)", err=True)
    return _exit_code(report, rows, flags["exit_zero"])
