"""Characters of a text as the columns that a client counts: the one place where the server converts them."""

from __future__ import annotations

from lsprotocol import types as t
from streamlint.findings import Span
from streamlint.source import SourceText


class Positions:
    """One text in the units of one client. Lines are counted from 0, as the protocol does."""

    def __init__(self, source: SourceText, encoding: str) -> None:
        """`encoding` is "utf-8", "utf-16" or "utf-32"."""
        self._source = source
        self._encoding = encoding

    def position(self, offset: int) -> t.Position:
        """Where an offset stands; one behind the end means the end."""
        offset = min(offset, len(self._source.text))
        line, column = self._source.position(offset)
        if self._encoding == "utf-8":
            column = self._source.utf8_column(offset)
        elif self._encoding == "utf-16":
            column = self._source.utf16_position(offset)[1]
        return t.Position(line - 1, column)

    def range(self, span: Span) -> t.Range:
        return t.Range(self.position(span.start), self.position(span.end))

    def offset(self, position: t.Position) -> int:
        """The offset of a position; one outside the text means the closest that there is."""
        line = position.line + 1
        if line < 1:
            return 0
        if line > self._source.line_count:
            return len(self._source.text)
        if self._encoding == "utf-8":
            return self._source.offset_from_utf8(line, position.character)
        if self._encoding == "utf-16":
            return self._source.offset_from_utf16(line, position.character)
        return self._source.offset_from_utf32(line, position.character)

    def span(self, range_: t.Range) -> Span:
        start, end = self.offset(range_.start), self.offset(range_.end)
        return Span(min(start, end), max(start, end))
