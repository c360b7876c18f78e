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

from streamlint_cli.fixes import Done, Plan, exit_code, summary, write_out
from streamlint_cli.options import check_options, overrides

if TYPE_CHECKING:
    from streamlint.fixing import Fixed
    from streamlint.lint import Report
    from streamlint.source import SourceText

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
    plan = Plan.of(flags)
    stdin = _stdin_source() if STDIN in paths else None
    report, done = _lint(projects, flags, plan, stdin)
    if flags["add_noqa"]:
        return _add_noqa(report)
    if plan.fix:
        write_out(done, plan, stdin)
    _tell(report, done, plan, flags, projects[0][0].output_format, quiet_stdout=plan.fix and stdin is not None)
    _say(report, flags, time.perf_counter() - begun)
    return exit_code(_exit_code(report, flags["exit_zero"]), done, plan, flags["exit_zero"])


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


def _lint(
    projects: Sequence[tuple[Settings, list[str]]], flags: Mapping[str, Any], plan: Plan, stdin: SourceText | None
) -> tuple[Report, Done]:
    from streamlint_cli.entries import merged
    from streamlint_cli.terminal import ProgressBar

    reports: list[Report] = []
    fixed: list[Fixed] = []
    with ProgressBar(wanted=not flags["quiet"]) as progress:
        for settings, paths in projects:
            options: dict[str, Any] = {"cache": not flags["no_cache"], "ignore_noqa": flags["ignore_noqa"]}
            options["progress"] = progress
            real: list[str] = paths
            if stdin is not None:
                path = _stdin_path(flags["stdin_filename"])
                real, options["overlays"] = [path], {path: stdin.text}
            if plan.fix and not flags["add_noqa"]:
                from streamlint.fixing import fix_paths

                fixed.append(fix_paths(real, settings, least=plan.least, **options))
                reports.append(fixed[-1].report)
            else:
                from streamlint.lint import lint_paths

                reports.append(lint_paths(real, settings, **options))
    return merged(reports), Done(fixed)


def _stdin_source() -> SourceText:
    from streamlint.source import DecodeError, SourceText

    try:
        return SourceText.from_bytes(STDIN, sys.stdin.buffer.read())
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


def _tell(
    report: Report, done: Done, plan: Plan, flags: Mapping[str, Any], output_format: str, *, quiet_stdout: bool
) -> None:
    """Prints what is left and what was done; on stderr where stdout has the fixed text or the diff."""
    from streamlint_cli import text
    from streamlint_cli.entries import entries
    from streamlint_cli.terminal import write

    rows = entries(report, noqa_rows=output_format not in text.FORMATS, least=plan.least)
    with _output(flags["output_file"]) as chosen:
        stream = sys.stderr if quiet_stdout else chosen
        if not plan.only:
            _print(rows, report, flags, output_format, stream)
        if output_format in text.FORMATS and not flags["quiet"]:
            write(summary(rows, done, plan), stream)


def _print(rows: Sequence[Entry], report: Report, flags: Mapping[str, Any], output_format: str, stream: TextIO) -> None:
    from streamlint_cli import machine, statistics, text
    from streamlint_cli.terminal import encodable, write

    if flags["statistics"]:
        write(statistics.statistics(rows, report, output_format), stream)
    elif output_format in machine.FORMATS:
        stream.write(encodable(machine.FORMATS[output_format](rows), stream))
    else:
        write(text.FORMATS[output_format](rows, report), stream)


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
