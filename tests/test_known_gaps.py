"""What streamlint gets wrong today, so that a change shows. What is mended moves to the page of its rule."""

from __future__ import annotations

from pathlib import Path

from linting import Reported, check

EARLY_RETURN = """\
import streamlit as st


def load_profile():
    if "token" not in st.session_state:
        return None
    st.session_state.profile = {"name": "Ann"}
    return st.session_state.profile


if st.button("Log in"):
    st.session_state.token = "secret"

if load_profile() is not None:
    st.write(st.session_state.profile["name"])
"""

def test_a_helper_that_returns_the_value_is_not_seen_as_a_test_of_the_key(tmp_path: Path) -> None:
    """Too much: `profile` is set whenever the helper returns something."""
    (tmp_path / "app.py").write_text(EARLY_RETURN)
    assert check(tmp_path) == [Reported("app.py", 15, "STL101")]
