"""A refactored app shows what it showed."""

from __future__ import annotations

from pathlib import Path

import pytest
from editor import CURSOR
from refactored import IMPORT, offers, outcome, written
from runtime.client import Runtime
from runtime.judging import failures

pytestmark = pytest.mark.runtime
CLICKS = ("run", "click +", "click +", "click -", "run")
KEYS = """\
if "n" not in st.session_state:
    st.session_state.n = 0
ss = st.session_state
if st.button("+"):
    ss.n += 1
if st.button("-"):
    ss["n"] = ss["n"] - 1
st.text(f"{st.session_state['n']} {ss.get('n')} {'n' in ss} {getattr(ss, 'n')}")
"""
VARIABLE = """\
import random
count = 0
secret = random.randint(4, 4)
if st.button("+"):
    count += 1
    st.text(f"{count} of {secret}")
if st.button("-"):
    count -= 1
st.text(secret)
"""
SCATTERED = """\
st.set_page_config(layout="wide")
st.title("App")
if "n" not in st.session_state:
    st.session_state.n = 0
if st.button("+"):
    st.session_state.n += 1


def table():
    st.session_state.setdefault("rows", ["a"])
    st.text(len(st.session_state.rows))
    st.text_input("Name", key="name")


table()
if "name" not in st.session_state:
    st.session_state.name = ""
if st.button("-"):
    st.session_state.rows.append("b")
st.text(st.session_state.n)
"""
MISSING = """\
if st.button("+"):
    st.session_state.total = 1
if st.button("-"):
    st.text(len(st.session_state.rows))
st.text("end")
"""
CASES = [
    ("Replace the guard", KEYS.replace("n = 0", "n‸ = 0")),
    ("Replace `setdefault`", 'st.session_state.setdefault("n", 0)‸\n' + KEYS[KEYS.index("ss =") :]),
    ("Write `n` in brackets", KEYS.replace("ss.n", "ss.n‸")),
    ("Write `n` in brackets (", KEYS.replace("ss.n", "ss.n‸")),
    ("Write `n` as an attribute", KEYS.replace("= ss[", "= ss[‸")),
    ("Write `n` as an attribute (", KEYS.replace("= ss[", "= ss[‸")),
    ("Extract the key", KEYS.replace("ss.n", "ss.n‸")),
    ("Keep `secret`", VARIABLE.replace("secret =", "secret‸ =")),
    ("Initialise all keys", SCATTERED.replace("st.text(st.", "st.text(‸st.")),
    ("Initialise `rows`", MISSING.replace(".rows", ".rows‸")),
]


@pytest.mark.parametrize(("title", "text"), CASES, ids=[title for title, _ in CASES])
def test_a_refactored_app_shows_the_same(title: str, text: str, streamlit: Runtime, tmp_path: Path) -> None:
    files = {"app.py": IMPORT + text}
    bad, good = tmp_path / "before", tmp_path / "after"
    bad.mkdir()
    found = [draft for draft in offers(bad, files, "app.py") if _is(draft.title, title)]
    assert len(found) == 1
    after = outcome(found[0], bad, {"app.py": files["app.py"].replace(CURSOR, "")})
    written(good, after)
    old, new = streamlit.run(bad, "app.py", CLICKS), streamlit.run(good, "app.py", CLICKS)
    assert not failures(new)
    for one, other in zip(old, new, strict=True):
        assert one.exceptions or one.shown == other.shown


def _is(title: str, wanted: str) -> bool:
    """Whether a title begins so; `(` asks for the one about the whole file."""
    return title.startswith(wanted) and ("(" in title.replace("(unsafe)", "")) is wanted.endswith("(")


def test_a_variable_that_is_kept_is_there_in_the_next_run(streamlit: Runtime, tmp_path: Path) -> None:
    files = {"app.py": IMPORT + VARIABLE.replace("count = 0", "count = 0‸")}
    (tmp_path / "before").mkdir()
    [draft] = [each for each in offers(tmp_path / "before", files, "app.py") if each.title.startswith("Keep `count`")]
    written(tmp_path / "after", outcome(draft, tmp_path / "before", {"app.py": files["app.py"].replace(CURSOR, "")}))
    steps = [*CLICKS[:-1], "click +"]
    before = streamlit.run(tmp_path / "before", "app.py", steps)
    after = streamlit.run(tmp_path / "after", "app.py", steps)
    assert before[0].shown == after[0].shown
    assert [each.shown[0] for each in before[1:3]] == ["1 of 4", "1 of 4"]
    assert [each.shown[0] for each in after[1:3]] == ["1 of 4", "2 of 4"]
