from __future__ import annotations

import ast
import codecs
import pickle
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlint.source import DecodeError, SourceText, display_width

# Everything that some notion of lines or columns treats specially.
ODD = ["a", "\t", "\n", "\r", "\r\n", "\f", "\v", "\x1c", "\x85", "\u2028", "é", "e\u0301", "漢", "😀", "\ufeff", " "]
texts = st.lists(st.sampled_from(ODD)).map("".join)


def source(text: str) -> SourceText:
    return SourceText("app.py", text)


def test_lines_end_where_pythons_parser_ends_them() -> None:
    text = "a\nb\r\nc\rd\fe\u2028f\x1cg\x85h\x0bi"
    assert list(source(text).lines()) == ["a", "b", "c", "d\fe\u2028f\x1cg\x85h\x0bi"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("\n", ["", ""]),
        ("a\n", ["a", ""]),
        ("\r\n", ["", ""]),
        ("\n\r", ["", "", ""]),
        ("a\r\r\n", ["a", "", ""]),
    ],
)
def test_empty_lines(text: str, lines: list[str]) -> None:
    assert source(text).line_count == len(lines)
    assert list(source(text).lines()) == lines


def test_positions() -> None:
    text = source("ab\r\ncd")
    assert [text.position(offset) for offset in range(7)] == [(1, 0), (1, 1), (1, 2), (1, 3), (2, 0), (2, 1), (2, 2)]
    assert text.offset(2, 1) == 5
    assert text.line_start(2) == 4
    assert text.line_end(1) == 2


def test_columns_beyond_the_line_mean_its_end() -> None:
    text = source("é\r\ncd")
    for convert in (text.offset, text.offset_from_utf8, text.offset_from_utf16, text.offset_from_utf32):
        assert convert(1, 99) == 1
        assert convert(2, 99) == 5
        assert convert(2, -1) == 3


def test_places_outside_the_text_are_errors() -> None:
    text = source("ab")
    for offset in (-1, 3):
        with pytest.raises(ValueError, match="outside a text of 2 characters"):
            text.position(offset)
    for line in (0, 2):
        with pytest.raises(ValueError, match="of 1 lines"):
            text.line_text(line)


def test_columns_in_code_units() -> None:
    text = source("é漢😀x\n")
    assert [text.utf8_column(offset) for offset in range(5)] == [0, 2, 5, 9, 10]
    assert [text.utf16_position(offset) for offset in range(6)] == [(1, 0), (1, 1), (1, 2), (1, 4), (1, 5), (2, 0)]
    assert [text.offset_from_utf8(1, column) for column in range(11)] == [0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 4]
    assert [text.offset_from_utf16(1, column) for column in range(6)] == [0, 1, 2, 2, 3, 4]
    assert text.utf32_position(3) == (1, 3)


def test_lone_surrogates_from_an_editor_have_columns() -> None:
    text = source("\ud800x\udc00")
    for offset in range(4):
        assert text.offset_from_utf8(1, text.utf8_column(offset)) == offset
        assert text.offset_from_utf16(*text.utf16_position(offset)) == offset


@given(texts, st.data())
def test_every_offset_round_trips(text: str, data: st.DataObject) -> None:
    whole = source(text)
    offset = data.draw(st.integers(0, len(text)))
    if text[offset - 1 : offset + 1] == "\r\n":  # inside a line end there is no column
        return
    line, column = whole.position(offset)
    assert whole.offset(line, column) == offset
    assert whole.offset_from_utf8(line, whole.utf8_column(offset)) == offset
    assert whole.offset_from_utf16(*whole.utf16_position(offset)) == offset
    assert whole.offset_from_utf32(*whole.utf32_position(offset)) == offset


@given(texts)
def test_lines_and_line_ends_are_the_whole_text(text: str) -> None:
    whole = source(text)
    starts = [whole.line_start(line) for line in range(1, whole.line_count + 1)]
    ends = [text[whole.line_end(i) : start] for i, start in enumerate(starts[1:], 1)]
    assert "".join(line + end for line, end in zip(whole.lines(), [*ends, ""], strict=True)) == text
    assert set(ends) <= {"\n", "\r", "\r\n"}


