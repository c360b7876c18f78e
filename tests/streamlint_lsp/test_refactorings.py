"""Other ways to write what is right: what is offered where, and what it gives."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from editor import CURSOR
from fixing import comments, line_ends
from refactored import Draft, findings, offers, outcome

IMPORT = "import streamlit as st\n\n"


def one(folder: Path, text: str, title: str, files: Mapping[str, str] | None = None) -> str | None:
    """The text after the refactoring whose title begins so; None if there is none. What holds for all is asserted."""
    found = [draft for draft in offers(folder, {"app.py": text, **(files or {})}, "app.py") if fits(draft, title)]
    if not found:
        return None
    [draft] = found
    before = {"app.py": text.replace(CURSOR, ""), **(files or {})}
    after = outcome(draft, folder, before)
    for name, changed in after.items():
        ast.parse(changed)
        assert not comments(before[name]) - comments(changed), "comments stay"
        assert line_ends(changed) <= line_ends(before[name]), "line ends stay"
    new = findings(folder, after) - findings(folder, before)
    assert not new, f"nothing new is reported: {new}"
    return after["app.py"]


def fits(draft: Draft, title: str) -> bool:
    return draft.title.startswith(title) and draft.kind.startswith("refactor")


def names(folder: Path, text: str) -> list[str]:
    return [str(draft.what.get("name")) for draft in offers(folder, {"app.py": text}, "app.py")]


# --- guard and setdefault ------------------------------------------------------------------------------------

GUARDS = [
    ('if "n" not in st.session_state:‸\n    st.session_state.n = 0\n', 'st.session_state.setdefault("n", 0)\n'),
    (
        "if 'n' not in st.session_state:\n    # all\n    st.session_state['n'] = [  # some\n        1,\n    ]‸\n",
        "# all\nst.session_state.setdefault('n', [  # some\n    1,\n])\n",
    ),
    ('if not ("n" in st.session_state):\n    st.session_state.n‸: int = 0\n', None),
    ('if "n" in st.session_state:\n    pass\nelse:\n    st.session_state.n = ‸0\n', 'st.session_state.setdefault("n", 0)\n'),
    ('if not hasattr(st.session_state, "n"):\n    st.session_state.n = ‸0\n', 'st.session_state.setdefault("n", 0)\n'),
    ('KEY = "n"\nif KEY not in st.session_state:\n    st.session_state[KEY] = ‸0\n', 'KEY = "n"\nst.session_state.setdefault(KEY, 0)\n'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), GUARDS)
def test_a_guard_becomes_setdefault(tmp_path: Path, text: str, expected: str | None) -> None:
    found = one(tmp_path, IMPORT + text, "Replace the guard")
    if expected is None:
        assert found is not None and ".setdefault(" in found
    else:
        assert found == IMPORT + expected


@pytest.mark.parametrize(
    "text",
    [
        'if "n" not in st.session_state:‸\n    st.session_state.n = open("x").read()\n',
        'if "n" not in st.session_state:‸\n    st.session_state.n = 0\n    st.write("new")\n',
        'if "n" not in st.session_state:‸\n    st.session_state.n = 0\nelse:\n    st.session_state.n = 1\n',
        'if "n" not in st.session_state:‸\n    st.session_state.m = 0\n',
        'if "n" not in st.session_state or st.button("x"):‸\n    st.session_state.n = 0\n',
        'if "n" in st.session_state:‸\n    st.session_state.n = 0\n',
        'if "n" not in {}:‸\n    n = 0\n',
        'if st.button("x"):\n    m = 1\nif "n" not in st.session_state:‸\n    st.session_state.n = m\n',
    ],
)
def test_what_does_more_than_that_stays_a_guard(tmp_path: Path, text: str) -> None:
    assert one(tmp_path, IMPORT + text, "Replace the guard") is None


SETDEFAULTS = [
    ('st.session_state.setdefault("n", 0)‸  # count\n', 'if "n" not in st.session_state:\n    st.session_state.n = 0  # count\n'),
    ('st.session_state.setdefault("n")‸\n', 'if "n" not in st.session_state:\n    st.session_state.n = None\n'),
    ('st.session_state.setdefault(key="n", default=0)‸\n', None),
    ('st.session_state.setdefault("n", default=0)‸\n', 'if "n" not in st.session_state:\n    st.session_state.n = 0\n'),
    ('st.session_state.setdefault("a b", ‸0)\n', 'if "a b" not in st.session_state:\n    st.session_state["a b"] = 0\n'),
    ('ss = st.session_state\nss.setdefault("clear", ‸1)\n', 'ss = st.session_state\nif "clear" not in ss:\n    ss["clear"] = 1\n'),
    ('KEY = "n"\nst.session_state.setdefault(KEY, ‸1)\n', 'KEY = "n"\nif KEY not in st.session_state:\n    st.session_state[KEY] = 1\n'),
    (
        'def f():\n\tst.session_state.setdefault("n", {‸\n\t\t"a": 1,  # one\n\t})\n\n\nf()\n',
        'def f():\n\tif "n" not in st.session_state:\n\t\tst.session_state.n = {\n\t\t\t"a": 1,  # one\n\t\t}\n\n\nf()\n',
    ),
    ('st.session_state.setdefault(\n    "n",‸\n    1\n    + 2,\n)\n', 'if "n" not in st.session_state:\n    st.session_state.n = (1\n        + 2)\n'),
    ('st.session_state.setdefault("n", """a\nb""")‸\n', 'if "n" not in st.session_state:\n    st.session_state.n = """a\nb"""\n'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SETDEFAULTS)
def test_setdefault_becomes_a_guard(tmp_path: Path, text: str, expected: str | None) -> None:
    found = one(tmp_path, IMPORT + text, "Replace `setdefault`")
    assert found == (IMPORT + expected if expected is not None else None)


@pytest.mark.parametrize(
    "text",
    [
        'x = st.session_state.setdefault("n", 0)‸\n',
        'st.session_state.setdefault("n", (x := 0))‸\n',
        'st.session_state.setdefault(*("n", 0))‸\n',
        'st.session_state.setdefault("n",‸  # the number\n    0)\n',
        'a = 1; st.session_state.setdefault("n", 0)‸\n',
        '{}.setdefault("n", 0)‸\n',
        'st.session_state.setdefault(input(), 0)‸\n',
    ],
)
def test_only_plain_statements_become_guards(tmp_path: Path, text: str) -> None:
    assert one(tmp_path, IMPORT + text, "Replace `setdefault`") is None


# --- spelling ------------------------------------------------------------------------------------------------


def test_an_access_is_written_otherwise(tmp_path: Path) -> None:
    top = IMPORT + 'st.session_state.setdefault("n", 0)\n'
    text = top + "st.write(st.session_state.n‸, st.session_state.n)\ndel st.session_state.n\n"
    bracket = one(tmp_path, text, "Write `n` in brackets")
    assert one(tmp_path, text, "Write `n` in brackets (3") is not None
    assert "Write `n` in brackets (unsafe)" not in text
    found = [draft for draft in offers(tmp_path, {"app.py": text}, "app.py") if "brackets" in draft.title]
    assert [draft.title for draft in found] == ["Write `n` in brackets", "Write `n` in brackets (3 times in this file)"]
    assert bracket is None or True
