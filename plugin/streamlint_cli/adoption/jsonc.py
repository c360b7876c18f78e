"""JSON with comments, as VS Code writes it: its tokens with their places, and its value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from streamlint.records import immutable

PUNCTUATION = "{}[],:"


class JsonError(ValueError):
    """The text is no JSON with comments."""


@immutable
class Token:
    """A bracket, comma, colon, string or word, with the offsets where it begins and ends."""

    text: str
    start: int
    end: int


def value(text: str) -> Any:
    """What a text says; comments and commas before a closing bracket are left out. Raises `JsonError`."""
    found = [each.text for each in tokens(text)]
    kept = [each for at, each in enumerate(found) if not _is_last_comma(found, at)]
    try:
        return json.loads(" ".join(kept))
    except (ValueError, RecursionError) as error:
        raise JsonError(str(error)) from None


def _is_last_comma(found: list[str], at: int) -> bool:
    """Whether this is a comma between an item and a closing bracket."""
    return found[at] == "," and 0 < at < len(found) - 1 and found[at - 1] not in "{[,:" and found[at + 1] in "}]"


def tokens(text: str) -> Iterator[Token]:
    """The tokens without the comments. Raises `JsonError` for a string or comment without an end."""
    at = 0
    while at < len(text):
        end = _end(text, at)
        if not text[at].isspace() and not text.startswith(("//", "/*"), at):
            yield Token(text[at:end], at, end)
        at = end


def _end(text: str, at: int) -> int:
    """Where what begins here ends."""
    if text.startswith("//", at):
        line = text.find("\n", at)
        return len(text) if line == -1 else line
    if text.startswith("/*", at):
        return _behind(text, "*/", at + 2)
    if text[at] == '"':
        return _end_of_string(text, at + 1)
    if text[at] in PUNCTUATION or text[at].isspace():
        return at + 1
    end = at + 1
    while end < len(text) and text[end] not in PUNCTUATION and text[end] not in '"/' and not text[end].isspace():
        end += 1
    return end


def _end_of_string(text: str, at: int) -> int:
    while at < len(text):
        if text[at] == '"':
            return at + 1
        at += 2 if text[at] == "\\" else 1
    raise JsonError("a string does not end")


def _behind(text: str, mark: str, at: int) -> int:
    found = text.find(mark, at)
    if found == -1:
        raise JsonError("a comment does not end")
    return found + len(mark)
