"""The browser of these tests does as browsers do: the apps of `browser.md` were watched in one."""

from __future__ import annotations

from pathlib import Path

import pytest
from pages import Case, parse
from runtime.client import Runtime
from runtime.judging import does_as_it_says, play

pytestmark = pytest.mark.runtime
PAGE = Path(__file__).with_name("browser.md")
CASES = parse(PAGE.read_text(encoding="utf-8"), PAGE.stem)

FORM = """
import streamlit as st
with st.form("f"):
    st.text_input("inside")
    st.form_submit_button("go")
st.text_input("outside")
"""


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_a_browser_sees_what_was_watched(case: Case, streamlit: Runtime, tmp_path: Path) -> None:
    does_as_it_says(case, play(case, streamlit, tmp_path))


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ("set inside x", "is in a form"),
        ("type outside x", "is in no form"),
        ("click nothing", "nothing is called 'nothing'"),
        ("open pages/other.py", "there is no page 'pages/other.py'"),
        ("shows x", "'x' is not shown"),
    ],
)
def test_a_step_that_cannot_be_taken_says_why(step: str, why: str, streamlit: Runtime, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(FORM, encoding="utf-8")
    with pytest.raises(RuntimeError, match=why):
        streamlit.browse(tmp_path, "app.py", [["run", step]])


def test_an_exception_has_its_frames(streamlit: Runtime, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import helper\nhelper.fail()\n", encoding="utf-8")
    (tmp_path / "helper.py").write_text("def fail():\n    raise ValueError('no')\n", encoding="utf-8")
    (((outcome,),),) = (streamlit.browse(tmp_path, "app.py", [["run"]]),)
    (raised,) = outcome.exceptions
    assert (raised.type, raised.message, raised.frames) == ("ValueError", "no", (("app.py", 2), ("helper.py", 2)))


def test_a_script_that_is_no_python_is_an_exception_too(streamlit: Runtime, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("def\n", encoding="utf-8")
    (((outcome,),),) = (streamlit.browse(tmp_path, "app.py", [["run"]]),)
    assert [raised.type for raised in outcome.exceptions] == ["SyntaxError"]
