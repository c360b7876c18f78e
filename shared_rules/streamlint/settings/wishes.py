"""What the lock and requirements files of Python's tools say about Streamlit's version."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from streamlint.settings.version import NEWEST, OLDEST, clamp

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_PATCHES = range(10)  # no Streamlit minor ever had more patch releases
_BEFORE = ("0.89.0", "1.0.0", "1.10.0", "1.20.0", "1.27.0")

Reader = Callable[[str], Iterator["Version | SpecifierSet"]]


def newest_allowed(name: str, text: str) -> tuple[int, int] | None:
    """The newest known version that a file of this name allows; None if it says nothing."""
    read = _READERS.get(name, _requirements)
    try:
        return max((found for wish in read(text) if (found := _newest(wish))), default=None)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        # A damaged file of another tool is that tool's to report.
        return None


def _newest(wish: Version | SpecifierSet) -> tuple[int, int] | None:
    """The newest known version that satisfies a wish; None for one that says nothing."""
    if isinstance(wish, Version):
        return clamp(wish.major, wish.minor)
    if not len(wish):
        return None
    for specifier in wish:
        if specifier.operator in ("==", "===") and not specifier.version.endswith(".*"):
            pinned = Version(specifier.version)
            return clamp(pinned.major, pinned.minor)
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


_READERS: dict[str, Reader] = {
    **dict.fromkeys(("uv.lock", "poetry.lock", "pdm.lock"), _toml_lock("[[package]]", "package")),
    "pylock.toml": _toml_lock("[[packages]]", "packages"),
    "Pipfile.lock": _pipfile_lock,
    "pyproject.toml": _pyproject,
    "environment.yml": _environment,
    "environment.yaml": _environment,
}
"""How a file is read, by its name; others list requirements."""
