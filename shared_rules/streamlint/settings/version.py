"""Which Streamlit a project runs on, read from its lock and requirements files. Nothing is imported or run."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

OLDEST = (1, 28)
"""The oldest Streamlit whose behaviour is known; older ones are treated as this one."""
NEWEST = (1, 67)
"""The newest Streamlit whose behaviour is known; newer ones are treated as this one."""


def parse_version(text: str) -> tuple[int, int] | None:
    """A version as settings spell it, clamped to what is known; None if it is none."""
    from packaging.version import InvalidVersion, Version

    try:
        version = Version(text)
    except InvalidVersion:
        return None
    return clamp(version.major, version.minor)


def clamp(major: int, minor: int) -> tuple[int, int]:
    """Major and minor, not before `OLDEST` and not after `NEWEST`."""
    return min(max((major, minor), OLDEST), NEWEST)


def detect_version(root: Path) -> tuple[tuple[int, int], str] | None:
    """The version that a project's files ask for and the name of the file that does; None if no file does.

    Locks come before requirements, files in `root` before those in the folders above it up to the repository's.
    """
    for folder in _folders(root):
        for path in _candidates(folder):
            found = _read(path)
            if found:
                return found, path.name
    return None


def _folders(root: Path) -> Iterator[Path]:
    above = [root, *root.parents]
    repository = next((folder for folder in above if (folder / ".git").exists()), root)
    for folder in above:
        yield folder
        if folder == repository:
            return


def _candidates(folder: Path) -> Iterator[Path]:
    for name in ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "Pipfile.lock"):
        yield folder / name
    requirements = chain(sorted(folder.glob("requirements*.txt")), sorted(folder.glob("requirements/*.txt")))
    # requirements.txt says what runs, requirements-dev.txt what helps.
    yield from sorted(requirements, key=lambda path: path.name != "requirements.txt")
    for name in ("pyproject.toml", "environment.yml", "environment.yaml"):
        yield folder / name


def _read(path: Path) -> tuple[int, int] | None:
    if not path.is_file():  # to open a named pipe would wait for ever
        return None
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    # Spares the parse of a long lock file that has no Streamlit in it, and a start the import of what parses it. Names
    # are compared as PyPI does, later.
    if "streamlit" not in text.lower():
        return None
    from streamlint.settings.wishes import newest_allowed

    return newest_allowed(path.name, text)
