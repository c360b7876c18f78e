"""`streamlint init`: what is found, shown, agreed to and written; and that nothing else changes."""

from __future__ import annotations

import difflib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from reports import Streamlint

APP = "import streamlit as st\n\nst.write(st.session_state.cart)\n"
CLEAN = "import streamlit as st\n\nst.write('hello')\n"
OURS = """\
  - repo: https://github.com/streamlint/streamlint
    rev: v0.1.0
    hooks:
      - id: streamlint
"""
RUFF_HOOKS = """\
  - repo: https://github.com/astral-sh/ruff-pre-commit
    rev: v0.12.0
    hooks:
      - id: ruff-check
        args: [--fix]
      - id: ruff-format  # last
      # - id: nothing
"""
MYPY = "  - repo: https://github.com/pre-commit/mirrors-mypy\n    rev: v1.15.0\n    hooks: [{id: mypy}]\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A project with all tools, and a bug."""
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "requirements.txt").write_text("streamlit==1.40.1\n")
    (tmp_path / "pyproject.toml").write_text("# ours\n[tool.ruff]\nline-length = 100\n")
    (tmp_path / ".flake8").write_text("[flake8]\nselect = E,F\n")
    (tmp_path / ".pre-commit-config.yaml").write_text(f"repos:\n{RUFF_HOOKS}")
    (tmp_path / ".vscode").mkdir()
    (tmp_path / ".vscode" / "extensions.json").write_text('{\n  "recommendations": ["a.b"] // some\n}\n')
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    """All files below a folder; caches are none."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def added(folder: Path, before: dict[str, bytes], name: str) -> list[str]:
    """The lines that a file has more; it has no fewer."""
    old, new = before.get(name, b"").decode().splitlines(), (folder / name).read_text().splitlines()
    lines = [line for line in difflib.ndiff(old, new) if line[0] in "+-"]
    assert all(line.startswith("+") for line in lines), lines
    return [line[2:] for line in lines]


# --- the command -------------------------------------------------------------------------------------------------


def test_a_project_is_set_up_and_stays_as_it_is_then(streamlint: Streamlint, shop: Path) -> None:
    before = contents(shop)
    done = streamlint("init", "--yes")
    assert (done.code, done.err) == (0, "")
    assert added(shop, before, "pyproject.toml")[-2:] == ["[tool.ruff.lint]", 'external = ["STL"]']
    assert (shop / ".flake8").read_text() == "[flake8]\nselect = E,F,STL\n"
    assert (shop / ".pre-commit-config.yaml").read_text() == f"repos:\n{RUFF_HOOKS}{OURS}"
    assert '["a.b", "streamlint.streamlint"] // some' in (shop / ".vscode" / "extensions.json").read_text()
    assert not (shop / ".streamlint-baseline.json").exists(), "nothing is kept quiet unless somebody says so"
    after = contents(shop)
    again = streamlint("init", "--yes")
    assert again.code == 0 and "Everything is set up." in again.out
    assert contents(shop) == after
    assert streamlint("init", "--check").out == "Nothing is missing.\n"


def test_the_plan_says_what_was_found_and_what_will_be_written(streamlint: Streamlint, shop: Path) -> None:
    (shop / "pages").mkdir()
    (shop / "pages" / "one.py").write_text(CLEAN)
    out = streamlint("init", "--dry-run").out
    for line in (
        "Apps        app.py and 1 page",
        "Streamlit   1.40 (requirements.txt)",
        "Ruff        pyproject.toml",
        "flake8      .flake8",
        "pre-commit  .pre-commit-config.yaml",
        "VS Code     .vscode",
        '    + "STL" in Ruff\'s lint.external',
        "+select = E,F,STL",
    ):
        assert line in out.splitlines()
    (shop / "requirements.txt").write_text("streamlit\n")
    out = streamlint("init", "--dry-run").out
    assert "Streamlit   1.67 (the newest known, since no requirement names one)" in out.splitlines()


@pytest.mark.parametrize("flags", [["--dry-run"], ["--dry-run", "--baseline"], ["--check"], []], ids=" ".join)
def test_nothing_is_written_without_consent(streamlint: Streamlint, shop: Path, flags: list[str]) -> None:
    before = contents(shop)
    done = streamlint("init", *flags)
    assert contents(shop) == before
    assert done.code == {"--dry-run": 0, "--check": 1}.get(flags[0] if flags else "", 2)
    assert flags or "no terminal to ask at, so nothing was written; --yes writes it" in done.err


def test_the_diff_is_a_patch(streamlint: Streamlint, shop: Path) -> None:
    (shop / ".flake8").write_text("[flake8]\nselect = E,F")
    patch = streamlint("init", "--dry-run").out
    (shop / "patch").write_text(patch[patch.index("\n--- ") + 1 :])
    streamlint("init", "--yes")
    wanted = contents(shop)
    apply = ["git", "apply", "-p0", "--whitespace=nowarn", "patch"]
    subprocess.run([*apply, "-R"], cwd=shop, check=True)
    assert (shop / ".flake8").read_text() == "[flake8]\nselect = E,F"
    subprocess.run(apply, cwd=shop, check=True)
    assert contents(shop) == wanted


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        (["--check", "--yes"], "--check writes nothing"),
        (["--check", "--no-baseline"], "--check writes nothing"),
        (["--dry-run", "--yes"], "--dry-run writes nothing"),
        (["nowhere"], "does not exist"),
    ],
)
def test_mistakes(streamlint: Streamlint, shop: Path, flags: list[str], why: str) -> None:
    done = streamlint("init", *flags)
    assert done.code == 2 and why in done.err


def test_a_doctor_gives_reasons_and_remedies(streamlint: Streamlint, shop: Path) -> None:
    done = streamlint("init", "--check")
    lines = done.out.splitlines()
    assert done.code == 1
    assert sum("missing: " in line for line in lines) == 5
    assert sum(line.startswith("  why:") for line in lines) == 5 == sum(line.startswith("  remedy:") for line in lines)
    assert "deletes the comments that suppress our findings" in done.out
    assert 'add `external = ["STL"]` under [tool.ruff.lint]' in done.out


def test_a_folder_is_set_up_as_part_of_its_project(streamlint: Streamlint, shop: Path) -> None:
    (shop / "src").mkdir()
    assert streamlint("init", "src", "--yes").code == 0
    assert "[tool.streamlint]" in (shop / "pyproject.toml").read_text()
    assert not list((shop / "src").iterdir())


def test_an_empty_folder_gets_settings_alone(streamlint: Streamlint, tmp_path: Path) -> None:
    assert streamlint("init", "--yes").code == 0
    assert list(contents(tmp_path)) == ["pyproject.toml"]
    assert "ruff" not in (tmp_path / "pyproject.toml").read_text(), "a tool that is not used needs no settings"


# --- consent at a terminal -------------------------------------------------------------------------------------------


def at_terminal(folder: Path, answers: str, *flags: str) -> tuple[int, str]:
    """Runs `streamlint init` for somebody who types."""
    pty = pytest.importorskip("pty")
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "streamlint_cli", "init", *flags]
    with subprocess.Popen(command, cwd=folder, stdin=slave, stdout=subprocess.PIPE, text=True) as process:
        os.close(slave)
        os.write(master, answers.encode())
        out, _ = process.communicate(timeout=60)
    os.close(master)
    return process.returncode, out


def test_a_no_is_a_no(shop: Path) -> None:
    before = contents(shop)
    code, out = at_terminal(shop, "n\n")
    assert (code, contents(shop)) == (0, before) and "Nothing was written." in out


def test_the_baseline_is_a_question_of_its_own(shop: Path) -> None:
    code, out = at_terminal(shop, "y\nn\n")
    assert code == 0 and "1 finding. Keep them quiet" in out
    assert "[tool.streamlint]" in (shop / "pyproject.toml").read_text()
    assert not (shop / ".streamlint-baseline.json").exists()


def test_a_baseline_on_request(streamlint: Streamlint, shop: Path) -> None:
    assert at_terminal(shop, "y\ny\n")[0] == 0
    assert streamlint("check").code == 0
    _, out = at_terminal(shop, "")
    assert "Everything is set up." in out and "finding" not in out


@pytest.mark.parametrize(("flag", "code"), [("--baseline", 0), ("--no-baseline", 1)])
def test_the_baseline_by_a_flag(streamlint: Streamlint, shop: Path, flag: str, code: int) -> None:
    assert streamlint("init", "--yes", flag).code == 0
    assert streamlint("check").code == code


def test_ctrl_c_writes_nothing(shop: Path) -> None:
    before = contents(shop)
    assert at_terminal(shop, "\x04")[0] == 130
    assert contents(shop) == before


# --- what cannot be done ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("pyproject.toml", "[tool\n", "not valid TOML"),
        ("ruff.toml", "a = \n", "not valid TOML"),
        (".flake8", "select = E\n", "not a valid configuration file"),
        ("tox.ini", "[flake8]\nselect = E\nselect = F\n", "not a valid configuration file"),
        ("setup.cfg", "[flake8\n", "not a valid configuration file"),
        (".pre-commit-config.yaml", "repos: [\n", "not valid YAML"),
        (".pre-commit-config.yaml", "repos:\n\t- x\n", "not valid YAML"),
        (".pre-commit-config.yaml", "repos: {}\n", "no list `repos`"),
        (".pre-commit-config.yaml", "", "no list `repos`"),
        (".pre-commit-config.yaml", "- repo: a\n", "no list `repos`"),
        (".pre-commit-config.yaml", "repos: []\n---\nrepos: []\n", "not valid YAML"),
        (".pre-commit-config.yaml", "repos: " + "[" * 100_000, "not valid YAML"),
        (".pre-commit-config.yaml", "repos:\n- &a [*a]\n- *b\n", "not valid YAML"),
    ],
)
def test_a_broken_file_leaves_all_as_it_is(
    streamlint: Streamlint, shop: Path, name: str, content: str, why: str
) -> None:
    (shop / name).write_text(content)
    before = contents(shop)
    for flag in ("--yes", "--check", "--dry-run"):
        done = streamlint("init", flag)
        assert done.code == 2 and why in done.err and str(shop / name) in done.err
        assert "Traceback" not in done.err and contents(shop) == before


@pytest.mark.parametrize("name", [".flake8", ".pre-commit-config.yaml", "pyproject.toml"])
def test_bytes_that_are_no_text_leave_all_as_it_is(streamlint: Streamlint, shop: Path, name: str) -> None:
    (shop / name).write_bytes(b"\xff\xfe[\x00")
    before = contents(shop)
    done = streamlint("init", "--yes")
    assert done.code == 2 and "UTF-8" in done.err and contents(shop) == before


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_what_cannot_be_written_undoes_the_rest(streamlint: Streamlint, shop: Path) -> None:
    (shop / ".vscode").chmod(0o555)
    before = contents(shop)
    done = streamlint("init", "--yes")
    assert done.code == 2 and "nothing was changed" in done.err and contents(shop) == before


def test_a_failure_in_the_middle_undoes_the_rest(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import click
    from streamlint_cli.adoption import writing
    from streamlint_cli.adoption.planning import plan

    before, write = contents(shop), writing._write

    def full(path: Path, text: str) -> None:
        if path.name == "extensions.json":
            raise OSError(28, "No space left on device")
        write(path, text)

    monkeypatch.setattr(writing, "_write", full)
    with pytest.raises(click.ClickException, match="No space left"):
        writing.write_all(plan(shop).files)
    assert contents(shop) == before


def test_a_file_that_changes_while_the_user_thinks_is_not_overwritten(shop: Path) -> None:
    import click
    from streamlint_cli.adoption.planning import plan
    from streamlint_cli.adoption.writing import write_all

    made = plan(shop)
    (shop / ".flake8").write_text("[flake8]\nselect = W\n")
    before = contents(shop)
    with pytest.raises(click.ClickException, match="changed meanwhile"):
        write_all(made.files)
    assert contents(shop) == before


def test_json_that_cannot_be_edited_is_left_alone_with_advice(streamlint: Streamlint, shop: Path) -> None:
    (shop / ".vscode" / "extensions.json").write_text('{"recommendations": ["a"\n')
    done = streamlint("init", "--yes")
    assert done.code == 0 and 'add "streamlint.streamlint" to `recommendations`' in done.out
    assert (shop / ".vscode" / "extensions.json").read_text() == '{"recommendations": ["a"\n'
    assert "[tool.streamlint]" in (shop / "pyproject.toml").read_text()
    assert streamlint("init", "--check").code == 1
