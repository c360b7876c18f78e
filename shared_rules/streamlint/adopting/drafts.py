"""Files as they would be, while one edit after the other is put into them. Nothing is written here."""

from __future__ import annotations

from difflib import SequenceMatcher
from pathlib import Path

from streamlint.records import immutable
from streamlint.settings import SettingsError

_MARK = "\ufeff"
"""What some editors begin a file with."""


@immutable
class Adoption:
    """A file as it would be. `before` is None where there is none yet; each of `changes` is a sentence."""

    path: Path
    before: str | None
    after: str
    changes: tuple[str, ...]


class Drafts:
    """The texts of files for edits: without the mark of their encoding, and with `\\n` at the end of each line. What an
    edit does not touch keeps its own line ends and mark."""

    def __init__(self) -> None:
        self._before: dict[Path, str | None] = {}
        self._made: dict[Path, Adoption] = {}

    def exists(self, path: Path) -> bool:
        """Whether there is such a file. Raises `SettingsError` for one that cannot be read."""
        return self._original(path) is not None

    def text(self, path: Path) -> str:
        """The text as edited so far, "" where there is no file. Raises `SettingsError` for one that cannot be read."""
        original = self._original(path)
        made = self._made.get(path)
        return _plain(made.after if made else original or "")

    def edit(self, path: Path, after: str, change: str) -> None:
        """Gives a file another text, and says why; the same text is no change."""
        if after == self.text(path):
            return
        before = self._original(path)
        changes = self._made[path].changes if path in self._made else ()
        self._made[path] = Adoption(path, before, _restored(before or "", after), (*changes, change))

    def adoptions(self) -> list[Adoption]:
        """The files that are other than on the disk, in the order in which they were edited first."""
        return list(self._made.values())

    def _original(self, path: Path) -> str | None:
        if path not in self._before:
            self._before[path] = _read(path)
        return self._before[path]


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: is not UTF-8: {error.reason} at byte {error.start}") from None


def _plain(text: str) -> str:
    return text.removeprefix(_MARK).replace("\r\n", "\n")


def _restored(original: str, after: str) -> str:
    """An edited text with the mark and the line ends of the original; new lines have those of most."""
    old = original.removeprefix(_MARK).split("\n")
    lines, dos = after.split("\n"), original.count("\r\n") * 2 > original.count("\n")
    ends = ["\r" if dos else ""] * len(lines)
    matches = SequenceMatcher(None, [line.removesuffix("\r") for line in old], lines, autojunk=False)
    for block in matches.get_matching_blocks():
        for at in range(block.size):
            if block.a + at < len(old) - 1:  # the last one has no end of its own
                ends[block.b + at] = "\r" if old[block.a + at].endswith("\r") else ""
    ends[-1] = ""
    mark = _MARK if original.startswith(_MARK) else ""
    return mark + "\n".join(line + end for line, end in zip(lines, ends, strict=True))
