"""A made-up project of a stated size and shape, so that everybody measures the same.

One file in ten belongs to a Streamlit app: an entrypoint, four pages and a helper module with keys, widgets, callbacks
and guards as real apps have them, about 90 lines each. The others are plain modules of about 120 lines that no app
imports. Nothing in it is random.
"""

from __future__ import annotations

from pathlib import Path

APP_FILES = 6
PLAIN_PER_APP = 54


def make(folder: Path, files: int) -> None:
    """Write a project of so many Python files into an empty folder."""
    (folder / "pyproject.toml").write_text('[project]\nname = "corpus"\nversion = "1"\n', encoding="utf-8")
    written = 0
    group = 0
    while written < files:
        for name, text in [*_app(group), *_plain(group)][: files - written]:
            path = folder / f"group_{group}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            written += 1
        group += 1


def _app(number: int) -> list[tuple[str, str]]:
    pages = [(f"app/pages/{i}_page.py", _page(i)) for i in range(1, APP_FILES - 1)]
    return [("app/main.py", _page(0)), ("app/common.py", _common(number)), *pages]


def _common(number: int) -> str:
    keys = "\n".join(f'    st.session_state.setdefault("key_{i}", {i})' for i in range(20))
    helpers = "\n".join(
        f"""
def show_{i}(rows):
    \"\"\"Draws part {i}.\"\"\"
    if "filter_{i}" not in st.session_state:
        st.session_state["filter_{i}"] = "all"
    choice = st.selectbox("Filter {i}", ["all", "new", "old"], key="filter_{i}")
    found = [row for row in rows if choice == "all" or row == st.session_state["filter_{i}"]]
    st.write(len(found), found)
    return found
"""
        for i in range(6)
    )
    return f'''"""What the pages of app {number} share."""

import streamlit as st


def start():
    """Sets what every page needs."""
{keys}


def count(key):
    st.session_state[key] += 1

{helpers}'''


def _page(number: int) -> str:
    blocks = "\n".join(
        f"""
st.header("Section {i}")
left, right = st.columns(2)
with left:
    name_{i} = st.text_input("Name {i}", key="name_{number}_{i}")
    st.button("More {i}", key="more_{number}_{i}", on_click=common.count, args=("key_{i}",))
with right:
    if st.session_state["key_{i}"] > 3 and name_{i}:
        st.session_state["found_{number}_{i}"] = common.show_{i % 6}(["new", "old", name_{i}])
    if "found_{number}_{i}" in st.session_state:
        st.write(st.session_state["found_{number}_{i}"])
"""
        for i in range(6)
    )
    return f"""import streamlit as st

import common

st.set_page_config(page_title="Page {number}")
common.start()
if not st.session_state.get("user"):
    with st.form("login_{number}"):
        user = st.text_input("User")
        if st.form_submit_button("Log in"):
            st.session_state["user"] = user
            st.rerun()
    st.stop()
st.write("Hello", st.session_state["user"])
{blocks}"""


def _plain(group: int) -> list[tuple[str, str]]:
    return [(f"package_{i % 6}/module_{i}.py", _module(group, i)) for i in range(PLAIN_PER_APP)]


def _module(group: int, number: int) -> str:
    functions = "\n".join(
        f'''
def transform_{i}(rows, limit={i}, *, strict=False):
    """Filters and reshapes rows, as step {i} does."""
    result = {{}}
    for index, row in enumerate(rows):
        if strict and row is None:
            raise ValueError(f"row {{index}} of {number} is empty")
        if index > limit:
            break
        result[index] = [value * {i} for value in (row or ()) if value]
    return sorted(result.items(), key=lambda item: (len(item[1]), item[0]))
'''
        for i in range(9)
    )
    return f'"""Module {number} of group {group}."""\n\nimport json\nimport os\n\n{functions}'
