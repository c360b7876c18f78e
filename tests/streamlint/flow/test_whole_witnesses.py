"""Witnesses name what a user has to do before a page goes on far enough."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from streamlint.lint import lint_paths
from streamlint.settings import Settings

SAVE = 'if st.button("Save"):\n    st.success("Saved")\n    st.rerun()\n'
GUARDS = {
    "a test of a widget": ('if not st.checkbox("Ready"):\n    st.stop()\n', ['change `checkbox` "Ready"']),
    "two of them": (
        'name = st.text_input("Name")\nif not name:\n    st.stop()\n'
        'if not st.toggle("Ready"):\n    st.info("Not yet")\n    st.stop()\n',
        ['change `text_input` "Name"', 'change `toggle` "Ready"'],
    ),
    "a test of several": (
        'ready = bool(st.text_input("Name")) and st.checkbox("Ready")\nif not ready:\n    st.stop()\n',
        ['change `text_input` "Name"', 'change `checkbox` "Ready"'],
    ),
    "a function that ends the run": (
        'def need(what):\n    if not what:\n        st.stop()\nneed(st.file_uploader("File"))\n',
        ['change `file_uploader` "File"'],
    ),
    "a return": (
        'def page():\n    if not st.checkbox("Ready"):\n        return\n'
        + "".join(f"    {line}\n" for line in SAVE.splitlines())
        + "page()\n",
        ['change `checkbox` "Ready"'],
    ),
    "a click on another button": ('if st.button("Reload"):\n    st.rerun()\n', []),
    "a guard that lets through what it starts with": ('if st.checkbox("Off"):\n    st.stop()\n', []),
    "data": ('import json\nif not json.load(open("rows")):\n    st.stop()\n', []),
}


@pytest.mark.parametrize(("guard", "steps"), GUARDS.values(), ids=GUARDS)
def test_what_opens_the_way_is_a_step(tmp_path: Path, guard: str, steps: list[str]) -> None:
    rest = "" if "def page" in guard else SAVE
    (tmp_path / "app.py").write_text(f"import streamlit as st\n{guard}{rest}")
    [found] = lint_paths([tmp_path], Settings(tmp_path), cache=False).findings
    first, *done, last = [step.text for step in found.witness]
    assert (found.code, first) == ("STL213", "first visit of `app.py`")
    assert done == [*steps, 'click `button` "Save"'], last


TWO_WAYS = """
import json
import streamlit as st

def some(name):
    if json.load(open(name)):
        st.write("some")
        a = 1
    else:
        st.write("none")
        a = 2
    return a

if some("orders") == 1:
    if some("returns") == 2:
        if st.button("Save"):
            st.success("Saved")
            st.rerun()
"""


@pytest.mark.parametrize("seed", ["1", "2", "3", "4"])
def test_what_is_assumed_both_ways_stands_in_one_order(tmp_path: Path, seed: str) -> None:
    (tmp_path / "app.py").write_text(TWO_WAYS)
    command = [sys.executable, "-m", "streamlint_cli", "check", "--no-cache", "."]
    env = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)
    steps = [line.split("assuming ")[1] for line in done.stdout.splitlines() if "assuming" in line]
    assert steps == ["`json.load(open(name))` is false", "`json.load(open(name))` is true"]
