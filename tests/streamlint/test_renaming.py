"""Renaming a key: the edits, and what is refused. Each case is an app before and after."""

# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from streamlint.fixes.building import applied
from streamlint.lint import Linter
from streamlint.renaming import Refused, rename_key
from streamlint.settings import load_settings

IMPORT = "import streamlit as st\n"


def renamed(root: Path, files: Mapping[str, str], new: str, key: str = "user") -> dict[str, str]:
    """The files after the rename; those that are not edited are left out."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8", newline="")
    linter = Linter(load_settings(root), cache=False, mapped=True)
    found = rename_key(linter, str(root / next(iter(files))), key, new)
    return {
        Path(each.path).relative_to(root).as_posix(): applied(files_text(root, each.path), each.edits) for each in found
    }


def files_text(root: Path, path: str) -> str:
    return (root / path).read_bytes().decode()


SPELLINGS = {
    "attribute": ("st.session_state.user = 1\n", "st.session_state.{0} = 1\n", 'st.session_state["{0}"] = 1\n'),
    "attribute of a name": ("ss = st.session_state\nss.user += 1\n", "ss = st.session_state\nss.{0} += 1\n",
                            'ss = st.session_state\nss["{0}"] += 1\n'),
    "bracket": ('st.session_state["user"] = 1\n', 'st.session_state["{0}"] = 1\n', None),
    "single quotes": ("st.session_state['user'] = 1\n", "st.session_state['{0}'] = 1\n", None),
    "raw": ('st.session_state[r"user"] = 1\n', 'st.session_state["{0}"] = 1\n', None),
    "two literals": ('st.session_state["us" "er"] = 1\n', 'st.session_state["{0}"] = 1\n', None),
    "get": ('st.session_state.get("user", 2)\n', 'st.session_state.get("{0}", 2)\n', None),
    "setdefault": ('st.session_state.setdefault("user", 2)\n', 'st.session_state.setdefault("{0}", 2)\n', None),
    "pop": ('st.session_state.pop("user", None)\n', 'st.session_state.pop("{0}", None)\n', None),
    "in": ('x = "user" in st.session_state\n', 'x = "{0}" in st.session_state\n', None),
    "not in keys": ('x = "user" not in st.session_state.keys()\n', 'x = "{0}" not in st.session_state.keys()\n', None),
    "getattr": ('getattr(st.session_state, "user", 2)\n', 'getattr(st.session_state, "{0}", 2)\n', None),
    "hasattr": ('hasattr(st.session_state, "user")\n', 'hasattr(st.session_state, "{0}")\n', None),
    "del": ("st.session_state.user = 1\ndel st.session_state.user\n",
            "st.session_state.{0} = 1\ndel st.session_state.{0}\n",
            'st.session_state["{0}"] = 1\ndel st.session_state["{0}"]\n'),
    "widget": ('st.text_input("user", key="user")\n', 'st.text_input("user", key="{0}")\n', None),
    "widget by position": ('st.text_input("user", "", 9, "user")\n', 'st.text_input("user", "", 9, "{0}")\n', None),
    "update with a dict": ('st.session_state.update({"user": 1, "b": 2})\n',
                           'st.session_state.update({"{0}": 1, "b": 2})\n', None),
    "update by name": ("st.session_state.update(user=1)\n", "st.session_state.update({0}=1)\n",
                       'st.session_state.update({"{0}": 1})\n'),
    "update by names": ("st.session_state.update(a=0, user=(1), **{'c': 3})\n",
                        "st.session_state.update(a=0, {0}=(1), **{'c': 3})\n",
                        "st.session_state.update({'a': 0, '{0}': (1), **{'c': 3}})\n"),
    "f-string": ("st.write(f'{st.session_state.get(\"user\")}')\n", "st.write(f'{st.session_state.get(\"{0}\")}')\n",
                 None),
    "f-string, attribute": ("st.write(f'{st.session_state.user}')\n", "st.write(f'{st.session_state.{0}}')\n",
                            "st.write(f'{st.session_state[\"{0}\"]}')\n"),
    "code that nobody calls": ("st.title(1)\ndef f():\n    return st.session_state.user\n", "st.title(1)\ndef f():\n    return st.session_state.{0}\n",
                               'st.title(1)\ndef f():\n    return st.session_state["{0}"]\n'),
    "constant": ('KEY = "user"\nst.session_state[KEY] = 1\nst.text_input("u", key=KEY)\n',
                 'KEY = "{0}"\nst.session_state[KEY] = 1\nst.text_input("u", key=KEY)\n', None),
    "class attribute": ('class K:\n    USER = "user"\n\n\nst.session_state[K.USER] = 1\n',
                        'class K:\n    USER = "{0}"\n\n\nst.session_state[K.USER] = 1\n', None),
    "enumeration": ('from enum import Enum\n\n\nclass K(Enum):\n    USER = "user"\n\n\nst.session_state[K.USER.value] = 1\n',
                    'from enum import Enum\n\n\nclass K(Enum):\n    USER = "{0}"\n\n\nst.session_state[K.USER.value] = 1\n',
                    None),
    "list": ('for k in ["user", "b"]:\n    st.session_state.setdefault(k, None)\n',
             'for k in ["{0}", "b"]:\n    st.session_state.setdefault(k, None)\n', None),
    "list of pairs": ('ALL = [("user", 1), ("b", 2)]\nfor k, v in ALL:\n    if k not in st.session_state:\n'
                      "        st.session_state[k] = v\n",
                      'ALL = [("{0}", 1), ("b", 2)]\nfor k, v in ALL:\n    if k not in st.session_state:\n'
                      "        st.session_state[k] = v\n", None),
    "dict": ('ALL = {"user": 1, "b": 2}\nfor k, v in ALL.items():\n    st.session_state.setdefault(k, v)\n'
             'st.session_state.user = ALL["user"]\n',
             'ALL = {"{0}": 1, "b": 2}\nfor k, v in ALL.items():\n    st.session_state.setdefault(k, v)\n'
             'st.session_state.{0} = ALL["{0}"]\n',
             'ALL = {"{0}": 1, "b": 2}\nfor k, v in ALL.items():\n    st.session_state.setdefault(k, v)\n'
             'st.session_state["{0}"] = ALL["{0}"]\n'),
    "default argument": ('def f(key="user"):\n    st.session_state[key] = 1\n\n\nf()\n',
                         'def f(key="{0}"):\n    st.session_state[key] = 1\n\n\nf()\n', None),
    "helper": ('def f(key, value):\n    st.session_state[key] = value\n\n\nf("user", "user")\nf(value=1, key="user")\n',
               'def f(key, value):\n    st.session_state[key] = value\n\n\nf("{0}", "user")\nf(value=1, key="{0}")\n', None),
    "callback": ('def f(key):\n    st.session_state[key] = 1\n\n\nst.button("user", on_click=f, args=("user",))\n',
                 'def f(key):\n    st.session_state[key] = 1\n\n\nst.button("user", on_click=f, args=("{0}",))\n', None),
    "all keys are deleted": ("st.session_state.user = 1\nfor k in list(st.session_state):\n    del st.session_state[k]\n",
                             "st.session_state.{0} = 1\nfor k in list(st.session_state):\n    del st.session_state[k]\n",
                             'st.session_state["{0}"] = 1\nfor k in list(st.session_state):\n    del st.session_state[k]\n'),
    "another key that begins so": ("st.session_state.user = 1\nfor i in range(2):\n    st.session_state[f'user{i}'] = 1\n",
                                   "st.session_state.{0} = 1\nfor i in range(2):\n    st.session_state[f'user{i}'] = 1\n",
                                   "st.session_state['{0}'] = 1\nfor i in range(2):\n    st.session_state[f'user{i}'] = 1\n"),
}  # fmt: skip


@pytest.mark.parametrize("case", SPELLINGS)
@pytest.mark.parametrize("new", ["person", "new name", "items", "class"])
def test_every_spelling_is_renamed(tmp_path: Path, case: str, new: str) -> None:
    before, plain, bracket = SPELLINGS[case]
    if case in ("getattr", "hasattr") and new == "items":
        return
    as_name = new == "person" or (new == "items" and case in ("update by name", "update by names"))
    after = plain if as_name or bracket is None else bracket
    assert renamed(tmp_path, {"app.py": IMPORT + before}, new) == {"app.py": IMPORT + after.replace("{0}", new)}


REFUSED = {
    "dynamic": ('st.session_state.user = 1\ni = st.number_input("n")\nst.session_state[f"us{i}"] = 1\n', "app.py:4"),
    "dynamic, the new name": ('st.session_state.user = 1\ni = st.number_input("n")\nst.session_state[f"p{i}"] = 1\n',
                              'may be "person"'),
    "unknown": ('st.session_state.user = 1\nst.session_state[st.text_input("k")] = 1\n', "app.py:3"),
    "unknown widget": ('st.session_state.user = 1\nst.button("k", key=open("k").read())\n', "app.py:3"),
    "unknown update": ('st.session_state.user = 1\nst.session_state.update(eval("x"))\n', "app.py:3"),
    "taken": ("st.session_state.user = 1\nst.session_state.person = 2\n", 'has a key "person" already'),
    "taken by a widget": ('st.session_state.user = 1\nst.button("b", key="person")\n', "app.py:3"),
    "label and key": ('for k in ["user", "b"]:\n    st.text_input(k, key=k)\n', "something else, too, at app.py:3"),
    "label and key of a helper": ('def f(name):\n    st.text_input(name, key=name)\n\n\nf("user")\n', "something else"),
    "shown": ('KEY = "user"\nst.session_state[KEY] = 1\nst.write(f"{KEY}")\n', "something else, too, at app.py:4"),
    "compared": ('KEY = "user"\nst.session_state[KEY] = 1\nx = KEY == st.query_params.get("a")\n', "app.py:4"),
    "column": ('KEY = "user"\nst.session_state[KEY] = 1\nx = load()[KEY]\n', "app.py:4"),
    "joined": ('st.session_state["us" + "er"] = 1\n', "cannot be shown"),
    "style sheet": ('st.text_input("a", key="user")\nst.html("<style>.st-key-user {}</style>")\n', "style class"),
    "method by getattr": ('st.session_state.user = 1\ngetattr(st.session_state, "user")\n', "cannot be shown"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_safe_is_refused(tmp_path: Path, case: str) -> None:
    text, reason = REFUSED[case]
    with pytest.raises(Refused, match=reason.replace("(", r"\(")):
        renamed(tmp_path, {"app.py": IMPORT + text}, "get" if case == "method by getattr" else "person")


@pytest.mark.parametrize("new", ["", "user", "$$ID-1", "a\nb"])
def test_a_name_that_no_key_can_have_is_refused(tmp_path: Path, new: str) -> None:
    with pytest.raises(Refused):
        renamed(tmp_path, {"app.py": IMPORT + "st.session_state.user = 1\n"}, new)


def test_all_files_of_all_apps_that_share_the_key(tmp_path: Path) -> None:
    files = {
        "one.py": IMPORT + "import keys\nfrom shared import show\n\nst.session_state[keys.KEY] = 1\nshow()\n",
        "two.py": IMPORT
        + "from keys import KEY as NAME\nfrom shared import show\n\nst.session_state[NAME] = 1\nshow()\n",
        "three.py": IMPORT + "\nst.session_state.user = 1\n",
        "keys.py": 'KEY = "user"\n',
        "shared.py": IMPORT + "\n\ndef show():\n    st.write(st.session_state.user)\n",
        "pyproject.toml": '[tool.streamlint]\nentrypoints = ["one.py", "two.py", "three.py"]\n',
    }
    after = renamed(tmp_path, files, "person")
    assert after == {
        "keys.py": 'KEY = "person"\n',
        "shared.py": IMPORT + "\n\ndef show():\n    st.write(st.session_state.person)\n",
    }


def test_broken_files_of_the_app_are_in_the_way(tmp_path: Path) -> None:
    files = {"app.py": IMPORT + "import bad\nst.session_state.user = 1\n", "bad.py": "def (\n"}
    with pytest.raises(Refused, match=r"bad\.py is no valid Python"):
        renamed(tmp_path, files, "person")


def test_line_ends_and_odd_characters_stay(tmp_path: Path) -> None:
    text = 'import streamlit as st\r\n\x0c\r\nx = "😋"; st.session_state["user"] = "é"\r\n'
    assert renamed(tmp_path, {"app.py": text}, "größe 😋") == {"app.py": text.replace("user", "größe 😋")}
