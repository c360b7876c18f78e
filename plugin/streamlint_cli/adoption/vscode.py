"""VS Code: our extension among those that a workspace recommends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from streamlint.adopting import Drafts

from streamlint_cli.adoption.gaps import Gap
from streamlint_cli.adoption.jsonc import JsonError, Token, tokens, value

FOLDER = ".vscode"
EXTENSION = "streamlint.streamlint"
_LIST = "recommendations"
_UNWANTED = "unwantedRecommendations"
_NEW = f'{{\n  "{_LIST}": ["{EXTENSION}"]\n}}\n'
_WHY = "VS Code then offers the extension, with findings while typing, to all who open the project"


def adopt(drafts: Drafts, folder: Path) -> Gap | None:
    """Recommends our extension, unless somebody does not want that. What cannot be kept as it is, is left alone."""
    path = folder / FOLDER / "extensions.json"
    text = drafts.text(path)
    if not text.strip():
        return _made(drafts, path, _NEW)
    try:
        known = value(text)
    except JsonError as error:
        return _gap(path, f"repair the file, which is not valid JSON ({error}); then ")
    if not isinstance(known, Mapping):
        return _gap(path, "make the file a JSON object; then ")
    if _names(known, _LIST) or _names(known, _UNWANTED):
        return None
    wanted = {**known, _LIST: [*_listed(known, _LIST), EXTENSION]}
    for way in _ways(text):
        if _value(way) == wanted:
            return _made(drafts, path, way)
    return _gap(path)


def _made(drafts: Drafts, path: Path, after: str) -> Gap:
    drafts.edit(path, after, f"Recommends the extension {EXTENSION} in {FOLDER}/{path.name}.")
    return Gap(path, f"the extension `{EXTENSION}`", _WHY, f'add "{EXTENSION}" to `{_LIST}`')


def _gap(path: Path, before: str = "") -> Gap:
    remedy = f'{before}add "{EXTENSION}" to `{_LIST}`'
    return Gap(path, f"the extension `{EXTENSION}`", _WHY, remedy, by_hand=True)


def _names(document: Mapping[str, Any], key: str) -> bool:
    return any(isinstance(each, str) and each.lower() == EXTENSION for each in _listed(document, key))


def _listed(document: Mapping[str, Any], key: str) -> list[Any]:
    found = document.get(key, [])
    return found if isinstance(found, list) else []


def _value(text: str) -> Any:
    try:
        return value(text)
    except JsonError:
        return None


# --- the text ----------------------------------------------------------------------------------------------------


def _ways(text: str) -> Iterator[str]:
    """The text with our extension, the ways that look best first; the wrong ones show by their value."""
    found = list(tokens(text))
    for at, each in enumerate(found[:-2]):
        if _begins_list(found, at, each):
            yield from _in_list(text, found, at + 2)
    yield _with_list(text, found)


def _in_list(text: str, found: list[Token], opening: int) -> Iterator[str]:
    closing = next(at for at in range(opening, len(found)) if found[at].text == "]")
    if closing == opening + 1:
        start = found[opening].end
        yield f'{text[:start]}"{EXTENSION}"{text[start:]}'
        return
    comma = found[closing - 1].text == ","
    yield from _lengthened(text, found[closing - 2 if comma else closing - 1], comma, found[closing])


def _begins_list(found: list[Token], at: int, each: Token) -> bool:
    return each.text == f'"{_LIST}"' and found[at + 1].text == ":" and found[at + 2].text == "["


def _lengthened(text: str, last: Token, comma: bool, closing: Token) -> Iterator[str]:
    """With one more item: on a line of its own where the last one has one, behind the comment there."""
    line = text.rfind("\n", 0, last.start) + 1
    indentation = text[line : last.start]
    end = text.find("\n", last.end)
    tail = "," if comma else ""
    if not indentation.strip() and -1 < end < closing.start:
        rest = text[last.end : end]
        yield f'{text[: last.end]}{"" if comma else ","}{rest}\n{indentation}"{EXTENSION}"{tail}{text[end:]}'
    yield f'{text[: last.end]}, "{EXTENSION}"{text[last.end :]}'


def _with_list(text: str, found: list[Token]) -> str:
    """With the list as the first entry of the object."""
    start, following = found[0].end, found[1]
    line = text.rfind("\n", 0, following.start) + 1
    before = text[line : following.start]
    empty = following.text == "}"
    indentation = "  " if empty or line < start or before.strip() else before
    rest = text[start:] if "\n" in text[start : following.start] else "\n" + text[start:].lstrip(" ")
    return f'{text[:start]}\n{indentation}"{_LIST}": ["{EXTENSION}"]{"" if empty else ","}{rest}'
