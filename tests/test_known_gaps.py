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

LABEL_LIKE_THE_KEY = """\
import streamlit as st

st.number_input("Amount", key="amount")
st.write("You pay", st.session_state.Amount)
"""


def test_a_helper_that_returns_the_value_is_not_seen_as_a_test_of_the_key(tmp_path: Path) -> None:
    """Too much: `profile` is set whenever the helper returns something."""
    (tmp_path / "app.py").write_text(EARLY_RETURN)
    assert check(tmp_path) == [Reported("app.py", 15, "STL101")]


def test_a_label_that_is_spelt_like_the_key_is_taken_for_something_that_may_set_it(tmp_path: Path) -> None:
    """The wrong code: nothing sets `Amount`, which is STL103."""
    (tmp_path / "app.py").write_text(LABEL_LIKE_THE_KEY)
    assert check(tmp_path) == [Reported("app.py", 4, "STL101")]
