"""What `streamlint check` does, seen from outside."""

from __future__ import annotations

import ast
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from reports import Streamlint

ROW = "app.py:3:10: STL103 "
CLEAN = "import streamlit as st\n\nst.title('Hello')\n"
NESTED = "import streamlit as st\n\n\nst.write(st.session_state.pages)\n"


def codes(out: str) -> list[str]:
    return [row["code"] for row in json.loads(out)]


# --- exit codes


def test_a_clean_app_exits_with_0(streamlint: Streamlint, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(CLEAN)
    result = streamlint("check")
    assert (result.code, result.out, result.err) == (0, "All checks passed!\n", "")


def test_findings_exit_with_1(streamlint: Streamlint, app: Path) -> None:
    result = streamlint("check", "--output-format", "concise")
    assert result.code == 1
    assert result.out.startswith(ROW)
    assert result.out.endswith("\nFound 1 error.\n1 unsafe fix available with `--fix --unsafe-fixes`.\n")


def test_exit_zero_shows_findings_all_the_same(streamlint: Streamlint, app: Path) -> None:
    result = streamlint("check", "--exit-zero", "--output-format", "concise")
    assert result.code == 0 and ROW in result.out


def test_a_syntax_error_is_a_row_and_exits_with_1(streamlint: Streamlint, tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("import streamlit as st\nst.write(\n")
    result = streamlint("check", "--output-format", "concise")
    assert result.code == 1
    assert result.out.startswith("bad.py:2:9: invalid-syntax: SyntaxError: ")


def test_a_syntax_error_does_not_hide_other_files(streamlint: Streamlint, app: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("import streamlit as st\nst.write(\n")
    result = streamlint("check", "--output-format", "json")
    assert result.code == 1 and codes(result.out) == ["STL103", "invalid-syntax"]


@pytest.mark.parametrize("entry", ["st.write(\n", "st.navigation(['pages/report.py']\n"])
def test_a_broken_entrypoint_makes_no_apps_of_its_pages(streamlint: Streamlint, tmp_path: Path, entry: str) -> None:
    (tmp_path / "Home.py").write_text(f"import streamlit as st\nst.session_state.user = 1\n{entry}")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "report.py").write_text("import streamlit as st\nst.write(st.session_state.user)\n")
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "other.py").write_text(NESTED)
    assert codes(streamlint("check", "--output-format", "json").out) == ["invalid-syntax", "STL103"]
    (tmp_path / "beside.py").write_text("import streamlit as st\nst.title('Whose pages are these?')\n")
    assert codes(streamlint("check", "--output-format", "json").out) == ["invalid-syntax", "STL103"]
    (tmp_path / "beside.py").unlink()
    assert codes(streamlint("check", "pages", "--output-format", "json").out) == []
    (tmp_path / "Home.py").write_text("import streamlit as st\nst.session_state.user = 1\n")
    assert "STL102" in codes(streamlint("check", "--output-format", "json").out)


def test_a_broken_file_makes_no_apps_of_what_it_names(streamlint: Streamlint, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import streamlit as st\nst.session_state.user = 1\nst.Page('views/one.py'\n")
    (tmp_path / "views").mkdir()
    (tmp_path / "views" / "one.py").write_text("import streamlit as st\nst.write(st.session_state.user)\n")
    assert codes(streamlint("check", "--output-format", "json").out) == ["invalid-syntax"]


def test_a_broken_script_beside_an_app_hides_its_pages_only(streamlint: Streamlint, tmp_path: Path) -> None:
    (tmp_path / "Home.py").write_text(NESTED)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "report.py").write_text(NESTED)
    assert codes(streamlint("check", "--output-format", "json").out) == ["STL103", "STL103"]
    (tmp_path / "other.py").write_text("import streamlit as st\nst.write(\n")
    assert codes(streamlint("check", "--output-format", "json").out) == ["STL103", "invalid-syntax"]
    (tmp_path / "streamlint.toml").write_text('entrypoints = ["Home.py"]\n')
    assert codes(streamlint("check", "--output-format", "json").out) == ["STL103", "invalid-syntax", "STL103"]


def test_an_empty_folder_is_clean_with_a_warning(streamlint: Streamlint) -> None:
    result = streamlint("check")
    assert (result.code, result.out) == (0, "All checks passed!\n")
    assert "No Python files" in result.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--selct", "STL1"], "'--select'"),
        (["--output-format", "jsn"], "'jsn'"),
        (["--select", "STL998"], "unknown rule selector `STL998`"),
        (["--select", "F401"], "unknown rule selector `F401`"),
        (["--ignore", "key-never-sett"], "did you mean `key-never-set`"),
        (["--per-file-ignores", "x.py"], "PATTERN:RULE"),
        (["--per-file-ignores", "x.py:STL998"], "unknown rule selector `STL998` in `per-file-ignores`"),
        (["--target-version", "py310"], "target-version"),
        (["--config", "nope.toml"], "nope.toml"),
        (["--config", "selct = ['STL1']"], "did you mean `select`"),
        (["--jobs", "0"], "--jobs"),
        (["-", "app.py"], "stdin"),
        (["--statistics", "--output-format", "sarif"], "--statistics"),
        (["--output-file", "app.py/x"], "--output-file"),
    ],
)
def test_mistakes_exit_with_2_and_say_what_is_meant(
    streamlint: Streamlint, app: Path, arguments: list[str], message: str
) -> None:
    result = streamlint("check", *arguments)
    assert result.code == 2
    assert message in result.err
    assert "Traceback" not in result.err + result.out


