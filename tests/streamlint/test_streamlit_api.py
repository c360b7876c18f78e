"""What the catalogue answers, where versions differ, and what its stub means to astroid."""

from __future__ import annotations

import ast
import json
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import astroid
import pytest
from astroid import nodes
from astroid.bases import Instance
from astroid.builder import AstroidBuilder
from astroid.manager import AstroidManager
from astroid.util import UninferableBase
from streamlint import streamlit_api
from streamlint.streamlit_api import (
    NEWEST,
    OLDEST,
    STATE_METHODS,
    Element,
    catalogue,
    element,
    is_container,
    library_keys,
    library_state_keyword,
    parse_version,
    submit_button_key,
)
from streamlint.streamlit_api.stub import stub_modules, stub_source

MINORS = [(1, minor) for minor in range(OLDEST[1], NEWEST[1] + 1)]


def known(name: str, version: tuple[int, int] = NEWEST) -> Element:
    found = element(name, version)
    assert found is not None
    return found


# --- versions ------------------------------------------------------------------------------------------------


def test_versions_are_read_by_major_and_minor() -> None:
    assert [parse_version(text) for text in ("1.40.2", "1.67", "2", "1.55.0rc1")] == [(1, 40), (1, 67), (2, 0), (1, 55)]
    with pytest.raises(ValueError, match="latest"):
        parse_version("latest")


def test_versions_outside_the_catalogue_are_answered_like_the_nearest() -> None:
    assert known("button", (2, 3)) == known("button", NEWEST)
    assert known("button", (0, 89)) == known("button", OLDEST)


@pytest.mark.parametrize(
    ("name", "last_without", "first_with"),
    [
        ("switch_page", (1, 29), (1, 30)),
        ("popover", (1, 31), (1, 32)),
        ("fragment", (1, 36), (1, 37)),
        ("pills", (1, 39), (1, 40)),
        ("pagination", (1, 57), (1, 58)),
        ("components.v2.component", (1, 50), (1, 51)),
        ("column_config.ButtonColumn", (1, 58), (1, 59)),
    ],
)
def test_elements_appear(name: str, last_without: tuple[int, int], first_with: tuple[int, int]) -> None:
    assert element(name, last_without) is None
    assert known(name, first_with).since == first_with


@pytest.mark.parametrize(
    ("name", "until"),
    [
        ("experimental_rerun", (1, 36)),
        ("experimental_memo", (1, 36)),
        ("experimental_singleton", (1, 36)),
        ("experimental_dialog", (1, 48)),
        ("cache", (1, 61)),
    ],
)
def test_elements_go(name: str, until: tuple[int, int]) -> None:
    assert known(name, until).until == until
    assert element(name, (1, until[1] + 1)) is None


@pytest.mark.parametrize(
    ("name", "refused", "accepted"), [("chat_input", (1, 46), (1, 47)), ("dataframe", (1, 55), (1, 56))]
)
def test_elements_that_became_settable(name: str, refused: tuple[int, int], accepted: tuple[int, int]) -> None:
    for version, settable in ((refused, False), (accepted, True)):
        found = known(name, version)
        assert (found.active or found.plain).settable is settable


@pytest.mark.parametrize(
    "name",
    ["button", "download_button", "form_submit_button", "file_uploader", "camera_input", "data_editor", "link_button"],
)
def test_elements_that_never_are_settable(name: str) -> None:
    assert not any(known(name, version).plain.settable for version in MINORS)


def test_a_key_of_the_submit_button_since_1_49() -> None:
    assert not known("form_submit_button", (1, 48)).takes_key
    assert known("form_submit_button", (1, 49)).takes_key


@pytest.mark.parametrize(
    ("name", "without", "having"),
    [("dataframe", (1, 34), (1, 35)), ("expander", (1, 54), (1, 55)), ("link_button", (1, 55), (1, 56))],
)
def test_an_element_can_be_activated_once_it_has_the_parameter(
    name: str, without: tuple[int, int], having: tuple[int, int]
) -> None:
    assert known(name, without).active is None
    found = known(name, having)
    assert found.active is not None and found.active.entry and not found.plain.entry


def test_what_still_resets_a_keyed_widget() -> None:
    assert known("text_input", (1, 49)).identity is None
    assert known("text_input", (1, 50)).identity == frozenset({"max_chars"})
    assert known("selectbox", (1, 53)).identity == frozenset({"accept_new_options"})
    assert known("button", (1, 50)).identity == frozenset()


