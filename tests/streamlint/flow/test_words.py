"""How what is looked for is called where the search was cut."""

from __future__ import annotations

import pytest
from streamlint.flow.suspects import Suspect, Target


@pytest.mark.parametrize(
    ("target", "element", "words"),
    [
        (Target("key", "name"), "text_input", "name"),
        (Target("form", "entry"), "form", "form entry"),
        (Target("id", ("text_area", None, "main", ("None",))), "text_area", "st.text_area without a key"),
        (Target("forbidden", ("forbidden", 1612)), "rerun", "st.rerun and its fragment"),
    ],
)
def test_no_inner_name_is_shown(target: Target, element: str, words: str) -> None:
    assert Suspect(target, element=element).words() == words
