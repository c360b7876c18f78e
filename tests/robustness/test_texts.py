"""Files whose text is strange: what is said of them, and that the bug in the file beside them is still reported."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from outcomes import BUG_ROW, Check

ST = "import streamlit as st\n"
READ = "st.session_state.q"


def nested(line: str, levels: int, last: str) -> str:
    return "".join(" " * level + line.format(level) + "\n" for level in range(levels)) + " " * levels + last + "\n"


# What Python does not take for a module: one row each.
REFUSED: dict[str, tuple[bytes, str]] = {
    "broken": (b"import streamlit as st\nst.write(\n", "other.py:2:9: invalid-syntax: SyntaxError: "),
    "NUL byte": (
        b"import streamlit as st\nx = '\0'\n",
        "other.py:2:6: invalid-syntax: SyntaxError: source code contains a NUL byte",
    ),
    "unknown encoding": (
        b"# -*- coding: klingon -*-\nimport streamlit as st\n",
        "other.py:1:1: invalid-syntax: SyntaxError: unknown encoding: klingon",
    ),
    "not the encoding": (
        b"import streamlit as st\nst.write('\xff')\n",
        "other.py:2:11: invalid-syntax: SyntaxError: cannot decode byte 0xff as utf-8: invalid start byte",
    ),
    "a codec that is none of texts": (
        b"# coding: rot13\nimport streamlit as st\n",
        "other.py:1:1: invalid-syntax: SyntaxError: ",
    ),
    "1,000 parentheses": (
        f"{ST}x = {'(' * 1000}1{')' * 1000}\n".encode(),
        "other.py:2:205: invalid-syntax: SyntaxError: too many nested parentheses",
    ),
    "more blocks than Python allows": (
        (ST + nested("if x{}:", 101, READ)).encode(),
        "other.py:102:1: invalid-syntax: SyntaxError: too many levels of indentation",
    ),
    "a number of 5,000 digits": (
        f"{ST}x = {'9' * 5000}\n".encode(),
        "other.py:2:1: invalid-syntax: SyntaxError: Exceeds the limit (4300",
    ),
    "a control character": (
        f"{ST}\x1a\n".encode(),
        "other.py:2:1: invalid-syntax: SyntaxError: invalid ",
    ),
    "a merge conflict": (f"{ST}<<<<<<< HEAD\n".encode(), "other.py:2:1: invalid-syntax: SyntaxError: "),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_python_is_one_row(check: Check, app: Path, name: str) -> None:
    data, row = REFUSED[name]
    (app.parent / "other.py").write_bytes(data)
    found = check()
    assert (found.code, found.err) == (1, "")
    assert [found.rows[0], found.rows[1][: len(row)], len(found.rows)] == [BUG_ROW, row, 2]


@pytest.mark.parametrize(
    "data",
    [b"", b"\n", b"\xef\xbb\xbf", b" \t\x0c\n", b"\\\n", b"# only a comment", "x = 1\n".encode("utf-16"), b"\0\0\0\0"],
    ids=["empty", "line end", "byte order mark", "blanks", "backslash", "comment", "UTF-16", "binary"],
)
def test_what_has_nothing_of_streamlit_is_nobody_s_business(check: Check, app: Path, data: bytes) -> None:
    (app.parent / "other.py").write_bytes(data)
    assert check().seen == (1, [BUG_ROW], "")


# As deep as every Python compiles; the bug inside or behind is found.
DEEP: dict[str, tuple[str, str | None]] = {
    "parentheses": ("x = " + "(" * 150 + READ + ")" * 150, "other.py:2:155"),
    "lists": ("x = " + "[" * 90 + READ + "]" * 90, "other.py:2:95"),
    "calls in calls": ("x = " + "f(" * 90 + READ + ")" * 90, "other.py:2:185"),
    "1,000 calls in a chain": ("x" + "()" * 1000 + "\n" + READ, "other.py:3:1"),
    "1,000 attributes": ("x" + ".a" * 1000 + "\n" + READ, "other.py:3:1"),
    "1,000 sums": ("x = " + " + ".join([READ] * 1000), "other.py:2:5"),
    "10,000 sums": ("x = " + " + ".join(["1"] * 10_000) + "\n" + READ, "other.py:3:1"),
    "1,000 conjunctions": ("x = " + " and ".join([READ] * 1000), "other.py:2:5"),
    "300 alternatives": ("x = " + " or ".join([READ] * 300), "other.py:2:5"),
    "300 comparisons": ("x = " + " < ".join([READ] * 300), "other.py:2:5"),
    "900 negations": ("x = " + "not " * 900 + "y\n" + READ, "other.py:3:1"),
    "900 conditions": ("x = " + "".join(f"{n} if y == {n} else " for n in range(900)) + "1\n" + READ, "other.py:3:1"),
    "1,000 fields of an f-string": ("x = f'" + f"{{{READ}}}" * 1000 + "'", "other.py:2:8"),
    "f-strings in an f-string": ("x = f'{f\"{" + READ + "}\"}'", "other.py:2:11"),
    "1,000 elif": (
        "x = st.button('a')\nif x: pass\n"
        + "".join(f"elif x == {n}: st.session_state.k{n} = 1\n" for n in range(1000))
        + READ,
        "other.py:1004:1",
    ),
    "98 blocks": (nested("if st.checkbox('c{}'):", 98, READ), None),  # a run of more clicks than are believed
    "98 functions": (nested("def f{}():", 98, READ) + READ, "other.py:101:1"),
    "98 classes": (nested("class C{}:", 98, READ), "other.py:100:99"),
    "19 containers": (nested("with st.container():", 19, READ), "other.py:21:20"),
    "900 lambdas": ("x = " + "lambda: " * 900 + "1\n" + READ, "other.py:3:1"),
    "1,000 functions, each calling the next": (
        "".join(f"def f{n}(): f{n + 1}()\n" for n in range(1000)) + f"def f1000(): {READ}\nf0()\n{READ}\n",
        "other.py:1004:1",
    ),
    "a function that calls itself": (f"def f(n): return f(n + 1)\nf(0)\ng = lambda: g()\ng()\n{READ}", "other.py:6:1"),
    "classes that inherit from each other": (
        f"class A(B): pass\nclass B(A): pass\nclass C(C): pass\nA().run()\nC.x = 1\nC().y()\n{READ}",
        "other.py:8:1",
    ),
}


@pytest.mark.parametrize("name", DEEP)
def test_depth_is_survived(check: Check, app: Path, name: str) -> None:
    text, place = DEEP[name]
    if name == "10,000 sums" and sys.version_info >= (3, 12):
        place = "other.py:1:1: invalid-syntax: SyntaxError"  # Python itself gives up
    (app.parent / "other.py").write_text(f"{ST}{text}\n")
    found = check("--no-cache")
    assert (found.code, found.err) == (1, "")
    # In 3.10 and 3.11 what stands in an f-string has the place of the whole.
    places = [row.rsplit(": ", 1)[0] for row in found.rows]
    assert places == ["app.py:3:10", *([place] if place else [])] or (
        "f-string" in name and places[1].startswith("other.py:2:")
    )


def test_what_would_be_huge_if_it_were_run_is_not_run(check: Check, app: Path) -> None:
    text = (
        "a = 9**9**9\nb = 'a' * 10**12\nc = [0] * 10**12\nd = 1 << 10**10\ne = f'{1:>{10**9}}'\n"
        "f = 'a' * 10**9 % ()\nst.session_state[b * 10**9]\n"
        "for i in range(10**12):\n    st.session_state[f'k{i}'] = 1\n"
        "while True:\n    st.session_state.n = 1\n"
    )
    (app.parent / "other.py").write_text(ST + text)
    assert check("--no-cache").seen == (1, [BUG_ROW], "")


def test_50_000_lines(check: Check, app: Path) -> None:
    lines = (f"st.session_state['k{n % 50}'] = {n}\n" for n in range(50_000))
    (app.parent / "other.py").write_text(f"{ST}{''.join(lines)}{READ}\n")
    assert check("--no-cache").seen == (1, [BUG_ROW, "other.py:50002:1: STL103"], "")


BIG = {
    "dictionaries": "DATA = [" + ",\n".join(str({"a": n, "b": "x" * 500}) for n in range(20_000)) + "]\n",
    "one line": "DATA = [" + ", ".join(str(10**98 + n) for n in range(97_000)) + "]\n",
    "a string": "DATA = '''" + "# x: y z\n" * 1_100_000 + "'''\n",
    "bytes": f"DATA = {bytes(range(256)) * 14_000!r}\n",
}


@pytest.mark.parametrize("name", BIG)
def test_10_megabytes_of_data(check: Check, app: Path, name: str) -> None:
    text = BIG[name]
    assert len(text) > 9_500_000
    (app.parent / "other.py").write_text(f"{ST}{text}{READ}\n")
    assert check("--no-cache").seen == (1, [BUG_ROW, f"other.py:{text.count(chr(10)) + 2}:1: STL103"], "")


def test_keys_that_cannot_be_printed(check: Check, app: Path) -> None:
    (app.parent / "other.py").write_text(ST + "".join(f"st.session_state['{key}']\n" for key in ("\\ud800", "\\0")))
    for output_format in ("concise", "full", "json", "junit", "sarif", "gitlab", "github", "rdjson", "pylint"):
        found = check("--no-cache", "--output-format", output_format)
        assert (found.code, found.err) == (1, ""), output_format