def test_a_file_that_is_not_there(streamlint: Streamlint, app: Path) -> None:
    result = streamlint("check", "ap.py", "--output-format", "concise")
    assert result.code == 2
    assert result.out.startswith("ap.py:1:1: io-error: no such file or folder; did you mean `app.py`?")


def test_a_wrong_setting_names_its_file(streamlint: Streamlint, app: Path, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.streamlint]\nselct = ['STL1']\n")
    result = streamlint("check")
    assert result.code == 2
    assert "pyproject.toml" in result.err and "did you mean `select`" in result.err


def test_an_unknown_command_has_a_suggestion(streamlint: Streamlint) -> None:
    result = streamlint("chek")
    assert result.code == 2 and "check" in result.err


def test_alone_it_shows_the_help(streamlint: Streamlint) -> None:
    result = streamlint()
    assert result.code == 2, "as ruff"
    assert "Commands:" in result.out + result.err


def test_a_rule_that_fails_is_reported_and_the_rest_too(app: Path, tmp_path: Path) -> None:
    """A wrapper breaks one rule in a real process: the other findings still come, and the exit code is 2."""
    script = (
        "import sys; from streamlint.rules import uninitialized_key as broken\n"
        "def check(app): raise RuntimeError('broken rule')\n"
        "broken.check = check\n"
        "from streamlint_cli.main import main; main(sys.argv[1:])"
    )
    arguments = ["check", "--output-format", "json", "--no-cache"]
    done = subprocess.run([sys.executable, "-c", script, *arguments], cwd=tmp_path, capture_output=True, text=True)
    rows = json.loads(done.stdout)
    assert done.returncode == 2
    assert {row["code"] for row in rows} == {"STL103", "internal-error"}
    message = next(row["message"] for row in rows if row["code"] == "internal-error")
    assert "STL101" in message and "RuntimeError: broken rule" in message


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_is_one_line_and_130(tmp_path: Path) -> None:
    """Interrupted while it waits for stdin."""
    process = subprocess.Popen(
        [sys.executable, "-c", "print('up', flush=True); from streamlint_cli.main import main; main(['check', '-'])"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
    )  # fmt: skip
    assert process.stdout is not None and process.stdout.readline() == "up\n"
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.strip() == "streamlint: interrupted"


@pytest.mark.skipif(os.name == "nt", reason="pipes")
def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    reads = "".join(f"st.write(st.session_state.{'key' * 300}_{n})\n" for n in range(30))  # more than a pipe holds
    (tmp_path / "app.py").write_text("import streamlit as st\n" + reads)
    command = f"'{sys.executable}' -m streamlint_cli check . 2>err.txt | head -n 1"
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True)
    assert "STL" in done.stdout
    assert (tmp_path / "err.txt").read_text() == ""


# --- what is checked


