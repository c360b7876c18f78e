"""Each block of the pages about CI works when it is pasted: files are valid, lines are run by a shell."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ci_pages import ROOT, Block, blocks, commands, parsed
from packaging.requirements import Requirement
from schemas import problems

BLOCKS = blocks()
SCHEMAS = {
    ".github/workflows": "github-workflow",
    ".gitlab-ci.yml": "gitlab-ci",
    ".pre-commit-config.yaml": "pre-commit-config",
    "azure-pipelines.yml": "azure-pipelines",
}
APP = "import streamlit as st\n\nst.write(st.session_state.cart)\n"
PASSED_ON = '#!/bin/sh\nexec "{python}" -m {module} "$@"\n'
PIP = """#!{python}
import pathlib, sys
pathlib.Path("installed.txt").open("a").write(" ".join(word for word in sys.argv[1:] if word != "install"))
"""
VENV = """#!{python}
import pathlib, shutil, sys
if sys.argv[1:3] != ["-m", "venv"]:
    sys.exit("only environments are made here")
here, there = pathlib.Path(__file__).parent, pathlib.Path(sys.argv[3], "bin")
there.mkdir(parents=True)
for each in here.iterdir():
    shutil.copy2(each, there)
"""
REVIEWDOG = """#!{python}
import json, sys
found = json.load(sys.stdin)
assert "-f=rdjson" in sys.argv and found["diagnostics"][0]["location"]["range"]["start"]["line"] == 3
"""
PRE_COMMIT = "#!/bin/sh\nexit 0\n"


def schema_of(file: str) -> str:
    return next((name for start, name in SCHEMAS.items() if file.startswith(start)), "")


def of_language(*languages: str) -> Any:
    return pytest.mark.parametrize("block", [each for each in BLOCKS if each.language in languages], ids=str)


def test_all_kinds_of_blocks_are_known() -> None:
    assert {each.language for each in BLOCKS} == {"yaml", "toml", "ini", "groovy", "console"}
    assert all(each.file for each in BLOCKS if each.language != "console"), "a file to paste has a name"


@of_language("yaml")
def test_files_are_valid(block: Block) -> None:
    assert problems(schema_of(block.file), parsed(block.text)) == []


@of_language("yaml")
def test_schemas_find_mistakes(block: Block) -> None:
    wrong = parsed(block.text)
    next(each for each in (wrong.get("streamlint"), wrong) if each).update(
        dict.fromkeys(("jobs", "repos", "script", "steps"), 5)
    )
    assert problems(schema_of(block.file), wrong)


@pytest.fixture
def shell(tmp_path: Path) -> Callable[[str], subprocess.CompletedProcess[str]]:
    """Runs lines in a project with one finding, as CI does: where pip, reviewdog and pre-commit only take notes."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "app.py").write_text(APP)
    modules = {"streamlint": "streamlint_cli", "ruff": "ruff", "flake8": "flake8"}
    texts = {name: PASSED_ON.replace("{module}", module) for name, module in modules.items()}
    texts |= {"pip": PIP, "python": VENV, "reviewdog": REVIEWDOG, "pre-commit": PRE_COMMIT}
    for name, text in texts.items():
        (programs / name).write_text(text.replace("{python}", sys.executable))
        (programs / name).chmod(stat.S_IRWXU)
    env = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "CI": "true"}

    def run(script: str) -> subprocess.CompletedProcess[str]:
        bash = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        return subprocess.run(bash, cwd=tmp_path / "shop", env=env, capture_output=True, text=True, timeout=120)

    return run


def with_history(folder: Path) -> str:
    """Makes the project a repository in which the finding is new; gives the revision before."""
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", "-C", str(folder)]
    for words in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "x"]):
        subprocess.run([*git, *words], check=True)
    return subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()


