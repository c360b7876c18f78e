"""The folders that a client may ask about. A path leads nowhere else, not by `..` and not by a link."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from streamlint.records import immutable


class Refused(Exception):
    """A wish that cannot be granted; the message says why, to who wished."""


@immutable
class Workspace:
    """Existing folders, as their real paths; at least one."""

    roots: tuple[str, ...]

    @staticmethod
    def of(folders: Iterable[str | Path]) -> Workspace:
        """Raises `Refused` where none of them exists."""
        real = dict.fromkeys(os.path.realpath(folder) for folder in folders)
        roots = tuple(folder for folder in real if os.path.isdir(folder))
        if not roots:
            raise Refused("the client's workspace has no folder on this machine; start with --root FOLDER")
        return Workspace(roots)

    @staticmethod
    def of_uris(uris: Iterable[str]) -> Workspace:
        """Of a client's roots. Raises `Refused`."""
        parts = [urlsplit(uri) for uri in uris]
        return Workspace.of(url2pathname(part.path) for part in parts if part.scheme == "file")

    def contains(self, path: str | Path) -> bool:
        """Whether a path leads to a place in the workspace, links followed."""
        real = os.path.realpath(path)
        return any(real == root or real.startswith(os.path.join(root, "")) for root in self.roots)

    def name(self, path: str) -> str:
        """A file as people call it: relative to the root that it is in, with slashes."""
        real = os.path.realpath(path)
        root = next((root for root in self.roots if real.startswith(os.path.join(root, ""))), None)
        return os.path.relpath(real, root).replace(os.sep, "/") if root else path

    def paths(self, wanted: Sequence[str]) -> list[str]:
        """The absolute paths of what is asked for, all roots for nothing. Raises `Refused`."""
        return [self._path(each) for each in wanted] if wanted else list(self.roots)

    def _path(self, wanted: str) -> str:
        if "\0" in wanted:
            raise Refused("a path has no NUL character")
        candidates = [os.path.abspath(os.path.join(root, wanted)) for root in self.roots]
        allowed = [path for path in dict.fromkeys(candidates) if self.contains(path)]
        if not allowed:
            raise Refused(f"`{wanted}` is outside of the workspace: {', '.join(self.roots)}")
        existing = [path for path in allowed if os.path.exists(path)]
        if not existing:
            raise Refused(f"`{wanted}` does not exist")
        return existing[0]
