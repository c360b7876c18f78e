"""flake8: our codes among those that it selects, where a `select` or a shorter `ignore` hides them."""

from __future__ import annotations

import configparser
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from streamlint.adopting import PREFIX, Drafts
from streamlint.settings import SettingsError

from streamlint_cli.adoption.gaps import Gap

NAMES = ("setup.cfg", "tox.ini", ".flake8")
"""Where flake8 looks, in its order: the first with a section for it counts."""
SECTION = "flake8"
_SECTIONS = (SECTION, "flake8:local-plugins")
_SELECTS = ("select", "extend-select")
_IGNORES = ("ignore", "extend-ignore")


def find(drafts: Drafts, folders: Iterable[Path]) -> Path | None:
    """The file that flake8 reads in the first of these folders that has one. Raises `SettingsError`."""
    for folder in folders:
        for path in (folder / name for name in NAMES):
            if drafts.exists(path) and any(name in _parsed(path, drafts.text(path)) for name in _SECTIONS):
                return path
    return None


def adopt(drafts: Drafts, path: Path) -> Gap | None:
    """Selects our codes where they are hidden. Raises `SettingsError`."""
    text = drafts.text(path)
    options = _options(_parsed(path, text))
    if not _hides(options):
        return None
    after = _edited(path, text, options)
    drafts.edit(path, after, f"Selects our codes in {path.name}.")
    why = "flake8 does not show our findings: other codes are selected, or a shorter prefix is ignored"
    name = _chosen(options)
    return Gap(path, f"`{PREFIX}` in flake8's {name}", why, f"add {PREFIX} to `{name}` in [{SECTION}]")


def _hides(options: Mapping[str, list[str]]) -> bool:
    """Whether flake8 shows none of our codes. It lets the longer one of two prefixes decide, so what ignores exactly
    ours is somebody's decision."""
    selected = [code for name in _SELECTS for code in options.get(name, ())]
    ignored = [code for name in _IGNORES for code in options.get(name, ())]
    if any(code.startswith(PREFIX) for code in (*selected, *ignored)):
        return False
    longest = max((len(code) for code in ignored if PREFIX.startswith(code)), default=0)
    shown = max((len(code) for code in selected if PREFIX.startswith(code)), default=0)
    return longest > shown if longest else "select" in options and not shown


def _chosen(options: Mapping[str, list[str]]) -> str:
    """The option that gets our prefix: one that is there."""
    return next((name for name in reversed(_SELECTS) if name in options), "extend-select")


# --- the text ----------------------------------------------------------------------------------------------------


def _parsed(path: Path, text: str) -> configparser.RawConfigParser:
    """As flake8 reads it."""
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text, str(path))
    except configparser.Error as error:
        reason = " ".join(str(error).split())
        raise SettingsError(f"{path}: not a valid configuration file: {reason}") from None
    return parser


def _options(parser: configparser.RawConfigParser) -> dict[str, list[str]]:
    """What is selected and ignored; flake8 takes `_` for `-` in names, and commas and spaces between codes."""
    options = parser.items(SECTION) if parser.has_section(SECTION) else []
    return {name.replace("_", "-"): value.replace(",", " ").split() for name, value in options}


def _edited(path: Path, text: str, options: Mapping[str, list[str]]) -> str:
    """The text with our prefix, in the first way that changes nothing else."""
    chosen = _chosen(options)
    before = _parsed(path, text)
    wanted = [*options.get(chosen, ()), PREFIX]
    for way in _ways(text, chosen, len(wanted) - 1):
        after = _options_after(before, way, chosen)
        if after == wanted:
            return way
    raise SettingsError(f"{path}: add {PREFIX} to `{chosen}` by hand; streamlint cannot without changing the rest")


def _options_after(before: configparser.RawConfigParser, text: str, chosen: str) -> list[str] | None:
    """The codes of an option in an edited text; None if anything else in it is other than before."""
    after = configparser.RawConfigParser()
    try:
        after.read_string(text)
    except configparser.Error:
        return None
    found = _options(after).get(chosen)
    return found if _others(before, chosen) == _others(after, chosen) else None


def _others(parser: configparser.RawConfigParser, chosen: str) -> dict[str, dict[str, str]]:
    return {
        section: {
            name: value
            for name, value in parser[section].items()
            if (section, name.replace("_", "-")) != (SECTION, chosen)
        }
        for section in parser
    }


def _ways(text: str, chosen: str, codes: int) -> Iterator[str]:
    from configupdater import ConfigUpdater

    section = ConfigUpdater().read_string(text)[SECTION]
    option = next((each for name, each in section.items() if name.replace("_", "-") == chosen), None)
    if option is None:
        header = f"[{SECTION}]"
        for end in _ends(text, header):
            line = text.find("\n", end) + 1 or len(text)
            yield f"{text[:line].rstrip()}\n{chosen} = {PREFIX}\n{text[line:]}"
        return
    old = "".join(option.lines)
    for end in _ends(text, old):  # the same lines may stand in another section, too
        yield text[: end - len(old)] + _lengthened(old, codes) + text[end:]


def _ends(text: str, part: str) -> Iterator[int]:
    """Where each occurrence of a part ends."""
    at = text.find(part)
    while at != -1:
        yield at + len(part)
        at = text.find(part, at + 1)


def _lengthened(option: str, codes: int) -> str:
    """The lines of an option that has so many codes with one more, separated as the others are."""
    lines = option.split("\n")
    last = max(at for at, line in enumerate(lines) if line.strip() and not line.lstrip().startswith(("#", ";")))
    code = lines[last].rstrip()
    spaced = codes > 1 and "," not in option
    comma = "" if spaced or not codes or code.endswith(",") else ","
    if last == 0:
        space = " " if spaced or not codes or ", " in option else ""
        lines[0] = f"{code}{comma}{space}{PREFIX}"
    else:
        indentation = code[: len(code) - len(code.lstrip())]
        lines[last : last + 1] = [code + comma, f"{indentation}{PREFIX}{',' if code.endswith(',') else ''}"]
    return "\n".join(lines)
