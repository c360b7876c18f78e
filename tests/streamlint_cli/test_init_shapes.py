"""What `streamlint init` writes into files of many shapes: what it must, in their style, and nothing twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from streamlint_cli.adoption import precommit
from streamlint_cli.adoption.planning import Plan, plan
from streamlint_cli.adoption.writing import write_all

BLOCK = "- repo: https://github.com/streamlint/streamlint\n  rev: v0.1.0\n  hooks:\n  - id: streamlint\n"
INLINE = "{repo: https://github.com/streamlint/streamlint, rev: v0.1.0, hooks: [{id: streamlint}]}"
RUFF = "- repo: https://github.com/astral-sh/ruff-pre-commit\n  rev: v1\n  hooks:\n  - id: ruff-format\n"
MYPY = "- repo: mypy\n  rev: v1\n  hooks:\n  - id: mypy\n"


def adopted(folder: Path, name: str, text: str) -> str:
    """The text of a file after `init`; a second time changes nothing."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode())
    write_all(plan(folder).files)
    after = path.read_bytes().decode()
    again = plan(folder)
    assert again.files == () and not [gap for gap in again.gaps if not gap.by_hand]
    return after


def indented(text: str, by: int = 2) -> str:
    return "".join(" " * by + line for line in text.splitlines(keepends=True))


# --- pre-commit ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"repos:\n{RUFF}", f"repos:\n{RUFF}{BLOCK}"),
        (f"repos:\n{RUFF}{MYPY}", f"repos:\n{RUFF}{BLOCK}{MYPY}"),
        (f"repos:\n{MYPY}{RUFF}", f"repos:\n{MYPY}{RUFF}{BLOCK}"),
        (f"repos:\n{MYPY}", f"repos:\n{MYPY}{BLOCK}"),
        (f"repos:\n{RUFF}\n{MYPY}", f"repos:\n{RUFF}\n{BLOCK}\n{MYPY}"),
        (f"repos:\n{RUFF}\n# types\n{MYPY}", f"repos:\n{RUFF}\n{BLOCK}\n# types\n{MYPY}"),
        (f"repos:\n{RUFF}# types\n{MYPY}", f"repos:\n{RUFF}{BLOCK}# types\n{MYPY}"),
        (f"repos:\n{RUFF}  # - id: old\n", f"repos:\n{RUFF}  # - id: old\n{BLOCK}"),
        (f"repos:\n{RUFF}\nci:\n  skip: []\n", f"repos:\n{RUFF}{BLOCK}\nci:\n  skip: []\n"),
        (f"# top\n\nrepos:  # all\n{RUFF}# end\n", f"# top\n\nrepos:  # all\n{RUFF}{BLOCK}# end\n"),
        (f"---\nrepos:\n{RUFF}...\n", f"---\nrepos:\n{RUFF}{BLOCK}...\n"),
        (f"repos:\n{RUFF}".rstrip(), f"repos:\n{RUFF}{BLOCK}"),
        (f"repos:\n{RUFF}".replace("\n", "\r\n"), f"repos:\n{RUFF}{BLOCK}".replace("\n", "\r\n")),
        (f"\ufeffrepos:\n{RUFF}", f"\ufeffrepos:\n{RUFF}{BLOCK}"),
        (f"repos:\n{RUFF}minimum_pre_commit_version: '3'\n", f"repos:\n{RUFF}{BLOCK}minimum_pre_commit_version: '3'\n"),
        ("repos: []\n", f"repos: [{INLINE}]\n"),
        ("repos: [{repo: a, hooks: []}]  # b\n", f"repos: [{{repo: a, hooks: []}}, {INLINE}]  # b\n"),
        ("{repos: [\n  {repo: a},\n]}\n", f"{{repos: [\n  {{repo: a}},\n{INLINE}]}}\n"),
        (
            f"repos:\n{indented(RUFF)}",
            f"repos:\n{indented(BLOCK)}".replace("repos:\n", f"repos:\n{indented(RUFF)}"),
        ),
        (
            "repos:\n  -   repo: black\n      rev: v1\n      hooks:\n      -   id: black\n",
            "repos:\n  -   repo: black\n      rev: v1\n      hooks:\n      -   id: black\n"
            "  -   repo: https://github.com/streamlint/streamlint\n      rev: v0.1.0\n      hooks:\n"
            "      -   id: streamlint\n",
        ),
        (
            f"repos:\n{RUFF}- repo: local\n  hooks:\n  - id: fmt\n    entry: uv run ruff format\n{MYPY}",
            f"repos:\n{RUFF}- repo: local\n  hooks:\n  - id: fmt\n    entry: uv run ruff format\n{BLOCK}{MYPY}",
        ),
        (f"repos:\n{RUFF}{RUFF}{MYPY}{MYPY}", f"repos:\n{RUFF}{RUFF}{BLOCK}{MYPY}{MYPY}"),
    ],
)
def test_the_hook_stands_behind_those_that_rewrite(tmp_path: Path, before: str, after: str) -> None:
    assert adopted(tmp_path, ".pre-commit-config.yaml", before) == after


