"""From edits to a `Fix`: each result is parsed, and a fix that loses a comment is no safe one."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Protocol

from streamlint.findings import Applicability, Edit, FileEdits, Fix
from streamlint.fixes.syntax import Syntax


class Files(Protocol):
    """The files of the project, looked at again."""

    def syntax(self, path: str) -> Syntax | None:
        """The file's syntax; None where it cannot be read or does not parse."""


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text with the edits made; they are sorted and disjoint."""
    parts, done = list[str](), 0
    for edit in edits:
        parts += [text[done : edit.start], edit.text]
        done = edit.end
    return "".join([*parts, text[done:]])


def parses(text: str) -> bool:
    """Whether the text is Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def finished(
    title: str,
    home: str,
    files: Files,
    edits: Mapping[str, Sequence[Edit]],
    applicability: Applicability = Applicability.SAFE,
) -> Fix | None:
    """The fix for a finding in the file `home`; None if it would change nothing or something would not parse.

    Edits may come in any order and write lines with `\\n`. A lost comment makes the fix unsafe."""
    done: dict[str, tuple[Edit, ...]] = {}
    for path, wanted in sorted(edits.items()):
        syntax = files.syntax(path)
        if syntax is None:
            return None
        mine = tuple(sorted(_in_style(syntax, edit) for edit in wanted if not _is_idle(syntax, edit)))
        if any(before.end > after.start for before, after in pairwise(mine)):
            return None
        if not _parses_with(syntax, mine):
            return None
        if _loses_comment(syntax, mine):
            applicability = min(applicability, Applicability.UNSAFE)
        if mine:
            done[path] = mine
    if not done:
        return None
    elsewhere = tuple(FileEdits(path, mine) for path, mine in done.items() if path != home)
    return Fix(title, done.get(home, ()), applicability, elsewhere)


def _parses_with(syntax: Syntax, edits: Sequence[Edit]) -> bool:
    """Whether the file is still Python; where the edits are inside of one statement, only that is looked at."""
    if edits:
        for _, span in syntax.top:
            if span.start <= edits[0].start and edits[-1].end <= span.end:
                start, end = syntax.line_start(span.start), syntax.line_end(span.end)
                moved = [Edit(edit.start - start, edit.end - start, edit.text) for edit in edits]
                return parses(applied(syntax.text[start:end], moved))
    return parses(applied(syntax.text, edits))


def _loses_comment(syntax: Syntax, edits: Sequence[Edit]) -> bool:
    if not any("#" in syntax.text[edit.start : edit.end] for edit in edits):
        return False
    return bool(Counter(_comments(syntax.text)) - Counter(_comments(applied(syntax.text, edits))))


def _in_style(syntax: Syntax, edit: Edit) -> Edit:
    if syntax.newline == "\n" or "\n" not in edit.text:
        return edit
    text = edit.text.replace("\r\n", "\n").replace("\n", syntax.newline)
    return Edit(edit.start, edit.end, text)


def _is_idle(syntax: Syntax, edit: Edit) -> bool:
    return syntax.text[edit.start : edit.end] == edit.text


def _comments(text: str) -> list[str]:
    lines = io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline="\n")
    try:
        return [t.string.rstrip() for t in tokenize.generate_tokens(lines.readline) if t.type == tokenize.COMMENT]
    except (tokenize.TokenError, SyntaxError):
        return []
