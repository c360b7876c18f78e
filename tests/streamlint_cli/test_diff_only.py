"""`--diff-only`: with a real git."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from reports import Streamlint

APP = "import streamlit as st\n\nst.write(st.session_state.old)\n"
GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false")


def git(folder: Path, *words: str) -> None:
    subprocess.run((*GIT, *words), cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--initial-branch=main")
    (tmp_path / "app.py").write_text(APP)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--message", "first")
    return tmp_path


def found(streamlint: Streamlint, *flags: str) -> list[str]:
    done = streamlint("check", "--output-format", "concise", *flags)
    assert done.code in (0, 1), done.err
    return [line.partition(" STL")[0] for line in done.out.splitlines() if ".py:" in line]


def test_unchanged_lines_are_left_out(streamlint: Streamlint, repository: Path) -> None:
    assert found(streamlint) == ["app.py:3:10:"]
    assert found(streamlint, "--diff-only", "HEAD") == []
    assert streamlint("check", "--diff-only", "HEAD").code == 0


def test_changed_lines_are_reported(streamlint: Streamlint, repository: Path) -> None:
    (repository / "app.py").write_text("# moved\n" + APP + "st.write(st.session_state.new)\n")
    assert found(streamlint, "--diff-only", "HEAD") == ["app.py:5:10:"]


def test_a_finding_over_several_lines_counts_if_one_changed(streamlint: Streamlint, repository: Path) -> None:
    (repository / "app.py").write_text(APP.replace("st.session_state.old", "st.session_state[\n    'old'\n]"))
    assert found(streamlint, "--diff-only", "HEAD") == ["app.py:3:10:"]


def test_new_and_renamed_files(streamlint: Streamlint, repository: Path) -> None:
    (repository / "ümläut new.py").write_text(APP)
    git(repository, "mv", "app.py", "main.py")
    assert found(streamlint, "--diff-only", "HEAD") == ["ümläut new.py:3:10:"]
    git(repository, "add", ".")
    git(repository, "commit", "--message", "second")
    assert found(streamlint, "--diff-only", "HEAD") == []
    assert found(streamlint, "--diff-only", "HEAD~1") == ["ümläut new.py:3:10:"]


def test_lines_end_only_where_git_ends_them(streamlint: Streamlint, repository: Path) -> None:
    (repository / "app.py").write_text("import streamlit as st\n\x0c\n# \u2028 x\nst.write(st.session_state.new)\n")
    assert found(streamlint, "--diff-only", "HEAD") == ["app.py:4:10:"]


def test_from_a_folder_inside(streamlint: Streamlint, repository: Path) -> None:
    inside = repository / "apps"
    inside.mkdir()
    (inside / "more.py").write_text(APP)
    done = streamlint("check", "--diff-only", "HEAD", "--output-format", "concise", cwd=inside)
    assert done.code == 1 and done.out.startswith("more.py:3:10")


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", ""])
def test_a_revision_that_is_none(streamlint: Streamlint, repository: Path, revision: str) -> None:
    done = streamlint("check", f"--diff-only={revision}")
    assert done.code == 2 and "--diff-only" in done.err and "Traceback" not in done.err
    assert not (repository / "x").exists()


def test_outside_of_git(streamlint: Streamlint, app: Path) -> None:
    done = streamlint("check", "--diff-only", "HEAD")
    assert done.code == 2 and "not a git repository" in done.err


def test_without_git(streamlint: Streamlint, app: Path) -> None:
    done = streamlint("check", "--diff-only", "HEAD", env={"PATH": ""})
    assert done.code == 2 and "--diff-only needs git" in done.err


@pytest.mark.parametrize("flag", ["--fix", "--diff", "--add-noqa"])
def test_nothing_else_is_changed(streamlint: Streamlint, repository: Path, flag: str) -> None:
    done = streamlint("check", "--diff-only", "HEAD", flag)
    assert done.code == 2 and "does not go with" in done.err
