"""Known findings stay quiet, new ones fail, and what is fixed leaves the baseline."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from reports import Streamlint

APP = """import streamlit as st


def show():
    st.write(st.session_state.cart)


show()
st.write(st.session_state.total)
"""
NAME = ".streamlint-baseline.json"
OUT_OF_CI = {"CI": ""}


@pytest.fixture
def baseline(streamlint: Streamlint, tmp_path: Path) -> Path:
    """A project with two findings, which its baseline has."""
    (tmp_path / "app.py").write_text(APP)
    done = streamlint("check", "--write-baseline")
    assert (done.code, done.out, done.err) == (0, f"Wrote 2 findings to {NAME}.\n", "")
    return tmp_path / NAME


def keys(file: Path) -> list[str]:
    entries = json.loads(file.read_text())["files"]
    return sorted(entry["key"] for path in entries for entry in entries[path])


def test_known_findings_are_quiet(streamlint: Streamlint, baseline: Path) -> None:
    done = streamlint("check")
    assert (done.code, done.out) == (0, "All checks passed!\nThe baseline has 2 more findings.\n")
    assert streamlint("check", "--output-format", "json").out == "[]\n"


def test_they_can_be_shown_all_the_same(streamlint: Streamlint, baseline: Path) -> None:
    assert streamlint("check", "--no-baseline").code == 1


def test_new_findings_fail(streamlint: Streamlint, baseline: Path, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP + "st.write(st.session_state.discount)\n")
    done = streamlint("check", "--output-format", "concise")
    assert done.code == 1
    assert done.out.splitlines()[0].startswith("app.py:10:10: STL103 nothing in the app sets `discount`")
    assert "Found 1 error." in done.out


def test_a_second_one_of_the_same_kind_is_new(streamlint: Streamlint, baseline: Path, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP.replace("show()\nst", "show()\nif st.button('x'):\n    st.stop()\nst"))
    assert streamlint("check").code == 0
    (tmp_path / "other.py").write_text("import streamlit as st\n\nst.write(st.session_state.cart)\n")
    done = streamlint("check", "--output-format", "concise")
    assert done.code == 1 and done.out.startswith("other.py:3:10")


@pytest.mark.parametrize(
    "changed",
    [
        "# a comment\n\n\n" + APP,
        APP.replace("\n", "\r\n"),
        APP.replace("st.write(st.session_state.cart)", "st.write(\n        st.session_state.cart,\n    )"),
        APP.replace("def show():", "def display():").replace("\nshow()", "\ndisplay()"),
        APP.replace("st.write(st.session_state.total)", "if True:\n    st.write(st.session_state.total)"),
    ],
    ids=["moved", "line ends", "reformatted", "another function", "indented"],
)
def test_code_that_moves_brings_nothing_back(
    streamlint: Streamlint, baseline: Path, tmp_path: Path, changed: str
) -> None:
    (tmp_path / "app.py").write_bytes(changed.encode())
    assert streamlint("check").code == 0
    assert keys(baseline) == ["cart", "total"]


def test_a_renamed_file_brings_nothing_back(streamlint: Streamlint, baseline: Path, tmp_path: Path) -> None:
    (tmp_path / "app.py").rename(tmp_path / "main.py")
    assert streamlint("check").code == 0


def test_what_is_fixed_leaves_the_baseline(streamlint: Streamlint, baseline: Path, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP.replace("st.session_state.total", "1"))
    done = streamlint("check", env=OUT_OF_CI)
    assert (done.code, done.err) == (0, f"1 finding of the baseline is fixed and gone from {NAME}\n")
    assert keys(baseline) == ["cart"]
    (tmp_path / "app.py").write_text(APP)
    assert streamlint("check").code == 1


def test_ci_writes_nothing(streamlint: Streamlint, baseline: Path, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP.replace("st.session_state.total", "1"))
    done = streamlint("check", env={"CI": "true"})
    assert done.code == 0 and "keep the smaller" in done.err
    assert keys(baseline) == ["cart", "total"]


@pytest.mark.parametrize(
    "flags",
    [["--ignore", "STL103"], ["--select", "STL2"], ["--min-confidence", "certain"], ["other.py"], ["--diff"]],
    ids=" ".join,
)
def test_what_was_not_looked_for_is_not_fixed(
    streamlint: Streamlint, baseline: Path, tmp_path: Path, flags: list[str]
) -> None:
    (tmp_path / "other.py").write_text("import streamlit as st\n")
    streamlint("check", *flags, env=OUT_OF_CI)
    assert keys(baseline) == ["cart", "total"]


def test_a_broken_file_keeps_its_entries(streamlint: Streamlint, baseline: Path, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import streamlit as st\n(")
    assert streamlint("check", env=OUT_OF_CI).code == 1
    assert streamlint("check", "--write-baseline").code == 2
    assert keys(baseline) == ["cart", "total"]


def test_a_part_can_be_written_anew(streamlint: Streamlint, baseline: Path, tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text("import streamlit as st\n\nst.write(st.session_state.cart)\n")
    (tmp_path / "app.py").write_text("import streamlit as st\n")
    assert streamlint("check", "other.py", "--write-baseline").out == f"Wrote 1 finding to {NAME}.\n"
    assert keys(baseline) == ["cart", "cart", "total"]


def test_known_findings_are_not_fixed(streamlint: Streamlint, baseline: Path, tmp_path: Path) -> None:
    assert streamlint("check", "--fix", "--unsafe-fixes").code == 0
    assert (tmp_path / "app.py").read_text() == APP


def test_the_file_may_have_another_name_and_place(streamlint: Streamlint, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "ci").mkdir()
    assert streamlint("check", "--write-baseline", "--baseline", "ci/known.json").code == 0
    assert streamlint("check", "--baseline", "ci/known.json").code == 0
    assert streamlint("check").code == 1
    (tmp_path / "streamlint.toml").write_text('baseline = "ci/known.json"\n')
    assert streamlint("check").code == 0
    assert streamlint("check", "--isolated").code == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Expecting value"),
        ("[]", "there is no table `files`"),
        ('{"version": 9, "files": {}}', "its version is 9"),
        ('{"version": 1, "files": {"app.py": "x"}}', "no list for 'app.py'"),
        ('{"version": 1, "files": {"app.py": [{"code": 1}]}}', "not as it should be"),
        ('{"version": 1, "files": {"app.py": [{"code": "STL101", "count": -1}]}}', "not as it should be"),
        ("[" * 100_000, "is no baseline"),
        ("\0", "is no baseline"),
    ],
)
def test_a_broken_baseline_is_an_error(streamlint: Streamlint, baseline: Path, text: str, reason: str) -> None:
    baseline.write_text(text)
    done = streamlint("check")
    assert done.code == 2 and reason in done.err and "Traceback" not in done.err
    assert done.out == ""


def test_a_missing_baseline_is_an_error(streamlint: Streamlint, app: Path) -> None:
    done = streamlint("check", "--baseline", "no.json")
    assert done.code == 2 and "does not exist; `streamlint check --write-baseline` writes one" in done.err


@pytest.mark.parametrize("flag", ["--fix", "--diff", "--add-noqa", "--statistics", "--no-baseline"])
def test_writing_goes_with_nothing_else_that_is_done(streamlint: Streamlint, app: Path, flag: str) -> None:
    done = streamlint("check", "--write-baseline", flag)
    assert done.code == 2 and f"--write-baseline does not go with {flag}" in done.err


def test_the_file_is_sorted_and_the_same_each_time(streamlint: Streamlint, baseline: Path) -> None:
    text = baseline.read_text()
    streamlint("check", "--write-baseline")
    assert baseline.read_text() == text
    assert [line.strip() for line in text.splitlines()] == [
        "{",
        '"version": 1,',
        '"files": {',
        '"app.py": [',
        '{"code": "STL103", "key": "cart", "function": "show", "text": "st.session_state.cart"},',
        '{"code": "STL103", "key": "total", "text": "st.session_state.total"}',
        "]",
        "}",
        "}",
    ]
