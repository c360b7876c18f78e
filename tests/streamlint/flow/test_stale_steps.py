"""What the steps to a stale value say of a run that does not draw it."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlint.lint import lint_paths
from streamlint.settings import Settings

ABOVE = 'import streamlit as st\n\nst.session_state.setdefault("n", 0)\nst.write(st.session_state.n)\n'
GUARDED = 'import streamlit as st\n\nif "n" in st.session_state:\n    st.write(st.session_state.n)\n'
CHANGE = 'if st.button("Draw lots"):\n    st.session_state.n = 7\n'


@pytest.mark.parametrize(
    ("above", "step"),
    [
        (ABOVE, "has drawn `n` with `st.write` above, and changes it only now"),
        (GUARDED, "has passed the `st.write` that draws `n` above, and changes it only now"),
    ],
    ids=["drawn", "guarded"],
)
def test_a_run_that_may_not_draw_it_has_passed_it(tmp_path: Path, above: str, step: str) -> None:
    (tmp_path / "app.py").write_text(above + CHANGE)
    [found] = lint_paths([tmp_path], Settings(tmp_path), cache=False).findings
    assert (found.code, found.witness[-1].text) == ("STL210", step)
