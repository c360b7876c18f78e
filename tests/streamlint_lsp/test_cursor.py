"""Which key is typed at a cursor, judged by tokens alone."""

from __future__ import annotations

import pytest
from editor import CURSOR
from streamlint_lsp.cursor import ATTRIBUTE, BARE, STRINGY, Typed, comment_at, typed
from streamlint_lsp.lexing import WINDOW

SS = ("st", "session_state")


def at(text: str) -> Typed | None:
    return typed(text.replace(CURSOR, ""), text.index(CURSOR))


KEYS_OF_STATE = [
    ("st.session_state.‸", ATTRIBUTE, SS, "", ""),
    ("x = st.session_state.pa‸r + 1", ATTRIBUTE, SS, "par", ""),
    ("st . session_state\t. ‸", ATTRIBUTE, SS, "", ""),
    ("(st\n .session_state  # state\n .‸\n)", ATTRIBUTE, SS, "", ""),
    ("st.session_state\\\n.‸", ATTRIBUTE, SS, "", ""),
    ("f(\nst.session_state.‸\n", ATTRIBUTE, SS, "", ""),
    ('f"{st.session_state.‸}"', ATTRIBUTE, SS, "", ""),
    ('f"{st.session_state.‸', ATTRIBUTE, SS, "", ""),
    ('f"""\n{x:>{ss.‸}}"""', ATTRIBUTE, ("ss",), "", ""),
    ("self.state.‸", ATTRIBUTE, ("self", "state"), "", ""),
    ("for x in ss.‸", ATTRIBUTE, ("ss",), "", ""),
    ('st.session_state["‸"]', STRINGY, SS, "", ""),
    ("st.session_state[ 'pa‸r' ] = 1", STRINGY, SS, "par", ""),
    ('st.session_state["‸', STRINGY, SS, "", '"]'),
    ('st.session_state["pa‸\nx = 1\n', STRINGY, SS, "pa", '"]'),
    ('st.session_state["pa‸r]', STRINGY, SS, "par", '"'),
    ('f(st.session_state["‸)', STRINGY, SS, "", '"]'),
    ('f(st.session_state["‸, "b")', STRINGY, SS, "", '"]'),
    ('del ss["‸"]', STRINGY, ("ss",), "", ""),
    ('st.session_state[r"‸"]', STRINGY, SS, "", ""),
    ("f\"{st.session_state['‸']}\"", STRINGY, SS, "", ""),
    ('f"{st.session_state["‸"]}"', STRINGY, SS, "", ""),
    ('f"{st.session_state[\'‸"', STRINGY, SS, "", "']"),
    ('st.session_state.get("‸")', STRINGY, SS, "", ""),
    ('st.session_state.get("‸', STRINGY, SS, "", '")'),
    ('st.session_state.get("pa‸, 0)', STRINGY, SS, "pa", '"'),
    ('st.session_state.get(\n    "‸\n)', STRINGY, SS, "", '"'),
    ('st.session_state.setdefault("‸', STRINGY, SS, "", '"'),
    ('st.session_state.get(key="‸")', STRINGY, SS, "", ""),
    ("ss.pop('a‸', None)", STRINGY, ("ss",), "a", ""),
    ('if "‸" in st.session_state:', STRINGY, SS, "", ""),
    ('if "‸ in st.session_state:', STRINGY, SS, "", '"'),
    ('if "a‸" not in ss.keys(): pass', STRINGY, ("ss",), "a", ""),
    ('if x and "‸" in ss and y:', STRINGY, ("ss",), "", ""),
    ('f(a, "‸" in ss)', STRINGY, ("ss",), "", ""),
    ('hasattr(st.session_state, "‸")', STRINGY, SS, "", ""),
    ('getattr(ss, "‸', STRINGY, ("ss",), "", '")'),
    ('setattr(ss, "‸', STRINGY, ("ss",), "", '"'),
    ("st.session_state[‸", BARE, SS, "", "]"),
    ("st.session_state[‸]", BARE, SS, "", ""),
]


