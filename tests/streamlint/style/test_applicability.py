"""How sure the fix of a guarded initialisation is."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlint.lint import lint_paths
from streamlint.settings import load_settings

TOP = "import streamlit as st\n\n"
BOTH = """if "a" not in st.session_state:
    st.session_state.a = 1
    st.session_state.b = []
st.text(st.session_state.a)
st.text(st.session_state.b)
"""


def applicability(folder: Path) -> list[str]:
    settings = load_settings(folder, isolated=True, overrides={"select": ["STL501"]})
    report = lint_paths([folder], settings, cache=False)
    return [finding.fix.applicability.name if finding.fix else "none" for finding in report.findings]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if 'a' not in st.session_state:\n    st.session_state.a = 1\n", "SAFE"),
        ("if not hasattr(st.session_state, 'a'):\n    st.session_state.a = [1, {'b': None}]\n", "SAFE"),
        ("if 'a' in st.session_state:\n    pass\nelse:\n    st.session_state['a'] = ()\n", "SAFE"),
        ("ONE = 1\nif 'a' not in st.session_state:\n    st.session_state.a = ONE\n", "SAFE"),
        ("if 'a' not in st.session_state:\n    st.session_state.a: int = 1\n", "SAFE"),
        ("if st.session_state.get('a') is None:\n    st.session_state.a = 1\n", "UNSAFE"),
        ("if not st.session_state.get('a'):\n    st.session_state.a = 1\n", "UNSAFE"),
        ("if 'a' not in st.session_state:\n    st.session_state.a = list()\n", "UNSAFE"),
        ("if 'a' not in st.session_state:  # noqa: X1\n    st.session_state.a = 1\n", "UNSAFE"),
    ],
)
def test_one_key(tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "app.py").write_text(TOP + text)
    assert applicability(tmp_path) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BOTH, ["SAFE"]),
        ("st.title('T')\n\n\ndef f():\n    pass\n\n\n" + BOTH, ["SAFE"]),
        ("if 'c' not in st.session_state:\n    st.session_state.c = 1\n" + BOTH, ["SAFE", "SAFE"]),
        ("if 'b' not in st.session_state:\n    st.session_state.b = 1\n" + BOTH, ["SAFE", "UNSAFE"]),
        ("if st.button('B'):\n    st.session_state.b = 1\n" + BOTH, ["UNSAFE"]),
        (BOTH + "if st.button('B'):\n    del st.session_state.b\n", ["UNSAFE"]),
        (BOTH + "if st.button('B'):\n    st.session_state.clear()\n", ["UNSAFE"]),
        (BOTH + "if st.checkbox('B'):\n    st.text_input('B', key='b')\n", ["UNSAFE"]),
    ],
)
def test_several_keys_are_safe_where_all_are_set_or_none(tmp_path: Path, text: str, expected: list[str]) -> None:
    (tmp_path / "app.py").write_text(TOP + text)
    assert applicability(tmp_path) == expected


def test_several_keys_beside_a_page_that_may_set_one_of_them(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(TOP + BOTH)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "Two.py").write_text(TOP + "st.session_state.b = [1]\n")
    assert applicability(tmp_path) == ["UNSAFE"]