@pytest.mark.parametrize(
    "block",
    [
        BLOCK,
        "- repo: https://example.org/fork\n  rev: main\n  hooks:\n  - id: streamlint\n    args: [--fix]\n",
        "- repo: local\n  hooks:\n  - id: lint\n    language: system\n    entry: streamlint check\n",
        "- repo: local\n  hooks:\n  - id: lint\n    language: system\n    entry: .venv/bin/streamlint check\n",
    ],
)
def test_a_hook_that_is_there_is_enough(tmp_path: Path, block: str) -> None:
    assert adopted(tmp_path, ".pre-commit-config.yaml", f"repos:\n{RUFF}{block}") == f"repos:\n{RUFF}{block}"


def test_a_hook_before_those_that_rewrite_is_pointed_out(tmp_path: Path) -> None:
    text = f"repos:\n{BLOCK}{RUFF}"
    assert adopted(tmp_path, ".pre-commit-config.yaml", text) == text
    (gap,) = plan(tmp_path).gaps
    assert gap.by_hand and "behind those of Ruff" in gap.remedy


def test_aliases_that_multiply_cost_nothing(tmp_path: Path) -> None:
    lines = ["x0: &x0 [a, a, a, a, a, a, a, a, a]"]
    lines += [f"x{at}: &x{at} [{', '.join([f'*x{at - 1}'] * 9)}]" for at in range(1, 12)]
    text = "\n".join(lines) + f"\nrepos:\n{RUFF}"
    assert adopted(tmp_path, ".pre-commit-config.yaml", text) == text + BLOCK


def test_the_configuration_of_the_repository_counts(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "dash").mkdir()
    (tmp_path / ".pre-commit-config.yaml").write_text(f"repos:\n{RUFF}")
    made = plan(tmp_path / "dash")
    assert [each.path.name for each in made.files] == ["pyproject.toml", "pyproject.toml", ".pre-commit-config.yaml"][
        1:
    ]
    assert made.files[0].path.parent.name == "dash" and made.files[1].path.parent == tmp_path


# --- Ruff ------------------------------------------------------------------------------------------------------------


def written(made: Plan) -> set[str]:
    return {each.path.relative_to(made.root).as_posix() for each in made.files}


def test_each_ruff_of_an_app_is_told(tmp_path: Path) -> None:
    (tmp_path / "ruff.toml").write_text("line-length = 100\n")
    (tmp_path / "dash").mkdir()
    (tmp_path / "dash" / "ruff.toml").write_text("line-length = 80\n")
    made = plan(tmp_path, [tmp_path, tmp_path / "dash"])
    assert written(made) == {"pyproject.toml", "ruff.toml", "dash/ruff.toml"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements-dev.txt", "pytest\nruff==0.12.0  # linter\n"),
        ("requirements/dev.txt", "Ruff>=0.4 --hash=sha256:aa\n"),
        ("Pipfile", '[dev-packages]\nruff = "*"\n'),
        ("pyproject.toml", '[dependency-groups]\ndev = ["ruff"]\n'),
        ("pyproject.toml", '[project.optional-dependencies]\ndev = ["ruff>=1"]\n'),
        ("pyproject.toml", '[tool.poetry.group.dev.dependencies]\nruff = "^0.4"\n'),
        (".pre-commit-config.yaml", f"repos:\n{RUFF}"),
    ],
)
def test_a_ruff_without_settings_is_told_too(tmp_path: Path, name: str, text: str) -> None:
    adopted(tmp_path, name, text)
    assert 'external = ["STL"]' in (tmp_path / "pyproject.toml").read_text()


