"""Which files to check: what the paths of a command line stand for.

Folders are walked as Ruff walks them: without what `exclude` or a `.gitignore` names. Files that are named one by one
are checked whatever they are called (but for `OTHER_SUFFIXES`), unless `force-exclude` is set.
"""

from __future__ import annotations

import os
import stat
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from streamlint.project.ignores import GitIgnores, Ignores, NoIgnores
from streamlint.records import immutable, ordered
from streamlint.settings import Settings
from streamlint.settings.globs import GlobSet

SUFFIXES = (".py", ".pyw")
OTHER_SUFFIXES = (".md", ".toml")
"""What Ruff does not take for Python even if it is named, so that `check *` can be said."""


@ordered
class Problem:
    """A path that could not be looked at. `message` names it and says why."""

    path: Path
    message: str


@immutable
class Discovery:
    """The files to check, absolute, sorted and each once, and what went wrong in finding them, sorted too."""

    files: tuple[Path, ...]
    problems: tuple[Problem, ...] = ()
    complete: bool = True
    """Whether no folder was left out because there were too many."""


def discover(paths: Sequence[Path], settings: Settings, *, most_folders: int | None = None) -> Discovery:
    """The Python files that the paths stand for. A path that is wrong becomes a problem, never an exception.

    A real folder is walked once, however many links lead to it; a file that is also found by its real name is not
    found by that of a link. With `most_folders`, no more folders than that are listed, the least deep first.
    """
    walk = _Walk(settings, most_folders)
    for path in paths:
        walk.add(path)
    return walk.result()


@dataclass
class _Walk:
    settings: Settings
    most_folders: int | None = None
    listed: int = 0
    complete: bool = True
    files: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    problems: set[Problem] = field(default_factory=set)
    seen: set[tuple[int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.excluded = GlobSet((*self.settings.exclude, *self.settings.extend_exclude), self.settings.root)

    def add(self, path: Path) -> None:
        """Take one path as a user gives it."""
        absolute = os.path.abspath(path)
        try:
            mode = os.stat(absolute).st_mode
        except (OSError, ValueError) as error:  # ValueError: a NUL byte
            self._problem(path, absolute, _why_not(path, error))
            return
        if self.settings.force_exclude and self._is_excluded_with_parents(absolute):
            return
        if stat.S_ISDIR(mode):
            self._walk(absolute)
        elif not stat.S_ISREG(mode):
            self._problem(path, absolute, "is neither a file nor a folder")
        elif absolute.endswith(".ipynb"):
            self._problem(path, absolute, "notebooks are not supported yet")
        elif not absolute.endswith(OTHER_SUFFIXES):
            self.files.add(absolute)

    def result(self) -> Discovery:
        files = self.files | {link for link in self.links if os.path.realpath(link) not in self.files}
        return Discovery(tuple(sorted(map(Path, files))), tuple(sorted(self.problems)), self.complete)

    def _problem(self, path: Path | str, absolute: str, why: str) -> None:
        self.problems.add(Problem(Path(absolute), f"{path}: {why}"))

    def _is_excluded_with_parents(self, path: str) -> bool:
        file = Path(path)
        return any(
            self.excluded.matches(str(part), part.name)
            for part in (file, *file.parents)
            if part.is_relative_to(self.settings.root) and part != self.settings.root
        )

    def _walk(self, start: str) -> None:
        ignores: Ignores = GitIgnores.above(start) if self.settings.respect_gitignore else NoIgnores()
        # Real folders come before links to them, so that a file is found by its own name.
        folders: deque[tuple[str, Ignores]] = deque([(start, ignores)])
        links: deque[tuple[str, Ignores]] = deque()
        while folders or links:
            folder, ignores = (folders or links).popleft()
            if not self._is_new(folder):
                continue
            if self.listed == self.most_folders:
                self.complete = False
                return
            self.listed += 1
            self._list(folder, ignores, folders, links)

    def _is_new(self, folder: str) -> bool:
        try:
            status = os.stat(folder)
        except OSError as error:
            self._problem(folder, folder, error.strerror or str(error))
            return False
        identity = (status.st_dev, status.st_ino)
        new = identity not in self.seen
        self.seen.add(identity)
        return new

    def _list(
        self, folder: str, ignores: Ignores, folders: deque[tuple[str, Ignores]], links: deque[tuple[str, Ignores]]
    ) -> None:
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            self._problem(folder, folder, f"cannot be listed: {error.strerror}")
            return
        ignores = ignores.enter(folder, (entry.name for entry in entries))
        for entry in entries:
            if _is_folder(entry):
                if not self._skip(entry, ignores, folder=True):
                    (links if entry.is_symlink() else folders).append((entry.path, ignores))
            elif entry.name.endswith(SUFFIXES) and not self._skip(entry, ignores, folder=False) and _is_file(entry):
                (self.links if entry.is_symlink() else self.files).add(entry.path)

    def _skip(self, entry: os.DirEntry[str], ignores: Ignores, *, folder: bool) -> bool:
        return self.excluded.matches(entry.path, entry.name) or ignores.ignored(entry.path, folder=folder)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a loop of links
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # the same; such a link leads to nothing, like one to a file that is gone
        return False


def _why_not(path: Path, error: OSError | ValueError) -> str:
    if not isinstance(error, FileNotFoundError):
        return getattr(error, "strerror", None) or str(error)
    from difflib import get_close_matches

    near = get_close_matches(path.name, _names(path.parent), n=1, cutoff=0.6)
    return f"no such file or folder{f'; did you mean `{path.parent / near[0]}`?' if near else ''}"


def _names(folder: Path) -> Iterable[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return ()
