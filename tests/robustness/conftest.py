"""`streamlint check` as a process of its own, in a folder that has one bug and one oddity."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from outcomes import BUG, Check, Outcome, outcome
from processes import run_module


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


@pytest.fixture(scope="session")
def obedient() -> list[str]:
    """What to put in front of a command so that permissions bind it: nothing, or as root, what gives up that right."""
    if os.name == "nt":
        pytest.skip("permissions work otherwise here")
    if os.geteuid() != 0:
        return []
    words = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all", "--"]
    if shutil.which("setpriv") is None or subprocess.run([*words, "true"], capture_output=True).returncode:
        pytest.skip("root is bound by no permission, and cannot give up that right here")
    return words