@pytest.mark.parametrize("text", ["ruffus\n", "# ruff\n", "-r ruff.txt\n", "\x00\xff ruff", "ruff @@ x\n"])
def test_what_is_not_ruff_is_not_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "requirements.txt").write_text(text, encoding="latin-1")
    write_all(plan(tmp_path).files)
    assert "ruff" not in (tmp_path / "pyproject.toml").read_text()


def test_the_doctor_is_right_about_ruff(tmp_path: Path) -> None:
    """A real Ruff deletes our comments for as long as the doctor complains, and not any more."""
    (tmp_path / "ruff.toml").write_text('[lint]\nselect = ["RUF100", "F401"]\n')
    app = "import streamlit as st\n\nst.write(st.session_state.cart)  # noqa: STL103, F401\n"

    def after_ruff() -> str:
        (tmp_path / "app.py").write_text(app)
        command = [sys.executable, "-m", "ruff", "check", "--fix", "--no-cache", "app.py"]
        subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
        return (tmp_path / "app.py").read_text()

    assert any("lint.external" in gap.what for gap in plan(tmp_path).gaps)
    assert "noqa" not in after_ruff()
    write_all(plan(tmp_path).files)
    assert plan(tmp_path).gaps == ()
    assert "# noqa: STL103" in after_ruff()


# --- flake8 ----------------------------------------------------------------------------------------------------------


def codes(folder: Path) -> list[str]:
    (folder / "app.py").write_text("import streamlit as st\n\nst.write(st.session_state.cart)\n")
    command = [sys.executable, "-m", "flake8", "app.py", "--format", "%(code)s"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[flake8]\nselect = E,F\n", "[flake8]\nselect = E,F,STL\n"),
        ("[flake8]\nselect=E, F\n", "[flake8]\nselect=E, F, STL\n"),
        ("[flake8]\nselect: E F\n", "[flake8]\nselect: E F STL\n"),
        ("[flake8]\nselect = E", "[flake8]\nselect = E,STL"),
        ("[flake8]\nselect = E,\n", "[flake8]\nselect = E,STL\n"),
        ("[flake8]\nselect =\n  E,\n  F,\n", "[flake8]\nselect =\n  E,\n  F,\n  STL,\n"),
        ("[flake8]\nselect =\n  E,\n  F\n", "[flake8]\nselect =\n  E,\n  F,\n  STL\n"),
        ("[flake8]\nselect =\n  E\n  F\n", "[flake8]\nselect =\n  E\n  F\n  STL\n"),
        (
            "[flake8]\nselect =\n    # errors\n    E,\n    # faults\n    F\n\n# rest\n[x]\na = 1\n",
            "[flake8]\nselect =\n    # errors\n    E,\n    # faults\n    F,\n    STL\n\n# rest\n[x]\na = 1\n",
        ),
        (
            "[flake8]\nselect = E\nextend_select = B\n",
            "[flake8]\nselect = E\nextend_select = B,STL\n",
        ),
        ("[x]\nselect = E\n[flake8]\nselect = E\n", "[x]\nselect = E\n[flake8]\nselect = E,STL\n"),
        ("[flake8]\nselect =\n", "[flake8]\nselect = STL\n"),
        ("[flake8]\nignore = S\n", "[flake8]\nextend-select = STL\nignore = S\n"),
        ("[flake8]\r\nselect = E\r\n; old\r\n", "[flake8]\r\nselect = E,STL\r\n; old\r\n"),
    ],
)
def test_flake8_shows_our_codes_afterwards(tmp_path: Path, before: str, after: str) -> None:
    (tmp_path / ".flake8").write_bytes(before.encode())
    assert codes(tmp_path) == []
    assert adopted(tmp_path, ".flake8", before) == after
    assert codes(tmp_path) == ["STL103"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[flake8]\nmax-line-length = 100\n", True),
        ("[flake8]\nselect = E,S\n", True),
        ("[flake8]\nselect = STL1\n", True),
        ("[flake8]\nignore = E501\n", True),
        ("[flake8]\nselect = E,STL\nignore = S\n", True),
        ("[flake8]\nextend-ignore = STL\n", False),
        ("[flake8]\nselect = E\nextend-ignore = STL103\n", False),
        ("[flake8:local-plugins]\nextension =\n", True),
    ],
)
def test_flake8_is_left_alone_where_that_is_what_is_wanted(tmp_path: Path, text: str, shown: bool) -> None:
    assert adopted(tmp_path, ".flake8", text) == text
    assert codes(tmp_path) == (["STL103"] if shown else [])


