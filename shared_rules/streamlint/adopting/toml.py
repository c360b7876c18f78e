"""Edits of TOML that change nothing else: our table in `pyproject.toml`, and Ruff's list of codes of others."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from streamlint.adopting.drafts import Adoption, Drafts
from streamlint.settings import SettingsError
from streamlint.settings.files import find_own, find_ruff, parse_toml

PREFIX = "STL"
OWN = """\
[tool.streamlint]
# extend-select = ["STL5"]    # the rules of style, too
# target-version = "1.40"    # of Streamlit; without, that of requirements or a lock file, else the newest
"""
_DEPTH = 10
"""How many files are looked into that `extend` names one after the other."""


def adoptions(folder: Path) -> list[Adoption]:
    """What to write so that a project uses streamlint, and Ruff leaves it alone; nothing where that is so already.
    Raises `SettingsError` for a file that cannot be read or is not valid TOML."""
    drafts = Drafts()
    adopt_settings(drafts, folder)
    adopt_ruff(drafts, folder)
    return drafts.adoptions()


def adopt_settings(drafts: Drafts, folder: Path) -> Path | None:
    """Gives a project a table of ours; None where it has one. Raises `SettingsError`."""
    path = folder / "pyproject.toml"
    if find_own(folder) is not None:
        return None
    drafts.edit(path, _with_own_table(path, drafts.text(path)), "Adds [tool.streamlint] to pyproject.toml.")
    return path


def adopt_ruff(drafts: Drafts, folder: Path) -> Path | None:
    """Tells the Ruff that holds in a folder of our codes; None where it knows them. Raises `SettingsError`."""
    path = find_ruff(folder) or folder / "pyproject.toml"
    text = drafts.text(path)
    after = _with_external(path, text)
    drafts.edit(path, after, f'Tells Ruff of our codes in {path.name}: lint.external has "{PREFIX}".')
    return None if after == text else path


# --- our own settings ----------------------------------------------------------------------------------------


def _with_own_table(path: Path, text: str) -> str:
    after = _with_last(text, OWN)
    if _parsed(after) != _with(parse_toml(text, str(path)), ("tool", "streamlint"), {}):
        raise SettingsError(f"{path}: add [tool.streamlint] by hand; streamlint cannot without changing the rest")
    return after


def _with_last(text: str, block: str) -> str:
    """The text with a block at its end, after an empty line."""
    return f"{text.rstrip()}\n\n{block}" if text.strip() else block


# --- Ruff's --------------------------------------------------------------------------------------------------


def _with_external(path: Path, text: str) -> str:
    """The text of a Ruff configuration in which our codes are known."""
    above = () if path.name != "pyproject.toml" else ("tool", "ruff")
    document = parse_toml(text, str(path))
    known = _external(path, document, above)
    if any(PREFIX.startswith(each) for each in known if each):
        return text
    old = (*above, "external")  # where it was in old versions of Ruff
    where = old if isinstance(_at(document, old), list) else (*above, "lint", "external")
    return _edited(path, text, where, [*known, PREFIX])


def _external(path: Path, document: Mapping[str, Any], above: tuple[str, ...], depth: int = 0) -> list[str]:
    """What Ruff takes for codes of others: what the file says, else what the file says that it extends."""
    for where in ((*above, "lint", "external"), (*above, "external")):
        found = _at(document, where)
        if isinstance(found, list):
            return [each for each in found if isinstance(each, str)]
    extended = _at(document, (*above, "extend"))
    if not isinstance(extended, str) or depth == _DEPTH:
        return []
    base = path.parent / Path(extended).expanduser()
    inner = () if base.name != "pyproject.toml" else ("tool", "ruff")
    return _external(base, parse_toml(Drafts().text(base), str(base)), inner, depth + 1)


def _edited(path: Path, text: str, where: tuple[str, ...], value: list[str]) -> str:
    """The text with a value set, in the first way that changes nothing else."""
    wanted = _with(parse_toml(text, str(path)), where, value)
    for edit in (_lengthened, _under_its_header, _in_a_table_of_its_own, _assigned):
        try:
            after = edit(text, where, value)
        except (TOMLKitError, TypeError, ValueError, LookupError, AttributeError):
            continue  # tomlkit cannot do everything, and says so in many ways
        if after is not None and _parsed(after) == wanted:
            return after
    key = ".".join(where)
    raise SettingsError(f'{path}: add "{PREFIX}" to {key} by hand; streamlint cannot without changing the rest')


def _lengthened(text: str, where: tuple[str, ...], value: list[str]) -> str | None:
    """With one more item in the list that is there."""
    document = tomlkit.parse(text)
    array = _at(document, where)
    if not isinstance(array, list):
        return None
    array.append(value[-1])
    return tomlkit.dumps(document)


def _under_its_header(text: str, where: tuple[str, ...], value: list[str]) -> str | None:
    """As the first line of the table that is there."""
    names = r"[ \t]*\.[ \t]*".join(f"[\"']?{name}[\"']?" for name in where[:-1])
    header = re.search(rf"^[ \t]*\[[ \t]*{names}[ \t]*\][^\n]*\n?", text, re.MULTILINE)
    if header is None:
        return None
    line = "" if header[0].endswith("\n") else "\n"
    return f"{text[: header.end()]}{line}{where[-1]} = {_list(value)}\n{text[header.end() :]}"


def _in_a_table_of_its_own(text: str, where: tuple[str, ...], value: list[str]) -> str:
    return _with_last(text, f"[{'.'.join(where[:-1])}]\n{where[-1]} = {_list(value)}\n")


def _assigned(text: str, where: tuple[str, ...], value: list[str]) -> str:
    """Within inline tables and dotted keys."""
    document = tomlkit.parse(text)
    table: Any = document
    for name in where[:-1]:
        if name not in table:
            table[name] = tomlkit.inline_table()
        table = table[name]
    table[where[-1]] = value
    return tomlkit.dumps(document)


def _list(value: Sequence[str]) -> str:
    return tomlkit.item(list(value)).as_string()


def _parsed(text: str) -> dict[str, Any]:
    """The content of a text that we have made; nothing where it is no TOML."""
    try:
        return parse_toml(text, "")
    except SettingsError:
        return {}


def _with(document: Mapping[str, Any], where: tuple[str, ...], value: object) -> dict[str, Any]:
    """A copy of a document with a value set."""
    found: dict[str, Any] = copy.deepcopy(dict(document))
    table = found
    for name in where[:-1]:
        table = table.setdefault(name, {})
    table[where[-1]] = value
    return found


def _at(document: Any, where: Sequence[str]) -> Any:
    for name in where:
        document = document.get(name) if isinstance(document, Mapping) else None
    return document
