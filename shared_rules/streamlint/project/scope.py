"""Where files are looked for: in all of a project, or near the files asked for.

A script in a home folder or in `/tmp` is no part of a project of everything there. Where nothing marks a project, a
small tree is taken for one, and of a large tree only what can concern a file is looked at: the folders that it stands
in and those above.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from streamlint.project.discovery import Discovery, discover
from streamlint.settings import Settings, is_project

MOST_FOLDERS = 200
"""A tree of more folders than this is no project unless something says so."""


class Scope:
    """The files below one root, listed when they are asked for. Paths are absolute."""

    def __init__(self, root: str, settings: Settings) -> None:
        self._root = root
        self._settings = settings
        self._nearest: dict[str, Discovery] = {}
        self._beside: dict[str, frozenset[str]] = {}

    @cached_property
    def whole(self) -> bool:
        """Whether all files below the root are one project."""
        return is_project(Path(self._root)) or self._below(self._root).complete

    @cached_property
    def everything(self) -> frozenset[str]:
        """The Python files below the root that the settings do not exclude."""
        known = self._nearest.get(self._root)
        found = known if known and known.complete else discover([Path(self._root)], self._settings)
        return frozenset(map(str, found.files))

    def nearest(self, folder: str) -> list[str]:
        """The Python files below a folder, sorted; of a large tree those that are least deep."""
        return [str(path) for path in self._below(folder).files]

    def near(self, targets: Iterable[str]) -> frozenset[str]:
        """The Python files beside the targets and in the folders above them, up to the root."""
        folders = {folder for target in targets for folder in self.folders_of(target)}
        return frozenset().union(*map(self._files_beside, sorted(folders)))

    def folders_of(self, target: str) -> Iterator[str]:
        """The folder of a file and those above it, up to the root."""
        folder = os.path.dirname(target)
        while folder.startswith(os.path.join(self._root, "")):
            yield folder
            folder = os.path.dirname(folder)
        yield self._root

    def _below(self, folder: str) -> Discovery:
        if folder not in self._nearest:
            self._nearest[folder] = discover([Path(folder)], self._settings, most_folders=MOST_FOLDERS)
        return self._nearest[folder]

    def _files_beside(self, folder: str) -> frozenset[str]:
        if folder not in self._beside:
            found = discover([Path(folder)], self._settings, most_folders=1)
            self._beside[folder] = frozenset(map(str, found.files))
        return self._beside[folder]
