"""The files that hold configuration: ours, and Ruff's, from which some is inherited."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from streamlint.settings.model import SettingsError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

OWN_NAMES = (".streamlint.toml", "streamlint.toml", "pyproject.toml")
RUFF_NAMES = (".ruff.toml", "ruff.toml", "pyproject.toml")

PROJECT_MARKERS = (
    "pyproject.toml",
    ".git",
    ".streamlit",
    "requirements.txt",
    "uv.lock",
    "poetry.lock",
    "pdm.lock",
    "Pipfile",
    "environment.yml",
    "ruff.toml",
    ".ruff.toml",
)
"""What stands in the folder of a project that has no settings for us."""


def is_project(folder: Path) -> bool:
    """Whether something marks a folder as a project's. The home folder and the top of the file system are too wide to
    be one: `~/.streamlit` is Streamlit's own, and a `.git` there keeps somebody's dotfiles."""
    return not is_too_wide(folder) and any((folder / name).exists() for name in (*OWN_NAMES, *PROJECT_MARKERS))


def is_too_wide(folder: Path) -> bool:
    """Whether a folder holds everything that somebody has."""
    return folder.parent == folder or str(folder) == os.path.expanduser("~")


# Not Ruff's `target-version`: that is a version of Python, ours is a version of Streamlit. Not its `select` and
# `ignore` either: Ruff refuses codes that it does not know, so ours can only be in `per-file-ignores` by accident.
_INHERITED = ("extend", "exclude", "extend-exclude", "src")
_INHERITED_RULES = ("per-file-ignores", "extend-per-file-ignores")


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file. Raises `SettingsError`."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: is not UTF-8: {error.reason} at byte {error.start}") from None
    return parse_toml(text, str(path))


def parse_toml(text: str, origin: str) -> dict[str, Any]:
    """The content of a piece of TOML. Raises `SettingsError`, which names `origin` and the line."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = text.count("\n") + 1
        message = str(error).replace("(at end of document)", f"(at line {line}, the end)")
        raise SettingsError(f"{origin}: not valid TOML: {message}") from None
    except RecursionError:
        raise SettingsError(f"{origin}: not valid TOML: nested too deeply") from None


def find_own(start: Path) -> Path | None:
    """The closest file at or above `start` that has settings for us. Raises `SettingsError` for a broken one."""
    for path in _upwards(start, OWN_NAMES):
        if path.name != "pyproject.toml" or own_table(path, read_toml(path)) is not None:
            return path
    return None


def find_ruff(start: Path) -> Path | None:
    """The closest file at or above `start` that has settings for Ruff."""
    for path in _upwards(start, RUFF_NAMES):
        if path.name != "pyproject.toml" or _section(read_toml(path), "tool", "ruff") is not None:
            return path
    return None


def own_table(path: Path, document: Mapping[str, Any]) -> dict[str, Any] | None:
    """Our part of a file: `[tool.streamlint]` of a pyproject.toml, else all of it."""
    if path.name != "pyproject.toml":
        return dict(document)
    section = _section(document, "tool", "streamlint")
    if section is None or isinstance(section, dict):
        return section
    raise SettingsError(f"{path}: `tool.streamlint` must be a table")


def ruff_table(path: Path) -> dict[str, Any]:
    """What a Ruff configuration says that is also about us. What Ruff would refuse is Ruff's to report."""
    document = read_toml(path)
    table = _section(document, "tool", "ruff") if path.name == "pyproject.toml" else document
    if not isinstance(table, dict):
        return {}
    found = {key: table[key] for key in _INHERITED if isinstance(table.get(key), str if key == "extend" else list)}
    lint = table.get("lint")
    for rules in (table, lint if isinstance(lint, dict) else {}):
        for key in _INHERITED_RULES:
            ours = _our_rules(rules.get(key))
            if ours:
                found[key] = {**found.get(key, {}), **ours}
    return found


def _our_rules(table: object) -> dict[str, list[str]]:
    if not isinstance(table, dict):
        return {}
    pairs = ((glob, _ours(selectors)) for glob, selectors in table.items())
    return {glob: selectors for glob, selectors in pairs if selectors}


def _ours(selectors: object) -> list[str]:
    if not isinstance(selectors, list):
        return []
    return [selector for selector in selectors if isinstance(selector, str) and selector.startswith("STL")]


def _section(document: Mapping[str, Any], *keys: str) -> Any:
    found: Any = document
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _upwards(start: Path, names: tuple[str, ...]) -> Iterator[Path]:
    for folder in (start, *start.parents):
        yield from (path for name in names if (path := folder / name).is_file())
