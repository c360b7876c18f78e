"""`--fix` and its relatives say and do what Ruff's do."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from reports import Streamlint

BEFORE = """\
import streamlit as st

if "a" not in st.session_state:
    st.session_state.a = 1
if st.session_state.get("b") is None:
    st.session_state.b = 2
"""
SAFE = BEFORE.replace('''\
if "a" not in st.session_state:
    st.session_state.a = 1
''', 'st.session_state.setdefault("a", 1)\n')  # fmt: skip
ALL = SAFE.replace('''\
if st.session_state.get("b") is None:
    st.session_state.b = 2
''', 'st.session_state.setdefault("b", 2)\n')  # fmt: skip
DIFF = """\
@@ -1,6 +1,5 @@
 import streamlit as st
 
-if "a" not in st.session_state:
-    st.session_state.a = 1
+st.session_state.setdefault("a", 1)
 if st.session_state.get("b") is None:
     st.session_state.b = 2

"""  # noqa: W293 - so are diffs
FLAGS = ("check", "--isolated", "--no-cache", "--select", "STL501", "--output-format", "concise")


@pytest.fixture
def app(tmp_path: Path) -> Path:
    path = tmp_path / "app.py"
    path.write_text(BEFORE)
    return path


def last(text: str, number: int = 1) -> list[str]:
    return text.splitlines()[-number:]


def test_what_can_be_fixed_is_marked_and_counted(streamlint: Streamlint, app: Path) -> None:
    done = streamlint(*FLAGS, "app.py")
    assert [" [*] " in line for line in done.out.splitlines()[:2]] == [True, False]
    assert last(done.out, 2) == [
        "Found 2 errors.", "[*] 1 fixable with `--fix` (1 unsafe fix available with `--fix --unsafe-fixes`).",
    ]  # fmt: skip
    assert (done.code, app.read_text()) == (1, BEFORE)


def test_unsafe_fixes_count_where_they_are_asked_for(streamlint: Streamlint, app: Path) -> None:
    done = streamlint(*FLAGS, "--unsafe-fixes", "app.py")
    assert last(done.out) == ["[*] 2 fixable with `--fix`."]
    assert app.read_text() == BEFORE


def test_fix_makes_the_safe_fixes(streamlint: Streamlint, app: Path) -> None:
    done = streamlint(*FLAGS, "--fix", "app.py")
    assert app.read_text() == SAFE
    assert last(done.out, 2) == [
        "Found 2 errors (1 fixed, 1 remaining).", "1 unsafe fix available with `--fix --unsafe-fixes`.",
    ]  # fmt: skip
    assert done.code == 1


def test_fix_makes_all_fixes_where_that_is_asked_for(streamlint: Streamlint, app: Path) -> None:
    done = streamlint(*FLAGS, "--fix", "--unsafe-fixes", "app.py")
    assert app.read_text() == ALL
    assert (done.out, done.code) == ("Found 2 errors (2 fixed, 0 remaining).\n", 0)


def test_fix_only_is_content_with_what_is_left(streamlint: Streamlint, app: Path) -> None:
    done = streamlint(*FLAGS, "--fix-only", "app.py")
    assert app.read_text() == SAFE
    assert (done.out, done.code) == ("Fixed 1 error (1 additional fix available with `--unsafe-fixes`).\n", 0)
    again = streamlint(*FLAGS, "--fix-only", "app.py")
    assert (again.out, again.code) == ("No errors fixed (1 fix available with `--unsafe-fixes`).\n", 0)


def test_exit_non_zero_on_fix(streamlint: Streamlint, app: Path) -> None:
    assert streamlint(*FLAGS, "--fix", "--unsafe-fixes", "--exit-non-zero-on-fix", "app.py").code == 1
    app.write_text(BEFORE)
    assert streamlint(*FLAGS, "--fix-only", "--exit-non-zero-on-fix", "app.py").code == 1
    app.write_text(BEFORE)
    assert streamlint(*FLAGS, "--fix", "--exit-non-zero-on-fix", "--exit-zero", "app.py").code == 0


def test_show_fixes_lists_them(streamlint: Streamlint, app: Path) -> None:
    done = streamlint(*FLAGS, "--fix-only", "--unsafe-fixes", "--show-fixes", "app.py")
    assert done.out == "\nFixed 2 errors:\n- app.py:\n    2 × STL501 (use-setdefault)\n\nFixed 2 errors.\n"


def test_a_diff_changes_nothing(streamlint: Streamlint, app: Path) -> None:
    done = streamlint(*FLAGS, "--diff", "app.py")
    said = "Would fix 1 error (1 additional fix available with `--unsafe-fixes`).\n"
    assert done.out == f"--- app.py\n+++ app.py\n{DIFF}{said}"
    assert (done.code, app.read_text()) == (1, BEFORE)
    app.write_text(SAFE)
    none = streamlint(*FLAGS, "--diff", "app.py")
    assert (none.out, none.code) == ("No errors would be fixed (1 fix available with `--unsafe-fixes`).\n", 0)


def test_quiet_prints_diffs_only(streamlint: Streamlint, app: Path) -> None:
    assert streamlint(*FLAGS, "--diff", "--quiet", "app.py").out == f"--- app.py\n+++ app.py\n{DIFF}"
    assert streamlint(*FLAGS, "--fix-only", "--quiet", "app.py").out == ""


def test_json_after_a_fix_has_what_is_left(streamlint: Streamlint, app: Path) -> None:
    (row,) = json.loads(streamlint(*FLAGS, "--fix", "--output-format", "json", "app.py").out)
    assert row["location"]["row"] == 4
    assert row["fix"] == {
        "applicability": "unsafe",
        "edits": [
            {
                "content": 'st.session_state.setdefault("b", 2)',
                "end_location": {"column": 27, "row": 5},
                "location": {"column": 1, "row": 4},
            }
        ],
        "message": "Replace with `setdefault`",
    }


def test_sarif_has_the_fixes(streamlint: Streamlint, app: Path) -> None:
    report = json.loads(streamlint(*FLAGS, "--output-format", "sarif", "app.py").out)
    (fix,) = report["runs"][0]["results"][0]["fixes"]
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"]["uri"] == app.as_uri()
    assert change["replacements"][0]["insertedContent"]["text"] == 'st.session_state.setdefault("a", 1)'


def test_the_full_format_shows_the_fix(streamlint: Streamlint, app: Path) -> None:
    done = streamlint(*FLAGS[:-1], "full", "app.py")
    assert (
        """\
