from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from streamlint.project.discovery import discover
from streamlint.settings import Settings


def tree(root: Path, *files: str) -> None:
    for name in files:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def found(root: Path, *paths: str, **settings: Any) -> list[str]:
    discovery = discover([root / path for path in paths or [""]], Settings(root, **settings))
    assert discovery.problems == ()
    assert list(discovery.files) == sorted(discovery.files)
    return [path.relative_to(root).as_posix() for path in discovery.files]


def problems(root: Path, *paths: str) -> list[str]:
    discovery = discover([root / path for path in paths], Settings(root))
    return [problem.message for problem in discovery.problems]


def test_python_files_below_a_folder(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "app.py",
        "gui.pyw",
        "stub.pyi",
        "book.ipynb",
        "README.md",
        "pages/1_😀.py",
        "a/b/c.py",
        ".hidden/x.py",
    )
    assert found(tmp_path) == [".hidden/x.py", "a/b/c.py", "app.py", "gui.pyw", "pages/1_😀.py"]


def test_default_excludes(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "app.py",
        ".venv/x.py",
        "a/node_modules/x.py",
        ".git/x.py",
        "venv",
        "b/site-packages/x.py",
        "dist/x.py",
    )
    assert found(tmp_path) == ["app.py"]


@pytest.mark.parametrize(
    ("glob", "left"),
    [
        ("a", ["c/b.py", "x.py"]),
        ("a/b.py", ["a/d.py", "c/b.py", "x.py"]),
        ("b.py", ["a/d.py", "x.py"]),
        ("*/b.py", ["a/d.py", "x.py"]),
        ("[ac]/*", ["x.py"]),
        ("{a,c}", ["x.py"]),
        ("a/", ["c/b.py", "x.py"]),
        ("b", ["a/b.py", "a/d.py", "c/b.py", "x.py"]),
    ],
)
def test_excludes(tmp_path: Path, glob: str, left: list[str]) -> None:
    tree(tmp_path, "a/b.py", "a/d.py", "c/b.py", "x.py")
    assert found(tmp_path, extend_exclude=(glob,)) == left
    assert found(tmp_path, exclude=(glob,)) == left


def test_what_is_named_is_checked(tmp_path: Path) -> None:
    tree(tmp_path, "venv/a.py", "venv/b.py", "script", "x.py")
    put(tmp_path / ".gitignore", "x.py\n")
    assert found(tmp_path, "venv/a.py", "script", "x.py") == ["script", "venv/a.py", "x.py"]
    assert found(tmp_path, "venv") == ["venv/a.py", "venv/b.py"]


def test_of_what_is_named_ruff_does_not_take_these_for_python(tmp_path: Path) -> None:
    tree(tmp_path, "README.md", "settings.toml", "notes.txt", "script", "a.py")
    assert found(tmp_path, "README.md", "settings.toml", "notes.txt", "script", "a.py") == [
        "a.py",
        "notes.txt",
        "script",
    ]


def test_unless_exclusion_is_forced(tmp_path: Path) -> None:
    tree(tmp_path, "venv/a/b.py", "x.py", "y.py")
    assert found(tmp_path, "venv/a/b.py", "venv/a", "x.py", "y.py", force_exclude=True, extend_exclude=("x.py",)) == [
        "y.py"
    ]


def test_a_project_may_stand_in_an_excluded_folder(tmp_path: Path) -> None:
    root = tmp_path / "venv" / "project"
    tree(root, "x.py")
    assert found(root, "x.py", force_exclude=True) == ["x.py"]
    assert found(root) == ["x.py"]


def test_every_file_once(tmp_path: Path) -> None:
    tree(tmp_path, "a/x.py", "a/b/y.py")
    assert found(tmp_path, "a/b", "a/x.py", "a", "a/../a/x.py", "") == ["a/b/y.py", "a/x.py"]


def test_relative_paths_become_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path, "a/x.py")
    monkeypatch.chdir(tmp_path)
    assert discover([Path("a")], Settings(tmp_path)).files == (tmp_path / "a/x.py",)


# --- git


def test_nested_gitignores(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "gen/x.py",
        "a/gen.py",
        "a/keep_gen.py",
        "a/b/gen.py",
        "a/b/local.py",
        "local.py",
        "c/deep/x.py",
        "c/x.py",
    )
    put(tmp_path / ".gitignore", "# comment\n/gen/\n*gen.py\n!keep_gen.py\nc/deep\n\n")
    put(tmp_path / "a/b/.gitignore", "!gen.py\nlocal.py\n")
    assert found(tmp_path) == ["a/b/gen.py", "a/keep_gen.py", "c/x.py", "local.py"]
    assert "gen/x.py" in found(tmp_path, respect_gitignore=False)


