"""Which tools a project asks for in the files that list what it needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from streamlint.settings import SettingsError
from streamlint.settings.files import read_toml

_LISTS = ("requirements*.txt", "requirements*.in", "requirements/*.txt", "requirements/*.in", "dev-requirements.txt")


def mentions(folder: Path, tool: str) -> str:
    """The name of a file that asks for a tool, or "". Raises `SettingsError` for a broken `pyproject.toml`."""
    pyproject = folder / "pyproject.toml"
    if pyproject.is_file() and _asks(_of_pyproject(read_toml(pyproject)), tool):
        return pyproject.name
    pipfile = folder / "Pipfile"
    if pipfile.is_file() and _asks(_of_pipfile(pipfile), tool):
        return pipfile.name
    lists = (path for pattern in _LISTS for path in sorted(folder.glob(pattern)))
    return next((path.name for path in lists if path.is_file() and _asks(_lines(path), tool)), "")


def _asks(requirements: Iterable[object], tool: str) -> bool:
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    for each in requirements:
        try:
            if canonicalize_name(Requirement(str(each)).name) == tool:
                return True
        except InvalidRequirement:
            continue
    return False


def _lines(path: Path) -> Iterator[str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return  # for pip to report
    for line in text.splitlines():
        yield line.partition(" #")[0].partition(" --")[0].strip()


def _of_pyproject(document: Mapping[str, Any]) -> Iterator[object]:
    project = _table(document.get("project"))
    poetry = _table(_table(document.get("tool")).get("poetry"))
    groups = [_table(project.get("optional-dependencies")), _table(document.get("dependency-groups"))]
    for listed in (project.get("dependencies"), *(each for group in groups for each in group.values())):
        yield from listed if isinstance(listed, list) else ()
    for table in (poetry, *_table(poetry.get("group")).values()):
        yield from _table(_table(table).get("dependencies"))
    yield from _table(poetry.get("dev-dependencies"))


def _of_pipfile(path: Path) -> Iterator[object]:
    try:
        document = read_toml(path)
    except SettingsError:
        return  # for pipenv to report
    for name in ("packages", "dev-packages"):
        yield from _table(document.get(name))


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