def test_files_from_the_command_line_only(streamlint: Streamlint, app: Path, tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text(NESTED)
    assert streamlint("check", "other.py", "--output-format", "pylint").out.startswith("other.py:4: [STL103]")
    assert len(json.loads(streamlint("check", "--output-format", "json").out)) == 2


def test_a_page_is_judged_with_its_app(streamlint: Streamlint, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "app.py").write_text("import streamlit as st\n\nst.session_state.cart = []\n")
    (tmp_path / "pages" / "orders.py").write_text("import streamlit as st\n\nst.write(st.session_state.cart)\n")
    result = streamlint("check", "pages/orders.py", "--output-format", "json")
    assert codes(result.out) == ["STL102"], "set by the entrypoint, which this visit never ran"


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        (["--select", "STL103"], True),
        (["--select", "key-never-set"], True),
        (["--select", "STL1,STL2"], True),
        (["--select", "STL2", "--extend-select", "STL103"], True),
        (["--select", "STL2"], False),
        (["--ignore", "STL103"], False),
        (["--ignore", "key-never-set"], False),
        (["--per-file-ignores", "app.py:STL1"], False),
        (["--per-file-ignores", "other.py:STL1"], True),
        (["--exclude", "app.py"], False),
        (["--extend-exclude", "app.py"], False),
        (["--exclude", "app.py", "app.py"], True),
        (["--exclude", "app.py", "--force-exclude", "app.py"], False),
        (["--min-confidence", "certain"], True),
        (["--config", "ignore = ['STL103']"], False),
        (["--isolated"], True),
        (["--no-cache"], True),
        (["-j", "2"], True),
    ],
)
def test_flags_that_choose(streamlint: Streamlint, app: Path, arguments: list[str], reported: bool) -> None:
    result = streamlint("check", *arguments, "--output-format", "concise")
    assert (ROW in result.out) is reported, result
    assert result.code == (1 if reported else 0)


def test_isolated_ignores_the_project_s_settings(streamlint: Streamlint, app: Path, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.streamlint]\nignore = ['STL1']\n")
    assert streamlint("check").code == 0
    assert streamlint("check", "--isolated").code == 1


def test_gitignore_is_respected_unless_not_wanted(streamlint: Streamlint, app: Path, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("app.py\n")
    assert streamlint("check").code == 0
    assert streamlint("check", "--no-respect-gitignore").code == 1


def test_two_projects_have_their_own_settings(streamlint: Streamlint, app: Path, tmp_path: Path) -> None:
    for name, ignore in (("one", "['STL103']"), ("two", "[]")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "streamlint.toml").write_text(f"ignore = {ignore}\n")
        (tmp_path / name / "main.py").write_text(NESTED)
    result = streamlint("check", "one", "two", "--output-format", "full")
    assert result.out.count("STL103") == 1
    assert "4 | st.write(st.session_state.pages)" in result.out
    assert str(Path("two", "main.py")) in result.out


# --- stdin


def test_stdin_without_a_name(streamlint: Streamlint) -> None:
    result = streamlint("check", "-", "--output-format", "concise", stdin=NESTED)
    assert result.out.startswith("-:4:10: STL103 ")
    assert result.code == 1


def test_stdin_wins_over_the_file_and_knows_the_app(streamlint: Streamlint, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "app.py").write_text("import streamlit as st\n\nst.session_state.cart = []\n")
    (tmp_path / "pages" / "orders.py").write_text(CLEAN)
    text = "import streamlit as st\n\nst.write(st.session_state.cart)\n"
    result = streamlint("check", "-", "--stdin-filename", "pages/orders.py", "--output-format", "json", stdin=text)
    assert codes(result.out) == ["STL102"]
    assert json.loads(result.out)[0]["filename"] == str(tmp_path / "pages" / "orders.py")


def test_stdin_may_be_a_file_that_is_not_there_yet(streamlint: Streamlint) -> None:
    result = streamlint("check", "--stdin-filename", "new.py", "-", "--output-format", "concise", stdin=NESTED)
    assert result.out.startswith("new.py:4:10: STL103 ")


def test_stdin_that_is_not_text(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "streamlint_cli", "check", "-"], input=b"x = '\xff'", cwd=tmp_path, capture_output=True
    )
    assert done.returncode == 2
    assert b"stdin" in done.stderr and b"Traceback" not in done.stderr