def test_exits_end_a_callback_since_1_63() -> None:
    for name in ("rerun", "switch_page"):
        assert known(name).exits
        assert [known(name, version).ends_callback for version in ((1, 62), (1, 63))] == [False, True]
    assert known("stop", OLDEST).ends_callback


# --- calls ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "key", "value", "callback"),
    [
        ("text_input", 3, 1, 7),
        ("number_input", 6, 3, 8),
        ("selectbox", 4, 2, 6),
        ("checkbox", 2, 1, 4),
        ("date_input", 4, 1, 6),
    ],
)
def test_positions_of_key_value_and_callback(name: str, key: int, value: int, callback: int) -> None:
    found = known(name)
    assert found.value is not None and found.callback is not None
    positions = [found.argument_index(parameter) for parameter in ("key", found.value, found.callback)]
    assert positions == [key, value, callback]


def test_positions_that_moved() -> None:
    assert known("image", (1, 60)).argument_index("clamp") == 4
    assert known("image", (1, 61)).argument_index("clamp") == 3
    assert known("rerun", (1, 62)).argument_index("scope") is None
    assert known("rerun", (1, 63)).argument_index("scope") == 0


def test_arguments_find_their_parameters() -> None:
    found = known("button").bind(2, ["on_click", "no_such_parameter"])
    assert found == {"label": ("pos", 0), "key": ("pos", 1), "on_click": ("kw", "on_click")}
    assert "key" not in known("chat_input").bind(3)


@pytest.mark.parametrize(
    ("name", "first", "none"),
    [
        ("text_input", "''", "None"),
        ("checkbox", "False", "False"),
        ("button", "False", "False"),
        ("chat_input", "None", "None"),
        ("multiselect", "[]", "[]"),
        ("selectbox", "first option", "None"),
        ("file_uploader", "None", "None"),
        ("number_input", "minimum", "None"),
    ],
)
def test_values_of_a_first_run(name: str, first: str, none: str) -> None:
    assert (known(name).plain.first, known(name).plain.none) == (first, none)


def test_widgets_that_can_answer_with_a_list() -> None:
    assert known("file_uploader").many == ("accept_multiple_files", "True")
    assert known("pills").many == ("selection_mode", "'multi'")


def test_forms() -> None:
    illegal = {known.name for known in catalogue().elements() if known.form == "forbidden"}
    assert illegal == {"button", "chat_input", "download_button", "form", "menu_button"}
    assert known("form_submit_button").form == "required"


def test_keys_that_are_no_widget_keys() -> None:
    assert not any(known(name).takes_key for name in ("form", "fragment", "get_option", "set_option"))
    assert known("form").argument_index("key") == 0


def test_containers() -> None:
    assert all(is_container(name) for name in ("sidebar", "columns", "tabs", "form", "chat_message", "popover"))
    assert not is_container("button") and not is_container("no_such_thing")
    assert known("columns").returns_containers and not known("container").returns_containers


@pytest.mark.parametrize("version", MINORS, ids=str)
def test_the_catalogue_is_coherent(version: tuple[int, int]) -> None:
    for found in catalogue().elements(version):
        positions = [parameter.position for parameter in found.parameters if parameter.position is not None]
        assert positions == list(range(len(positions))), found.name
        assert found.since <= version and (found.until is None or version <= found.until), found.name
        assert found.is_trigger <= (found.plain.entry or found.activation is not None or found.name == "link_button")
        if found.plain.entry and "component" not in found.kinds:
            assert found.plain.first is not None, found.name


def test_the_catalogue_file_is_small_and_reads_line_by_line() -> None:
    text = (Path(streamlit_api.__file__).parent / "catalogue.json").read_text("utf-8")
    names = [json.loads(line.rstrip(","))["name"] for line in text.splitlines()[1:-1]]
    assert names == sorted(catalogue().names())
    assert len(text) < 300_000


def test_the_key_of_a_submit_button_without_key() -> None:
    assert submit_button_key("login", "Sign in") == "FormSubmitter:login-Sign in"


def test_elements_are_plain_values() -> None:
    found = known("tabs")
    assert pickle.loads(pickle.dumps(found)) == found


# --- libraries -----------------------------------------------------------------------------------------------


