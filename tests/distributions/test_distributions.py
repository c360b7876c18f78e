"""The wheel and the sdist: complete, the same from one build to the next, and of use where nothing else is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.packaging
ROOT = Path(__file__).parents[2]
EPOCH = "1700000000"
PACKAGES = {
    "shared_rules": ("streamlint",),
    "plugin": ("flake8_streamlint", "streamlint_cli", "streamlint_mcp"),
    "lsp": ("streamlint_lsp",),
}


def run(*command: str | Path, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    words = [str(word) for word in command]
    return subprocess.run(words, cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, timeout=1000)


def succeed(*command: str | Path, cwd: Path | None = None, **env: str) -> str:
    done = run(*command, cwd=cwd, **env)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tracked() -> list[str]:
    done = run("git", "ls-files", "-z", cwd=ROOT)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def build(place: Path) -> Path:
    """A copy of what git knows, built; other files of a working tree are nobody's business."""
    source, out = place / "source", place / "dist"
    for name in tracked():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    succeed(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, source, SOURCE_DATE_EPOCH=EPOCH)
    return out


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("first"))


def one(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def in_wheel(dist: Path) -> set[str]:
    with zipfile.ZipFile(one(dist, "*.whl")) as wheel:
        return set(wheel.namelist())


def test_the_wheel_has_every_file_of_the_packages_and_no_other(dist: Path) -> None:
    parts = [(name.partition("/"), name) for name in tracked()]
    wanted = {
        rest
        for (top, _, rest), _ in parts
        if top in PACKAGES and rest.startswith(tuple(f"{p}/" for p in PACKAGES[top]))
    }
    assert {name for name in in_wheel(dist) if ".dist-info/" not in name} == wanted
    assert "streamlint/rules/uninitialized_key.md" in wanted and "streamlint_cli/schemas/check.json" in wanted


def test_the_sdist_has_all_that_git_has(dist: Path) -> None:
    with tarfile.open(one(dist, "*.tar.gz")) as sdist:
        found = {name.partition("/")[2] for name in sdist.getnames()}
    assert {*tracked(), "PKG-INFO"} <= found


def test_what_the_index_and_the_wheel_s_readers_ask_for(dist: Path) -> None:
    assert "PASSED" in succeed(sys.executable, "-m", "twine", "check", "--strict", *sorted(dist.iterdir()))
    # One distribution with five packages on purpose (docs/architecture.md, Layout).
    succeed(Path(sys.executable).with_name("check-wheel-contents"), "--ignore", "W009", one(dist, "*.whl"))


def test_two_builds_give_the_same_bytes(dist: Path, tmp_path: Path) -> None:
    again = build(tmp_path / "elsewhere")
    assert sorted(path.name for path in again.iterdir()) == sorted(path.name for path in dist.iterdir())
    for path in again.iterdir():
        assert path.read_bytes() == (dist / path.name).read_bytes(), path.name


@pytest.mark.parametrize("pattern", ["*.whl", "*.tar.gz"])
def test_it_works_where_nothing_else_is_installed(dist: Path, tmp_path: Path, pattern: str) -> None:
    succeed(sys.executable, "-m", "venv", tmp_path / "fresh")
    bin = tmp_path / "fresh" / ("Scripts" if os.name == "nt" else "bin")
    succeed(bin / "python", "-m", "pip", "install", "--quiet", one(dist, pattern))
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    works(bin / "streamlint", tmp_path)
    works([bin / "python", "-m", "streamlint_cli"], tmp_path)
    for command, extra in (("server", "lsp"), ("mcp", "mcp")):
        done = run(bin / "streamlint", command, cwd=tmp_path)
        assert done.returncode == 2 and f"pip install 'streamlint[{extra}]'" in done.stderr


def works(streamlint: Path | list[str | Path], folder: Path) -> None:
    command = [streamlint] if isinstance(streamlint, Path) else streamlint
    assert succeed(*command, "version").startswith("streamlint ")
    assert succeed(*command, "rule", "STL101").startswith("# uninitialized-key (STL101)")
    done = run(*command, "check", "--output-format", "concise", "examples/shop", cwd=folder)
    assert done.returncode == 1 and "STL102" in done.stdout and done.stderr == ""


def test_uvx_runs_it_without_an_installation(dist: Path, tmp_path: Path) -> None:
    if (uvx := shutil.which("uvx")) is None:
        pytest.skip("no uvx here")
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    done = run(uvx, "--from", one(dist, "*.whl"), "streamlint", "check", "examples/shop", cwd=tmp_path)
    assert done.returncode == 1 and "STL102" in done.stdout


def test_pipx_runs_it_without_an_installation(dist: Path, tmp_path: Path) -> None:
    if (pipx := shutil.which("pipx")) is None:
        pytest.skip("no pipx here")
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    home = {"PIPX_HOME": str(tmp_path / "pipx"), "PIPX_DEFAULT_PYTHON": sys.executable}
    done = run(pipx, "run", "--spec", one(dist, "*.whl"), "streamlint", "check", "examples/shop", cwd=tmp_path, **home)
    assert done.returncode == 1 and "STL102" in done.stdout


def test_the_release_notes_are_made_of_the_fragments(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "changes", tmp_path / "changes")
    for name in ("pyproject.toml", "CHANGELOG.md"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "changes" / "+watch.fixed.md").write_text("`--watch` sees the moon.\n")
    succeed(sys.executable, "-m", "towncrier", "build", "--yes", "--version", "9.9.9", cwd=tmp_path)
    text = (tmp_path / "CHANGELOG.md").read_text()
    head, _, rest = text.partition("## 9.9.9 - ")
    assert head.startswith("# Changelog") and "\n### Fixed\n\n- `--watch` sees the moon.\n" in rest
    assert rest.index("sees the moon") < rest.index("\n## 0.1.0")
    assert not (tmp_path / "changes" / "+watch.fixed.md").exists() and (tmp_path / "changes" / "README.md").exists()


def test_every_command_has_a_man_page(tmp_path: Path) -> None:
    succeed(sys.executable, ROOT / "scripts" / "write_man_pages.py", tmp_path / "man1", SOURCE_DATE_EPOCH=EPOCH)
    page = (tmp_path / "man1" / "streamlint-check.1").read_text()
    assert "2023-11-14" in page and ".SH OPTIONS" in page and "Find bugs in FILES" in page
    assert {"streamlint.1", "streamlint-rule.1", "streamlint-mcp.1"} <= set(os.listdir(tmp_path / "man1"))