# --- comments


@pytest.mark.parametrize("comment", ["# noqa", "# noqa: STL103", "# ruff: ignore[STL103]", "# noqa: F401, STL103"])
def test_comments_suppress(streamlint: Streamlint, app: Path, comment: str) -> None:
    app.write_text(app.read_text().rstrip("\n") + f"  {comment}\n")
    assert streamlint("check").code == 0
    assert streamlint("check", "--ignore-noqa").code == 1


def test_useless_comments_are_reported_when_asked_for(streamlint: Streamlint, app: Path) -> None:
    text = app.read_text().rstrip("\n") + "  # noqa: STL103, STL101, F401\nst.title('x')  # noqa: STL998, STL103\n"
    app.write_text(text)
    assert streamlint("check").code == 0
    rows = json.loads(streamlint("check", "--extend-select", "unused-noqa", "--output-format", "json").out)
    assert [(row["code"], row["location"]["row"]) for row in rows] == [("STL901", 3), ("STL901", 4)]
    assert "STL101" in rows[0]["message"] and "F401" not in rows[0]["message"]
    assert "STL998" not in rows[1]["message"], "not a rule that ran"


def test_a_comment_for_a_rule_that_is_off_is_left_alone(streamlint: Streamlint, app: Path) -> None:
    app.write_text(app.read_text().rstrip("\n") + "  # noqa: STL103\n")
    assert streamlint("check", "--extend-select", "STL901", "--ignore", "STL103").code == 0


def test_add_noqa_and_check_again(streamlint: Streamlint, app: Path) -> None:
    before = app.read_bytes()
    result = streamlint("check", "--add-noqa")
    assert (result.code, result.out) == (0, "Added 1 noqa directive.\n")
    assert app.read_text().splitlines()[2].endswith("  # noqa: STL103")
    ast.parse(app.read_text())
    assert streamlint("check").code == 0
    assert streamlint("check", "--add-noqa").out == ""
    assert app.read_bytes() == before.rstrip(b"\n") + b"  # noqa: STL103\n"


def test_add_noqa_keeps_encoding_line_ends_and_mode(streamlint: Streamlint, app: Path) -> None:
    text = "# -*- coding: latin-1 -*-\r\nimport streamlit as st\r\nst.write('größe', st.session_state.cart)\r\n"
    app.write_bytes(text.encode("latin-1"))
    app.chmod(0o640)
    assert streamlint("check", "--add-noqa").code == 0
    assert app.read_bytes() == text.replace("cart)", "cart)  # noqa: STL103").encode("latin-1")
    assert app.stat().st_mode & 0o777 == 0o640


# --- what is shown


def test_full_shows_the_line_the_run_and_the_way_out(streamlint: Streamlint, app: Path) -> None:
    out = streamlint("check").out
    assert out.startswith("STL103 key-never-set: ")
    assert " --> app.py:3:10\n" in out
    assert "3 | st.write(st.session_state.cart)\n  |          ^^^^^^^^^^^^^^^^^^^^^\n" in out
    assert "how it happens:\n  1. " in out
    assert "app.py:3: " in out
    assert "\nhelp: " in out
    assert "docs: https://streamlint.readthedocs.io/rules/key-never-set\n" in out


def test_carets_stand_below_wide_characters_and_tabs(streamlint: Streamlint, app: Path) -> None:
    app.write_text("import streamlit as st\nif True:\n\tst.write('日本', st.session_state.cart)\n")
    lines = streamlint("check").out.splitlines()
    code = next(line for line in lines if "日本" in line)
    carets = next(line for line in lines if "^" in line)
    before = code[: code.index("st.session_state")]
    assert carets.index("^") == len(before) + 2, "each of the two characters fills two cells"


def test_control_characters_do_not_reach_the_terminal(streamlint: Streamlint, app: Path) -> None:
    app.write_text("import streamlit as st\nst.write('\x1b[31m', st.session_state['\x1b[2J'])\n")
    for output_format in ("full", "concise", "grouped"):
        assert "\x1b" not in streamlint("check", "--output-format", output_format).out


