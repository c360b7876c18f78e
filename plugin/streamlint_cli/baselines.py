"""`--write-baseline`, and what else happens to a baseline: what is fixed leaves it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from streamlint.settings import BASELINE, Settings

from streamlint_cli.entries import shown_path

if TYPE_CHECKING:
    from streamlint.baseline import Baseline, Known
    from streamlint.lint import Linter, Report

ALONE = ("fix", "fix_only", "diff", "add_noqa", "statistics", "no_baseline", "diff_only")
"""Flags that make no sense beside `--write-baseline`."""


def refuse_others(flags: Mapping[str, Any], stdin: bool) -> None:
    """Raises `click.UsageError` for what does not go with `--write-baseline`."""
    for name in ALONE:
        if flags[name]:
            raise click.UsageError(f"--write-baseline does not go with --{name.replace('_', '-')}")
    if stdin:
        raise click.UsageError("--write-baseline wants files, not stdin")


def file_of(settings: Settings, given: str | None) -> Path:
    """The baseline of a project: the one that is given, that of its settings, else the usual one in its root."""
    return Path(os.path.abspath(given)) if given else settings.baseline or settings.root / BASELINE


def write_baseline(linter: Linter, report: Report, file: Path) -> int:
    """Puts what was found into a baseline in place of what it has of the same files; gives how many that are. Files
    that could not be checked keep what they have. Raises `click.ClickException`."""
    before = _existing(file)
    failed = {problem.path for problem in report.problems}
    checked = set(report.files) - failed
    paths = [finding.place.path for finding in report.findings]
    texts = {path: (linter.syntax(path), linter.source(path).text) for path in paths}
    found = [before.describe(finding, *texts[path]) for finding, path in zip(report.findings, paths, strict=True)]

    def replaced(known: Known) -> bool:
        path = before.path_of(known)
        return path in checked or not os.path.exists(path)

    _write(before.with_only(found, replaced))
    return len(found)


def shrink(report: Report, settings: Settings) -> None:
    """Takes what is fixed out of the baseline, unless CI does this: nobody would keep what it writes."""
    if not report.gone or settings.baseline is None:
        return
    count, shown = sum(report.gone.values()), shown_path(str(settings.baseline))
    what = f"{count} finding{'s' if count > 1 else ''} of the baseline {'are' if count > 1 else 'is'} fixed"
    if os.environ.get("CI"):
        click.echo(f"{what}: run `streamlint check` and keep the smaller {shown}", err=True)
        return
    _write(_existing(settings.baseline).without(report.gone))
    click.echo(f"{what} and gone from {shown}", err=True)


def _existing(file: Path) -> Baseline:
    from streamlint.baseline import Baseline

    return Baseline.load(file) if file.exists() else Baseline(file)


def _write(baseline: Baseline) -> None:
    from streamlint.fixing import write_atomically

    try:
        baseline.file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(baseline.file, baseline.to_json().encode())
    except OSError as error:
        raise click.ClickException(f"cannot write the baseline {baseline.file}: {error.strerror}") from error