def test_the_first_file_with_a_section_counts_for_flake8(tmp_path: Path) -> None:
    (tmp_path / "tox.ini").write_text("[tox]\nenvlist = py\n[flake8]\nselect = E\n")
    (tmp_path / ".flake8").write_text("[flake8]\nselect = F\n")
    (tmp_path / "setup.cfg").write_text("[metadata]\nname = shop\n")
    assert written(plan(tmp_path)) == {"pyproject.toml", "tox.ini"}


# --- VS Code ---------------------------------------------------------------------------------------------------------

ID = '"streamlint.streamlint"'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"recommendations": ["a.b"]}', f'{{"recommendations": ["a.b", {ID}]}}'),
        ('{"recommendations": []}', f'{{"recommendations": [{ID}]}}'),
        ("{}", f'{{\n  "recommendations": [{ID}]\n}}'),
        ("{\n}\n", f'{{\n  "recommendations": [{ID}]\n}}\n'),
        (
            '{\n\t"unwantedRecommendations": ["x.y"]\n}\n',
            f'{{\n\t"recommendations": [{ID}],\n\t"unwantedRecommendations": ["x.y"]\n}}\n',
        ),
        (
            '{\n  "recommendations": [\n    "a.b", // first\n    "c.d" // last, "x"]\n  ]\n}\n',
            f'{{\n  "recommendations": [\n    "a.b", // first\n    "c.d", // last, "x"]\n    {ID}\n  ]\n}}\n',
        ),
        (
            '{\n  "recommendations": [\n    "a.b",\n  ], // end\n}\n',
            f'{{\n  "recommendations": [\n    "a.b",\n    {ID},\n  ], // end\n}}\n',
        ),
        (
            '{\n  "recommendations": [\n    "a.b" /* two\n lines */\n  ]\n}\n',
            f'{{\n  "recommendations": [\n    "a.b", {ID} /* two\n lines */\n  ]\n}}\n',
        ),
        (
            '// "recommendations": []\n{"recommendations": ["a\\"]b", "/*"]}',
            f'// "recommendations": []\n{{"recommendations": ["a\\"]b", "/*", {ID}]}}',
        ),
        (
            '{\r\n  "recommendations": [\r\n    "a.b"\r\n  ]\r\n}\r\n',
            f'{{\r\n  "recommendations": [\r\n    "a.b",\r\n    {ID}\r\n  ]\r\n}}\r\n',
        ),
        ("", f'{{\n  "recommendations": [{ID}]\n}}\n'),
    ],
)
def test_the_extension_is_recommended(tmp_path: Path, before: str, after: str) -> None:
    assert adopted(tmp_path, ".vscode/extensions.json", before) == after


@pytest.mark.parametrize(
    "text",
    ['{"recommendations": ["Streamlint.streamlint"]}', '{"unwantedRecommendations": ["streamlint.streamlint"]} // no'],
)
def test_the_extension_is_not_recommended_twice_or_unwanted(tmp_path: Path, text: str) -> None:
    assert adopted(tmp_path, ".vscode/extensions.json", text) == text


@pytest.mark.parametrize("text", ["[]", "{", '{"a": "b', "{} /*", '{"recommendations": "a"}', "[" * 100_000, "null"])
def test_what_is_no_such_file_is_left_alone(tmp_path: Path, text: str) -> None:
    assert adopted(tmp_path, ".vscode/extensions.json", text) == text
    assert [gap.by_hand for gap in plan(tmp_path).gaps] == [True]


def test_the_hook_that_is_written_is_the_one_of_this_repository() -> None:
    root = Path(__file__).parents[2]
    assert f'"url": "{precommit.REPOSITORY}.git"' in (root / "vscode-extension" / "package.json").read_text()
    assert precommit.REVISION == "v0.1.0"
