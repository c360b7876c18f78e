"""The real pre-commit, with this repository and one for Ruff, from configurations that are pasted or written by us."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ci_pages import ROOT, blocks

pytestmark = [
    pytest.mark.adoption,
    pytest.mark.timeout(900),
    pytest.mark.skipif(shutil.which("pre-commit") is None, reason="pre-commit is not installed"),
]
APP = "import streamlit as st\nst.write(st.session_state.cart)\n"
OK = "import streamlit as st\n\nst.write('hello')\n"
RUFF_HOOKS = """\
- id: ruff-check
  name: ruff check
  entry: ruff check --force-exclude
  language: python
  types: [python]
  require_serial: true
- id: ruff-format
  name: ruff format
  entry: ruff format --force-exclude
  language: python
  types: [python]
  require_serial: true
"""
RUFF_PACKAGE = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "ruff-pre-commit-of-tests"
version = "0"
dependencies = ["ruff>=0.12"]
[tool.hatch.build.targets.wheel]
bypass-selection = true
"""


def run(folder: Path, *command: str, env: dict[str, str] | None = None) -> tuple[int, str]:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=env, timeout=600)
    return done.returncode, done.stdout + done.stderr


def git(folder: Path, *words: str) -> str:
    code, out = run(folder, "git", "-c", "user.name=a", "-c", "user.email=a@b.c", *words)
    assert code == 0, out
    return out


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which the addresses of both repositories lead to copies on the disk, with their releases."""
    folder = tmp_path_factory.mktemp("world")
    git(folder, "clone", "-q", str(ROOT), "streamlint")
    git(folder / "streamlint", "tag", "-f", "v0.1.0")
    ruff = folder / "ruff"
    ruff.mkdir()
    (ruff / ".pre-commit-hooks.yaml").write_text(RUFF_HOOKS)
    (ruff / "pyproject.toml").write_text(RUFF_PACKAGE)
    git(ruff, "init", "-q")
    git(ruff, "add", ".")
    git(ruff, "commit", "-qm", "x")
    git(ruff, "tag", "v0.12.0")
    settings = {
        f"url.{folder / 'streamlint'}.insteadOf": "https://github.com/streamlint/streamlint",
        f"url.{ruff}.insteadOf": "https://github.com/astral-sh/ruff-pre-commit",
        "protocol.file.allow": "always",
        "user.name": "a",
        "user.email": "a@b.c",
    }
    # pre-commit takes other variables of git's away.
    env = {"GIT_CONFIG_COUNT": str(len(settings))}
    for at, (key, value) in enumerate(settings.items()):
        env |= {f"GIT_CONFIG_KEY_{at}": key, f"GIT_CONFIG_VALUE_{at}": value}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return os.environ | env | {"PRE_COMMIT_HOME": str(folder / "home"), "PATH": path, "WORLD": str(folder)}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "other.py").write_text(OK.replace("'", '"'))
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    return tmp_path


def test_the_manifest_is_valid() -> None:
    assert run(ROOT, "pre-commit", "validate-manifest", ".pre-commit-hooks.yaml") == (0, "")


def test_the_repository_can_be_tried(world: dict[str, str], shop: Path) -> None:
    code, out = run(
        shop,
        "pre-commit",
        "try-repo",
        str(Path(world["WORLD"], "streamlint")),
        "streamlint",
        "--all-files",
        env=world,
    )
    assert code == 1 and "app.py:2:10" in out and "STL103" in out, out


PASTED = [block for block in blocks() if block.page == "pre-commit.md" and block.language == "yaml"]


@pytest.mark.parametrize("block", PASTED, ids=str)
def test_what_is_pasted_works(world: dict[str, str], shop: Path, block: object) -> None:
    """Ruff rewrites first, and the line that we name is the one that it leaves."""
    text = next(each.text for each in PASTED if each is block)
    (shop / ".pre-commit-config.yaml").write_text(text)
    git(shop, "add", ".")
    code, out = run(shop, "pre-commit", "run", "--all-files", env=world)
    line = 3 if "ruff-format" in text else 2
    assert code == 1 and f"app.py:{line}:10" in out and "STL103" in out, out


def test_what_init_writes_works_at_a_commit(world: dict[str, str], shop: Path) -> None:
    (shop / ".pre-commit-config.yaml").write_text(
        PASTED[0].text.partition("  - repo: https://github.com/streamlint")[0]
    )
    assert run(shop, sys.executable, "-m", "streamlint_cli", "init", "--yes", env=world)[0] == 0
    assert (shop / ".pre-commit-config.yaml").read_text() == PASTED[0].text
    (shop / "app.py").write_text("import streamlit as st\n\nst.write(st.session_state.cart)\n")
    assert run(shop, "pre-commit", "install", env=world)[0] == 0
    git(shop, "add", ".")
    code, out = run(shop, "git", "commit", "-m", "x", env=world)
    assert code == 1 and "STL103" in out, out
    (shop / "app.py").write_text(OK.replace("'", '"'))
    git(shop, "add", ".")
    code, out = run(shop, "git", "commit", "-m", "x", env=world)
    assert code == 0, out


def test_what_is_excluded_stays_so_although_it_is_named(world: dict[str, str], shop: Path) -> None:
    (shop / ".pre-commit-config.yaml").write_text(PASTED[1].text.replace("pass_filenames: false", "verbose: true"))
    (shop / "streamlint.toml").write_text('exclude = ["app.py"]\n')
    git(shop, "add", ".")
    code, out = run(shop, "pre-commit", "run", "--all-files", env=world)
    assert code == 0, out