def test_nothing_comes_back_out_of_an_ignored_folder(tmp_path: Path) -> None:
    tree(tmp_path, "a/x.py", "y.py")
    put(tmp_path / ".gitignore", "a/\n!a/x.py\n")
    assert found(tmp_path) == ["y.py"]


def test_the_repositorys_files_count_in_its_folders(tmp_path: Path) -> None:
    tree(tmp_path, "repo/.git/info/exclude", "repo/apps/a.py", "repo/apps/b.py", "repo/apps/c.py")
    put(tmp_path / ".gitignore", "c.py")
    put(tmp_path / "repo/.git/info/exclude", "b.py\n")
    put(tmp_path / "repo/.gitignore", "apps/a.py\n")
    assert found(tmp_path / "repo", "apps") == ["apps/c.py"]
    assert found(tmp_path / "repo") == ["apps/c.py"]


def test_a_gitignore_that_is_not_well_formed(tmp_path: Path) -> None:
    tree(tmp_path, "a.py", "b.py")
    (tmp_path / ".gitignore").write_bytes(b"!\n\xff\n  \n[\n//\na.py\r\n")
    assert found(tmp_path) == ["b.py"]


# --- links and trouble

links = pytest.mark.skipif(sys.platform == "win32", reason="making links needs rights on Windows")


@links
def test_loops_of_links_end(tmp_path: Path) -> None:
    tree(tmp_path, "a/b/x.py")
    (tmp_path / "a/b/up").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    (tmp_path / "gone.py").symlink_to(tmp_path / "nothing")
    assert found(tmp_path) == ["a/b/x.py"]


@links
def test_a_link_to_itself_is_no_file_and_is_said_when_named(tmp_path: Path) -> None:
    tree(tmp_path, "y.py")
    (tmp_path / "x.py").symlink_to(tmp_path / "x.py")
    assert found(tmp_path) == ["y.py"]
    (message,) = problems(tmp_path, "x.py")
    assert message.startswith(f"{tmp_path / 'x.py'}: ") and "symbolic links" in message


@links
def test_real_names_are_preferred(tmp_path: Path) -> None:
    tree(tmp_path, "root/z/x.py", "other/y.py", "other2.py")
    (tmp_path / "root/a").symlink_to(tmp_path / "root/z")
    (tmp_path / "root/b").symlink_to(tmp_path / "other")
    (tmp_path / "root/link.py").symlink_to(tmp_path / "root/z/x.py")
    (tmp_path / "root/link2.py").symlink_to(tmp_path / "other2.py")
    assert found(tmp_path / "root") == ["b/y.py", "link2.py", "z/x.py"]


@links
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")
def test_unreadable_folders_are_said(tmp_path: Path) -> None:
    tree(tmp_path, "a/x.py", "b/y.py")
    (tmp_path / "a").chmod(0)
    try:
        discovery = discover([tmp_path], Settings(tmp_path))
    finally:
        (tmp_path / "a").chmod(0o700)
    assert discovery.files == (tmp_path / "b/y.py",)
    assert [problem.message for problem in discovery.problems] == [
        f"{tmp_path / 'a'}: cannot be listed: Permission denied"
    ]


def test_missing_paths_are_said_with_a_near_name(tmp_path: Path) -> None:
    tree(tmp_path, "app.py")
    assert problems(tmp_path, "ap.py", "zzzzz", "no/where") == [
        f"{tmp_path / 'ap.py'}: no such file or folder; did you mean `{tmp_path / 'app.py'}`?",
        f"{tmp_path / 'no/where'}: no such file or folder",
        f"{tmp_path / 'zzzzz'}: no such file or folder",
    ]


def test_notebooks_are_refused_when_named(tmp_path: Path) -> None:
    tree(tmp_path, "book.ipynb")
    assert problems(tmp_path, "book.ipynb") == [f"{tmp_path / 'book.ipynb'}: notebooks are not supported yet"]
    assert found(tmp_path) == []


def test_odd_paths_are_said(tmp_path: Path) -> None:
    tree(tmp_path, "app.py")
    assert "embedded null" in problems(tmp_path, "a\0b")[0]
    assert "Not a directory" in problems(tmp_path, "app.py/x.py")[0] or sys.platform == "win32"
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.py")
        assert problems(tmp_path, "pipe.py") == [f"{tmp_path / 'pipe.py'}: is neither a file nor a folder"]
        assert found(tmp_path) == ["app.py"]