@of_language("yaml", "groovy", "console")
def test_lines_run(block: Block, shell: Callable[[str], subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    revision = with_history(tmp_path / "shop")
    for command in commands(block):
        done = shell(command.replace("$CI_MERGE_REQUEST_DIFF_BASE_SHA", revision))
        findings = ("streamlint check", "flake8 ", "streamlint init --check", "ruff format --check")
        allowed = (0, 1) if command.startswith(findings) and "--exit-zero" not in command else (0,)
        assert done.returncode in allowed, f"{command}\n{done.stdout}\n{done.stderr}"
        assert "Error" not in done.stderr and "Traceback" not in done.stderr, done.stderr
    installed = tmp_path / "shop" / "installed.txt"
    if installed.exists():
        assert Requirement(installed.read_text()).name == "streamlint"


@of_language("yaml", "groovy")
def test_reports_are_where_the_next_step_looks(
    block: Block, shell: Callable[[str], subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    names = [
        word for command in commands(block) for word in command.split() if word.endswith((".json", ".xml", ".sarif"))
    ]
    for command in commands(block):
        shell(command)
    for name in names:
        assert block.text.count(name) == 2, "it is written, and read by a later step"
        assert "STL103" in (tmp_path / "shop" / name).read_text()


@of_language("toml")
def test_settings_of_ruff_are_enough_for_the_doctor(
    block: Block, shell: Callable[[str], subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    (tmp_path / "shop" / block.file).write_text(block.text)
    (tmp_path / "shop" / "app.py").write_text(APP.replace("cart)", "cart)  # noqa: STL103"))
    assert "lint.external" not in shell("streamlint init --check").stdout
    assert shell("ruff check --fix --select RUF100,RUF102").returncode == 0
    assert "# noqa: STL103" in (tmp_path / "shop" / "app.py").read_text()
    assert shell("streamlint check").returncode == 0


@of_language("ini")
def test_settings_of_flake8_show_our_codes(
    block: Block, shell: Callable[[str], subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    (tmp_path / "shop" / block.file).write_text(block.text)
    assert "STL103" in shell("flake8 app.py").stdout
    assert "flake8" not in shell("streamlint init --check").stdout


def test_the_order_beside_ruff_leaves_nothing_to_do(
    shell: Callable[[str], subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    """What our fixes write is formatted by the formatter that runs last, and our check is content with it."""
    app = tmp_path / "shop" / "app.py"
    app.write_text(
        'import streamlit as st\nimport os\n\nif "cart" not in st.session_state:\n    st.session_state.cart = []\n'
    )
    (tmp_path / "shop" / "pyproject.toml").write_text(
        '[tool.streamlint]\nextend-select = ["STL5"]\nignore = ["STL504"]\n'
    )
    fix, check = (commands(each) for each in BLOCKS if each.page == "ruff.md" and each.language == "console")
    for command in (*fix, *check):
        assert shell(command).returncode == 0, command
    assert "setdefault" in app.read_text()


def test_each_page_is_listed() -> None:
    index = (ROOT / "docs" / "ci" / "README.md").read_text()
    pages = [path.name for path in (ROOT / "docs" / "ci").glob("*.md") if path.name != "README.md"]
    assert all(f"({name})" in index for name in pages)


def test_the_formats_of_the_pages_exist() -> None:
    from streamlint.settings import OUTPUT_FORMATS

    words = [word for block in BLOCKS for command in commands(block) for word in command.split()]
    named = [words[at + 1] for at, word in enumerate(words[:-1]) if word == "--output-format"]
    assert {"github", "gitlab", "azure", "junit", "sarif", "rdjson"} <= set(named) <= set(OUTPUT_FORMATS)


def test_inputs_of_the_action_are_those_of_its_page() -> None:
    action = parsed((ROOT / "action.yml").read_text())
    page = (ROOT / "docs" / "ci" / "github-actions.md").read_text()
    listed = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    assert listed == list(action["inputs"])
    for block in BLOCKS:
        for step in _uses(parsed(block.text)) if block.language == "yaml" else ():
            assert set(step.get("with", {})) <= set(action["inputs"]) or "streamlint" not in step["uses"]


def _uses(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return [node] if "uses" in node else [step for value in node.values() for step in _uses(value)]
    return [step for value in node for step in _uses(value)] if isinstance(node, list) else []


def test_versions_on_the_pages_are_this_one() -> None:
    from streamlint import __version__

    for block in BLOCKS:
        text = block.text.replace("streamlint/streamlint\n    rev: ", "streamlint/streamlint@")
        for part in text.split("streamlint/streamlint@")[1:]:
            assert part.split()[0] == f"v{__version__}", str(block)


@pytest.mark.skipif(shutil.which("pre-commit") is None, reason="pre-commit is not installed")
@pytest.mark.parametrize("block", [each for each in BLOCKS if each.file == ".pre-commit-config.yaml"], ids=str)
def test_pre_commit_takes_its_configurations(block: Block, tmp_path: Path) -> None:
    (tmp_path / block.file).write_text(block.text)
    done = subprocess.run(["pre-commit", "validate-config", block.file], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout


def test_sarif_on_the_pages_can_be_read(
    shell: Callable[[str], subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    shell("streamlint check --output-format sarif --output-file a.sarif")
    assert json.loads((tmp_path / "shop" / "a.sarif").read_text())["version"] == "2.1.0"
