"""The engine in a flake8 process: one `Linter` a project, kept from file to file.

flake8 asks for one file at a time, in several processes; analysing its app each time would be quadratic. What one
process extracts from a file the others find in the cache on disk.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from streamlint.lint import Linter
from streamlint.settings import Settings, load_settings
from streamlint.source import DecodeError, SourceText

_linters: dict[Settings, Linter] = {}


def linter_for(path: Path, config: str | None, target_version: str | None) -> Linter:
    """The linter of the project that a file belongs to. Raises `SettingsError`."""
    settings = _settings(path.parent, config, target_version)
    if settings not in _linters:
        _linters[settings] = Linter(settings)
    return _linters[settings]


@lru_cache(maxsize=None)
def _settings(folder: Path, config: str | None, target_version: str | None) -> Settings:
    """Every rule is on, because flake8 selects; and one process, because flake8 has several."""
    overrides = {"select": ["ALL"], "target-version": target_version, "jobs": 1}
    return load_settings(folder, config=[config] if config else [], overrides=overrides)


def show(linter: Linter, path: str, text: str) -> None:
    """Let the linter see a file as flake8 does, if that is not what is on disk (stdin, an editor's buffer).

    flake8 reads files with universal line ends; the places are the same either way."""
    known = _text_of(linter, path)
    if known is None or _universal(known) != _universal(text):
        linter.replace(path, text)


def _text_of(linter: Linter, path: str) -> str | None:
    try:
        return linter.index.source(path).text
    except (OSError, DecodeError):
        return None


def _universal(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
