"""Variables that are kept in the state, and keys that are initialised at the top."""

from __future__ import annotations

from pathlib import Path

import pytest
from editor import CURSOR
from refactored import IMPORT, offers, one, outcome

# --- a variable ----------------------------------------------------------------------------------------------

LIFTED = [
    (
        'count‸ = 0\nif st.button("+"):\n    count += 1\nst.write(count)\n',
        'st.session_state.setdefault("count", 0)\nif st.button("+"):\n    st.session_state.count += 1\n'
        "st.write(st.session_state.count)\n",
    ),
    (
        "rows: list[int] = []‸  # all\nif st.button('+'):\n    rows.append(1)\nst.write(rows)\n",
        "st.session_state.setdefault('rows', [])  # all\nif st.button('+'):\n    st.session_state.rows.append(1)\n"
        "st.write(st.session_state.rows)\n",
    ),
    (
        "import random\nsecret = ‸random.randint(1, 6)\nst.write(secret)\n",
        'import random\nif "secret" not in st.session_state:\n    st.session_state.secret = random.randint(1, 6)\n'
        "st.write(st.session_state.secret)\n",
    ),
    (
        "count = 0‸\ndef up():\n    global count\n    count += 1\nst.button('+', on_click=up)\n",
        "st.session_state.setdefault('count', 0)\ndef up():\n    st.session_state.count += 1\n"
        "st.button('+', on_click=up)\n",
    ),
    ('name = ‸st.text_input("Name")\nst.write(name)\n', None),
    ("def ask():\n    return st.text_input('Name')\nname = ‸ask()\nst.write(name)\n", None),
    ("from helpers import ask\nname = ‸ask()\nst.write(name)\n", None),
    ("from helpers import *\nname = ‸ask()\nst.write(name)\n", None),
    ("name = ‸st.query_params\nst.write(name)\n", None),
    ("for i‸ in range(3):\n    st.write(i)\n", None),
    ("import os‸\nst.write(os)\n", None),
    ("def f‸():\n    pass\nf()\n", None),
    ("i = 0‸\nfor i in range(3):\n    st.write(i)\n", None),
    ("i = 0‸\nst.write([i for i in range(3)])\n", None),
    ("i = 0‸\ni = 1\nst.write(i)\n", None),
    ("rows = []‸\nrows.append(1)\nst.write(rows)\n", None),
    ("rows = []‸\ndef add():\n    rows.append(1)\nadd()\nst.write(rows)\n", None),
    ("n = 0‸\nwith st.sidebar:\n    n += 1\nst.write(n)\n", None),
    ("i = j = 0‸\nst.write(i)\n", None),
    ("i = 0‸\ndel i\n", None),
    ("i = 0‸\ntry:\n    st.write(i)\nexcept ValueError as i:\n    pass\n", None),
    ("i = 0‸\nmatch [1]:\n    case [i]:\n        st.write(i)\n", None),
    ("i = 0‸\n@st.cache_data\ndef f():\n    return i\nst.write(f())\n", None),
    ("import threading\ni = 0‸\ndef f():\n    print(i)\nthreading.Thread(target=f).start()\n", None),
    ("i = 0‸\ndef f(i):\n    return i\nst.write(f(i))\n", None),
    ("i = 0‸\ndef f():\n    i = 1\n    return i\nst.write(f())\n", None),
    ("keys = 0‸\nst.write(keys)\n", None),
    ("n = 0‸\nst.session_state.n = n\n", None),
    ("a = st.button('a')\nn = a‸\nst.write(n)\n", None),
    ("LIMIT = 3\nn = LIMIT‸\nst.write(n)\n", "LIMIT = 3\nst.session_state.setdefault(\"n\", LIMIT)\n"
     "st.write(st.session_state.n)\n"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), LIFTED)
def test_a_variable_is_kept_in_the_state(tmp_path: Path, text: str, expected: str | None) -> None:
    files = {"helpers.py": "import streamlit as st\n\n\ndef ask():\n    return st.text_input('Name')\n"}
    found = one(tmp_path, IMPORT + text, "Keep", files if "helpers" in text else None)
    assert found == (IMPORT + expected if expected is not None else None)


def test_a_variable_of_a_module_is_not_kept(tmp_path: Path) -> None:
    files = {"app.py": IMPORT + "import other\nst.write(other.n)\n", "other.py": IMPORT + "n = 0‸\nst.write(n)\n"}
    assert not [draft for draft in offers(tmp_path, files, "other.py") if "Keep" in draft.title]


# --- all keys ------------------------------------------------------------------------------------------------

