"""The expectations about comments that Ruff knows too are what Ruff 0.17 does with its own codes."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlint.findings import Finding, Place, Severity, Span
from streamlint.source import SourceText
from streamlint.suppressions import Suppressions, add_noqa

pytestmark = pytest.mark.filterwarnings("ignore:.*escape sequence")
CODE, NAME = "STL101", "read-before-init"


def bugs(source: SourceText) -> Iterator[Span]:
    """A finding for each name that begins with `bug`, as if a rule reported them."""
    text = source.text
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        yield from (Span(*match.span()) for match in re.finditer(r"bug\d?", text))
        return
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id.startswith("bug")]
    for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset)):
        start = source.offset_from_utf8(node.lineno, node.col_offset)
        yield Span(start, start + len(node.id))


def findings(source: SourceText) -> list[Finding]:
    return [Finding(CODE, NAME, "m", "h", Place(source.path, span), Severity.ERROR) for span in bugs(source)]


def left(text: str) -> list[str]:
    """The bugs that are not suppressed."""
    source = SourceText("app.py", text)
    suppressions = Suppressions.from_source(source)
    return [
        source.text[span.start : span.end] for span in bugs(source) if not suppressions.suppressed(CODE, NAME, span)
    ]


def added(text: str) -> str:
    source = SourceText("app.py", text)
    return add_noqa(source, findings(source))


# --- noqa


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "#noqa",
        "# NoQA",
        "# noqa F401",
        "# noqa # more",
        "# why # noqa",
        "# type: ignore # noqa: STL101",
        "# noqa:STL101,E501",
        "# noqa : STL101",
        "# noqa: E501 STL101",
        "# noqa: E501STL101",
        "# noqa: E501,,STL101",
        "# noqa: E501 , STL101",
        "# noqa: STL101 because",
        "# noqa: stl101",
        "# noqa: STL1",
        "# noqa: STL",
        "# noqa: read-before-init",
        "# noqa: E501, read-before-init, F401",
        "# noqa: # noqa: STL101",
        "# ruff: ignore[STL101]",
        "#ruff:ignore[STL101,]",
        "# streamlint: ignore [E501, read-before-init] reason",
        "# why # streamlint: ignore[STL10]",
        "# noqa: E501 # ruff: ignore[STL101]",
    ],
)
def test_comments_that_suppress_on_their_line(comment: str) -> None:
    assert left(f"bug1\nbug2  {comment}\nbug3\n") == ["bug1", "bug3"]


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa:",
        "# noqa: text STL101",
        "# noqaSTL101",
        "# noqa- x",
        "# noqa, x",
        "# why noqa",
        "# noqa: E501 because STL101",
        "# noqa: E501 ; STL101",
        "# noqa::STL101",
        "# noqa: STL102",
        "# noqa: STL1011",
        "# noqa: set-after-widget",
        "# noqa: E501 # noqa: STL101",
        "# noqa: E501 # noqa",
        "# ruff: ignore[]",
        "# ruff: ignore[E501 STL101]",
        "# ruff: ignore[E501,,STL101]",
        "# ruff: ignore STL101",
        "# Ruff: Ignore[STL101]",
        "# ruff: disable[STL101]",
        "# ruff: file-ignore[STL101]",
        "# flake8: noqa",
        "# ruff: noqa: STL101",
        "# pyright: ignore[STL101]",
    ],
)
def test_comments_that_do_not(comment: str) -> None:
    assert left(f"bug1\nbug2  {comment}\nbug3\n") == ["bug1", "bug2", "bug3"]


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("bug1, '# noqa'", ["bug1"]),
        ('bug1, """\n# noqa\n""", bug2', ["bug1", "bug2"]),
        ("# noqa\nbug1", ["bug1"]),
        # A string that goes over several lines takes the line of its end.
        ('x = bug1, """\n""", bug2  # noqa', []),
        ('x = f"""\n{bug1}\n"""  # noqa', []),
        ('x = f"""\n{bug1} # noqa\n"""', ["bug1"]),
        ('x = """\n""", bug1, """\n""", bug2  # noqa\nbug3', ["bug3"]),
        ('x = ("""# noqa\n""", bug1)', ["bug1"]),
        # So does a line that ends in a backslash; a bracket does not.
        ("x = bug1 + \\\n  bug2 + \\\n  bug3  # noqa\nbug4", ["bug4"]),
        ("x = [bug1,  # noqa\n  bug2,\n  bug3]  # noqa", ["bug2"]),
        ("if bug1:  # noqa\n    bug2", ["bug2"]),
        ("bug1\r\nbug2 # noqa\r\nbug3\rbug4 # noqa\r", ["bug1", "bug3"]),
        ("bug1\x0c # noqa\nx = '\u2028'; bug2\nbug3 # noqa", ["bug2"]),
        ("é = '漢😀', bug1  # noqa\nbug2", ["bug2"]),
    ],
)
def test_lines_of_noqa(text: str, reported: list[str]) -> None:
    assert left(text) == reported