@given(
    st.lists(st.sampled_from(["é", "漢", "😀", "\u2028", "\f", "\t", "x"])).map("".join),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_ast_columns_become_the_nodes_text(inner: str, newline: str) -> None:
    text = f'\f# {inner}{newline}x = "{inner}"; name("{inner}", other){newline}\tif 0 else 1'.replace(
        "\tif 0 else 1", "end"
    )
    whole = source(text)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name):
            start = whole.offset_from_utf8(node.lineno, node.col_offset)
            assert node.end_lineno is not None and node.end_col_offset is not None
            assert text[start : whole.offset_from_utf8(node.end_lineno, node.end_col_offset)] == node.id
            assert whole.utf8_column(start) == node.col_offset


def test_ast_does_not_count_a_byte_order_mark() -> None:
    whole = SourceText.from_bytes("app.py", codecs.BOM_UTF8 + "é = name".encode())
    tree = ast.parse(codecs.BOM_UTF8 + "é = name".encode())
    statement = tree.body[0]
    assert isinstance(statement, ast.Assign)
    assert whole.offset_from_utf8(1, statement.value.col_offset) == whole.text.index("name")


@pytest.mark.parametrize(
    ("data", "text", "encoding", "bom"),
    [
        (b"", "", "utf-8", False),
        ("x = 'é'\r\n".encode(), "x = 'é'\r\n", "utf-8", False),
        (codecs.BOM_UTF8 + "é\r".encode(), "é\r", "utf-8", True),
        (
            "# -*- coding: latin-1 -*- é\nx = 'é'\n".encode("latin-1"),
            "# -*- coding: latin-1 -*- é\nx = 'é'\n",
            "iso-8859-1",
            False,
        ),
        (
            "#!/bin/é\r# coding=latin-1\rx = 'é'".encode("latin-1"),
            "#!/bin/é\r# coding=latin-1\rx = 'é'",
            "iso-8859-1",
            False,
        ),
        ("# vim: fileencoding=cp1252\n'€'".encode("cp1252"), "# vim: fileencoding=cp1252\n'€'", "cp1252", False),
        (codecs.BOM_UTF8 + b"# coding: utf-8\n", "# coding: utf-8\n", "utf-8", True),
    ],
)
def test_bytes_are_read_as_python_reads_them_and_written_back(data: bytes, text: str, encoding: str, bom: bool) -> None:
    whole = SourceText.from_bytes("app.py", data)
    assert (whole.text, whole.encoding, whole.bom) == (text, encoding, bom)
    assert whole.to_bytes() == data
    assert whole.to_bytes("x\r\n") == (codecs.BOM_UTF8 if bom else b"") + b"x\r\n"


@pytest.mark.parametrize(
    ("data", "message", "line", "column"),
    [
        (b"# coding: klingon\n", "klingon", 1, 0),
        (b"# coding: hex\n", "hex", 1, 0),
        (b"x\r\n\xc3\xa9 = '\xff'", "0xff", 2, 5),
        (b"x\ny\0", "NUL", 2, 1),
        (codecs.BOM_UTF8 + b"# coding: latin-1\n", "byte order mark", 1, 0),
        ("x".encode("utf-16"), "0xff", 1, 0),
    ],
)
def test_bytes_that_are_not_a_module(data: bytes, message: str, line: int, column: int) -> None:
    with pytest.raises(DecodeError, match=message) as caught:
        SourceText.from_bytes("app.py", data)
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(
    ("text", "newline"),
    [("", "\n"), ("a", "\n"), ("a\nb\r\nc\r\n", "\r\n"), ("a\rb\rc\n", "\r"), ("a\nb\r\n", "\n")],
)
def test_the_dominant_line_end(text: str, newline: str) -> None:
    assert source(text).newline == newline


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("abc", 3),
        ("a\tb", 9),
        ("\t\t", 16),
        ("漢字", 4),
        ("e\u0301", 1),
        ("漢\t", 8),
        ("a\u200bb", 2),
        ("ｆ", 2),
        ("é", 1),
    ],
)
def test_terminal_cells(text: str, width: int) -> None:
    assert display_width(text) == width
    assert source("first\n" + text + "!").display_column(6 + len(text)) == width


def test_a_tab_stop_can_be_set() -> None:
    assert source("a\tb").display_column(2, tab_size=4) == 4


def test_long_files_are_cheap() -> None:
    whole = source("value = 'é'  # comment\n" * 50_000)
    started = time.process_time()
    for offset in range(0, len(whole.text), 50):
        whole.position(offset)
        whole.utf8_column(offset)
    assert time.process_time() - started < 2


def test_it_is_a_value() -> None:
    whole = source("a\nb")
    assert whole.line_count == 2
    assert pickle.loads(pickle.dumps(whole)) == source("a\nb") == whole
