"""The engine in a flake8 process: one `Linter` a project, kept from file to file.

flake8 asks for one file at a time, in several processes; analysing its app each time would be quadratic. What one
process extracts from a file the others find in the cache on disk.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from streamlint.lint import Linter
from streamlint.rules import all_rules
from streamlint.settings import DEFAULT_SELECT, Settings, load_settings
from streamlint.source import DecodeError

_linters: dict[Settings, Linter] = {}


def linter_for(path: Path, config: str | None, target_version: str | None, selectors: tuple[str, ...]) -> Linter:
    """The linter of the project that a file belongs to. Raises `SettingsError`."""
    settings = _settings(path.parent, config, target_version, selectors)
    if settings not in _linters:
        _linters[settings] = Linter(settings)
    return _linters[settings]


@cache
def _settings(folder: Path, config: str | None, target_version: str | None, selectors: tuple[str, ...]) -> Settings:
    """What is on by default runs, because flake8 selects from it; in one process, because flake8 has several."""
    asked = [each for each in selectors if any(rule.code.startswith(each) for rule in all_rules())]
    overrides = {"select": [*DEFAULT_SELECT, *asked], "target-version": target_version, "jobs": 1}
    return load_settings(folder, config=[config] if config else [], overrides=overrides)


def show(linter: Linter, path: str, text: str) -> None:
    """Let the linter see a file as flake8 does, if that is not what is on disk (stdin, an editor's buffer).

    flake8 reads files with universal line ends; the places are the same either way."""
    known = _text_of(linter, path)
    if known is None or _universal(known) != _universal(text):
        linter.replace(path, text)


def _text_of(linter: Linter, path: str) -> str | None:
    try:
        return linter.source(path).text
    except (OSError, DecodeError):
        return None


def _universal(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
