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

from streamlint_cli.baselines import file_of, refuse_others, shrink, write_baseline
from streamlint_cli.changes import on_changed_lines, refuse_fixes
from streamlint_cli.entries import merged, shown_path
from streamlint_cli.fixes import Done, Plan, exit_code, summary, write_out
from streamlint_cli.options import check_options, overrides

if TYPE_CHECKING:
    from streamlint.fixing import Fixed
    from streamlint.lint import Linter, Report
    from streamlint.source import SourceText

    from streamlint_cli.entries import Entry

STDIN = "-"


@click.command(short_help="Check files and folders.")
@click.argument("files", nargs=-1, type=click.Path(readable=False))
@check_options
def check(files: tuple[str, ...], **flags: Any) -> int:
    """Find bugs in FILES, which may be folders (default: the current directory; `-` is stdin). A file is judged with
    the whole app that it belongs to.

    Exits with 0 if nothing is found, with 1 if something is, and with 2 if something could not be done."""
    try:
        return _check(_paths(files, flags["stdin_filename"]), flags)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def _check(paths: Sequence[str], flags: Mapping[str, Any]) -> int:
    if flags["watch"]:
        from streamlint_cli.watch import watch

        return watch(paths, flags)
    projects = projects_of(paths, flags)
    if flags["show_settings"]:
        return _show_settings(projects)
    if flags["show_files"]:
        return _show_files(projects)
    if flags["write_baseline"]:
        return _write_baselines(projects, flags)
    plan = Plan.of(flags)
    refuse_fixes(flags, plan)
    begun = time.perf_counter()
    stdin = _stdin_source() if STDIN in paths else None
    linters = linters_of(projects, flags, stdin)
    reports, done = lint(linters, flags, plan)
    report = on_changed_lines(merged(reports), flags["diff_only"])
    if flags["add_noqa"]:
        return _add_noqa(report)
    output_format = projects[0][0].output_format
    tell(report, done, plan, flags, output_format, stdin)
    _say(report, flags, output_format, time.perf_counter() - begun)
    if stdin is None and not plan.diff:
        for (settings, _), each in zip(projects, reports, strict=True):
            shrink(each, settings)
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


def projects_of(paths: Sequence[str], flags: Mapping[str, Any]) -> list[tuple[Settings, list[str]]]:
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


def linters_of(
    projects: Sequence[tuple[Settings, list[str]]], flags: Mapping[str, Any], stdin: SourceText | None = None
) -> list[tuple[Linter, list[str]]]:
    """A linter for each project, with the paths that it is to check. Raises `SettingsError`."""
    from streamlint.lint import Linter

    cache = not flags["no_cache"]
    if stdin is None:
        return [(Linter(settings, cache=cache), paths) for settings, paths in projects]
    path = _stdin_path(flags["stdin_filename"])
    return [(Linter(settings, overlays={path: stdin.text}, cache=cache), [path]) for settings, _ in projects]


def lint(
    linters: Sequence[tuple[Linter, list[str]]], flags: Mapping[str, Any], plan: Plan
) -> tuple[list[Report], Done]:
    """What each of them says, after the fixes where these are wanted; nothing is written yet."""
    from streamlint_cli.terminal import ProgressBar

    reports: list[Report] = []
    fixed: list[Fixed] = []
    ignore_noqa = flags["ignore_noqa"]
    with ProgressBar(wanted=not flags["quiet"]) as progress:
        for linter, paths in linters:
            if plan.fix and not flags["add_noqa"]:
                from streamlint.fixing import fix

                fixed.append(fix(linter, paths, least=plan.least, progress=progress, ignore_noqa=ignore_noqa))
                reports.append(fixed[-1].report)
            else:
                reports.append(linter.lint(paths, progress=progress, ignore_noqa=ignore_noqa))
    return reports, Done(fixed)


def _write_baselines(projects: Sequence[tuple[Settings, list[str]]], flags: Mapping[str, Any]) -> int:
    from streamlint.lint import Linter

    refuse_others(flags, any(STDIN in paths for _, paths in projects))
    reports: list[Report] = []
    for settings, paths in projects:
        linter = Linter(settings, cache=not flags["no_cache"])
        reports.append(linter.lint(paths, ignore_noqa=flags["ignore_noqa"]))
        file = file_of(settings, flags["baseline"])
        count = write_baseline(linter, reports[-1], file)
        click.echo(f"Wrote {count} finding{'' if count == 1 else 's'} to {shown_path(str(file))}.")
    report = merged(reports)
    for problem in report.problems:
        click.echo(f"{shown_path(problem.path)}:{problem.line}:{problem.column}: {problem.message}", err=True)
    return 2 if report.problems else 0


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


def tell(
    report: Report, done: Done, plan: Plan, flags: Mapping[str, Any], output_format: str, stdin: SourceText | None
) -> None:
    """Writes the fixes, prints what is left and what was done; this on stderr where stdout has the fixed text."""
    from streamlint_cli import text
    from streamlint_cli.entries import entries
    from streamlint_cli.terminal import write

    if plan.fix:
        write_out(done, plan, stdin)
    rows = entries(report, noqa_rows=output_format not in text.FORMATS, least=plan.least)
    with _output(flags["output_file"]) as chosen:
        stream = sys.stderr if plan.fix and stdin is not None else chosen
        if not plan.only:
            _print(rows, report, flags, output_format, stream)
        if output_format in text.FORMATS and not flags["quiet"]:
            write(summary(rows, done, plan, len(report.known)), stream)


def _print(rows: Sequence[Entry], report: Report, flags: Mapping[str, Any], output_format: str, stream: TextIO) -> None:
    from streamlint_cli import machine, statistics, text
    from streamlint_cli.terminal import encodable, write

    if flags["statistics"]:
        write(statistics.statistics(rows, report, output_format), stream)
    elif output_format in machine.FORMATS:
        stream.write(encodable(machine.FORMATS[output_format](rows), stream))
    else:
        write(text.FORMATS[output_format](rows, report), stream)


def _say(report: Report, flags: Mapping[str, Any], output_format: str, seconds: float) -> None:
    from streamlint_cli import text

    warn_of_nothing(report, flags)
    if flags["verbose"]:
        done = report.statistics
        click.echo(f"looked at {done.files} files and {done.apps} apps, followed {done.keys} keys", err=True)
        for key in done.over_budget:
            click.echo(f"ran into the analysis budget: {key}", err=True)
    shown = output_format in text.FORMATS and not flags["quiet"] and not flags["output_file"]
    if flags["verbose"] or (shown and sys.stdout.isatty() and sys.stderr.isatty()):
        click.echo(speed(report, seconds), err=True)


def warn_of_nothing(report: Report, flags: Mapping[str, Any]) -> None:
    """Says that there was nothing to check, which is seldom what was meant."""
    if not flags["quiet"] and not report.files and not report.problems:
        click.echo("warning: No Python files found under the given path(s)", err=True)


def speed(report: Report, seconds: float) -> str:
    """How much was checked, and how fast."""
    count = len(report.files)
    return f"Checked {count} file{'' if count == 1 else 's'} in {seconds:.2f} s."


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
