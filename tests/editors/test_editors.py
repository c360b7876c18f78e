"""Real editors do a real job with the server: installed by `python3 scripts/dev.py editors`, else skipped."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SESSIONS = HERE.parent.parent / "docs" / "editors" / "sessions"
SERVER = [sys.executable, "-m", "streamlint_cli", "server"]
FILES = {
    "app.py": (
        "import streamlit as st\n\n"
        'if "user" not in st.session_state:\n    st.session_state.user = "Ann"\n'
        'st.title("Home")\nst.write("👋", st.session_state.user)\n'
    ),
    "pages/Report.py": ('import streamlit as st\n\nst.header("Report")\nst.write("📊 of", st.session_state.user)\n'),
}
pytestmark = pytest.mark.editors


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def environment(home: Path) -> dict[str, str]:
    home.mkdir()
    return {
        **os.environ,
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "XDG_CACHE_HOME": str(home),
        "LC_ALL": "C.UTF-8",
    }


def session(command: list[str], project: Path, server: str, tmp_path: Path) -> list[str]:
    """What the editor wrote down."""
    out = tmp_path / "session.txt"
    variables = {**environment(tmp_path / "home"), "SERVER": server, "OUT": str(out)}
    done = subprocess.run(
        command, cwd=project, env=variables, capture_output=True, text=True, timeout=200, stdin=subprocess.DEVNULL
    )
    said = out.read_text(encoding="utf-8") if out.exists() else ""
    assert done.returncode == 0, f"{said}\n{done.stdout}\n{done.stderr}"
    return said.splitlines()


def is_mended(project: Path) -> None:
    """The key is initialised on the page too, and has another name in both files."""
    app = (project / "app.py").read_text(encoding="utf-8")
    page = (project / "pages/Report.py").read_text(encoding="utf-8")
    assert "user" not in app + page
    assert 'if "account" not in st.session_state:\n    st.session_state.account = "Ann"\n' in app
    assert page.count("account") == 2
    checked = subprocess.run(
        [sys.executable, "-m", "streamlint_cli", "check", "--no-cache", "--isolated", str(project)], capture_output=True
    )
    assert checked.returncode == 0, checked.stdout


def is_documented(name: str, lines: list[str]) -> None:
    """The session is in the documentation, word for word."""
    text = "\n".join(lines) + "\n"
    page = SESSIONS / f"{name}.txt"
    if os.environ.get("STREAMLINT_WRITE_SESSIONS"):
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == text


@pytest.mark.skipif(shutil.which("nvim") is None, reason="Neovim is not installed")
def test_neovim(project: Path, tmp_path: Path) -> None:
    command = ["nvim", "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", f"luafile {HERE / 'neovim.lua'}"]
    lines = session(command, project, json.dumps(SERVER), tmp_path)
    assert any("underlined: st.session_state.user" in line for line in lines)
    is_mended(project)
    is_documented("neovim", lines)


@pytest.mark.skipif(shutil.which("emacs") is None, reason="Emacs is not installed")
def test_emacs_with_eglot(project: Path, tmp_path: Path) -> None:
    command = ["emacs", "-q", "--batch", "-l", str(HERE / "eglot.el")]
    lines = session(command, project, "\n".join(SERVER), tmp_path)
    assert any("underlined: st.session_state.user" in line for line in lines)
    is_mended(project)
    is_documented("emacs", lines)


@pytest.mark.skipif(shutil.which("hx") is None, reason="Helix is not installed")
def test_helix(project: Path, tmp_path: Path) -> None:
    pytest.importorskip("pexpect")
    pytest.importorskip("pyte")
    from editors.helix import Helix

    out = tmp_path / "session.txt"
    hx = Helix(project, SERVER, {**environment(tmp_path / "home"), "TERM": "xterm-256color"}, out)
    try:
        hx.until("a diagnostic", "●   4")
        hx.say("opened pages/Report.py: line 4 is marked")
        hx.type("/session_state\r")
        hx.until("the message", "only another page sets")
        hx.say("went there: only another page sets `user`, …")
        hx.type(" a")
        hx.until("the menu", "STL102: Initialise `user`")
        hx.type("\r")
        hx.until("the edit", "setdefault")
        hx.say("applied: STL102: Initialise `user` (unsafe)")
        hx.until("no diagnostic", "●   6", there=False)
        hx.type(":w\r")
        hx.say("saved: no diagnostics")
        hx.type("/state.user\r")
        hx.type("l")
        hx.type(" r")
        hx.type("\x15account\r")
        hx.until("the new name", "account")
        hx.type(":wa\r")
        hx.say("renamed to account")
        hx.type(":qa!\r")
    finally:
        hx.close()
    is_mended(project)
    is_documented("helix", out.read_text(encoding="utf-8").splitlines())
