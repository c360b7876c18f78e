"""JSON with comments: what it says, and that a recommendation is added to any of it without a loss."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlint.adopting import Drafts
from streamlint_cli.adoption import vscode
from streamlint_cli.adoption.jsonc import JsonError, tokens, value

NASTY = st.text(alphabet='ab"\\/*,[]{}: \n\té', max_size=8)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | NASTY,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NASTY, inner, max_size=3),
    max_leaves=8,
)
DOCUMENTS = st.dictionaries(NASTY, VALUES, max_size=3)
COMMENTS = st.sampled_from(["", " ", "\n", '/* "x", ] */', '// "recommendations": [\n', "\n\n  "])


@st.composite
def commented(draw: st.DrawFn) -> tuple[Mapping[str, Any], str]:
    """A document, and a text of it with comments between the tokens."""
    document = draw(DOCUMENTS)
    if draw(st.booleans()):
        document["recommendations"] = draw(st.lists(NASTY, max_size=3))
    plain = json.dumps(document, indent=draw(st.sampled_from([None, 2, "\t"])))
    parts = [draw(COMMENTS)]
    for token in tokens(plain):
        parts += [plain[token.start : token.end], draw(COMMENTS)]
    return document, "".join(parts)


@given(commented())
def test_comments_say_nothing(made: tuple[Mapping[str, Any], str]) -> None:
    document, text = made
    assert value(text) == document


@settings(max_examples=60)
@given(commented())
def test_the_recommendation_is_all_that_changes(made: tuple[Mapping[str, Any], str]) -> None:
    document, text = made
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, ".vscode", "extensions.json")
        path.parent.mkdir()
        path.write_bytes(text.encode())
        drafts = Drafts()
        gap = vscode.adopt(drafts, Path(name))
        assert gap is not None and not gap.by_hand
        (found,) = drafts.adoptions()
    known = document.get("recommendations", [])
    assert value(found.after) == {**document, "recommendations": [*known, vscode.EXTENSION]}
    assert all(comment in found.after for comment in text.splitlines() if comment.startswith("//"))


@pytest.mark.parametrize(
    "text", ["", "{", '"', "/*", '{"a": 1,, "b": 2}', "{,}", "nothing", "{} {}", '{"a" "b"}', "[" * 9999]
)
def test_what_is_none(text: str) -> None:
    with pytest.raises(JsonError):
        value(text)
