"""streamlint in the real flake8, in processes of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from processes import run_module

BARE_READ = "import streamlit as st\n\nst.write(st.session_state.cart)\n"
EXAMPLES = Path(__file__).parents[2] / "examples"


def flake8(folder: Path, *arguments: str, stdin: str = "") -> tuple[int, list[str], str]:
    """Exit code, lines of stdout, stderr."""
    done = run_module("flake8", *arguments, cwd=folder, stdin=stdin.encode())
    return done.returncode, done.stdout.decode().splitlines(), done.stderr.decode()


def codes(lines: list[str]) -> list[str]:
    return [line.split()[1] for line in lines]


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """An app that fails in line 3, columns 10 to 31, and imports what it does not use."""
    path = tmp_path / "app.py"
    path.write_text("import os\n" + BARE_READ[:-1].replace("\n\n", "\n") + "\n")
    return path


def test_findings_are_flake8_rows(app: Path, tmp_path: Path) -> None:
    code, lines, err = flake8(tmp_path, ".")
    assert (code, err) == (1, "")
    assert codes(lines) == ["F401", "STL103"]
    assert lines[1].startswith("./app.py:3:10: STL103 ")


def test_columns_count_code_points(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import streamlit as st\nst.write('日本 größe', st.session_state.cart)\n")
    _, lines, _ = flake8(tmp_path, "app.py")
    assert lines[0].startswith("app.py:2:22: STL103 ")


def test_the_version_names_the_plugin(tmp_path: Path) -> None:
    _, lines, _ = flake8(tmp_path, "--version")
    assert "streamlint: 0.1" in lines[0]


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        ([], True),
        (["--select", "STL"], True),
        (["--select", "STL103"], True),
        (["--select", "S"], True),
        (["--select", "E,F"], False),
        (["--extend-ignore", "STL103"], False),
        (["--extend-ignore", "STL101"], True),
        (["--ignore", "E203"], True),
        (["--per-file-ignores", "app.py:STL1"], False),
        (["--per-file-ignores", "other.py:STL1"], True),
        (["-j", "1"], True),
        (["-j", "2"], True),
        (["--streamlint-target-version", "1.40"], True),
    ],
)
def test_flake8_selects(app: Path, tmp_path: Path, arguments: list[str], reported: bool) -> None:
    _, lines, err = flake8(tmp_path, *arguments, ".")
    assert ("STL103" in codes(lines)) is reported
    assert err == ""


def test_settings_of_the_project_do_not_select_but_per_file_ignores_hold(app: Path, tmp_path: Path) -> None:
    settings = tmp_path / "streamlint.toml"
    settings.write_text("select = ['STL2']\nignore = ['STL103']\n")
    assert "STL103" in codes(flake8(tmp_path, ".")[1])
    settings.write_text("[per-file-ignores]\n'app.py' = ['STL103']\n")
    assert "STL103" not in codes(flake8(tmp_path, ".")[1])


def test_a_settings_file_by_option(app: Path, tmp_path: Path) -> None:
    (tmp_path / "ci.toml").write_text("[per-file-ignores]\n'app.py' = ['STL103']\n")
    assert codes(flake8(tmp_path, "--streamlint-config", "ci.toml", ".")[1]) == ["F401"]
    (tmp_path / ".flake8").write_text("[flake8]\nstreamlint-config = ci.toml\n")
    assert codes(flake8(tmp_path, ".")[1]) == ["F401"]


@pytest.mark.parametrize("comment", ["# noqa", "# noqa: STL103", "# noqa:STL1", "# ruff: ignore[STL103]"])
def test_comments_suppress(app: Path, tmp_path: Path, comment: str) -> None:
    app.write_text(app.read_text().rstrip("\n") + f"  {comment}\n")
    assert codes(flake8(tmp_path, ".")[1]) == ["F401"]
    assert "STL103" in codes(flake8(tmp_path, "--disable-noqa", ".")[1])


def test_rules_that_are_off_by_default_need_a_selector_of_their_own(app: Path, tmp_path: Path) -> None:
    app.write_text(BARE_READ.rstrip("\n") + "  # noqa: STL103, STL101\n")
    for arguments in ([], ["--select", "STL"], ["--select", "S"], ["--ignore", "E203"], ["--extend-ignore", "E1"]):
        assert codes(flake8(tmp_path, *arguments, ".")[1]) == []
    for arguments in (["--extend-select", "STL9"], ["--select", "STL901"]):
        assert codes(flake8(tmp_path, *arguments, ".")[1]) == ["STL901"]


def test_stdin_is_what_is_checked(app: Path, tmp_path: Path) -> None:
    moved = "\n\n\n" + BARE_READ
    _, lines, _ = flake8(tmp_path, "--stdin-display-name", "app.py", "--select", "STL", "-", stdin=moved)
    assert [line.split(": ")[0] for line in lines] == ["app.py:6:10"]
    _, lines, _ = flake8(tmp_path, "--select", "STL", "-", stdin=moved)
    assert [line.split(": ")[0] for line in lines] == ["stdin:6:10"]
    assert "STL103" in codes(flake8(tmp_path, "-")[1]) or not flake8(tmp_path, "-")[1], "an empty stdin is fine"


def test_stdin_has_the_rest_of_its_app(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "app.py").write_text("import streamlit as st\n\nst.session_state.cart = []\n")
    (tmp_path / "pages" / "orders.py").write_text("import streamlit as st\n")
    arguments = ["--stdin-display-name", "pages/orders.py", "--select", "STL", "-"]
    assert codes(flake8(tmp_path, *arguments, stdin=BARE_READ)[1]) == ["STL102"]


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends(tmp_path: Path, line_end: str) -> None:
    (tmp_path / "app.py").write_bytes(BARE_READ.replace("\n", line_end).encode())
    _, lines, _ = flake8(tmp_path, "--select", "STL", "app.py")
    assert [line.split(": ")[0] for line in lines] == ["app.py:3:10"]


def test_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_bytes(b"\xef\xbb\xbf" + b"import streamlit as st; st.session_state.cart\n")
    _, lines, _ = flake8(tmp_path, "--select", "STL", "app.py")
    assert [line.split(": ")[0] for line in lines] == ["app.py:1:25"]


def test_a_broken_file_of_the_app_is_flake8_s_to_report(app: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("import streamlit as st\nst.write(\n")
    app.write_text("import broken\n" + BARE_READ + "broken.x()\n")
    code, lines, err = flake8(tmp_path, ".")
    assert code == 1 and "Traceback" not in err
    assert sorted(codes(lines)) == ["E999", "STL103"]


@pytest.mark.parametrize("text", ["selct = []", "select = [", "per-file-ignores = { 'x' = ['STL998'] }"])
def test_wrong_settings_are_a_row_and_others_still_report(app: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "streamlint.toml").write_text(text)
    code, lines, err = flake8(tmp_path, ".")
    assert code == 1 and "Traceback" not in err
    assert sorted(codes(lines)) == ["F401", "STL999"]
    assert "streamlint.toml" in next(line for line in lines if "STL999" in line)


def test_a_failing_engine_is_a_row_and_others_still_report(app: Path, tmp_path: Path) -> None:
    script = (
        "import sys, streamlint.lint as lint\n"
        "def broken(*args, **kwargs): raise RuntimeError('broken engine')\n"
        "lint.Linter.lint = broken\n"
        "from flake8.main.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", script, "-j", "1", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert sorted(codes(done.stdout.splitlines())) == ["F401", "STL999"]
    assert "broken engine" in done.stdout and "Traceback" not in done.stderr


def test_files_without_streamlit_cost_no_report(tmp_path: Path) -> None:
    (tmp_path / "plain.py").write_text("print('hello')\n")
    assert flake8(tmp_path, ".") == (0, [], "")


# --- the same as the command line


def command_line(folder: Path) -> set[tuple[str, int, int, str]]:
    done = run_module("streamlint_cli", "check", "--no-cache", "--output-format", "json", ".", cwd=folder)
    return {
        (os.path.relpath(row["filename"], folder), row["location"]["row"], row["location"]["column"], row["code"])
        for row in json.loads(done.stdout)
    }


def rows(folder: Path, *arguments: str) -> set[tuple[str, int, int, str]]:
    found = set()
    for line in flake8(folder, "--select", "STL", "--isolated", *arguments, ".")[1]:
        match = re.match(r"(.+?):(\d+):(\d+): (\w+) ", line)
        assert match, line
        found.add((os.path.normpath(match[1]), int(match[2]), int(match[3]), match[4]))
    return found


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir()))
def test_flake8_reports_what_the_command_line_reports(name: str, tmp_path: Path) -> None:
    app = shutil.copytree(EXAMPLES / name, tmp_path / name)
    expected = command_line(app)
    for jobs in ("1", "2"):
        assert rows(app, "-j", jobs) == expected


def test_they_agree_where_nothing_marks_a_project(tmp_path: Path) -> None:
    entry = "import streamlit as st\nst.session_state.cart = []\nst.navigation([st.Page('views/a.py')]).run()\n"
    (tmp_path / "views").mkdir()
    (tmp_path / "app.py").write_text(entry)
    (tmp_path / "views" / "a.py").write_text(BARE_READ + "st.write(st.session_state.user)\n")
    expected = command_line(tmp_path)
    assert {(path, line) for path, line, _, _ in expected} == {(os.path.join("views", "a.py"), 4)}
    assert rows(tmp_path, "-j", "1") == expected


def test_the_baseline_holds_here_too(app: Path, tmp_path: Path) -> None:
    assert run_module("streamlint_cli", "check", "--write-baseline", cwd=tmp_path).returncode == 0
    assert codes(flake8(tmp_path, ".")[1]) == ["F401"]
    app.write_text(app.read_text() + "st.write(st.session_state.more)\n")
    assert flake8(tmp_path, ".")[1][1].startswith("./app.py:4:10: STL103")
    (tmp_path / ".streamlint-baseline.json").write_text("{")
    assert codes(flake8(tmp_path, ".")[1]) == ["F401", "STL999"]
