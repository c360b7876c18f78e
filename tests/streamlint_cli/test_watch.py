"""`streamlint check --watch`, as who leaves it open in a terminal sees it. Every step waits for what is said, none for
a clock."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest
from reports import Streamlint

pytest.importorskip("watchfiles")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and pseudo terminals")

WATCHING = "Watching for file changes. Press Ctrl-C to stop."
CLEAN = "import streamlit as st\n\nst.title('Hello')\n"
OTHER = "import streamlit as st\n\nst.write(st.session_state.other)\n"
TELLING = (
    "import sys, streamlint.flow as flow\n"
    "analyse = flow.analyse_app\n"
    "def told(index, app, *rest):\n"
    "    print('analysed', app.entry.rpartition('/')[2])\n"
    "    return analyse(index, app, *rest)\n"
    "flow.analyse_app = told\n"
    "from streamlint_cli.main import main; main(sys.argv[1:])"
)
"""The command line that also says which apps are analysed."""


class Watching:
    """A process that watches; what it prints goes to one pipe."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert process.stdout is not None
        self._out: IO[str] = process.stdout

    def check(self) -> str:
        """What the next check says, once it is done."""
        said = ""
        for line in self._out:
            if line.strip() == WATCHING:
                return said
            said += line
        raise AssertionError(f"it ended: {said}")

    def until(self, words: str) -> str:
        """The first check from now on that says these words: an editor may need two steps for what is one to us."""
        while words not in (said := self.check()):
            pass
        return said

    def line(self) -> str:
        """The next line, whatever it says."""
        return self._out.readline()

    def interrupt(self) -> tuple[int, str]:
        """Ctrl-C: the exit code, and what is still said."""
        self._process.send_signal(signal.SIGINT)
        rest = self._out.read()
        return self._process.wait(), rest