@pytest.mark.skipif(sys.version_info < (3, 12), reason="not Python before 3.12")
def test_f_strings_that_hold_lines_are_one_string() -> None:
    text = 'x = f\'{\nbug1\n}\'  # noqa\nx = f\'{f"""\n{bug2}\n"""}\', bug3  # noqa\nbug4'
    assert left(text) == ["bug4"]
    assert added(text) == text + "  # noqa: STL101"


# --- the other forms


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("# flake8: noqa\nbug1", []),
        ("bug1\n#flake8:noqa because", []),
        ("# x # flake8: noqa\nbug1", []),
        ("def f():\n    bug1\n    # ruff: noqa: STL101", []),
        ("# streamlint: noqa: E501, read-before-init\nbug1", []),
        ("# flake8: noqa: E501 because STL101\nbug1", ["bug1"]),
        ("# flake8: noqa:\nbug1", ["bug1"]),
        ("'# flake8: noqa'\nbug1", ["bug1"]),
        ("bug1\n# ruff: file-ignore[STL101]", []),
        ("# streamlint: file-ignore[STL1]\nbug1", []),
        ("def f():\n    # ruff: file-ignore[STL101]\n    bug1", ["bug1"]),
    ],
)
def test_comments_about_the_file(text: str, reported: list[str]) -> None:
    assert left(text) == reported


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("# ruff: ignore[STL101]\nbug1\nbug2", ["bug2"]),
        ("# ruff: ignore[STL101]\n\n# other\nx = [\n bug1,\n bug2]\nbug3", ["bug3"]),
        ("# ruff: ignore[STL101]\nbug1; bug2\nbug3", ["bug3"]),
        ("# ruff: ignore[STL101]\ndef f(x=bug1,\n  y=bug2):\n    bug3", ["bug3"]),
        ("# ruff: ignore[STL101]\n@bug1\ndef f(x=bug2): ...", ["bug2"]),
        ("x = [\n  # ruff: ignore[STL101]\n  # other\n\n  bug1\n  + bug2,\n bug3]", ["bug2", "bug3"]),
        ('x = [\n  # ruff: ignore[STL101]\n  """\n  """, bug1,\n bug2]', ["bug2"]),
        ("x = [bug1,\n  # ruff: ignore[STL101]\n]\nbug2", ["bug1", "bug2"]),
        ("def f():\n    pass\n    # ruff: ignore[STL101]\nbug1\nbug2", ["bug2"]),
        ("x = [bug1,  # ruff: ignore[STL101]\n  bug2]", ["bug2"]),
        ('x = bug1, """\n""", bug2  # ruff: ignore[STL101]\nbug3', ["bug3"]),
        ("x = bug1 + \\\n  bug2  # ruff: ignore[STL101]\nbug3", ["bug3"]),
        ("bug1\n# ruff: ignore[STL101]", ["bug1"]),
    ],
)
def test_ignore(text: str, reported: list[str]) -> None:
    assert left(text) == reported


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("bug1\n# ruff: disable[STL101]\nbug2\n# ruff: enable[STL101]\nbug3", ["bug1", "bug3"]),
        ("# streamlint: disable[read-before-init]\nbug1\n# streamlint: enable[read-before-init]\nbug2", ["bug2"]),
        ("# ruff: disable[STL101]\nbug1", []),
        ("# ruff: disable[STL101,]\nbug1\n# ruff: enable[ STL101 ]\nbug2", ["bug2"]),
        ("# ruff: disable[STL101, E501]\nbug1\n# ruff: enable[STL101]\nbug2", []),
        ("# ruff: disable[STL101]\n# ruff: disable[STL101]\nbug1\n# ruff: enable[STL101]\nbug2", []),
        ("# ruff: disable[STL101]\ndef f():\n    bug1\n# ruff: enable[STL101]\nbug2", ["bug2"]),
        ("def f():\n    # ruff: disable[STL101]\n    bug1\nbug2", ["bug2"]),
        ("if 1:\n    bug1\n    # ruff: disable[STL101]\n    if 2:\n        bug2\nelse:\n    bug3", ["bug1", "bug3"]),
        ("if 1:\n    bug1\n# ruff: disable[STL101]\nelse:\n    bug2\nbug3", ["bug1"]),
        ("if 1:\n  # ruff: disable[STL101]\n    bug1\nbug2", []),
        ("if 1:\n    # ruff: disable[STL101]\n    bug1\n# ruff: enable[STL101]\nbug2", ["bug2"]),
        ("bug1\n# ruff: enable[STL101]\nbug2", ["bug1", "bug2"]),
        ("# x # ruff: disable[STL101]\nbug1", ["bug1"]),
        ("# ruff: disable[STL101]\nx = [\n# ruff: enable[STL101]\nbug1]", ["bug1"]),
    ],
)
def test_disable_and_enable(text: str, reported: list[str]) -> None:
    assert left(text) == reported


