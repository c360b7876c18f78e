"""The extension's package: what is in it, and that its server runs with any Python there is, alone in the world."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from wire import Wire

pytestmark = pytest.mark.vscode
ROOT = Path(__file__).parents[2]
EXTENSION = ROOT / "vscode-extension"
VERSION = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))["version"]
APP = 'import streamlit as st\n\nst.write("😋", st.session_state.rows)\n'
OFFLINE = ("unshare", "--net", "--")
MOST_BYTES = 2_000_000


def scripts(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def executable(command: str) -> str:
    """The program itself: a shim of pyenv needs its environment."""
    done = subprocess.run(
        [command, "-c", "import sys; print(sys.executable)"], capture_output=True, check=True, text=True
    )
    return done.stdout.strip()


PYTHONS = {".".join(map(str, version)): executable(path) for version, path in scripts("dev").find_pythons().items()}
each_python = pytest.mark.parametrize("python", PYTHONS.values(), ids=PYTHONS)


@pytest.fixture(scope="module")
def package() -> Path:
    path = EXTENSION / f"streamlint-{VERSION}.vsix"
    if not path.is_file():
        pytest.skip("run `npm run package` in vscode-extension first")
    return path


@pytest.fixture(scope="module")
def installed(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where an editor has unpacked it, in a folder with a space, which nobody may write to."""
    folder = tmp_path_factory.mktemp("extensions") / "stream lint"
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
    return folder / "extension"


def alone(root: Path) -> dict[str, str]:
    """An environment with an empty home, and nothing else."""
    home = root / "home"
    home.mkdir(exist_ok=True)
    needed = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    return {**needed, "HOME": str(home), "PATH": os.defpath}


def offline() -> tuple[str, ...]:
    """What takes the network away, where this user may do that."""
    works = shutil.which("unshare") and subprocess.run([*OFFLINE, "true"], capture_output=True, check=False)
    return OFFLINE if works and works.returncode == 0 else ()


def started(installed: Path, python: str, strategy: str = "useBundled", *flags: str) -> list[str]:
    return [python, *flags, "-X", "utf8", str(installed / "bundled" / "tool" / "server.py"), strategy]


def test_it_is_small_and_has_no_code_for_one_machine(package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        names = archive.namelist()
    assert package.stat().st_size < MOST_BYTES
    endings = (".so", ".pyd", ".dll", ".dylib", ".pyc", ".map", ".ts", ".exe")
    assert [name for name in names if name.endswith(endings)] == []
    assert [name for name in names if "/tests/" in name or "__pycache__" in name or "node_modules" in name] == []
    for needed in ("README.md", "changelog.md", "LICENSE.txt", "media/icon.png", "dist/extension.js", "dist/map.js"):
        assert f"extension/{needed}".lower() in [name.lower() for name in names]


def test_the_licences_of_what_is_in_it_are_in_it_too(installed: Path) -> None:
    script, page = ((installed / "dist" / name).read_text(encoding="utf-8") for name in ("extension.js", "map.js"))
    assert "Copyright (c) Microsoft Corporation" in script and "Copyright 2010" in page
    packages = (installed / "bundled" / "libs").glob("*.dist-info")
    others = [path for path in packages if not path.name.startswith("streamlint-")]
    assert others and [path.name for path in others if not list(path.glob("licenses/LICENSE*"))] == []


def test_its_code_is_that_of_the_repository(installed: Path) -> None:
    for source, name in (("shared_rules", "streamlint"), ("lsp", "streamlint_lsp")):
        for path in (ROOT / source / name).rglob("*.*"):
            if path.suffix in (".py", ".md", ".json") and path.is_file():
                bundled = installed / "bundled" / "libs" / path.relative_to(ROOT / source)
                assert bundled.read_bytes() == path.read_bytes(), "the package is old: run `npm run package`"


@each_python
def test_its_server_finds_bugs_without_anything_else(installed: Path, tmp_path: Path, python: str) -> None:
    command = [*offline(), *started(installed, python, "useBundled", "-I", "-S")]
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")
    uri = (tmp_path / "app.py").as_uri()
    with Wire(tmp_path, command, alone(tmp_path)) as wire:
        assert wire.initialize()["result"]["serverInfo"]["version"] == VERSION
        wire.open(uri, APP)
        [found] = wire.published(uri, 1)
        assert (found["code"], found["range"]["start"]) == ("STL103", {"line": 2, "character": 15})
        said = wire.ask(1, "workspace/executeCommand", {"command": "streamlint.version"})["result"]
        assert said["streamlint"] == VERSION and said["pygls"] and said["astroid"]
        page = wire.ask(2, "workspace/executeCommand", {"command": "streamlint.explain", "arguments": ["STL103"]})
        assert page["result"]["markdown"].startswith("# key-never-set")
        assert wire.leave() == 0
        assert wire.errors() == ""


@each_python
def test_the_server_of_the_environment_comes_first_where_it_is_wanted(
    installed: Path, tmp_path: Path, python: str
) -> None:
    fake = tmp_path / "site" / "streamlint_lsp"
    fake.mkdir(parents=True)
    (fake / "__init__.py").write_text("")
    (fake / "server.py").write_text("def start():\n    print('of the environment')\n    return 7\n")
    env = {**alone(tmp_path), "PYTHONPATH": str(tmp_path / "site")}
    done = subprocess.run(started(installed, python, "fromEnvironment"), env=env, capture_output=True, check=False)
    assert (done.returncode, done.stdout.split()) == (7, [b"of", b"the", b"environment"])


def test_what_cannot_be_loaded_is_said_in_one_line(installed: Path, tmp_path: Path) -> None:
    broken = tmp_path / "site" / "streamlint_lsp"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("import nowhere_to_be_found\n")
    env = {**alone(tmp_path), "PYTHONPATH": str(tmp_path / "site")}
    python = next(iter(PYTHONS.values()))
    done = subprocess.run(started(installed, python, "fromEnvironment"), env=env, capture_output=True, check=False)
    [line] = done.stderr.decode().splitlines()
    assert done.returncode == 2 and done.stdout == b""
    assert "nowhere_to_be_found" in line and "useBundled" in line


def test_a_python_that_is_too_old_is_told(installed: Path, tmp_path: Path) -> None:
    code = f"""
import runpy, sys
sys.version_info, sys.argv = (3, 9, 1), ["server.py"]
runpy.run_path({str(installed / "bundled" / "tool" / "server.py")!r}, run_name="__main__")
"""
    python = next(iter(PYTHONS.values()))
    done = subprocess.run([python, "-I", "-c", code], capture_output=True, check=False, text=True)
    assert (done.returncode, done.stderr) == (2, "streamlint needs Python 3.10 or newer, and this is 3.9\n")
