"""The playground's own Python finds what the command line finds; `tests/docs` has it in a browser."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest
from docs_pages import ROOT, docs_cases
from linting import Reported, check
from pages import Case

CASES = docs_cases()


def playground(root: Path) -> Any:
    spec = importlib.util.spec_from_file_location("playground", ROOT / "playground" / "python" / "playground.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Playground(root)


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_it_finds_what_the_command_line_finds(case: Case, tmp_path: Path) -> None:
    case.write(tmp_path / "cli")
    found = playground(tmp_path / "app").check(dict(case.files))
    assert found["problems"] == []
    assert sorted(
        Reported(each["place"]["file"], each["place"]["line"], each["code"]) for each in found["findings"]
    ) == check(tmp_path / "cli")


def test_a_changed_text_counts_at_once(tmp_path: Path) -> None:
    here = playground(tmp_path / "app")
    bad, good = "import streamlit as st\nst.session_state.user\n", "import streamlit as st\n"
    assert [len(here.check({"app.py": text})["findings"]) for text in (bad, good, bad)] == [1, 0, 1]
    assert len(here.check({"app.py": bad, "pyproject.toml": '[tool.streamlint]\nignore = ["STL1"]'})["findings"]) == 0
    (problem,) = here.check({"app.py": bad, "pyproject.toml": "[tool.streamlint]\nfoo = 1"})["problems"]
    assert problem["file"] == "pyproject.toml" and "unknown setting `foo`" in problem["message"]
    assert len(here.check({"app.py": bad})["findings"]) == 1


def test_the_edits_of_a_fix_are_in_units_of_the_editor(tmp_path: Path) -> None:
    text = "import streamlit as st\n# \U0001f600\nif st.button('x'):\n    st.session_state.a = []\nst.session_state.a\n"
    (finding,) = playground(tmp_path / "app").check({"app.py": text})["findings"]
    units = text.encode("utf-16-le")
    place = finding["place"]
    assert units[place["from"] * 2 : place["to"] * 2].decode("utf-16-le") == "st.session_state.a"
    assert finding["fix"]["edits"]["app.py"] and finding["witness"][-1]["place"]["line"] == 5