def test_a_disabled_range_must_hold_the_whole_finding() -> None:
    source = SourceText("app.py", "# ruff: disable[STL101]\nx = [\n# ruff: enable[STL101]\n1]\n")
    suppressions = Suppressions.from_source(source)
    start = source.text.index("x")
    assert suppressions.suppressed(CODE, NAME, Span(start, start + 3))
    assert not suppressions.suppressed(CODE, NAME, Span(start, len(source.text) - 1))


# --- texts that are no Python


BROKEN = ["x = (", "x = '''", "  y\n z", "x = '", "\\", "\x00", "\ud800", "?", "if 1:\n\t1\n  2"]
SHARDS = ["bug", "#", " noqa", ": STL101", "\n", "\\", "'", '"""', "(", ")", "  ", "\r", "f'", "{"]


@pytest.mark.parametrize("rest", BROKEN)
def test_comments_before_an_error_count(rest: str) -> None:
    assert left(f"bug1  # noqa\nbug2\n{rest}")[:1] == ["bug2"]


@given(
    st.lists(
        st.sampled_from(["bug", "#", " noqa", ": STL101", "\n", "\\", "'", '"""', "(", ")", "  ", "\r", "f'", "{"])
    )
)
def test_no_text_is_too_broken(pieces: list[str]) -> None:
    text = "".join(pieces)
    source = SourceText("app.py", text)
    suppressions = Suppressions.from_source(source)
    for span in bugs(source):
        suppressions.suppressed(CODE, NAME, span)
        assert source.line_of(span.start) <= suppressions.noqa_row(span) <= source.line_count
    suppressions.unused()
    added(text)


# --- what was not needed


