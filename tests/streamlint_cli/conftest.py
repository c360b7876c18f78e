"""The real `streamlint`, in a process of its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from processes import run_module
from reports import Result, Streamlint

BARE_READ = "import streamlit as st\n\nst.write(st.session_state.cart)\n"


@pytest.fixture
def streamlint(tmp_path: Path) -> Streamlint:
    """Runs `streamlint` with arguments in an empty folder, without colours unless `env` says so."""

    def run(*arguments: str, stdin: str = "", env: dict[str, str] | None = None, cwd: Path = tmp_path) -> Result:
        plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
        done = run_module("streamlint_cli", *arguments, cwd=cwd, stdin=stdin.encode(), env=plain | (env or {}))
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """An app whose third line fails on every first visit: STL103, columns 10 to 31."""
    path = tmp_path / "app.py"
    path.write_text(BARE_READ)
    return path
