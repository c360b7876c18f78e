"""What git ignores: `.gitignore` files, each about its own folder and those below, and `.git/info/exclude`."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from streamlint.records import immutable

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class Ignores(Protocol):
    """What is ignored in one folder."""

    def enter(self, folder: str, names: Iterable[str]) -> Ignores:
        """What is ignored in a folder below, which holds the given names."""
        ...

    def ignored(self, path: str, *, folder: bool) -> bool:
        """Whether a file or folder in this folder is ignored."""
        ...


@immutable
class NoIgnores:
    """Nothing is ignored."""

    def enter(self, folder: str, names: Iterable[str]) -> NoIgnores:
        return self

    def ignored(self, path: str, *, folder: bool) -> bool:
        return False


@immutable
class GitIgnores:
    """The patterns in force in a folder, with the folders that they are about; those of inner folders come last."""

    specs: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    @classmethod
    def above(cls, start: str) -> GitIgnores:
        """What the repository that holds a folder says about it, up to but not with the folder's own file.

        A folder that is ignored itself is taken as if it were not: somebody asked for it.
        """
        folders = _up_to_repository(start)
        ignores = cls()
        for folder in folders:
            if folder != start:
                ignores = ignores._with(folder, os.path.join(folder, ".gitignore"))
            if os.path.isdir(os.path.join(folder, ".git")):
                ignores = ignores._with(folder, os.path.join(folder, ".git", "info", "exclude"))
        return ignores

    def enter(self, folder: str, names: Iterable[str]) -> GitIgnores:
        return self._with(folder, os.path.join(folder, ".gitignore")) if ".gitignore" in names else self

    def ignored(self, path: str, *, folder: bool) -> bool:
        for base, spec in reversed(self.specs):
            inner = path[len(base) :].lstrip(os.sep).replace(os.sep, "/")
            decision = spec.check_file(f"{inner}/" if folder else inner).include
            if decision is not None:
                return decision
        return False

    def _with(self, folder: str, file: str) -> GitIgnores:
        if not os.path.isfile(file):  # to open a named pipe would wait for ever
            return self
        from pathspec import GitIgnoreSpec  # dear, and many a folder has no such file

        try:
            with open(file, encoding="utf-8", errors="replace") as lines, warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about what patterns look like as regular expressions
                spec = GitIgnoreSpec.from_lines(line for line in lines if _is_pattern(line))
        except OSError:
            return self
        return GitIgnores((*self.specs, (folder, spec)))


def _is_pattern(line: str) -> bool:
    """Whether a line is a pattern for git, which skips in silence what it cannot read."""
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


def _up_to_repository(start: str) -> list[str]:
    """The folders from the repository's to `start`; only `start` outside of any repository."""
    folders = [start]
    while not os.path.exists(os.path.join(folders[0], ".git")):
        parent = os.path.dirname(folders[0])
        if parent == folders[0]:
            return [start]
        folders.insert(0, parent)
    return folders