@pytest.mark.parametrize(("text", "form", "owner", "replaced", "closers"), KEYS_OF_STATE)
def test_a_key_of_the_state(text: str, form: str, owner: tuple[str, ...], replaced: str, closers: str) -> None:
    found = at(text)
    assert found is not None
    plain = text.replace(CURSOR, "")
    assert (found.form, found.owner, found.closers) == (form, owner, closers)
    assert plain[found.span.start : found.span.end] == replaced


@pytest.mark.parametrize(
    ("text", "callee", "closers"),
    [
        ('st.text_input("a", key="‸")', ("st", "text_input"), ""),
        ('st.text_input(\n  f(a, b)[0],\n  key="‸\n)\n', ("st", "text_input"), '"'),
        ("col.button(key='‸", ("col", "button"), "'"),
        ('text_input("a", key = "‸", value={"a": 1})', ("text_input",), ""),
        ("st.button(f\"{a['b']} {c!r:>{d}}\", f'{{{e}}}', key='‸')", ("st", "button"), ""),
        ("f\"{st.button('a', key='‸')}\"", ("st", "button"), ""),
    ],
)
def test_the_key_of_a_widget(text: str, callee: tuple[str, ...], closers: str) -> None:
    found = at(text)
    assert found is not None
    assert (found.owner, found.callee, found.closers) == (None, callee, closers)


@pytest.mark.parametrize(
    "text",
    [
        "# st.session_state.‸",
        "x = 1  # st.session_state.‸\ny = 2",
        '"st.session_state.‸"',
        'f"st.session_state.‸"',
        '"""\nst.session_state.‸\n"""',
        "'''\nst.session_state[\"‸\"]\n'''",
        "f().session_state.‸",
        'ss["a"].‸',
        "ss().‸",
        "1.‸",
        "...‸",
        "‸",
        "st‸.session_state",
        "st.session_state\n.‸",
        'st.session_state[f"‸"]',
        'st.session_state[b"‸"]',
        'st.session_state["a" + "‸"]',
        'ss["a", "‸"]',
        'ss.get("a", "‸")',
        'ss.update("‸")',
        "st.session_state[x‸",
        'd["a"] = "‸"',
        '"a" + "‸" in ss',
        'if "‸',
        'def f(a="‸"',
        "lambda ss: ss.‸",
        "[ss.‸ for ss in x]",
        "[y for ss in x if ss.‸]",
    ],
)
def test_no_key(text: str) -> None:
    assert at(text) is None


def test_another_attribute_has_another_owner() -> None:
    found = at("st.session_state.foo.‸")
    assert found is not None
    assert found.owner == ("st", "session_state", "foo")


def test_far_down_a_file_only_what_is_near_is_read() -> None:
    filler = 'x = """\n' + "it's\n" * WINDOW + '"""\n' + "y = 'a' \"b\"  # don't\n" * 10
    assert at(f"{filler}st.session_state.‸") is not None
    inside = 'x = """\n' + "it's\n" * WINDOW + "st.session_state.‸\n" + '"""\n'
    assert at(inside) is None


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_where_the_statement_begins(end: str) -> None:
    found = at(f"import streamlit as st{end}\x0c{end}if x:{end}    f({end}      st.session_state.‸")
    assert found is not None
    assert (found.line, found.last, found.indent) == (3, 4, 4)


def test_a_word_that_begins_statements_closes_forgotten_brackets() -> None:
    found = at("x = f(\ndef g():\n    return ss.‸")
    assert found is not None
    assert (found.line, found.indent) == (2, 4)


def test_comments_are_told_from_strings() -> None:
    text = 'x = "# noqa: STL101"  # noqa: STL102\n'
    assert comment_at(text, text.index("STL101")) is None
    span = comment_at(text, text.index("STL102"))
    assert span is not None
    assert text[span.start : span.end] == "# noqa: STL102"