def test_grouped_names_each_file_once(streamlint: Streamlint, app: Path, tmp_path: Path) -> None:
    app.write_text(app.read_text() + "st.write(st.session_state.other)\n")
    out = streamlint("check", "--output-format", "grouped").out
    assert out.startswith("app.py:\n  3:10 STL103 ")
    assert "\n  4:10 STL103 " in out and out.count("app.py:\n") == 1


@pytest.mark.parametrize(
    ("env", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"NO_COLOR": "1"}, False),
    ],
)
@pytest.mark.parametrize("output_format", ["full", "concise", "grouped"])
def test_colours(streamlint: Streamlint, app: Path, env: dict[str, str], coloured: bool, output_format: str) -> None:
    result = streamlint("check", "--output-format", output_format, env=env)
    assert ("\x1b[" in result.out) is coloured


def test_machines_never_get_colours(streamlint: Streamlint, app: Path) -> None:
    for output_format in ("json", "github", "junit", "sarif", "pylint"):
        assert "\x1b" not in streamlint("check", "--output-format", output_format, env={"FORCE_COLOR": "1"}).out


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo terminals")
def test_a_terminal_gets_colours(app: Path, tmp_path: Path) -> None:
    import pty

    env = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "streamlint_cli", "check", "--output-format", "concise"]
    subprocess.run(command, cwd=tmp_path, stdout=theirs, stderr=theirs, env=env | {"TERM": "xterm"}, timeout=120)
    os.close(theirs)
    assert b"\x1b[" in os.read(ours, 65536)
    os.close(ours)


def test_quiet_prints_findings_only(streamlint: Streamlint, app: Path) -> None:
    result = streamlint("check", "-q", "--output-format", "concise")
    assert result.out.startswith(ROW) and "Found" not in result.out


def test_output_file(streamlint: Streamlint, app: Path, tmp_path: Path) -> None:
    result = streamlint("check", "--output-format", "json", "--output-file", "out/report.json")
    assert (result.code, result.out) == (1, "")
    assert codes((tmp_path / "out" / "report.json").read_text()) == ["STL103"]


def test_statistics(streamlint: Streamlint, app: Path) -> None:
    app.write_text(app.read_text() + "st.write(st.session_state.other)\n")
    fixes = "2 unsafe fixes available with `--fix --unsafe-fixes`."
    assert streamlint("check", "--statistics").out == f"2\tSTL103\tkey-never-set\nFound 2 errors.\n{fixes}\n"
    (row,) = json.loads(streamlint("check", "--statistics", "--output-format", "json").out)
    assert row["code"] == "STL103" and row["count"] == 2 and set(row) == {
        "code", "name", "count", "fixable", "fixable_count",
    }  # fmt: skip


def test_show_files(streamlint: Streamlint, app: Path, tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "x.py").write_text("")
    assert streamlint("check", "--show-files").out == f"{app}\n"


def test_show_settings(streamlint: Streamlint, app: Path) -> None:
    result = streamlint("check", "--show-settings", "--select", "STL101")
    assert result.code == 0
    assert "select = ('STL101',)" in result.out and "target-version = " in result.out


def test_the_cache_is_made_and_cleaned(streamlint: Streamlint, app: Path, tmp_path: Path) -> None:
    first = streamlint("check", "--output-format", "json")
    assert (tmp_path / ".streamlint_cache").is_dir()
    assert streamlint("check", "--output-format", "json").out == first.out
    result = streamlint("clean")
    assert result.code == 0 and ".streamlint_cache" in result.err
    assert not (tmp_path / ".streamlint_cache").exists()
    assert streamlint("clean").err == ""


def test_no_cache_leaves_nothing_behind(streamlint: Streamlint, app: Path, tmp_path: Path) -> None:
    streamlint("check", "--no-cache")
    assert [path.name for path in tmp_path.iterdir()] == ["app.py"]


def test_cache_dir(streamlint: Streamlint, app: Path, tmp_path: Path) -> None:
    streamlint("check", "--cache-dir", "elsewhere")
    assert (tmp_path / "elsewhere").is_dir() and not (tmp_path / ".streamlint_cache").exists()
