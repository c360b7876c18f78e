"""`streamlint check`: from flags to reports, and from reports to output and an exit code."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click
from streamlint.settings import Settings, SettingsError, load_settings

from streamlint_cli.options import check_options, overrides

if TYPE_CHECKING:
    from streamlint.lint import Report

    from streamlint_cli.entries import Entry

STDIN = "-"


@click.command(short_help="Check files and folders.")
@click.argument("files", nargs=-1)
@check_options
def check(files: tuple[str, ...], **flags: Any) -> int:
    """Check FILES (default: the current directory; `-` is stdin)."""
    try:
        return _check(_paths(files, flags["stdin_filename"]), flags)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def _check(paths: Sequence[str], flags: Mapping[str, Any]) -> int:
    projects = _projects(paths, flags)
    if flags["show_settings"]:
        return _show_settings(projects)
    if flags["show_files"]:
        return _show_files(projects)
    begun = time.perf_counter()
    report = _lint(projects, flags)
    if flags["add_noqa"]:
        return _add_noqa(report)
    from streamlint_cli.entries import entries
    from streamlint_cli.text import FORMATS

    output_format = projects[0][0].output_format
    rows = entries(report, noqa_rows=output_format not in FORMATS)
    with _output(flags["output_file"]) as stream:
        _print(rows, report, flags, output_format, stream)
    _say(report, flags, time.perf_counter() - begun)
    return _exit_code(report, flags["exit_zero"])


# --- what is checked -------------------------------------------------------------------------------------------------


def _paths(files: tuple[str, ...], stdin_filename: str | None) -> tuple[str, ...]:
    if STDIN not in files:
        if stdin_filename and files:
            raise click.UsageError("--stdin-filename goes with `-`, not with files")
        return files or ((STDIN,) if stdin_filename else (".",))
    if len(files) > 1:
        raise click.UsageError("`-` (stdin) cannot be checked together with files")
    return files


def _projects(paths: Sequence[str], flags: Mapping[str, Any]) -> list[tuple[Settings, list[str]]]:
    """The paths by the settings that hold for them, in the order given; never empty. Raises `SettingsError`."""
    given = overrides(flags)
    projects: list[tuple[Settings, list[str]]] = []
    for path in paths:
        real = _stdin_path(flags["stdin_filename"]) if path == STDIN else path
        settings = load_settings(Path(real), config=flags["config"], isolated=flags["isolated"], overrides=given)
        for known, listed in projects:
            if known == settings:
                listed.append(path)
                break
        else:
            projects.append((settings, [path]))
    return projects


def _stdin_path(stdin_filename: str | None) -> str:
    from streamlint_cli.entries import NAMELESS

    return os.path.abspath(stdin_filename or NAMELESS)


def _lint(projects: Sequence[tuple[Settings, list[str]]], flags: Mapping[str, Any]) -> Report:
    from streamlint.lint import lint_paths

    from streamlint_cli.entries import merged
    from streamlint_cli.terminal import ProgressBar

    reports = []
    with ProgressBar(wanted=not flags["quiet"]) as progress:
        for settings, paths in projects:
            real, overlays = _texts(paths, flags["stdin_filename"])
            options = {"cache": not flags["no_cache"], "ignore_noqa": flags["ignore_noqa"]}
            reports.append(lint_paths(real, settings, overlays=overlays, progress=progress, **options))
    return merged(reports)


def _texts(paths: list[str], stdin_filename: str | None) -> tuple[list[str], dict[str, str]]:
    """The files to look at, and the text of those that are not on disk."""
    if paths != [STDIN]:
        return paths, {}
    path = _stdin_path(stdin_filename)
    return [path], {path: _stdin_text()}


def _stdin_text() -> str:
    from streamlint.source import DecodeError, SourceText

    try:
        return SourceText.from_bytes(STDIN, sys.stdin.buffer.read()).text
    except DecodeError as error:
        raise click.ClickException(f"stdin: {error.message} (line {error.line})") from error


# --- what is shown ---------------------------------------------------------------------------------------------------


def _output(path: str | None) -> AbstractContextManager[TextIO]:
    if path is None:
        return nullcontext(sys.stdout)
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        return open(path, "w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise click.ClickException(f"--output-file {path}: {error.strerror}") from error


def _print(rows: Sequence[Entry], report: Report, flags: Mapping[str, Any], output_format: str, stream: TextIO) -> None:
    from streamlint_cli import machine, statistics, text
    from streamlint_cli.terminal import encodable, write

    if flags["statistics"]:
        write(statistics.statistics(rows, report, output_format), stream)
    elif output_format in machine.FORMATS:
        stream.write(encodable(machine.FORMATS[output_format](rows), stream))
    else:
        write(text.FORMATS[output_format](rows, report), stream)
    if output_format in text.FORMATS and not flags["quiet"]:
        write(text.summary(rows), stream)


def _say(report: Report, flags: Mapping[str, Any], seconds: float) -> None:
    if not flags["quiet"] and not report.files and not report.problems:
        click.echo("warning: No Python files found under the given path(s)", err=True)
    if flags["verbose"]:
        done = report.statistics
        click.echo(f"looked at {done.files} files and {done.apps} apps, followed {done.keys} keys", err=True)
        for key in done.over_budget:
            click.echo(f"ran into the analysis budget: {key}", err=True)
        click.echo(f"took {seconds:.2f} s", err=True)


def _add_noqa(report: Report) -> int:
    from streamlint_cli.noqa import add_noqa

    added = add_noqa(report)
    if added:
        click.echo(f"Added {added} noqa directive{'s' if added > 1 else ''}.")
    return _exit_code(report, exit_zero=True)


def _show_settings(projects: Sequence[tuple[Settings, list[str]]]) -> int:
    for settings, paths in projects:
        click.echo(f"Settings for: {', '.join(paths)}")
        for each in fields(settings):
            click.echo(f"{each.name.replace('_', '-')} = {_shown(getattr(settings, each.name))}")
    return 0


def _shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, Path) else repr(value)


def _show_files(projects: Sequence[tuple[Settings, list[str]]]) -> int:
    from streamlint.project.discovery import discover

    from streamlint_cli.terminal import encodable

    missing = 0
    for settings, paths in projects:
        found = discover([Path(path) for path in paths if path != STDIN], settings)
        for file in found.files:
            click.echo(encodable(str(file), sys.stdout))
        for problem in found.problems:
            click.echo(problem.message, err=True)
            missing = 2
    return missing


def _exit_code(report: Report, exit_zero: bool) -> int:
    """As Ruff: 2 if anything could not be done, 1 if there is anything to see, unless that is no matter."""
    if any(problem.kind != "syntax" for problem in report.problems):
        return 2
    return 1 if (report.findings or report.problems) and not exit_zero else 0
