"""`--watch`: what is wrong now, shown anew whenever a file changes, until Ctrl-C.

One linter per project is kept, so only the apps of what changed are analysed again; settings that change, and files
that appear or go, make new ones.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from streamlint.project.discovery import SUFFIXES, discover
from streamlint.settings import BASELINE, Settings, SettingsError, is_project

from streamlint_cli import check
from streamlint_cli.changes import on_changed_lines, refuse_fixes
from streamlint_cli.entries import STDIN, merged
from streamlint_cli.fixes import Plan

if TYPE_CHECKING:
    from streamlint.lint import Linter
    from watchfiles import Change

REFUSED = ("add_noqa", "statistics", "show_files", "show_settings", "write_baseline")
"""Flags that Ruff does not take beside `--watch` either, and one of ours that writes once."""
CONFIGURATION = (
    *("pyproject.toml", "*ruff.toml", "*streamlint.toml", ".gitignore", BASELINE),
    *("requirements*.txt", "*.lock", "pylock.toml", "environment.y*ml"),
)
"""The files that settings, and what is checked, are read from."""
TICK = 100
"""Milliseconds until the watcher says that it has begun; the first check waits for that, so no change is missed."""


def watch(paths: Sequence[str], flags: Mapping[str, Any]) -> int:
    """Checks the paths again and again. Ctrl-C is how this ends, and so no failure. Raises `SettingsError` only before
    the first check, and `click.ClickException`."""
    _refuse_others(paths, flags)
    watched = Watched(paths, flags)
    with suppress(KeyboardInterrupt):
        while True:
            places = watched.places
            for changes in _changes(places, watched):
                watched.check(changes)
                if watched.places != places:
                    break
    return 0


def _refuse_others(paths: Sequence[str], flags: Mapping[str, Any]) -> None:
    for name in REFUSED:
        if flags[name]:
            raise click.UsageError(f"--watch does not go with --{name.replace('_', '-')}")
    if STDIN in paths:
        raise click.UsageError("--watch wants files, not stdin")


def _changes(places: Collection[str], watched: Watched) -> Iterator[set[str]]:
    """The paths that have changed each time some have; nothing of what changes after the first answer, an empty one,
    is missed. Raises `click.ClickException`."""
    try:
        import watchfiles
    except ModuleNotFoundError as error:
        raise click.ClickException("--watch needs the `watch` extra: pip install 'streamlint[watch]'") from error
    options: dict[str, Any] = {"ignore_permission_denied": True, "recursive": watched.deep}
    options |= {"rust_timeout": TICK, "yield_on_timeout": True}
    begun = False
    try:
        for changes in watchfiles.watch(*sorted(places), watch_filter=watched.wants, **options):
            if changes or not begun:
                yield {path for _, path in changes}
            begun = True
    except (OSError, RuntimeError) as error:  # the system has a limit of folders that it watches
        raise click.ClickException(f"cannot watch for changes: {error}") from error


class Watched:
    """The paths that are checked, with their linters as long as these hold."""

    def __init__(self, paths: Sequence[str], flags: Mapping[str, Any]) -> None:
        """Raises `SettingsError`."""
        self._paths = paths
        self._flags = flags
        self._plan = Plan.of(flags)
        refuse_fixes(flags, self._plan)
        self._linters: list[tuple[Linter, list[str]]] | None = None
        self._files: set[str] = set()
        self._fixed: set[str] = set()
        self._look()
        check.linters_of(self._projects, flags)  # raises for selectors that mean no rule

    def _look(self) -> None:
        """Which settings hold now, and where there is something to watch. Raises `SettingsError`."""
        self._projects = check.projects_of(self._paths, self._flags)
        folders = [folder for settings, paths in self._projects for folder in _folders(settings, paths)]
        self.deep = any(deep for _, deep in folders)
        files = [path for path in self._flags["config"] or () if os.path.isfile(path)]
        files += [str(settings.baseline) for settings, _ in self._projects if settings.baseline]
        self._configuration = {os.path.abspath(path) for path in files}
        self.places = frozenset(folder for folder, _ in folders) | self._configuration

    # --- what matters --------------------------------------------------------------------------------------------

    def wants(self, change: Change, path: str) -> bool:
        """Whether a check might say something else after a change."""
        if path in self._files or path in self._configuration:
            return True
        if self._excludes(path):
            return False
        return _is_configuration(path) or path.endswith(SUFFIXES) or self._is_folder(path)

    def _excludes(self, path: str) -> bool:
        return any(linter.excludes(path) for linter, _ in self._linters or ())

    def _is_folder(self, path: str) -> bool:
        """Whether it is, or was, one with files to check."""
        if os.path.isdir(path):
            return any(discover([Path(path)], settings, most_folders=100).files for settings, _ in self._projects)
        return any(file.startswith(os.path.join(path, "")) for file in self._files)

    def _is_outdated(self, changed: Iterable[str]) -> bool:
        """Whether settings or the set of files are others than the linters know."""
        return self._linters is None or not all(path in self._files and os.path.isfile(path) for path in changed)

    # --- a check -------------------------------------------------------------------------------------------------

    def check(self, changed: Collection[str]) -> None:
        """Shows what is wrong after these files have changed."""
        begun = time.perf_counter()
        click.clear()
        try:
            said = self._check(changed, begun)
        except SettingsError as error:
            self._linters = None
            said = f"Error: {error}"
        if not self._flags["quiet"] or self._linters is None:
            click.echo(f"{said}\nWatching for file changes. Press Ctrl-C to stop.", err=True)

    def _check(self, changed: Collection[str], begun: float) -> str:
        linters = self._current(changed)
        reports, done = check.lint(linters, self._flags, self._plan)
        self._files.update(path for report in reports for path in report.files)
        self._fixed = {path for fixed in done.made for path in fixed.texts}
        report = on_changed_lines(merged(reports), self._flags["diff_only"])
        check.tell(report, done, self._plan, self._flags, self._projects[0][0].output_format, None)
        check.warn_of_nothing(report, self._flags)
        return check.speed(report, time.perf_counter() - begun)

    def _current(self, changed: Collection[str]) -> list[tuple[Linter, list[str]]]:
        """The linters, which know the texts that are on disk. Raises `SettingsError`."""
        if self._linters is None or self._is_outdated(changed):
            self._linters = None
            self._look()
            self._linters = check.linters_of(self._projects, self._flags)
            self._files = _files_below(self._projects)
            return self._linters
        for path in {*changed, *self._fixed}:
            for linter, _ in self._linters:
                linter.replace(path, None)
        return self._linters


def _is_configuration(path: str) -> bool:
    folder, name = os.path.split(path)
    return any(fnmatch(name, pattern) for pattern in CONFIGURATION) or (
        os.path.basename(folder) == "requirements" and name.endswith(".txt")
    )


def _folders(settings: Settings, paths: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """The folders in which a change may matter, and whether all below them matters too: a project, else what is asked
    for."""
    if is_project(settings.root):
        yield str(settings.root), True
        return
    for path in map(os.path.abspath, paths):
        deep = os.path.isdir(path)
        folder = path if deep else os.path.dirname(path)
        yield folder if os.path.isdir(folder) else str(settings.root), deep


def _files_below(projects: Iterable[tuple[Settings, list[str]]]) -> set[str]:
    """The Python files among which something may appear or go."""
    found: set[str] = set()
    for settings, paths in projects:
        places = {folder for folder, deep in _folders(settings, paths) if deep} | set(paths)
        found.update(map(str, discover([Path(place) for place in places], settings).files))
    return found
