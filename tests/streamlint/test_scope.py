"""How far streamlint looks for the app of a file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlint.lint import Linter, Report, lint_paths
from streamlint.project.scope import MOST_FOLDERS
from streamlint.settings import load_settings

READ = "import streamlit as st\n\nst.write(st.session_state.cart)\n"
NAVIGATION = "import streamlit as st\nst.session_state.cart = []\nst.navigation([st.Page('views/a.py')]).run()\n"
PUT_TOGETHER = "import streamlit as st\nfrom pathlib import Path\nst.session_state.cart = []\n" + (
    "st.navigation([st.Page(Path('views', 'a.py'))]).run()\n"
)
SETS = "import streamlit as st\nfrom helper import start\nstart()\n"
HELPER = "import streamlit as st\ndef start():\n    st.session_state.setdefault('cart', [])\n"


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The folders that were listed, each as often as it was."""
    folders: list[str] = []
    real = os.scandir

    def counting(path: str) -> object:
        folders.append(os.fspath(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", counting)
    yield folders


def put(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def clutter(root: Path) -> None:
    """Make a folder hold more folders than a small project has."""
    for number in range(MOST_FOLDERS + 50):
        (root / f"other{number}" / "deep").mkdir(parents=True)
    put(root, {"other7/app.py": READ, "other7/deep/app.py": READ})


def lint(path: Path) -> Report:
    return lint_paths([path], load_settings(path), cache=False)


def reported(report: Report, root: Path) -> list[str]:
    return [Path(finding.place.path).relative_to(root).as_posix() for finding in report.findings]


def test_a_script_in_a_large_tree_has_its_own_folder_only(tmp_path: Path, listed: list[str]) -> None:
    clutter(tmp_path)
    put(tmp_path, {"a.py": SETS, "helper.py": HELPER, "b.py": READ, "pages/p.py": READ})
    report = lint(tmp_path / "a.py")
    assert (reported(report, tmp_path), report.statistics.apps) == ([], 1)
    assert len(listed) <= MOST_FOLDERS + 10
    # The page is one of `a.py`, where only the other script sets the key, and of `b.py`, where nothing does.
    assert set(reported(lint(tmp_path / "pages/p.py"), tmp_path)) == {"pages/p.py"}
    assert reported(lint(tmp_path / "b.py"), tmp_path) == ["b.py"]


def test_a_large_folder_that_is_named_is_walked(tmp_path: Path) -> None:
    clutter(tmp_path)
    put(tmp_path, {"b.py": READ})
    assert reported(lint(tmp_path), tmp_path) == ["b.py", "other7/app.py", "other7/deep/app.py"]


def test_a_large_project_is_one(tmp_path: Path) -> None:
    clutter(tmp_path)
    put(tmp_path, {"requirements.txt": "streamlit", "other8/tool.py": HELPER + "st.session_state.cart\n"})
    put(tmp_path, {"x/one/main.py": "import streamlit as st\nimport other8.tool\nst.title('x')\n"})
    assert lint(tmp_path / "other8/tool.py").statistics.apps == lint(tmp_path).statistics.apps - 2 == 1


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("entry", [NAVIGATION, PUT_TOGETHER])
def test_a_view_below_the_working_directory_has_its_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str, large: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    put(
        tmp_path,
        {"views/a.py": READ, "app.py": entry} if not large else {"shop/views/a.py": READ, "shop/app.py": entry},
    )
    if large:
        clutter(tmp_path)
    for name in ("shop", "shop/views/a.py", "shop/app.py") if large else (".", "views/a.py", "app.py"):
        report = lint(Path(name))
        assert (reported(report, tmp_path), report.statistics.apps) == ([], 1), name


def test_elsewhere_a_script_stands_for_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, {"views/a.py": READ, "app.py": NAVIGATION, "here/x.py": ""})
    monkeypatch.chdir(tmp_path / "here")
    assert load_settings(tmp_path / "views/a.py").root == tmp_path / "views"
    assert load_settings(tmp_path).root == tmp_path


def test_a_home_folder_is_no_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listed: list[str]) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    clutter(tmp_path)
    put(tmp_path, {".streamlit/config.toml": "", "shop/app.py": READ, "a.py": READ})
    assert load_settings(tmp_path / "shop/app.py").root == tmp_path / "shop"
    for name in ("shop/app.py", "a.py"):
        listed.clear()
        report = lint(tmp_path / name)
        assert (reported(report, tmp_path), report.statistics.apps) == ([name], 1)
        assert len(listed) <= MOST_FOLDERS + 10
    monkeypatch.chdir(tmp_path)
    assert load_settings(Path("shop/app.py")).root == tmp_path / "shop"


def test_a_question_about_one_file_after_the_other_gives_the_same(tmp_path: Path) -> None:
    clutter(tmp_path)
    put(tmp_path, {"a.py": SETS, "helper.py": HELPER, "b.py": READ})
    linter = Linter(load_settings(tmp_path), cache=False)
    alone = [
        place
        for name in ("a.py", "b.py", "other7/app.py")
        for place in reported(linter.lint([tmp_path / name]), tmp_path)
    ]
    assert alone == ["b.py", "other7/app.py"]


def test_what_an_editor_holds_counts_in_a_large_tree(tmp_path: Path) -> None:
    clutter(tmp_path)
    put(tmp_path, {"a.py": READ})
    entry = str(tmp_path / "shop/app.py")
    view = str(tmp_path / "shop/views/a.py")
    linter = Linter(load_settings(tmp_path), overlays={entry: NAVIGATION, view: READ}, cache=False)
    assert reported(linter.lint([view]), tmp_path) == []
    linter.replace(entry, NAVIGATION.replace("st.session_state.cart = []", ""))
    assert reported(linter.lint([view]), tmp_path) == ["shop/views/a.py"]
