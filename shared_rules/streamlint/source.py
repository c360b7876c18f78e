"""The text of one file, and every way to say where something stands in it.

The engine speaks character offsets (code points) into `SourceText.text`. This module is the only one that knows how
they relate to lines, to the UTF-8 byte columns of `ast` and astroid, to the UTF-16 columns of editors and to the
columns of a terminal.
"""

from __future__ import annotations

import codecs
import re
import tokenize
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

TAB_SIZE = 8

# Python's own line ends. `str.splitlines` breaks at form feeds, U+2028 and others too, where Python's parser does not.
_LINE_END = re.compile(r"\r\n?|\n")
_BYTES_LINE = re.compile(rb"[^\r\n]*(?:\r\n?|\n)?")
_ASCII_ONLY = bytes(byte if byte < 0x80 else ord("?") for byte in range(256))


class DecodeError(Exception):
    """The bytes of a file are not the text of a Python module.

    `line` is 1-based and `column` 0-based, in code points, at the first character that cannot be read.
    """

    def __init__(self, message: str, line: int = 1, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


@dataclass(frozen=True)
class SourceText:
    """The text of one file with the line ends it has on disk.

    Lines are counted from 1, columns and offsets from 0. A line ends at `\\n`, `\\r\\n` or a lone `\\r` and nowhere
    else. A text that ends in a line end has one more, empty line, so every offset up to `len(text)` has a position.
    Columns beyond the end of a line mean its end. A line that does not exist is a `ValueError`.
    """

    path: str
    text: str
    encoding: str = "utf-8"
    bom: bool = False
    """Whether the file begins with a UTF-8 byte order mark, which is never part of `text`."""

    @classmethod
    def from_bytes(cls, path: str, data: bytes) -> SourceText:
        """Decode as Python does (PEP 263: byte order mark, then cookie, then UTF-8). Raises `DecodeError`."""
        bom = data.startswith(codecs.BOM_UTF8)
        body = data[len(codecs.BOM_UTF8) :] if bom else data
        encoding = _declared_encoding(body, bom)
        text = _decode(body, encoding)
        nul = text.find("\0")
        if nul >= 0:
            raise DecodeError("source code contains a NUL byte", *cls(path, text).position(nul))
        return cls(path, text, encoding, bom)

    def to_bytes(self, text: str | None = None) -> bytes:
        """The bytes of `text` (this text if None) in this file's encoding, with its byte order mark.

        `from_bytes(path, data).to_bytes() == data`, except for encodings that spell one text in several ways (UTF-7,
        ISO-2022). Raises `UnicodeEncodeError` for a character that the encoding does not have.
        """
        body = (self.text if text is None else text).encode(self.encoding)
        return codecs.BOM_UTF8 + body if self.bom else body

    @cached_property
    def newline(self) -> str:
        """The line end that most lines have; `\\n` for a text without line ends."""
        crlf = self.text.count("\r\n")
        counts = {"\n": self.text.count("\n") - crlf, "\r\n": crlf, "\r": self.text.count("\r") - crlf}
        return max(counts, key=counts.__getitem__)

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        if "\r" in self.text:
            return (0, *(match.end() for match in _LINE_END.finditer(self.text)))
        # Several times faster than the expression, and nearly every file takes this way.
        lengths = [len(line) + 1 for line in self.text.split("\n")]
        return tuple(accumulate(lengths[:-1], initial=0))

    @cached_property
    def _ascii(self) -> bool:
        return self.text.isascii()

    @property
    def line_count(self) -> int:
        """How many lines there are, at least 1: the empty line after a last line end counts."""
        return len(self._starts)

    def line_start(self, line: int) -> int:
        """The offset of the first character of a line."""
        if not 1 <= line <= len(self._starts):
            raise ValueError(f"no line {line} in a text of {len(self._starts)} lines")
        return self._starts[line - 1]

    def line_end(self, line: int) -> int:
        """The offset behind the last character of a line, before its line end."""
        start = self.line_start(line)
        if line == len(self._starts):
            return len(self.text)
        end = self._starts[line] - 1
        return end - 1 if end > start and self.text[end - 1 : end + 1] == "\r\n" else end

    def line_text(self, line: int) -> str:
        """A line without its line end."""
        return self.text[self.line_start(line) : self.line_end(line)]

    def lines(self) -> Iterator[str]:
        """All lines without their line ends, `line_count` of them."""
        return (self.line_text(line) for line in range(1, self.line_count + 1))

    def line_of(self, offset: int) -> int:
        """The line of an offset; a line end belongs to the line it ends. Raises `ValueError` outside the text."""
        if not 0 <= offset <= len(self.text):
            raise ValueError(f"offset {offset} is outside a text of {len(self.text)} characters")
        return bisect_right(self._starts, offset)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, in code points, of an offset. Raises `ValueError` outside the text."""
        line = self.line_of(offset)
        return line, offset - self._starts[line - 1]

    def offset(self, line: int, column: int) -> int:
        """The offset of a column counted in code points."""
        return min(self.line_start(line) + max(column, 0), self.line_end(line))

    def utf8_column(self, offset: int) -> int:
        """The column of an offset in UTF-8 bytes, as `ast` and astroid count."""
        start = self.line_start(self.line_of(offset))
        return offset - start if self._ascii else len(self.text[start:offset].encode("utf-8", "surrogatepass"))

    def offset_from_utf8(self, line: int, column: int) -> int:
        """The offset of a column counted in UTF-8 bytes; inside a character, the character's start."""
        return self._offset_from_units(line, column, _utf8_prefix)

    def utf16_position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, the column in UTF-16 code units."""
        line, column = self.position(offset)
        if self._ascii:
            return line, column
        start = offset - column
        return line, len(self.text[start:offset].encode("utf-16-le", "surrogatepass")) // 2

    def offset_from_utf16(self, line: int, column: int) -> int:
        """The offset of a column counted in UTF-16 code units; inside a surrogate pair, the character's start."""
        return self._offset_from_units(line, column, _utf16_prefix)

    def utf32_position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, the column in UTF-32 code units, which are code points."""
        return self.position(offset)

    def offset_from_utf32(self, line: int, column: int) -> int:
        """The offset of a column counted in UTF-32 code units, which are code points."""
        return self.offset(line, column)

    def display_column(self, offset: int, tab_size: int = TAB_SIZE) -> int:
        """How many terminal cells stand before an offset on its line."""
        return display_width(self.text[self.line_start(self.line_of(offset)) : offset], tab_size)

    def _offset_from_units(self, line: int, column: int, prefix: Callable[[str, int], int]) -> int:
        start, end = self.line_start(line), self.line_end(line)
        if column <= 0:
            return start
        text = "" if self._ascii else self.text[start:end]
        # No encoding has fewer units than characters, so an ASCII beginning of this length settles it.
        if text[:column].isascii():
            return min(start + column, end)
        return start + prefix(text, column)


def display_width(text: str, tab_size: int = TAB_SIZE) -> int:
    """The terminal cells that a piece of one line takes when it begins at a tab stop."""
    if text.isascii() and text.isprintable():
        return len(text)
    width = 0
    for char in text:
        width += tab_size - width % tab_size if char == "\t" else _char_width(char)
    return width


def _char_width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def _utf8_prefix(text: str, units: int) -> int:
    encoded = text.encode("utf-8", "surrogatepass")
    units = min(units, len(encoded))
    while units < len(encoded) and encoded[units] & 0xC0 == 0x80:
        units -= 1
    return len(encoded[:units].decode("utf-8", "surrogatepass"))


def _utf16_prefix(text: str, units: int) -> int:
    encoded = text.encode("utf-16-le", "surrogatepass")
    cut = min(units * 2, len(encoded))
    if cut < len(encoded) and 0xDC <= encoded[cut + 1] <= 0xDF and 0xD8 <= encoded[cut - 1] <= 0xDB:
        cut -= 2
    return len(encoded[:cut].decode("utf-16-le", "surrogatepass"))


def _declared_encoding(body: bytes, bom: bool) -> str:
    # Only ASCII can be part of a cookie; what else stands on these lines is judged when the whole file is decoded.
    first = _first_line(body, 0)
    lines = iter([first.translate(_ASCII_ONLY), _first_line(body, len(first)).translate(_ASCII_ONLY)])
    try:
        encoding, _ = tokenize.detect_encoding(lambda: next(lines))
    except SyntaxError as error:
        raise DecodeError(str(error.msg)) from None
    if bom and encoding != "utf-8":
        raise DecodeError(f"the file has a UTF-8 byte order mark but declares the encoding {encoding}")
    return encoding


def _first_line(body: bytes, start: int) -> bytes:
    match = _BYTES_LINE.match(body, start)
    return match.group() if match else b""


def _decode(body: bytes, encoding: str) -> str:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        before = SourceText("", body[: error.start].decode(encoding, "replace"))
        message = f"cannot decode byte 0x{body[error.start]:02x} as {encoding}: {error.reason}"
        raise DecodeError(message, *before.position(len(before.text))) from None
    except (UnicodeError, LookupError) as error:
        raise DecodeError(f"cannot decode the file as {encoding}: {error}") from None