fix: Replace with `setdefault`
  |
2 |
  - if "a" not in st.session_state:
  -     st.session_state.a = 1
3 + st.session_state.setdefault("a", 1)
4 | if st.session_state.get("b") is None:
  |
docs:"""
        in done.out
    )
    assert "note: This is an unsafe fix and may change runtime behavior\n" in done.out


# --- stdin ---------------------------------------------------------------------------------------------------


def test_stdin_is_fixed_to_stdout(streamlint: Streamlint) -> None:
    done = streamlint(*FLAGS, "--fix", "-", stdin=BEFORE)
    assert (done.out, done.code) == (SAFE, 1)
    assert "Found 2 errors (1 fixed, 1 remaining).\n" in done.err


def test_stdin_without_anything_to_fix_comes_back(streamlint: Streamlint) -> None:
    text = "import streamlit as st\r\n\r\nst.text('ä')"
    assert streamlint(*FLAGS, "--fix", "-", stdin=text).out == text
    broken = streamlint(*FLAGS, "--fix", "-", stdin="import streamlit\ndef f(:\n")
    assert (broken.out, broken.code) == ("import streamlit\ndef f(:\n", 1)


def test_a_diff_of_stdin(streamlint: Streamlint) -> None:
    done = streamlint(*FLAGS, "--diff", "-", stdin=BEFORE)
    assert (done.out, done.code) == (DIFF, 1)
    named = streamlint(*FLAGS, "--diff", "-", "--stdin-filename", "foo.py", stdin=BEFORE)
    assert named.out == f"--- foo.py\n+++ foo.py\n{DIFF}"


# --- files ---------------------------------------------------------------------------------------------------


def test_mode_encoding_mark_and_line_ends_stay(streamlint: Streamlint, tmp_path: Path) -> None:
    latin, marked = tmp_path / "latin.py", tmp_path / "marked.py"
    text = "# coding: latin-1\n" + BEFORE + "# größe\n"
    latin.write_bytes(text.encode("latin-1"))
    latin.chmod(0o750)
    marked.write_bytes(b"\xef\xbb\xbf" + BEFORE.replace("\n", "\r\n").encode())
    assert streamlint(*FLAGS, "--fix-only", "--unsafe-fixes", ".").code == 0
    assert latin.read_bytes() == ("# coding: latin-1\n" + ALL + "# größe\n").encode("latin-1")
    assert marked.read_bytes() == b"\xef\xbb\xbf" + ALL.replace("\n", "\r\n").encode()
    if os.name != "nt":
        assert stat.S_IMODE(latin.stat().st_mode) == 0o750
    assert sorted(path.name for path in tmp_path.iterdir()) == ["latin.py", "marked.py"]


def test_a_suppressed_finding_is_not_fixed(streamlint: Streamlint, app: Path) -> None:
    text = BEFORE.replace("state:", "state:  # noqa: STL501")
    app.write_text(text)
    assert streamlint(*FLAGS, "--fix", "app.py").code == 1
    assert app.read_text() == text