def test_keys_that_libraries_write() -> None:
    assert {"authentication_status", "name", "username", "logout"} <= set(library_keys("streamlit_authenticator"))
    assert library_keys("streamlit_authenticator.views") == library_keys("streamlit_authenticator")
    assert library_keys("streamlit_auth") == library_keys("numpy") == library_keys("") == ()


def test_keys_that_calls_of_libraries_write() -> None:
    history = library_state_keyword("langchain_community.chat_message_histories", "StreamlitChatMessageHistory")
    assert history is not None
    assert (history.keyword, history.position, history.default) == ("key", 0, "langchain_messages")
    modal = library_state_keyword("streamlit_modal", "Modal")
    assert modal is not None and modal.key("help") == "help-opened"
    assert library_state_keyword("streamlit_option_menu", "option_menu") is None


# --- the stub ------------------------------------------------------------------------------------------------


def test_the_stub_is_python_and_always_the_same() -> None:
    for module in stub_modules():
        ast.parse(stub_source(module))
    script = "from streamlint.streamlit_api.stub import stub_source; print(stub_source())"
    output = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert output == stub_source() + "\n"


def test_streamlit_is_never_imported() -> None:
    script = "import sys, streamlint.streamlit_api.stub as s; s.stub_source(); print('streamlit' in sys.modules)"
    output = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert output == "False\n"


def test_the_stub_of_an_unknown_module_is_empty() -> None:
    assert stub_source("streamlit.no_such_module") == ""


@pytest.fixture(scope="module")
def streamlit_stub() -> Iterator[None]:
    """astroid sees the stub instead of an installed Streamlit, and afterwards what it saw before."""
    cache = AstroidManager().astroid_cache
    before = {name: cache.pop(name) for name in list(cache) if name.partition(".")[0] == "streamlit"}
    for name in stub_modules():
        AstroidBuilder(AstroidManager()).string_build(stub_source(name), name, f"<{name}>")
    yield
    for name in stub_modules():
        cache.pop(name, None)
    cache.update(before)


def meaning(code: str) -> str:
    node = astroid.extract_node(f"import streamlit as st\n{code}")
    assert isinstance(node, nodes.NodeNG)
    found = list(node.infer())
    assert len(found) == 1
    if isinstance(found[0], UninferableBase):
        return "unknown"
    assert isinstance(found[0], Instance | nodes.FunctionDef)
    return str(found[0].pytype())


@pytest.mark.usefixtures("streamlit_stub")
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("st.session_state", "streamlit.SessionStateProxy"),
        ("from streamlit import session_state as ss\nss", "streamlit.SessionStateProxy"),
        ("st.session_state['a']", "unknown"),
        ("st.session_state.get('a')", "unknown"),
        ("st.sidebar", "streamlit.DeltaGenerator"),
        ("st.sidebar.container()", "streamlit.DeltaGenerator"),
        ("left, right = st.columns(2)\nleft", "streamlit.DeltaGenerator"),
        ("for tab in st.tabs(['a']):\n    tab #@", "streamlit.DeltaGenerator"),
        ("with st.form('f') as form:\n    form #@", "streamlit.DeltaGenerator"),
        ("st.text_input('a')", "unknown"),
        ("st.text('a')", "streamlit.DeltaGenerator"),
        ("st.components.v1.html('a')", "streamlit.DeltaGenerator"),
        ("import streamlit.components.v1 as components\ncomponents.html('a')", "streamlit.DeltaGenerator"),
        ("def f():\n    return 1\nst.cache_data(f)()", "builtins.int"),
        ("def f():\n    return 1\nst.cache_data(ttl=3)(f)()", "builtins.int"),
        ("@st.dialog('Title')\ndef f():\n    return 1\nf", "builtins.function"),
    ],
)
def test_what_astroid_makes_of_the_stub(code: str, expected: str) -> None:
    assert meaning(code) == expected


@pytest.mark.usefixtures("streamlit_stub")
def test_methods_of_the_state_are_known_to_astroid() -> None:
    state = astroid.extract_node("import streamlit as st\nst.session_state")
    assert isinstance(state, nodes.NodeNG)
    proxy = next(state.infer())
    assert isinstance(proxy, Instance)
    assert {method.name for method in proxy.methods() if not method.name.startswith("_")} == STATE_METHODS
