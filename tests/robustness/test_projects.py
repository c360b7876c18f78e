"""Projects that are strange: imports in circles, links in circles, files that cannot be read or go meanwhile."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from .conftest import BUG, BUG_ROW, Check, command, run

needs_links = pytest.mark.skipif(os.name == "nt", reason="links need a privilege here")


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def test_imports_in_circles(check: Check, tmp_path: Path) -> None:
    st = "import streamlit as st\n"
    files = {
        "app.py": f"import a\n{st}a.show()\nst.write(st.session_state.cart)\n",
        "a.py": f"from b import *\nimport c\n{st}KEY = 'x'\ndef show(): c.show()\n",
        "b.py": f"from a import *\n{st}from c import Page\nclass Base: pass\n",
        "c.py": f"import a, b\n{st}class Page: pass\n\ndef show(): st.write(st.session_state[a.KEY])\n",
        "package/__init__.py": "from package.inner import *\nfrom . import *\n",
        "package/inner.py": f"from package import *\nfrom .inner import *\n{st}st.write(st.session_state.inner)\n",
    }
    write(tmp_path, files)
    assert check("--no-cache").seen == (
        1,
        ["app.py:4:10: STL103", "c.py:5:22: STL103", "package/inner.py:4:10: STL103"],
        "",
    )


def test_files_that_run_themselves(check: Check, tmp_path: Path) -> None:
    app = (
        "import streamlit as st\npage = st.navigation([st.Page('app.py'), st.Page('app.py', title='b')])\npage.run()\n"
    )
    switch = "import streamlit as st\nst.switch_page('switch.py')\nst.rerun()\n"
    write(tmp_path, {"app.py": app, "switch.py": switch, "bug.py": BUG})
    assert check("--no-cache").seen == (1, ["bug.py:3:10: STL103"], "")


@needs_links
def test_links_in_circles(check: Check, app: Path, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "other").symlink_to("other")
    (tmp_path / "self.py").symlink_to("self.py")
    (tmp_path / "one.py").symlink_to("two.py")
    (tmp_path / "two.py").symlink_to("one.py")
    (tmp_path / "nowhere.py").symlink_to("missing.py")
    (tmp_path / "pages" / "same.py").symlink_to(app)
    assert check("--no-cache").seen == (1, [BUG_ROW], "")
    found = check("--no-cache", "self.py", "app.py")
    assert (found.code, found.err, found.rows[0]) == (2, "", BUG_ROW)
    assert found.rows[1].startswith("self.py:1:1: io-error: ") and len(found.rows) == 2


def test_what_is_no_file_though_it_is_called_like_one(check: Check, app: Path, tmp_path: Path) -> None:
    (tmp_path / "folder.py").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.py")  # to open it would wait for a writer for ever
        os.mkfifo(tmp_path / "requirements.txt")
        os.mkfifo(tmp_path / ".gitignore")
    (tmp_path / "pages").write_text("")
    app.write_text(f"{BUG}import pipe, folder\n")
    assert check("--no-cache").seen == (1, [BUG_ROW], "")


def test_names_of_files(check: Check, tmp_path: Path) -> None:
    names = ["with space.py", "größe.py", "a\nb.py", "1.py", "class.py", "-x.py", ".hidden.py", "__init__.py"]
    write(tmp_path, dict.fromkeys(names if os.name != "nt" else names[:2], BUG))
    found = check("--no-cache", "--output-format", "json")
    assert (found.code, found.err) == (1, "")
    assert sum('"code": "STL103"' in row for row in found.rows) >= 7


@pytest.mark.skipif(os.name == "nt", reason="such a name cannot be made")
@pytest.mark.parametrize("output_format", ["full", "grouped", "json", "junit", "sarif", "gitlab", "github", "rdjson"])
def test_a_name_that_is_no_text(check: Check, tmp_path: Path, output_format: str) -> None:
    with open(os.path.join(os.fsencode(tmp_path), b"b\xff.py"), "w") as file:
        file.write(BUG)
    found = check("--no-cache", "--output-format", output_format)
    assert (found.code, found.err) == (1, "")
    assert any("STL103" in row for row in found.rows)


# --- what cannot be read


def test_unreadable_files_and_folders(obedient: list[str], app: Path, tmp_path: Path) -> None:
    write(tmp_path, {"locked.py": BUG, "inner/hidden.py": BUG, "pages/page.py": BUG})
    (tmp_path / "locked.py").chmod(0)
    (tmp_path / "inner").chmod(0)
    try:
        found = run([*obedient, *command("--no-cache")], tmp_path)
        named = run([*obedient, *command("--no-cache", "locked.py")], tmp_path)
    finally:
        (tmp_path / "inner").chmod(0o700)
    locked = "locked.py:1:1: io-error: cannot read the file: Permission denied"
    folder = "inner:1:1: io-error: cannot be listed: Permission denied"
    assert found.seen == (2, [BUG_ROW, folder, locked, "pages/page.py:3:10: STL103"], "")
    assert named.seen == (2, [locked], "")


def test_an_unreadable_module_of_an_app(obedient: list[str], tmp_path: Path) -> None:
    write(tmp_path, {"app.py": f"import locked\n{BUG}locked.draw()\n", "locked.py": BUG})
    (tmp_path / "locked.py").chmod(0)
    found = run([*obedient, *command("--no-cache")], tmp_path)
    locked = "locked.py:1:1: io-error: cannot read the file: Permission denied"
    assert found.seen == (2, ["app.py:4:10: STL103", locked], "")


def test_unreadable_settings(obedient: list[str], app: Path, tmp_path: Path) -> None:
    settings = tmp_path / "streamlint.toml"
    settings.write_text("")
    settings.chmod(0)
    found = run([*obedient, *command()], tmp_path)
    assert (found.code, found.rows) == (2, [])
    assert found.err == f"Error: {settings}: cannot be read: Permission denied\n"


@pytest.mark.parametrize("imported", [False, True])
def test_a_file_that_goes_while_others_are_read(app: Path, tmp_path: Path, imported: bool) -> None:
    write(tmp_path, {"gone.py": BUG, "app.py": "import gone\n" * imported + BUG})
    before = (
        "import os, streamlint.lint as lint; discover = lint.discover\n"
        "def found(*arguments):\n    files = discover(*arguments); os.unlink('gone.py'); return files\n"
        "lint.discover = found"
    )
    gone = "gone.py:1:1: io-error: cannot read the file: No such file or directory"
    assert run(command("--no-cache", before=before), tmp_path).seen == (
        2,
        [f"app.py:{3 + imported}:10: STL103", gone],
        "",
    )


def test_a_file_that_goes_after_it_was_read(app: Path, tmp_path: Path) -> None:
    before = (
        "import os, streamlint.flow as flow; analyse = flow.analyse_app\n"
        "def analysed(*arguments):\n    result = analyse(*arguments); os.unlink('app.py'); return result\n"
        "flow.analyse_app = analysed"
    )
    assert run(command("--output-format", "full", before=before), tmp_path).code == 1
    assert not app.exists()


def test_a_folder_that_goes_meanwhile(app: Path, tmp_path: Path) -> None:
    write(tmp_path, {"inner/other.py": BUG})
    before = (
        "import shutil, streamlint.project.discovery as d; listed = d._Walk._list\n"
        "def _list(self, folder, *rest):\n    listed(self, folder, *rest); shutil.rmtree('inner', ignore_errors=True)\n"
        "d._Walk._list = _list"
    )
    found = run(command("--no-cache", before=before), tmp_path)
    assert found.seen == (2, [BUG_ROW, "inner:1:1: io-error: No such file or directory"], "")


def test_a_working_directory_that_is_gone(tmp_path: Path) -> None:
    script = "mkdir gone && cd gone && rmdir ../gone && exec " + " ".join(f"'{word}'" for word in command())
    done = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "streamlint: [Errno 2] No such file or directory\n"


# --- other files that are read


@pytest.mark.parametrize("name", ["requirements.txt", "uv.lock", "poetry.lock", "Pipfile.lock", ".gitignore"])
@pytest.mark.parametrize(
    "data", [b"\0\xff\xfe", b"streamlit==\n[[[[", b"[" * 5000, b"a = " + b"[" * 5000 + b"]" * 5000, b"{" * 5000]
)
def test_what_others_own_is_read_as_far_as_it_goes(check: Check, app: Path, name: str, data: bytes) -> None:
    """Only what is ours to judge is judged: a broken lock file or the settings of another tool end no run."""
    (app.parent / ".git").mkdir()
    (app.parent / name).write_bytes(data)
    assert check("--no-cache").seen == (1, [BUG_ROW], "")


@pytest.mark.parametrize("name", ["streamlint.toml", "pyproject.toml", "ruff.toml"])
@pytest.mark.parametrize("data", [b"\0", b"\xff\xfe", b"a = " + b"[" * 5000, b"[tool.streamlint]\nselect = {{"])
def test_settings_that_are_no_toml_are_said_in_one_line(check: Check, app: Path, name: str, data: bytes) -> None:
    (app.parent / name).write_bytes(data)
    found = check("--no-cache")
    assert (found.code, found.rows) == (2, [])
    assert found.err.startswith(f"Error: {app.parent / name}: ") and found.err.count("\n") == 1
