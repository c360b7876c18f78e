"""Fixing settles: what touches waits, what undoes itself ends, what is no Python is not made."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlint import fixing, lint
from streamlint.findings import Applicability, Edit, Finding, Fix
from streamlint.fixes import Files, finished
from streamlint.fixing import Fixed, fix_paths
from streamlint.settings import load_settings

APP = """\
import streamlit as st

if "a" not in st.session_state:
    st.session_state.a = 1
if "b" not in st.session_state:
    st.session_state.b = 1
"""


def fixed(folder: Path, **files: str) -> Fixed:
    for name, text in files.items():
        (folder / f"{name}.py").write_bytes(text.encode())
    settings = load_settings(folder, isolated=True, overrides={"select": ["STL501"]})
    return fix_paths([folder], settings, least=Applicability.UNSAFE, cache=False)


def with_fix(monkeypatch: pytest.MonkeyPatch, build: object) -> None:
    monkeypatch.setattr(lint, "fix_of", lambda rule: build if rule.code == "STL501" else None)


def at(finding: Finding, files: Files, text: str, length: int = 3) -> Fix | None:
    path, start = finding.place.path, finding.place.span.start
    return finished("x", path, files, {path: [Edit(start, start + length, text)]})


def test_fixes_that_undo_each_other_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def swap(finding: Finding, files: Files) -> Fix | None:
        syntax = files.syntax(finding.place.path)
        assert syntax is not None
        old = syntax.text[finding.place.span.start]
        return at(finding, files, f"{old}{finding.key}{old}".translate({34: 39, 39: 34}))

    with_fix(monkeypatch, swap)
    done = fixed(tmp_path, app=APP)
    assert not done.settled
    ((_, text),) = done.texts.values()
    assert text == APP.replace('"', "'")


def test_fixes_without_end_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixing, "MAX_ROUNDS", 3)
    with_fix(monkeypatch, lambda finding, files: at(finding, files, "not not ", 0))
    assert not fixed(tmp_path, app=APP).settled


def test_fixes_that_touch_wait_for_each_other(tmp_path: Path) -> None:
    text = APP + 'if "c" not in st.session_state: st.session_state.c = 1\nst.text("on")\n'
    done = fixed(tmp_path, app=text)
    assert [finding.key for finding in done.made] == ["a", "b", "c"]
    ((_, now),) = done.texts.values()
    assert now.count("setdefault") == 3 and not done.report.findings


def test_what_would_not_parse_is_no_fix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_fix(monkeypatch, lambda finding, files: at(finding, files, "((("))
    done = fixed(tmp_path, app=APP)
    assert (done.made, dict(done.texts), done.settled) == ((), {}, True)


def test_what_the_encoding_lacks_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_fix(monkeypatch, lambda finding, files: at(finding, files, '"日"') if finding.key == "a" else None)
    assert fixed(tmp_path, app="# coding: latin-1\n" + APP).made == ()


def test_a_fix_that_fails_is_reported_and_the_rest_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(finding: Finding, files: Files) -> Fix | None:
        raise RuntimeError("no")

    with_fix(monkeypatch, fails)
    done = fixed(tmp_path, app=APP)
    assert {problem.kind for problem in done.report.problems} == {"internal"}
    assert len(done.report.findings) == 2


def test_files_that_were_not_asked_for_stay(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import state\nstate.init()\n")
    helper = (
        "import streamlit as st\ndef init():\n    if 'a' not in st.session_state:\n        st.session_state.a = 1\n"
    )
    (tmp_path / "state.py").write_text(helper)
    settings = load_settings(tmp_path, isolated=True, overrides={"select": ["STL501"]})
    assert not fix_paths([tmp_path / "app.py"], settings, cache=False).texts
    assert list(fix_paths([tmp_path], settings, cache=False).texts) == [str(tmp_path / "state.py")]
