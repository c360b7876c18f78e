"""The keys of an app: where they are spelled, what is done there, and who leads there."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlint.facts.sites import sites
from streamlint.fixes import Syntax
from streamlint.lint import Linter
from streamlint.settings import load_settings
from streamlint.source import SourceText
from streamlint.statemap import StateMap

HEAD = "import streamlit as st\nfrom streamlit import session_state as state\n\nss = st.session_state\n"


def spelled(code: str) -> list[tuple[str | None, str, str, str]]:
    """Key, form, use and token of each site of a file."""
    syntax = Syntax(SourceText("app.py", HEAD + code))
    return [(s.key, s.form, s.use, syntax.text[s.token.start : s.token.end]) for s in sites(syntax)]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("st.session_state.a", [("a", "attribute", "reads", "a")]),
        ("(st.session_state\n  . a)", [("a", "attribute", "reads", "a")]),
        ("state.a = 1", [("a", "attribute", "sets", "a")]),
        ("ss.a: int = 1", [("a", "attribute", "sets", "a")]),
        ("ss['a'] += 1", [("a", "item", "updates", "'a'")]),
        ("ss[key]", [(None, "item", "reads", "key")]),
        ("ss[f'a_{i}'] = 1", [(None, "item", "sets", "f'a_{i}'")]),
        ("del ss.a, ss['b']", [("a", "attribute", "deletes", "a"), ("b", "item", "deletes", "'b'")]),
        ("ss.a.append(1)", [("a", "attribute", "changes", "a")]),
        ("ss.a['x']['y'] = 1", [("a", "attribute", "changes", "a")]),
        ("ss.a.b.c", [("a", "attribute", "reads", "a")]),
        ("ss.get('a')", [("a", "method", "reads", "'a'")]),
        ("ss.setdefault('a', 1)", [("a", "method", "initialises", "'a'")]),
        ("ss.pop('a', None)", [("a", "method", "deletes", "'a'")]),
        ("'a' in ss", [("a", "membership", "asks", "'a'")]),
        ("'a' not in ss.keys()", [("a", "membership", "asks", "'a'")]),
        ("hasattr(ss, 'a')", [("a", "builtin", "asks", "'a'")]),
        ("setattr(ss, 'a', 1)", [("a", "builtin", "sets", "'a'")]),
        ("ss.update({'a': 1}, b=2)", [("a", "entry", "sets", "'a'"), ("b", "entry", "sets", "b")]),
        ("st.text_input('x', key='a')", [("a", "widget", "draws", "'a'")]),
        ("st.sidebar.text_input('x', key='a')", [("a", "widget", "draws", "'a'")]),
        ("sorted([], key='a')", []),
        ("ss.clear()", []),
        ("other.session_state.a", []),
    ],
)
def test_a_file_spells_keys(code: str, found: list[tuple[str | None, str, str, str]]) -> None:
    assert spelled(code) == found


@pytest.mark.parametrize(
    "code",
    [
        "if 'a' not in ss:\n    ss.a = 1",
        "if not 'a' in ss:\n    ss['a'] = 1",
        "if 'a' in ss:\n    pass\nelse:\n    ss.a = 1",
        "if not hasattr(ss, 'a'):\n    ss.a = 1",
        "if ss.get('a') is None:\n    ss.a = 1",
        "if not ss.get('a'):\n    ss.a = 1",
        "if x or 'a' not in ss:\n    ss.a = 1",
    ],
)
def test_an_assignment_where_the_key_is_not_set_initialises_it(code: str) -> None:
    assert [use for _, _, use, _ in spelled(code)][-1] == "initialises"


@pytest.mark.parametrize(
    "code",
    [
        "if 'a' in ss:\n    ss.a = 1",
        "if 'b' not in ss:\n    ss.a = 1",
        "if 'a' not in ss:\n    def f():\n        ss.a = 1",
    ],
)
def test_another_assignment_only_sets_it(code: str) -> None:
    assert [use for _, _, use, _ in spelled(code)][-1] == "sets"


def test_names_mean_what_their_scope_binds_them_to() -> None:
    code = "def f(ss):\n    return ss.a\n\ndef g():\n    ss = {}\n    ss['b'] = 1\n\ndef h():\n    return ss.c\n"
    assert [key for key, *_ in spelled(code)] == ["c"]


def state_map(folder: Path, files: dict[str, str]) -> StateMap:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    [found] = Linter(load_settings(folder, isolated=True), cache=False).state_maps([folder])
    return found


def uses(found: StateMap, key: str) -> list[tuple[str, str, str, list[str], list[str]]]:
    """File, use, token, pages and callbacks of each access."""
    shown = []
    for access in found.keys[key]:
        text = Path(access.place.path).read_text(encoding="utf-8")
        token = text[access.token.start : access.token.end] if access.token else ""
        pages = [Path(page).name for page in access.pages]
        shown.append((Path(access.place.path).name, access.use, token, pages, list(access.callbacks)))
    return shown


def test_the_walk_knows_constants_helpers_pages_and_callbacks(tmp_path: Path) -> None:
    found = state_map(
        tmp_path,
        {
            "app.py": (
                "import streamlit as st\nfrom helpers import USER, start\n\nstart(st.session_state)\n"
                "def save():\n    st.session_state[USER] = 'x'\n\nst.button('Save', on_click=save)\n"
            ),
            "pages/Report.py": "import streamlit as st\nfrom helpers import start\n\nstart(st.session_state)\n",
            "helpers.py": "USER = 'user'\n\ndef start(box):\n    box.setdefault(USER, '')\n",
        },
    )
    assert uses(found, "user") == [
        ("app.py", "sets", "USER", ["app.py"], ["save"]),
        ("helpers.py", "initialises", "USER", ["app.py", "Report.py"], []),
    ]
    assert found.types["user"] == ("str",)
    assert found.survives("user") is True


def test_code_that_nothing_calls_has_no_pages(tmp_path: Path) -> None:
    found = state_map(
        tmp_path, {"app.py": "import streamlit as st\n\ndef unused():\n    return st.session_state.a\n\nst.write(1)\n"}
    )
    assert uses(found, "a") == [("app.py", "reads", "a", [], [])]


def test_a_widget_says_what_its_key_holds_and_how_long(tmp_path: Path) -> None:
    found = state_map(
        tmp_path,
        {
            "app.py": "import streamlit as st\n\nst.slider('Size', key='size')\nst.write(st.session_state.size)\n",
            "pages/Other.py": "import streamlit as st\n\nst.write(st.session_state.get('size'))\n",
        },
    )
    assert [access.use for access in found.initialisers("size")] == ["draws"]
    assert found.widgets("size")[0].element == "slider"
    assert found.survives("size") is False
    assert "int" in found.types["size"]


def test_the_entrypoint_of_a_navigation_draws_on_every_page(tmp_path: Path) -> None:
    found = state_map(
        tmp_path,
        {
            "app.py": (
                "import streamlit as st\n\nst.sidebar.text_input('Name', key='name')\n"
                "st.navigation([st.Page('one.py'), st.Page('two.py')]).run()\n"
            ),
            "one.py": "import streamlit as st\n\nst.text_input('Note', key='note')\n",
            "two.py": "import streamlit as st\n\nst.write(st.session_state.name)\n",
        },
    )
    assert (found.survives("name"), found.survives("note")) == (True, False)
    assert uses(found, "note") == [("one.py", "draws", "'note'", ["one.py"], [])]


def test_dynamic_keys_are_told_apart(tmp_path: Path) -> None:
    code = "import streamlit as st\n\nfor i in range(st.slider('n')):\n    st.session_state[f'row_{i}'] = i\n"
    found = state_map(tmp_path, {"app.py": code})
    [access] = found.dynamic
    assert (access.key, access.exact, access.use) == ("row_…", False, "sets")
    assert access.matches("row_1") and not access.matches("col_1")
    assert found.keys == {}


def map_of(root: Path, code: str) -> tuple[StateMap, str]:
    text = "import streamlit as st\n" + code
    (root / "app.py").write_text(text, encoding="utf-8")
    [found] = Linter(load_settings(root), cache=False, mapped=True).state_maps([root])
    return found, text


@pytest.mark.parametrize(
    ("code", "unknown"),
    [
        ("st.session_state[st.text_input('k')] = 1\n", ["st.session_state[st.text_input('k')]"]),
        ("st.session_state.pop(st.text_input('k'))\n", ["st.session_state.pop(st.text_input('k'))"]),
        ("st.button('b', key=open('k').read())\n", ["st.button('b', key=open('k').read())"]),
        ("st.session_state.update(eval('x'))\n", ["st.session_state.update(eval('x'))"]),
        ("st.button('b')\nst.session_state.a = 1\n", []),
        ("st.title('t')\n\n\ndef nobody_calls(key):\n    st.session_state[key] = 1\n", []),
        ("for k in list(st.session_state):\n    del st.session_state[k]\n", []),
        ("keys = sorted(st.session_state.keys())\nfor k in keys:\n    st.session_state.pop(k)\n", []),
        ("for k, v in st.session_state.items():\n    st.session_state[k] = v\n", []),
        ("for k in eval('x'):\n    st.session_state[k] = 1\n", ["st.session_state[k]"]),
    ],
)
def test_uses_of_keys_of_which_nothing_is_known(tmp_path: Path, code: str, unknown: list[str]) -> None:
    found, text = map_of(tmp_path, code)
    assert [text[place.span.start : place.span.end] for place in found.unknown] == unknown


def test_only_widgets_have_keys_of_the_state(tmp_path: Path) -> None:
    code = "with st.container(key='a'), st.form(key='b'):\n    st.form_submit_button('s', key='c')\n"
    found, _ = map_of(tmp_path, code + "st.text_input('x', '', 9, 'd')\nst.dataframe({}, key='e')\n")
    assert list(found.keys) == ["c", "d"]


def test_a_name_may_stand_for_several_keys(tmp_path: Path) -> None:
    found, text = map_of(tmp_path, "for k in ['b', 'a']:\n    st.session_state[k] = 1\n")
    path = str(tmp_path / "app.py")
    assert [access.key for access in found.spelled_at(path, text.index("[k]") + 1)] == ["a", "b"]
    assert found.spelled_at(path, 0) == ()
