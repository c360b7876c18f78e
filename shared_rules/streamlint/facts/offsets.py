"""From the positions of `ast` (1-based lines, columns in UTF-8 bytes) to character offsets into a file's text."""

from __future__ import annotations

import ast
import re
from typing import Protocol

from streamlint.findings import Span

TEXT_LIMIT = 60
"""The longest source text the facts keep of an expression."""
_HEAD = 40

_LINE_END = re.compile("\r\n|\r|\n")
_LF = re.compile("\n")
_DEF_NAME = re.compile(r"(?:async[\s\\]+)?(?:def|class)[\s\\]+(\w+)")
BOM = "\ufeff"


class Positioned(Protocol):
    """An `ast` node with a place: expressions, statements, aliases and patterns."""

    lineno: int
    col_offset: int
    end_lineno: int | None
    end_col_offset: int | None


class Offsets:
    """The places of one file. Lines end at `\\n`, `\\r\\n` and `\\r` only, as they do for Python's tokenizer.

    Positions that do not exist (Python before 3.12 invents some inside f-strings) are clamped into the text.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        first = len(BOM) if text.startswith(BOM) else 0
        breaks = (_LINE_END if "\r" in text else _LF).finditer(text)
        self._starts = [first, first, *(match.end() for match in breaks)]
        self._wide: dict[int, bytes] | None = None if text.isascii() else self._wide_lines()
        self.pinned: Span | None = None
        """When set, the place of every node: what is inside cannot be placed better."""

    def _wide_lines(self) -> dict[int, bytes]:
        ends = [*self._starts[2:], len(self.text)]
        lines = enumerate(zip(self._starts[1:], ends, strict=True), 1)
        pieces = ((number, self.text[start:end]) for number, (start, end) in lines)
        return {number: piece.encode("utf-8", "surrogatepass") for number, piece in pieces if not piece.isascii()}

    def offset(self, line: int, column: int) -> int:
        """The character offset of a 1-based line and a column in UTF-8 bytes."""
        if line >= len(self._starts):
            return len(self.text)
        if self._wide and line in self._wide:
            column = len(self._wide[line][:column].decode("utf-8", "ignore"))
        return self._starts[line] + column

    def span(self, node: Positioned) -> Span:
        """The range of a node, without parentheses around it."""
        if self.pinned is not None:
            return self.pinned
        if self._wide is None:
            starts = self._starts
            try:
                start = starts[node.lineno] + node.col_offset
                return Span(start, starts[node.end_lineno] + node.end_col_offset)  # type: ignore[index,operator]
            except (IndexError, ValueError):
                pass
        return self._clamped(node)

    def _clamped(self, node: Positioned) -> Span:
        start = min(self.offset(node.lineno, node.col_offset), len(self.text))
        if node.end_lineno is None or node.end_col_offset is None:
            return Span(start, start)
        end = min(self.offset(node.end_lineno, node.end_col_offset), len(self.text))
        return Span(start, max(start, end))

    def snippet(self, span: Span) -> str:
        """The source in a range on one line; what is longer than `TEXT_LIMIT` is cut in the middle with `…`."""
        length = span.end - span.start
        if length <= TEXT_LIMIT:
            return " ".join(self.text[span.start : span.end].split())
        if length <= 4 * TEXT_LIMIT:
            whole = " ".join(self.text[span.start : span.end].split())
            return whole if len(whole) <= TEXT_LIMIT else _cut(whole, whole)
        window = 8 * TEXT_LIMIT
        head = self.text[span.start : min(span.end, span.start + window)]
        tail = self.text[max(span.start, span.end - window) : span.end]
        return _cut(" ".join(head.split()), " ".join(tail.split()))

    def name_at_end(self, span: Span, name: str) -> Span:
        """The range of the identifier that ends a node's range, as an attribute's name does."""
        start = span.end - len(name)
        if self.pinned is not None or self.text.startswith(name, max(start, 0)):
            return Span(max(start, span.start), span.end)
        start = span.end  # the identifier is spelled in another Unicode form than Python's normal one
        while start > span.start and (self.text[start - 1].isalnum() or self.text[start - 1] == "_"):
            start -= 1
        return Span(start, span.end)

    def name_of_definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Span:
        """The range of the name in `def name` or `class name`."""
        span = self.span(node)
        match = _DEF_NAME.match(self.text, span.start)
        return Span(match.start(1), match.end(1)) if match else Span(span.start, span.start)

    def definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Span:
        """From the first decorator's `@`, or `def`/`class`, to the end of the body."""
        span = self.span(node)
        if not node.decorator_list:
            return span
        first = self.span(node.decorator_list[0]).start
        return Span(max(self.text.rfind("@", 0, first), 0), span.end)


def _cut(head: str, tail: str) -> str:
    return f"{head[:_HEAD]}…{tail[_HEAD + 1 - TEXT_LIMIT :]}"
