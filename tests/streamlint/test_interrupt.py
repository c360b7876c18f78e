"""Work that nobody wants any more ends early, and leaves nothing half done."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlint.interrupt import Interrupted, checkpoint, interruptible
from streamlint.lint import Linter
from streamlint.settings import load_settings

PAGE = "import streamlit as st\n\n" + "\n".join(f"st.write(st.session_state.key_{n})" for n in range(20)) + "\n"


def test_an_analysis_ends_early_and_the_next_one_is_whole(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(PAGE, encoding="utf-8")
    linter = Linter(load_settings(tmp_path, isolated=True), cache=False)
    asked: list[int] = []

    def unwanted() -> bool:
        asked.append(1)
        return len(asked) > 3

    with pytest.raises(Interrupted), interruptible(unwanted):
        linter.lint([tmp_path])
    assert len(asked) == 4
    assert len(linter.lint([tmp_path]).findings) == 20


def test_work_that_is_wanted_goes_on() -> None:
    with interruptible(lambda: False):
        checkpoint()
    checkpoint()
