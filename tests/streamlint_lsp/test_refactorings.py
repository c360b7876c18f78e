"""Other ways to write what is right: what is offered where, and what it gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from editor import CURSOR
from refactored import IMPORT, offers, one, outcome

# --- guard and setdefault ------------------------------------------------------------------------------------

GUARDS = [
    ('if "n" not in st.session_state:‸\n    st.session_state.n = 0\n', 'st.session_state.setdefault("n", 0)\n'),
    (
        "if 'n' not in st.session_state:\n    # all\n    st.session_state['n'] = [  # some\n        1,\n    ]‸\n",
        "# all\nst.session_state.setdefault('n', [  # some\n    1,\n])\n",
    ),
    ('if not ("n" in st.session_state):\n    st.session_state.n‸: int = 0\n', None),
    (
        'if "n" in st.session_state:\n    pass\nelse:\n    st.session_state.n = ‸0\n',
        'st.session_state.setdefault("n", 0)\n',
    ),
    ('if not hasattr(st.session_state, "n"):\n    st.session_state.n = ‸0\n', 'st.session_state.setdefault("n", 0)\n'),
    (
        'KEY = "n"\nif KEY not in st.session_state:\n    st.session_state[KEY] = ‸0\n',
        'KEY = "n"\nst.session_state.setdefault(KEY, 0)\n',
    ),
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
    (
        'st.session_state.setdefault("n", 0)‸  # count\n',
        'if "n" not in st.session_state:\n    st.session_state.n = 0  # count\n',
    ),
    ('st.session_state.setdefault("n")‸\n', 'if "n" not in st.session_state:\n    st.session_state.n = None\n'),
    ('st.session_state.setdefault(key="n", default=0)‸\n', None),
    ('st.session_state.setdefault("n", default=0)‸\n', 'if "n" not in st.session_state:\n    st.session_state.n = 0\n'),
    (
        'st.session_state.setdefault("a b", ‸0)\n',
        'if "a b" not in st.session_state:\n    st.session_state["a b"] = 0\n',
    ),
    (
        'ss = st.session_state\nss.setdefault("clear", ‸1)\n',
        'ss = st.session_state\nif "clear" not in ss:\n    ss["clear"] = 1\n',
    ),
    (
        'KEY = "n"\nst.session_state.setdefault(KEY, ‸1)\n',
        'KEY = "n"\nif KEY not in st.session_state:\n    st.session_state[KEY] = 1\n',
    ),
    (
        'def f():\n\tst.session_state.setdefault("n", {‸\n\t\t"a": 1,  # one\n\t})\n\n\nf()\n',
        'def f():\n\tif "n" not in st.session_state:\n\t\tst.session_state.n = {\n\t\t\t"a": 1,  # one\n\t\t}\n'
        "\n\nf()\n",
    ),
    (
        'st.session_state.setdefault(\n    "n",‸\n    1\n    + 2,\n)\n',
        'if "n" not in st.session_state:\n    st.session_state.n = (1\n        + 2)\n',
    ),
    (
        'st.session_state.setdefault("n", """a\nb""")‸\n',
        'if "n" not in st.session_state:\n    st.session_state.n = """a\nb"""\n',
    ),
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
        "st.session_state.setdefault(input(), 0)‸\n",
    ],
)
def test_only_plain_statements_become_guards(tmp_path: Path, text: str) -> None:
    assert one(tmp_path, IMPORT + text, "Replace `setdefault`") is None


# --- spelling ------------------------------------------------------------------------------------------------


SPELLED = [
    ("brackets", "st.write(st.session_state.‸n)", 'st.write(st.session_state["n"])'),
    ("brackets", "del st.session_state.n‸", 'del st.session_state["n"]'),
    ("brackets", "st.session_state . ‸n += 1", 'st.session_state["n"] += 1'),
    ("brackets", "st.write(f'{st.session_state.‸n}')", "st.write(f'{st.session_state[\"n\"]}')"),
    ("an attribute", "st.write(st.session_state[‸'n'])", "st.write(st.session_state.n)"),
    ("an attribute", 'st.session_state[ ‸"n" ] = 1', "st.session_state.n = 1"),
    ("an attribute", "st.session_state[‸'a b'] = 1", None),
    ("an attribute", "st.session_state[‸'keys'] = 1", None),
    ("an attribute", "st.session_state[‸'class'] = 1", None),
    ("an attribute", "st.session_state[‸'__n'] = 1", None),
    ("an attribute", "st.session_state[‸'ﬁ'] = 1", None),
    ("an attribute", "st.session_state[  # the\n    ‸'n'\n] = 1", None),
    ("an attribute", "st.session_state[‸('n')] = 1", None),
    ("brackets", "(st.session_state).‸n = 1", None),
]


@pytest.mark.parametrize(("how", "text", "expected"), SPELLED)
def test_an_access_is_written_otherwise(tmp_path: Path, how: str, text: str, expected: str | None) -> None:
    top = IMPORT + 'st.session_state.setdefault("n", 0)\n'
    found = one(tmp_path, f"{top}{text}\n", f"Write `{'ﬁ' if 'ﬁ' in text else key(text)}` {article(how)}")
    assert found == (f"{top}{expected}\n" if expected is not None else None)


def key(text: str) -> str:
    return next((each for each in ("a b", "keys", "class", "__n") if each in text), "n")


def article(how: str) -> str:
    return "in brackets" if how == "brackets" else "as an attribute"


def test_all_accesses_of_a_key_in_the_file_are_written_otherwise(tmp_path: Path) -> None:
    text = IMPORT + (
        'st.session_state.setdefault("n", 0)\nss = st.session_state\n'
        'st.write(ss.n‸, st.session_state.n, ss.get("n"), ss["n"], ss.m)\nss.m = 1\ndel ss.n\n'
    )
    found = [draft for draft in offers(tmp_path, {"app.py": text}, "app.py") if "Write" in draft.title]
    assert [draft.title for draft in found] == [
        "Write `n` in brackets",
        "Write `n` in brackets (3 in this file)",
        "Write `n` as an attribute (1 in this file)",
    ]
    after = outcome(found[1], tmp_path, {"app.py": text.replace(CURSOR, "")})["app.py"]
    assert 'st.write(ss["n"], st.session_state["n"], ss.get("n"), ss["n"], ss.m)\n' in after
    assert 'del ss["n"]' in after


def test_what_may_tell_the_errors_apart_is_said(tmp_path: Path) -> None:
    text = IMPORT + "try:\n    st.write(st.session_state.n‸)\nexcept AttributeError:\n    st.session_state.n = 1\n"
    found = [draft.title for draft in offers(tmp_path, {"app.py": text}, "app.py") if "Write" in draft.title]
    assert found[0] == "Write `n` in brackets (unsafe)"


# --- a constant ----------------------------------------------------------------------------------------------

CONSTANTS = [
    (
        'st.session_state.setdefault("user", "")\nst.write(st.session_state.user‸, st.session_state["user"])\n'
        'if "user" in st.session_state:\n    st.text_input("Name", key="user")\nst.write("user")\n',
        'USER_KEY = "user"\n\nst.session_state.setdefault(USER_KEY, "")\n'
        "st.write(st.session_state[USER_KEY], st.session_state[USER_KEY])\n"
        'if USER_KEY in st.session_state:\n    st.text_input("Name", key=USER_KEY)\nst.write("user")\n',
    ),
    (
        "USER_KEY = 1\nst.session_state.setdefault('user', '')‸\n",
        "USER_KEY_2 = 'user'\n\nUSER_KEY = 1\nst.session_state.setdefault(USER_KEY_2, '')\n",
    ),
    (
        'NAME = "user"\nst.session_state.setdefault("user"‸, NAME)\n',
        'NAME = "user"\nst.session_state.setdefault(NAME, NAME)\n',
    ),
    (
        'st.session_state.update({"user name"‸: 1})\n',
        'USER_NAME_KEY = "user name"\n\nst.session_state.update({USER_NAME_KEY: 1})\n',
    ),
    ("st.session_state.update(user‸=1)\nst.write(st.session_state.user)\n", None),
    (
        'setattr(st.session_state, "apiKey"‸, 1)\ndel st.session_state.apiKey\n',
        'API_KEY = "apiKey"\n\nsetattr(st.session_state, API_KEY, 1)\ndel st.session_state[API_KEY]\n',
    ),
    ('st.session_state["1"‸] = 1\n', 'KEY_1 = "1"\n\nst.session_state[KEY_1] = 1\n'),
    ('st.session_state["ä"‸] = 1\n', 'Ä_KEY = "ä"\n\nst.session_state[Ä_KEY] = 1\n'),
    ('st.session_state["-"‸] = 1\n', 'STATE_KEY = "-"\n\nst.session_state[STATE_KEY] = 1\n'),
    ('st.session_state["us"  # one\n    "er"‸] = 1\n', None),
    ('st.write("user‸")\n', None),
]


@pytest.mark.parametrize(("text", "expected"), CONSTANTS)
def test_a_key_becomes_a_constant(tmp_path: Path, text: str, expected: str | None) -> None:
    found = one(tmp_path, IMPORT + text, "Use `NAME`" if "NAME =" in text else "Extract")
    assert found == (IMPORT + expected if expected is not None else None)


def test_a_constant_stands_below_the_imports(tmp_path: Path) -> None:
    text = '"""Doc."""\r\nfrom __future__ import annotations\r\nimport streamlit as st  # the app\r\nimport os\r\n'
    rest = 'st.session_state["n"‸] = 1\r\n'
    found = one(tmp_path, text + rest, "Extract")
    assert found == text + '\r\nN_KEY = "n"\r\nst.session_state[N_KEY] = 1\r\n'
    early = 'from streamlit import session_state as ss; ss["n"‸] = 1\nimport os\n'
    assert one(tmp_path, early, "Extract") is None
    late = '# the app\nx = 1\nimport streamlit as st\nst.session_state["n"‸] = x\n'
    assert one(tmp_path, late, "Extract") == (
        '# the app\nN_KEY = "n"\n\nx = 1\nimport streamlit as st\nst.session_state[N_KEY] = x\n'
    )
