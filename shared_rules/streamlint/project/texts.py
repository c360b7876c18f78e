"""What stands in files: on the disk, or in an editor that has not saved yet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from streamlint.inference import content_hash as text_hash
from streamlint.project.cache import digest
from streamlint.source import DecodeError, SourceText

MARKS = (b"streamlit", b"session_state")
"""A file without any of these is not Streamlit code, however it is spelled."""
_BOM = "\ufeff"


class Texts:
    """The bytes and texts of files by absolute path, each read once."""

    def __init__(self, overlays: Mapping[str, str] | None = None) -> None:
        self.overlays = dict(overlays or {})
        """Absolute path to text, which wins over the disk; changed by `replace` only."""
        self._bytes: dict[str, bytes] = {}
        self._marked: dict[str, bool] = {}
        self._unreadable: set[str] = set()
        self._sources: dict[str, SourceText] = {}
        self._hashes: dict[str, str] = {}

    def replace(self, path: str, text: str | None) -> None:
        """Let a file have this text from now on, or what is on disk if None."""
        if text is None:
            self.overlays.pop(path, None)
        else:
            self.overlays[path] = text
        for known in (self._bytes, self._marked, self._sources, self._hashes):
            known.pop(path, None)
        self._unreadable.discard(path)

    def is_unreadable(self, path: str) -> bool:
        """Whether nobody can say if a file is Streamlit code, because it cannot be read."""
        return not self.is_streamlit(path) and path in self._unreadable

    def is_streamlit(self, path: str) -> bool:
        """Whether a file's bytes mention Streamlit or session state: all that files without it cost is this look."""
        if path not in self._marked:
            try:
                data = self._data(path)
            except OSError:
                data = b""
                self._unreadable.add(path)
            self._marked[path] = any(mark in data for mark in MARKS)
            if not self._marked[path]:
                self._bytes.pop(path, None)
        return self._marked[path]

    def import_lines(self, path: str) -> list[tuple[bool, frozenset[str]]]:
        """Of each import line of a file whether it is relative, and its words: a look at bytes, which may take a text
        for code."""
        try:
            data = self._data(path)
        except OSError:
            return []
        lines = (line.lstrip() for line in data.splitlines() if b"import" in line)
        self._bytes.pop(path, None)
        return [
            (line.startswith(b"from ."), frozenset(_words(line)))
            for line in lines
            if line.startswith((b"import", b"from"))
        ]

    def says(self, path: str, word: str) -> bool:
        """Whether a word stands anywhere in a file, which may be no text of any encoding."""
        try:
            data = self._data(path)
        except OSError:
            return False
        return re.search(rb"\b" + re.escape(word.encode("utf-8", "surrogatepass")) + rb"\b", data) is not None

    def source(self, path: str) -> SourceText:
        """The text of a file. Raises OSError or `DecodeError`."""
        if path not in self._sources:
            text = self.overlays.get(path)
            if text is None:
                self._sources[path] = SourceText.from_bytes(path, self._data(path))
            else:
                self._sources[path] = SourceText(path, text.removeprefix(_BOM), bom=text.startswith(_BOM))
            self._bytes.pop(path, None)
        return self._sources[path]

    def plain(self, path: str) -> str:
        """The text of a file as inference asks for it. Raises OSError or ValueError."""
        try:
            return self.source(path).text
        except DecodeError as error:
            raise ValueError(error.message) from None

    def plain_hash(self, path: str) -> str:
        """A hash of the text that inference sees."""
        try:
            return text_hash(self.plain(path))
        except (OSError, ValueError):
            return text_hash("")  # inference takes such a file for an empty module

    def content_hash(self, path: str) -> str:
        """A hash of a file's bytes; the empty string for a file that cannot be read."""
        if path not in self._hashes:
            try:
                self._hashes[path] = digest(self._data(path)).hex()
            except OSError:
                self._hashes[path] = ""
        return self._hashes[path]

    def size(self, path: str) -> int:
        """How many bytes a file has; 0 if it cannot be read."""
        try:
            return len(self._data(path))
        except OSError:
            return 0

    def _data(self, path: str) -> bytes:
        if path in self.overlays:
            return self.overlays[path].encode("utf-8", "surrogatepass")
        if path not in self._bytes:
            self._bytes[path] = Path(path).read_bytes()
        return self._bytes[path]


def _words(line: bytes) -> list[str]:
    return line.translate(_SEPARATORS).decode("utf-8", "replace").split()


_SEPARATORS = bytes.maketrans(b".,()", b"    ")
