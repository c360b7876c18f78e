"""What depends on the release of Streamlit that an app runs on."""

from __future__ import annotations

from pathlib import Path

import pytest
from linting import check

KEYED_SUBMITS = """\
import streamlit as st

with st.form("items"):
    for i in range(2):
        st.form_submit_button("Remove", key=f"remove_{i}")
"""


@pytest.mark.parametrize("version", ["1.45", "1.67"])
def test_an_argument_that_the_release_does_not_know_makes_no_duplicate(tmp_path: Path, version: str) -> None:
    (tmp_path / "app.py").write_text(KEYED_SUBMITS, encoding="utf-8")
    assert check(tmp_path, "--select", "STL106,STL107", "--target-version", version) == []


SEEDED_EARLIER = """\
import streamlit as st

if "volume" not in st.session_state:
    st.session_state.volume = None
if st.checkbox("Show"):
    st.slider("Volume", 0, 10, key="volume")
"""


@pytest.mark.parametrize(("version", "lines"), [("1.40", []), ("1.67", [6])])
def test_a_value_of_an_earlier_run_is_looked_at_since_a_release(tmp_path: Path, version: str, lines: list[int]) -> None:
    (tmp_path / "app.py").write_text(SEEDED_EARLIER, encoding="utf-8")
    assert [found.line for found in check(tmp_path, "--select", "STL112", "--target-version", version)] == lines


RERUN_IN_A_CALLBACK = """\
import streamlit as st


def leave():
    st.switch_page("pages/other.py")


def add():
    st.session_state.n = 1
    done()


def done():
    st.rerun()


def reload():
    st.rerun()


st.button("Leave", on_click=leave)
st.button("Add", on_click=add)
st.button("Reload", on_click=reload)
if st.button("Now"):
    reload()
"""


@pytest.mark.parametrize(("version", "lines"), [("1.62", [5, 14, 18]), ("1.63", [])])
def test_a_callback_can_ask_for_another_run_since_a_release(tmp_path: Path, version: str, lines: list[int]) -> None:
    (tmp_path / "app.py").write_text(RERUN_IN_A_CALLBACK, encoding="utf-8")
    found = check(tmp_path, "--select", "STL214", "--target-version", version)
    assert [each.line for each in found] == lines
