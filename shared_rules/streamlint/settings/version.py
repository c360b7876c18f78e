"""Which Streamlit a project runs on, read from its lock and requirements files. Nothing is imported or run."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

OLDEST = (1, 28)
"""The oldest Streamlit whose behaviour is known; older ones are treated as this one."""
NEWEST = (1, 67)
"""The newest Streamlit whose behaviour is known; newer ones are treated as this one."""

_PATCHES = range(10)  # no Streamlit minor ever had more patch releases
_BEFORE = ("0.89.0", "1.0.0", "1.10.0", "1.20.0", "1.27.0")

Reader = Callable[[str], Iterator["Version | SpecifierSet"]]


def parse_version(text: str) -> tuple[int, int] | None:
    """A version as settings spell it, clamped to what is known; None if it is none."""
    try:
        return clamp(Version(text))
    except InvalidVersion:
        return None


def clamp(version: Version) -> tuple[int, int]:
    """Major and minor, not before `OLDEST` and not after `NEWEST`."""
    return min(max((version.major, version.minor), OLDEST), NEWEST)


def detect_version(root: Path) -> tuple[tuple[int, int], str] | None:
    """The version that a project's files ask for and the name of the file that does; None if no file does.

    Locks come before requirements, files in `root` before those in the folders above it up to the repository's.
    """
    for folder in _folders(root):
        for path, read in _candidates(folder):
            found = _read(path, read)
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


def _candidates(folder: Path) -> Iterator[tuple[Path, Reader]]:
    for name in ("uv.lock", "poetry.lock", "pdm.lock"):
        yield folder / name, _toml_lock("[[package]]", "package")
    yield folder / "pylock.toml", _toml_lock("[[packages]]", "packages")
    yield folder / "Pipfile.lock", _pipfile_lock
    requirements = chain(sorted(folder.glob("requirements*.txt")), sorted(folder.glob("requirements/*.txt")))
    # requirements.txt says what runs, requirements-dev.txt what helps.
    for path in sorted(requirements, key=lambda path: path.name != "requirements.txt"):
        yield path, _requirements
    yield folder / "pyproject.toml", _pyproject
    for name in ("environment.yml", "environment.yaml"):
        yield folder / name, _environment


def _read(path: Path, read: Reader) -> tuple[int, int] | None:
    if not path.is_file():  # to open a named pipe would wait for ever
        return None
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    # Spares the parse of a long lock file that has no Streamlit in it. Names are compared as PyPI does, later.
    if "streamlit" not in text.lower():
        return None
    try:
        return max((found for wish in read(text) if (found := _newest(wish))), default=None)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        # A damaged file of another tool is that tool's to report.
        return None


def _newest(wish: Version | SpecifierSet) -> tuple[int, int] | None:
    """The newest known version that satisfies a wish; None for one that says nothing."""
    if isinstance(wish, Version):
        return clamp(wish)
    if not len(wish):
        return None
    for specifier in wish:
        if specifier.operator in ("==", "===") and not specifier.version.endswith(".*"):
            return clamp(Version(specifier.version))
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        if any(wish.contains(f"{NEWEST[0]}.{minor}.{patch}", prereleases=True) for patch in _PATCHES):
            return (NEWEST[0], minor)
    return OLDEST if any(wish.contains(version) for version in _BEFORE) else NEWEST


def _toml_lock(header: str, key: str) -> Reader:
    def read(text: str) -> Iterator[Version | SpecifierSet]:
        # A lock of a big project takes seconds to parse; the one block that matters does not.
        for block in text.split(header)[1:]:
            if re.search(r"""name = ["']streamlit["']""", block):
                package = tomllib.loads(header + block)[key][0]
                if package["name"] == "streamlit" and "version" in package:
                    yield Version(package["version"])

    return read


def _pipfile_lock(text: str) -> Iterator[Version | SpecifierSet]:
    lock = json.loads(text)
    for section in ("default", "develop"):
        package = lock.get(section, {}).get("streamlit")
        if package:
            yield SpecifierSet(package["version"])


def _requirements(text: str) -> Iterator[Version | SpecifierSet]:
    for line in text.replace("\\\n", " ").splitlines():
        # `#` starts a comment only after a space, since a URL may have a fragment; options follow ` --`.
        requirement = re.split(r"(?:^|\s)(?:#|--?\w)", line, maxsplit=1)[0]
        yield from _requirement(requirement)


def _requirement(text: object) -> Iterator[Version | SpecifierSet]:
    try:
        requirement = Requirement(str(text).strip())
    except InvalidRequirement:
        return
    if canonicalize_name(requirement.name) == "streamlit":
        yield requirement.specifier


def _pyproject(text: str) -> Iterator[Version | SpecifierSet]:
    document = tomllib.loads(text)
    project: dict[str, Any] = document.get("project", {})
    groups = [*project.get("optional-dependencies", {}).values(), *document.get("dependency-groups", {}).values()]
    for requirement in chain(project.get("dependencies", ()), *groups):
        yield from _requirement(requirement)
    poetry: dict[str, Any] = document.get("tool", {}).get("poetry", {})
    for table in (poetry, *poetry.get("group", {}).values()):
        wish = table.get("dependencies", {}).get("streamlit")
        text = wish.get("version", "*") if isinstance(wish, dict) else wish
        if isinstance(text, str):
            yield _poetry_specifier(text)


def _poetry_specifier(text: str) -> SpecifierSet:
    parts = [part.strip() for part in text.split(",")]
    return SpecifierSet(",".join(filter(None, map(_poetry_part, parts))))


def _poetry_part(part: str) -> str:
    if part == "*":
        return ""
    if part[0] in "^~" and not part.startswith("~="):
        version = Version(part[1:])
        upper = f"{version.major + 1}" if part[0] == "^" or len(version.release) == 1 else None
        return f">={version},<{upper or f'{version.major}.{version.minor + 1}'}"
    return f"=={part}" if part[0].isdigit() else part


def _environment(text: str) -> Iterator[Version | SpecifierSet]:
    """Conda's dependencies are a list of short strings, in YAML; each stands on a line of its own."""
    for line in text.splitlines():
        item = re.fullmatch(r"""\s*-\s*["']?(?:[\w.-]+::)?streamlit\s*([^"'#]*)["']?\s*(?:\s#.*)?""", line)
        if item:
            yield from _conda_specifier(item.group(1).strip())


def _conda_specifier(text: str) -> Iterator[SpecifierSet]:
    single = re.fullmatch(r"=\s*([\d.]+)\*?(?:=.*)?", text)
    try:
        yield SpecifierSet(f"=={single.group(1).rstrip('.')}.*" if single else text)
    except InvalidSpecifier:
        return
