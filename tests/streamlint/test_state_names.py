"""What means the session state at a line of a file, finished or not."""

from __future__ import annotations

import ast

import pytest
from streamlint.facts.names import StateNames, lines_of, names_of, names_of_broken, repaired
from streamlint.fixes.syntax import Syntax
from streamlint.source import SourceText

TEXT = """\
import streamlit as st
import altair as alt
from streamlit import session_state as other, text_input
ss = st.session_state

def f():
    ss = {}
    ss["a"]

class A:
    def g(self, state):
        ss["x"]
        self.state.y

    def h(self):
        pass

def lent(col):
    global ss
    ss = {}

x = 1
"""


@pytest.fixture
def names() -> StateNames:
    return names_of(Syntax(SourceText("app.py", TEXT)))


def test_aliases_mean_the_state_where_nothing_else_has_their_name(names: StateNames) -> None:
    assert names.is_state(["st", "session_state"], 8, 4)
    assert names.is_state(["other"], 8, 4)
    assert names.is_state(["ss"], 12, 8)
    assert names.is_state(["ss"], 23, 0)
    assert not names.is_state(["ss"], 8, 4)
    assert not names.is_state(["ss", "foo"], 12, 8)
    assert not names.is_state(["alt", "session_state"], 12, 8)
    assert not names.is_state([], 1, 0)


def test_what_is_typed_below_a_function_belongs_to_it_if_it_is_indented(names: StateNames) -> None:
    assert not names.is_state(["ss"], 9, 4)
    assert names.is_state(["ss"], 9, 0)
    assert names.is_state(["ss"], 17, 8)


def test_what_the_walk_knows_holds_where_the_name_is_the_same(names: StateNames) -> None:
    known = names.with_known([("A.g", "self.state"), ("A.g", "state")])
    assert known.is_state(["state"], 13, 8)
    assert not known.is_state(["state"], 16, 8)
    assert known.is_state(["self", "state"], 16, 8)
    assert not known.is_state(["self", "state"], 8, 4)


def test_elements(names: StateNames) -> None:
    assert names.is_element(["st", "text_input"], 12, 8)
    assert names.is_element(["text_input"], 12, 8)
    assert names.is_element(["col", "button"], 19, 4)
    assert not names.is_element(["alt", "selectbox"], 12, 8)
    assert not names.is_element(["sorted"], 12, 8)
    assert not names.is_element(["ss", "text_input"], 12, 8)


@pytest.mark.parametrize(
    "text",
    [
        "st.session_state.\nx = 1\n",
        'st.session_state["\nx = 1\n',
        "def f(:\n    ss = {}\n    ss.\n",
        "try:\n    x = (\nexcept A\n    pass\n",
        "if a:\n\nx = 1",
        "class A:\n",
        "f(a,\nst.session_state.\nx = 1\n",
        "\x0cx = (\r\ny = 1\r\n",
        "def f():\n    if x\n        a = 1\n        b = 2\n    c = 3\n",
    ],
)
def test_broken_texts_are_repaired_line_by_line(text: str) -> None:
    whole = repaired(text)
    assert whole is not None
    ast.parse(whole)
    assert len(lines_of(whole)) == len(lines_of(text))


def test_what_cannot_be_repaired_says_nothing() -> None:
    assert repaired("x = 1\0") is None
    assert names_of_broken("\0") is None


def test_a_broken_text_is_read_around_the_break() -> None:
    text = TEXT.replace('    ss["a"]', '    ss["').replace("        pass", "        ss.")
    found = names_of_broken(text)
    assert found is not None
    assert not found.is_state(["ss"], 8, 4)
    assert found.is_state(["ss"], 16, 8)