def unused(text: str, names: tuple[str, ...] = ()) -> list[tuple[str, tuple[str, ...]]]:
    source = SourceText("app.py", text)
    suppressions = Suppressions.from_source(source)
    for span in bugs(source):
        suppressions.suppressed(CODE, NAME, span)
    return [(text[item.span.start : item.span.end], item.codes) for item in suppressions.unused(names)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bug  # noqa: STL101", []),
        ("bug  # noqa: STL1", []),
        ("ok  # noqa", []),
        ("ok  # noqa: E501, some-name", []),
        ("ok  # why # noqa: E501, STL101, STL102 reason", [("# noqa: E501, STL101, STL102", ("STL101", "STL102"))]),
        ("bug  # noqa: STL101, STL102", [("# noqa: STL101, STL102", ("STL102",))]),
        ("# noqa: STL101\nbug", [("# noqa: STL101", ("STL101",))]),
        ("# flake8: noqa: STL101\nok", [("# flake8: noqa: STL101", ("STL101",))]),
        ("# ruff: disable[STL101]\nok\n# ruff: enable[STL101]", [("# ruff: disable[STL101]", ("STL101",))]),
        ("# ruff: disable[STL101]\nbug  # noqa: STL101", []),
    ],
)
def test_unused_comments(text: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert unused(text) == expected


def test_unused_names() -> None:
    text = "ok  # noqa: read-before-init, some-name"
    assert unused(text, (NAME,)) == [("# noqa: read-before-init, some-name", (NAME,))]
    assert unused("bug  # noqa: read-before-init", (NAME,)) == []


# --- adding comments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bug\n", "bug  # noqa: STL101\n"),
        ("bug", "bug  # noqa: STL101"),
        ("bug \t\r\nx\r\n", "bug  # noqa: STL101\r\nx\r\n"),
        ("bug\rx\n", "bug  # noqa: STL101\rx\n"),
        ("bug; bug2\n", "bug; bug2  # noqa: STL101\n"),
        ("bug # hi\n", "bug # hi  # noqa: STL101\n"),
        ("bug # type: ignore[x] \n", "bug # type: ignore[x]  # noqa: STL101\n"),
        ("bug # noqa:E501\n", "bug # noqa:E501, STL101\n"),
        ("bug # hi # NOQA : E501 F401 reason # more\n", "bug # hi # NOQA : E501 F401, STL101 reason # more\n"),
        ("bug # noqa:\n", "bug # noqa:  # noqa: STL101\n"),
        ("bug # noqa\n", "bug # noqa\n"),
        ("# flake8: noqa\nbug\n", "# flake8: noqa\nbug\n"),
        ("bug # ruff: ignore[E501]\n", "bug # ruff: ignore[E501]  # noqa: STL101\n"),
        ("x = bug + \\\n  bug2 + \\\n  3\n", "x = bug + \\\n  bug2 + \\\n  3  # noqa: STL101\n"),
        ("x = (\n  bug,\n  1)\n", "x = (\n  bug,  # noqa: STL101\n  1)\n"),
        ('x = bug, """\n # noqa\n"""\n', 'x = bug, """\n # noqa\n"""  # noqa: STL101\n'),
        ('x = f"""\n{bug}\n""" + \\\n  "x"\n', 'x = f"""\n{bug}\n""" + \\\n  "x"  # noqa: STL101\n'),
        ("x = '漢😀'; bug\n", "x = '漢😀'; bug  # noqa: STL101\n"),
        ("\ufeffé\nbug\n", "\ufeffé\nbug  # noqa: STL101\n"),
        # Nowhere to put it.
        ('bug = """\n', 'bug = """\n'),
        ("x\nbug = '''\n\nbug", "x\nbug = '''\n\nbug"),
    ],
)
def test_adding(text: str, expected: str) -> None:
    assert added(text) == expected


def test_several_codes_go_together() -> None:
    source = SourceText("app.py", "x = 1; y = 2 # noqa: STL101\n")
    more = [
        Finding(code, "n", "m", "h", Place("app.py", Span(at, at + 1)), Severity.ERROR)
        for code, at in [("STL301", 7), ("STL101", 0), ("STL201", 0), ("STL301", 0)]
    ]
    assert add_noqa(source, more) == "x = 1; y = 2 # noqa: STL101, STL201, STL301\n"
    assert add_noqa(source, []) == source.text


pieces = st.sampled_from(
    [
        "bug\n",
        "bug + \\\n",
        "bug  # hi\n",
        "bug, # noqa: E501\r\n",
        '"""\n{bug}\n""", ',
        'f"""\n{bug}\n""", ',
        "(bug,\n",
        "(\n# ruff: ignore[E501]\n bug)\n",
        "1)\n",
        "if bug: pass\n",
        "def f(x=bug):\n  bug\n",
        "é😀 = bug # noqa: E501 why\n",
        "# ruff: disable[STL101]\n",
        "\x0c\n",
        "bug\r",
    ]
)


@given(st.lists(pieces, max_size=8).map("".join))
def test_after_adding_nothing_is_left_and_nothing_changes_again(text: str) -> None:
    try:
        before = ast.dump(ast.parse(text))
    except SyntaxError:
        return
    after = added(text)
    assert ast.dump(ast.parse(after)) == before
    assert left(after) == []
    assert added(after) == after
    # No line, line end or comment is lost.
    old, new = SourceText("app.py", text), SourceText("app.py", after)
    assert re.findall(r"\r\n?|\n", after) == re.findall(r"\r\n?|\n", text)
    for was, now in zip(old.lines(), new.lines(), strict=True):
        kept = now.replace(", STL101", "") if ", STL101" in now else now.removesuffix("  # noqa: STL101")
        assert kept == was.rstrip(" \t\f") if now != was else True
