"""`--diff-only`: what stands on lines that changed since a revision of git."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from streamlint.lint import Report
    from unidiff.patch import PatchedFile

    from streamlint_cli.fixes import Plan

PATCH = ("diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-relative", "--find-renames")
PREFIXES = ("--src-prefix=a/", "--dst-prefix=b/")
"""Users may have configured others."""


def refuse_fixes(flags: Mapping[str, Any], plan: Plan) -> None:
    """Raises `click.UsageError` for what would touch lines that did not change."""
    if flags["diff_only"] is not None and (plan.fix or flags["add_noqa"]):
        raise click.UsageError("--diff-only does not go with what changes files")


def on_changed_lines(report: Report, revision: str | None) -> Report:
    """The report with the findings alone that stand on a line that is new or other than in a revision. Files that git
    does not know yet are new as a whole. Raises `click.ClickException` where git cannot tell."""
    if revision is None:
        return report
    kept = []
    for finding in report.findings:
        source, span = report.sources(finding.place.path), finding.place.span
        first, last = source.line_of(span.start), source.line_of(max(span.start, span.end - 1))
        lines = _changed(os.path.realpath(finding.place.path), revision)
        if lines is None or not lines.isdisjoint(range(first, last + 1)):
            kept.append(finding)
    return replace(report, findings=tuple(kept))


def _changed(path: str, revision: str) -> frozenset[int] | None:
    """The lines of a file that changed; None for all of them."""
    root = _root(os.path.dirname(path))
    changed, new = _changes(root, revision)
    relative = Path(path).relative_to(root).as_posix()
    return None if relative in new else changed.get(relative, frozenset())


@cache
def _root(folder: str) -> str:
    return os.path.realpath(_git(folder, "rev-parse", "--show-toplevel").rstrip("\n"))


@cache
def _changes(root: str, revision: str) -> tuple[dict[str, frozenset[int]], frozenset[str]]:
    """The changed lines of the files that git knows, and the files that it does not know."""
    if revision.startswith("-"):
        raise click.UsageError(f"--diff-only wants a revision, not {revision}")
    from unidiff.errors import UnidiffParseError
    from unidiff.patch import PatchSet

    quote = ("-c", "core.quotePath=off")
    patch = _git(root, *quote, *PATCH, *PREFIXES, "--end-of-options", revision, "--", "*.py")
    try:
        files = PatchSet(StringIO(patch, newline="\n"))
    except UnidiffParseError as error:
        raise click.ClickException(f"--diff-only: git's answer cannot be read: {error}") from error
    changed = {each.path: frozenset(_added_lines(each)) for each in files}
    new = _git(root, "ls-files", "--others", "--exclude-standard", "-z", "--", "*.py")
    return changed, frozenset(new.split("\0"))


def _added_lines(file: PatchedFile) -> Iterator[int]:
    for hunk in file:
        yield from (line.target_line_no for line in hunk if line.is_added and line.target_line_no is not None)


def _git(folder: str, *words: str) -> str:
    try:
        done = subprocess.run(("git", "-C", folder, *words), capture_output=True, check=False)
    except OSError as error:
        raise click.ClickException(f"--diff-only needs git: {error.strerror}") from error
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip()
        raise click.ClickException(f"--diff-only: {reason}")
    return done.stdout.decode("utf-8", "surrogateescape")
