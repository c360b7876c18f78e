"""The settings as one frozen value, and its defaults."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import TypeAlias

from streamlint.records import immutable
from streamlint.settings.version import NEWEST

FileSelectors: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
"""Pairs of a glob and the rule selectors that go with it."""

CACHE_DIR = ".streamlint_cache"
BASELINE = ".streamlint-baseline.json"
"""The baseline of a project that does not say otherwise."""

DEFAULT_SELECT = ("STL1", "STL2", "STL3", "STL4")
"""What raises, loses, leaks or wastes. The matters of style (STL5) are for those who ask for them."""

# Ruff's list, so that both walk the same files, and our own cache.
DEFAULT_EXCLUDE = (
    ".bzr",
    ".direnv",
    ".eggs",
    ".git",
    ".git-rewrite",
    ".hg",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".nox",
    ".pants.d",
    ".pyenv",
    ".pytest_cache",
    ".pytype",
    ".ruff_cache",
    CACHE_DIR,
    ".svn",
    ".tox",
    ".venv",
    ".vscode",
    "__pypackages__",
    "_build",
    "buck-out",
    "dist",
    "node_modules",
    "site-packages",
    "venv",
)

OUTPUT_FORMATS = (
    "concise",
    "full",
    "json",
    "json-lines",
    "junit",
    "grouped",
    "github",
    "gitlab",
    "pylint",
    "rdjson",
    "azure",
    "sarif",
)

CONFIDENCES = ("possible", "certain")

ACCESS_STYLES = ("attribute", "bracket", "majority")


class SettingsError(Exception):
    """A mistake in the configuration, said in one sentence that names the file and the key."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@immutable
class Settings:
    """How to check a project. Globs are relative to `root` unless they are absolute."""

    root: Path
    """The folder that the configuration is about; absolute."""
    config_file: Path | None = None
    """The file that the settings come from; None if no file has any for us."""
    select: tuple[str, ...] = DEFAULT_SELECT
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    per_file_ignores: FileSelectors = ()
    extend_per_file_ignores: FileSelectors = ()
    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    extend_exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    """Whether `exclude` also holds for files that are named one by one."""
    respect_gitignore: bool = True
    target_version: tuple[int, int] = NEWEST
    """Streamlit's version, between `OLDEST` and `NEWEST`."""
    target_version_source: str = "default"
    """Where it comes from: "setting", the name of a lock or requirements file, or "default"."""
    entrypoints: tuple[str, ...] = ()
    """Globs of the scripts that `streamlit run` is given; none means that they are found."""
    library_keys: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Pairs of a module and the session-state keys that it writes."""
    min_confidence: str = "possible"
    access_style: str = "majority"
    """How keys are to be accessed; "majority" is as most of the app does."""
    output_format: str = "full"
    cache_dir: Path | None = None
    """Absolute where `load_settings` made it; None means no cache."""
    baseline: Path | None = None
    """The file of the findings that stay quiet; absolute. Without a setting, `BASELINE` in the root where it exists."""
    src: tuple[str, ...] = (".", "src")
    """Where absolute imports begin."""
    jobs: int | None = None
    """How many processes; None means one for each core."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean ...?` for a near name among the known ones, or nothing."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean `{near[0]}`?" if near else ""
