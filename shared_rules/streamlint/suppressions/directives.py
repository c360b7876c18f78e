"""The language of suppression comments: the text of one comment to what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from streamlint.records import immutable

# These are comments, not Python: no tree knows them. Others' codes are read too, to be kept.
_ITEM = re.compile(r"[A-Z]+[0-9]+|(?i:stl)[0-9]*(?![\w-])|[a-z][a-z0-9]*(?:-[a-z0-9]+)+")
_SEPARATOR = re.compile(r"[\s,]*")
_COLON = re.compile(r"\s*:\s*")
_NOQA = re.compile(r"#\s*noqa", re.IGNORECASE)
_FILE_NOQA = re.compile(r"#\s*(?:flake8|ruff|streamlint)\s*:\s*noqa", re.IGNORECASE)
_BRACKET = re.compile(r"#\s*(?:ruff|streamlint)\s*:\s*(file-ignore|ignore|disable|enable)\s*\[([^\]#]*)\]")
_RULE = re.compile(r"[A-Za-z][\w:-]*")

_FROM_HASH = re.compile(r"#[^\r\n]*")
_HINT = re.compile(r"noqa|(?:ruff|streamlint)\s*:", re.IGNORECASE)


class Action(Enum):
    """What a comment asks for."""

    NOQA = "noqa"
    FILE_NOQA = "file noqa"
    IGNORE = "ignore"
    DISABLE = "disable"
    ENABLE = "enable"
    FILE_IGNORE = "file-ignore"


@immutable
class Directive:
    """One request of a comment. `start`, `end` and `codes_end` count from the comment's first character.

    No codes means all. `codes_end` is behind the last code.
    """

    action: Action
    start: int
    end: int
    codes: tuple[str, ...]
    codes_end: int


def may_have_directives(text: str) -> bool:
    """Whether a text has what every suppression comment contains: without it, it need not be tokenized."""
    # In two steps: one pattern would look through a long line of data from each of its number signs.
    return any(_HINT.search(match.group()) for match in _FROM_HASH.finditer(text))


def parse_comment(comment: str) -> Iterator[Directive]:
    """What a comment asks for, from left to right; of `# noqa` only the first counts. What is malformed is nothing."""
    yield from filter(None, (_file_noqa(comment), _noqa(comment)))
    for match in _BRACKET.finditer(comment):
        codes = _bracketed(match.group(2))
        if codes:
            yield Directive(Action(match.group(1)), match.start(), match.end(), codes, match.end() - 1)


def _file_noqa(comment: str) -> Directive | None:
    match = _FILE_NOQA.search(comment)
    return _with_codes(Action.FILE_NOQA, comment, match) if match else None


def _noqa(comment: str) -> Directive | None:
    found = (_with_codes(Action.NOQA, comment, match) for match in _NOQA.finditer(comment))
    return next(filter(None, found), None)


def _with_codes(action: Action, comment: str, match: re.Match[str]) -> Directive | None:
    colon = _COLON.match(comment, match.end())
    if colon:
        codes, end = _codes(comment, colon.end())
        return Directive(action, match.start(), end, codes, end) if codes else None
    # `# noqa-x` and `# noqaE501` are typing errors, not wishes to suppress everything.
    blanket = comment[match.end() : match.end() + 1] in ("", "#") or comment[match.end()].isspace()
    return Directive(action, match.start(), match.end(), (), match.end()) if blanket else None


def _codes(comment: str, at: int) -> tuple[tuple[str, ...], int]:
    """Codes separated by commas, white space or nothing, as lenient as Ruff; the rest is a reason."""
    codes: list[str] = []
    end = at
    while match := _ITEM.match(comment, at):
        codes.append(_normal(match.group()))
        end = match.end()
        separator = _SEPARATOR.match(comment, end)
        at = separator.end() if separator else end
    return tuple(codes), end


def _bracketed(text: str) -> tuple[str, ...]:
    parts = [part.strip() for part in text.split(",")]
    if parts[-1] == "":
        parts.pop()
    return tuple(map(_normal, parts)) if all(map(_RULE.fullmatch, parts)) else ()


def _normal(code: str) -> str:
    return code.upper() if re.fullmatch(r"(?i:stl)[0-9]*", code) else code
