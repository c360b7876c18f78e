"""`streamlint check` as a process of its own, in a folder that has one bug and one oddity."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from processes import run_module

BUG = "import streamlit as st\n\nst.write(st.session_state.cart)\n"
BUG_ROW = "app.py:3:10: STL103"


@dataclass(frozen=True)
class Outcome:
    """What a run said: its exit code, the rows of its output (`path:row:column: CODE` of findings, all of the rest)
    without the summary, and stderr."""

    code: int
    rows: list[str]
    err: str

    @property
    def seen(self) -> tuple[int, list[str], str]:
        """All of it, to be compared at once."""
        return self.code, self.rows, self.err


Check = Callable[..., Outcome]


def outcome(code: int, out: str, err: str) -> Outcome:
    lines = [line for line in out.splitlines() if not line.startswith(("Found ", "All checks passed!"))]
    return Outcome(code, [_row(line) for line in lines], err)


def _row(line: str) -> str:
    """`app.py:3:10: STL103 words` to `app.py:3:10: STL103`; what is no finding stays whole."""
    place, _, rest = line.partition(" ")
    return f"{place} {rest.split()[0]}" if rest.startswith("STL") else line


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """An app with one bug, which must be reported whatever lies beside it."""
    path = tmp_path / "app.py"
    path.write_text(BUG)
    return path


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Runs `streamlint check` with arguments in the folder of the test."""

    def run(*arguments: str, cwd: Path = tmp_path) -> Outcome:
        done = run_module("streamlint_cli", "check", "--output-format", "concise", *arguments, cwd=cwd)
        return outcome(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


def command(*arguments: str, before: str = "") -> list[str]:
    """The same with a process that shares nothing with others; `before` is Python to run in it first."""
    flags = ["check", "--output-format", "concise", *arguments]
    script = f"import sys\n{before}\nfrom streamlint_cli.__main__ import main\nmain()"
    return [sys.executable, "-c", script, *flags]


def run(words: Sequence[str], folder: Path) -> Outcome:
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
    return outcome(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def obedient() -> list[str]:
    """What to put in front of a command so that permissions bind it: nothing, or as root, what gives up that right."""
    import os

    if os.name == "nt":
        pytest.skip("permissions work otherwise here")
    if os.geteuid() != 0:
        return []
    words = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all", "--"]
    if shutil.which("setpriv") is None or subprocess.run([*words, "true"], capture_output=True).returncode:
        pytest.skip("root is bound by no permission, and cannot give up that right here")
    return words