Watch = Callable[..., Watching]


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    """Starts `streamlint check --watch` with more arguments; ends it with the test."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, program: tuple[str, ...] = ("-m", "streamlint_cli")) -> Watching:
        command = [sys.executable, "-u", *program, "check", "--watch", "--output-format", "concise", *arguments]
        env = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
        process = subprocess.Popen(
            command, cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        started.append(process)
        return Watching(process)

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_what_is_wrong_now_and_how_fast_it_was_found(watch: Watch, app: Path) -> None:
    watching = watch()
    lines = watching.check().splitlines()
    assert lines[0].startswith("app.py:3:10: STL103 ") and lines[1] == "Found 1 error."
    assert lines[-1].startswith("Checked 1 file in ") and lines[-1].endswith(" s.")
    app.write_text(CLEAN)
    assert watching.until("All checks passed!").startswith("All checks passed!\nChecked 1 file in ")
    app.write_text(OTHER)
    assert watching.until("STL103").startswith("app.py:3:10: STL103 ")


def test_ctrl_c_is_how_it_ends(watch: Watch, app: Path) -> None:
    watching = watch()
    watching.check()
    assert watching.interrupt() == (0, ""), "no traceback, and no failure though there are findings"


def test_files_come_and_go(watch: Watch, app: Path, tmp_path: Path) -> None:
    watching = watch()
    watching.check()
    (tmp_path / "more.py").write_text(OTHER)
    assert "more.py:3:10: STL103" in watching.until("Checked 2 files")
    (tmp_path / "more.py").rename(tmp_path / "moved.py")
    assert "more.py" not in watching.until("moved.py:3:10: STL103")
    app.unlink()
    assert "app.py" not in watching.until("Checked 1 file ")


def test_whole_folders_come_and_go(watch: Watch, app: Path, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    watching = watch()
    watching.check()
    shutil.copytree(app.parent, (elsewhere := tmp_path.with_name(f"{tmp_path.name}-pages")) / "app")
    (elsewhere / "app").rename(tmp_path / "views")
    assert "views/app.py" in watching.until("Checked 2 files")
    (tmp_path / "views").rename(elsewhere / "app")
    assert "views" not in watching.until("Checked 1 file ")


def test_an_editor_that_writes_a_new_file_in_place_of_the_old_one(watch: Watch, app: Path, tmp_path: Path) -> None:
    watching = watch()
    watching.check()
    (tmp_path / ".app.py.swp").write_text(CLEAN)
    (tmp_path / ".app.py.swp").replace(app)
    assert "STL103" not in watching.until("All checks passed!")


def test_settings_change(watch: Watch, app: Path, tmp_path: Path) -> None:
    settings = tmp_path / "streamlint.toml"
    settings.write_text("")
    watching = watch()
    assert "STL103" in watching.check()
    settings.write_text("ignore = ['STL103']\n")
    watching.until("All checks passed!")
    settings.write_text("ignore = ['STL1\n")
    assert "streamlint.toml: not valid TOML" in watching.until("Error: ")
    settings.unlink()
    assert "STL103" in watching.until("Found 1 error.")


def test_a_page_is_checked_again_when_its_app_changes(watch: Watch, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "streamlint.toml").write_text("")
    (tmp_path / "app.py").write_text("import streamlit as st\nimport state\n\nst.title('x')\n")
    (tmp_path / "state.py").write_text("import streamlit as st\n\n\ndef begin():\n    pass\n")
    page = "import streamlit as st\nimport state\n\nstate.begin()\nst.write(st.session_state.cart)\n"
    (tmp_path / "pages" / "orders.py").write_text(page)
    watching = watch("pages/orders.py")
    assert "STL103" in watching.check()
    (tmp_path / "state.py").write_text("import streamlit as st\n\n\ndef begin():\n    st.session_state.cart = []\n")
    assert "STL103" not in watching.until("All checks passed!")


def test_only_what_changed_is_analysed_again(watch: Watch, app: Path, tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text(OTHER)
    watching = watch("--no-cache", program=("-c", TELLING))
    said = watching.check()
    assert "analysed app.py" in said and "analysed other.py" in said
    app.write_text(CLEAN)
    said = watching.until("analysed")
    assert "analysed app.py" in said and "analysed other.py" not in said
    assert "other.py:3:10: STL103" in said, "and is still reported"


def test_fixes_are_made_as_soon_as_there_is_something_to_fix(watch: Watch, app: Path) -> None:
    app.write_text(CLEAN)
    watching = watch("--fix", "--unsafe-fixes")
    watching.check()
    app.write_text(OTHER)
    watching.until("Found 1 error (1 fixed, 0 remaining).")
    assert 'st.session_state.get("other")' in app.read_text()
    watching.until("All checks passed!")
    app.write_text(OTHER.replace("other", "another"))
    watching.until("Found 1 error (1 fixed, 0 remaining).")


def test_a_diff_changes_nothing_and_is_shown_again(watch: Watch, app: Path) -> None:
    watching = watch("--diff", "--unsafe-fixes")
    assert "Would fix 1 error." in watching.check()
    app.write_text(app.read_text() + "st.title('x')\n")
    watching.until("Would fix 1 error.")
    assert ".get(" not in app.read_text()


def test_quiet_prints_findings_only(watch: Watch, app: Path) -> None:
    app.write_text(app.read_text() + "st.write(st.session_state.other)\n")
    watching = watch("--quiet")
    lines = [watching.line() for _ in range(2)]
    assert [line.partition(" ")[0] for line in lines] == ["app.py:3:10:", "app.py:4:10:"]
    assert watching.interrupt() == (0, "")


@pytest.mark.parametrize(
    "arguments", [["-"], ["--add-noqa"], ["--statistics"], ["--show-files"], ["--show-settings"], ["--write-baseline"]]
)
def test_what_cannot_be_watched(streamlint: Streamlint, app: Path, arguments: list[str]) -> None:
    result = streamlint("check", "--watch", *arguments)
    assert (result.code, result.out) == (2, "")
    assert "--watch" in result.err and "Traceback" not in result.err


def test_wrong_settings_at_the_start_end_it(streamlint: Streamlint, app: Path) -> None:
    result = streamlint("check", "--watch", "--select", "STL998")
    assert result.code == 2 and "unknown rule selector `STL998`" in result.err


def test_without_the_extra_it_says_what_to_install(app: Path, tmp_path: Path) -> None:
    code = "import sys; sys.modules['watchfiles'] = None; from streamlint_cli.main import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", code, "check", "--watch"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2 and "pip install 'streamlint[watch]'" in done.stderr


def test_a_terminal_is_cleared_before_each_check(app: Path, tmp_path: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "streamlint_cli", "check", "--watch", "--output-format", "concise"]
    process = subprocess.Popen(command, cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    screen = b""
    for text in (CLEAN, OTHER):
        screen = _until(ours, WATCHING.encode())
        app.write_text(text)
    assert b"\x1b[2J" in screen and screen.index(b"\x1b[2J") < screen.index(b"All checks passed!")
    assert b"\x1b[2J" in _until(ours, WATCHING.encode())
    process.send_signal(signal.SIGINT)
    assert process.wait() == 0
    os.close(ours)


def test_a_terminal_is_told_how_fast_a_check_was(app: Path, tmp_path: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    subprocess.run([sys.executable, "-m", "streamlint_cli", "check"], cwd=tmp_path, stdout=theirs, stderr=theirs)
    os.close(theirs)
    assert b"Checked 1 file in" in _until(ours, b" s.\r\n")
    os.close(ours)


def test_a_pipe_is_told_only_when_it_asks(streamlint: Streamlint, app: Path) -> None:
    assert "Checked" not in (silent := streamlint("check")).err + silent.out
    verbose = streamlint("check", "--verbose")
    assert verbose.out == silent.out
    assert verbose.err.splitlines()[-1].startswith("Checked 1 file in ")


def _until(terminal: int, words: bytes) -> bytes:
    """What a terminal shows up to these words."""
    shown = b""
    while words not in shown:
        shown += os.read(terminal, 65536)
    return shown