INITIALISED = [
    (  # read without being set, and guarded in several places
        'st.set_page_config(layout="wide")\n\nst.title("App")\nif "n" not in st.session_state:\n'
        "    st.session_state.n = 0\nst.write(st.session_state.n‸)\n\n\ndef table():\n"
        '    st.session_state.setdefault("rows", [])\n    st.write(len(st.session_state.rows))\n\n\ntable()\n'
        "for each in st.session_state.names:\n    st.write(each)\n",
        'st.set_page_config(layout="wide")\n\nst.session_state.setdefault("n", 0)\n'
        'st.session_state.setdefault("names", [])\nst.session_state.setdefault("rows", [])\n\nst.title("App")\n'
        "st.write(st.session_state.n)\n\n\ndef table():\n    st.write(len(st.session_state.rows))\n\n\ntable()\n"
        "for each in st.session_state.names:\n    st.write(each)\n",
    ),
    (  # a comment keeps its statement
        'st.title("App")\nst.session_state.setdefault("n", 0)  # why\nst.write(st.session_state.n‸)\n',
        'st.session_state.setdefault("n", 0)\n\nst.title("App")\nst.session_state.setdefault("n", 0)  # why\n'
        "st.write(st.session_state.n)\n",
    ),
    (  # what is emptied is set again
        'if st.button("x"):\n    st.session_state.clear()\nst.session_state.setdefault("n", 0)\n'
        "st.write(st.session_state.n‸)\n",
        'st.session_state.setdefault("n", 0)\n\nif st.button("x"):\n    st.session_state.clear()\n'
        'st.session_state.setdefault("n", 0)\nst.write(st.session_state.n)\n',
    ),
    ('st.session_state.setdefault("n", 0)\nst.write(st.session_state.n‸)\n', None),
    ('if "n" not in st.session_state:\n    st.session_state.n = 0\nst.write(st.session_state.n‸)\n', None),
    (  # the first run shows something
        'st.title("App")\nif "n" not in st.session_state:\n    st.write("welcome")\n    st.session_state.n = 0\n'
        "st.write(st.session_state.n‸)\n",
        None,
    ),
    (  # who asks gets another answer
        'st.write("n" in st.session_state)\nst.session_state.setdefault("n", 0)\nst.write(st.session_state.n‸)\n',
        None,
    ),
    (
        'st.write(st.session_state.get("n", 5))\nst.session_state.setdefault("n", 0)\nst.write(st.session_state.n‸)\n',
        None,
    ),
    (  # which is first is not known
        'st.title("App")\nif st.button("x"):\n    st.session_state.setdefault("n", 1)\n'
        'st.session_state.setdefault("n", 0)\nst.write(st.session_state.n‸)\n',
        None,
    ),
    (  # it is deleted, and made anew in the same run
        'if st.button("x"):\n    del st.session_state["n"]\nst.session_state.setdefault("n", 0)\n'
        "st.write(st.session_state.n‸)\n",
        None,
    ),
    (  # the widget would begin with another value
        'with st.sidebar:\n    st.text_input("N", "a", key="n")\nif "n" not in st.session_state:\n'
        '    st.session_state.n = "b"\nst.write(st.session_state.n‸)\n',
        None,
    ),
    (
        'st.title("App")\nst.session_state.setdefault("n", "b")\nst.text_input("N", key="n")\n'
        "st.write(st.session_state.n‸)\n",
        'st.session_state.setdefault("n", "b")\n\nst.title("App")\nst.text_input("N", key="n")\n'
        "st.write(st.session_state.n)\n",
    ),
    (  # one function initialises all
        'def init():\n    st.session_state.setdefault("n", 0)\n    st.session_state.setdefault("m", 0)\n\n\ninit()\n'
        "st.write(st.session_state.n‸)\n",
        None,
    ),
    ('x = 1\nst.session_state.setdefault("n", x)\nst.write(st.session_state.n‸)\n', None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), INITIALISED)
def test_keys_are_initialised_at_the_top(tmp_path: Path, text: str, expected: str | None) -> None:
    found = one(tmp_path, IMPORT + text, "Initialise")
    assert found == ((IMPORT if "set_page" in text else "import streamlit as st\n\n") + expected if expected else None)


def test_keys_are_initialised_at_the_top_of_each_page_that_needs_them(tmp_path: Path) -> None:
    files = {
        "app.py": IMPORT + 'st.title("App")\nst.session_state.setdefault("n", 0)\nst.write(st.session_state.n)\n',
        "pages/a.py": IMPORT + 'st.title("A")\nst.session_state.setdefault("n", 0)\nst.write(st.session_state.n‸)\n',
    }
    found = [draft for draft in offers(tmp_path, files, "pages/a.py") if "Initialise" in draft.title]
    after = outcome(found[0], tmp_path, {name: text.replace(CURSOR, "") for name, text in files.items()})
    assert after["app.py"] == files["app.py"]
    assert after["pages/a.py"] == IMPORT + (
        'st.session_state.setdefault("n", 0)\n\nst.title("A")\nst.write(st.session_state.n)\n'
    )


def test_nothing_is_offered_where_nothing_is_meant(tmp_path: Path) -> None:
    for text in ("", "‸", "import streamlit as st\n‸", "x = 1‸\n", "# ‸\n"):
        assert not [name for name in names(tmp_path, text or "‸") if name not in ("None", "into-state")]


def names(folder: Path, text: str) -> list[str]:
    return [str(draft.what.get("name")) for draft in offers(folder, {"app.py": text}, "app.py")]
