"""Runs that are disturbed: by signals, by closed and full streams, by a cache that is broken or used by others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from outcomes import BUG, BUG_ROW, Check, command, run

posix = pytest.mark.skipif(os.name == "nt", reason="signals and streams work otherwise here")
CONCISE = [sys.executable, "-m", "streamlint_cli", "check", "--output-format", "concise", "--no-cache"]

# --- Ctrl-C

# Where the run stands when Ctrl-C comes: a function that then says so and waits.
MOMENTS = {
    "reading the settings": "streamlint.settings.loading.find_own",
    "looking for files": "streamlint.lint.discover",
    "analysing": "streamlint.flow.analyse_app",
    "deep in a call": "streamlint.stack._in_deep_thread",
    "writing the cache": "streamlint.project.cache.os.replace",
    "adding comments": "streamlint_cli.noqa.os.replace",
}


def waiting_in(function: str) -> str:
    """Python that lets a function, when it is called, say that it was and then wait for ever."""
    module, name = function.rsplit(".", 1)
    base = module.removesuffix(".os")
    return (
        f"import sys, time, {base}, os\nmodule = os if '{module}'.endswith('.os') else sys.modules['{base}']\n"
        "def wait(*arguments, **names):\n"
        "    print('here', flush=True)\n    while True: time.sleep(0.05)\n"
        f"module.{name} = wait\n"
    )


def interrupted(words: list[str], folder: Path, *, group: bool = False) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a process that is interrupted when it says `here`."""
    process = subprocess.Popen(
        words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None and process.stdout.readline() == "here\n"
    (os.killpg if group else os.kill)(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


@posix
@pytest.mark.parametrize("moment", MOMENTS)
def test_ctrl_c_leaves_nothing_half_done(app: Path, tmp_path: Path, moment: str) -> None:
    if moment == "deep in a call":
        app.write_text(BUG + "x = " + "f(" * 60 + "1" + ")" * 60 + "\n")
    before = waiting_in(MOMENTS[moment])
    if moment == "deep in a call":
        before += "import streamlint.flow; sys.setrecursionlimit(150)\n"
    arguments = ["--add-noqa", "--no-cache"] if moment == "adding comments" else []
    text = app.read_bytes()
    assert interrupted(command(*arguments, before=before), tmp_path) == (130, "", "\nstreamlint: interrupted\n")
    assert app.read_bytes() == text
    left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert left <= {"app.py"}


@posix
def test_ctrl_c_while_it_loads(app: Path, tmp_path: Path) -> None:
    before = (
        "import time, types\nclass Waiting:\n    def find_spec(self, name, *rest):\n"
        "        if name == 'streamlint_cli.check':\n            print('here', flush=True); time.sleep(60)\n"
        "sys.meta_path.insert(0, Waiting())"
    )
    assert interrupted(command(before=before), tmp_path) == (130, "", "streamlint: interrupted\n")


@posix
def test_ctrl_c_of_a_terminal_reaches_the_workers_too(tmp_path: Path) -> None:
    """A terminal sends it to all processes: still one line, and nobody stays behind."""
    for number in range(18):
        (tmp_path / f"app{number}.py").write_text(BUG)
    before = (
        "import streamlint.project.store as store; store.MIN_BYTES = 0\n"
        "def decoded(blob):\n    print('here', flush=True); import time; time.sleep(60)\n"
        "store.decode = decoded"
    )
    script = tmp_path / "run.txt"  # workers load the main module again, so it must be a file
    script.write_text(
        f"import sys\nif __name__ == '__main__':\n    sys.argv[0] = 'streamlint'\n    exec({before!r})\n"
        "    from streamlint_cli.__main__ import main\n    main()\n"
    )
    words = [sys.executable, str(script), "check", "--no-cache", "-j", "2"]
    assert interrupted(words, tmp_path, group=True) == (130, "", "\nstreamlint: interrupted\n")


# --- streams


@posix
@pytest.mark.parametrize(
    ("shell", "code", "err"),
    [
        ("{} . >&-", 1, ""),
        ("{} . 2>&-", 1, ""),
        ("{} . <&- >&- 2>&-", 1, ""),
        ("{} - <&-", 0, ""),
        ("{} . >/dev/full", 2, "streamlint: [Errno 28] No space left on device\n"),
        ("{} --output-format json . >/dev/full", 2, "streamlint: [Errno 28] No space left on device\n"),
        ("{} -o /dev/full .", 2, "streamlint: [Errno 28] No space left on device\n"),
    ],
)
def test_streams_that_are_closed_or_full(app: Path, tmp_path: Path, shell: str, code: int, err: str) -> None:
    if "/dev/full" in shell and not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    words = " ".join(f"'{word}'" for word in CONCISE)
    done = subprocess.run(["sh", "-c", shell.format(words)], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (code, err)


@posix
@pytest.mark.parametrize("arguments", [["check", "."], ["check", "--show-files", "."], ["rule", "--all"]])
def test_a_reader_that_is_gone(app: Path, tmp_path: Path, arguments: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    words = [sys.executable, "-m", "streamlint_cli", *arguments]
    done = subprocess.run(words, cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE, text=True)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_defect_of_ours_is_no_finding(app: Path, tmp_path: Path) -> None:
    """Exit code 1 would say that all is well but for the bugs found."""
    found = run(command(before="import streamlint_cli.entries as e; e.entries = None"), tmp_path)
    assert (found.code, found.rows) == (2, [])
    assert found.err.endswith("streamlint: internal error. This is a bug in streamlint.\n")


# --- the cache


def packs(folder: Path) -> list[Path]:
    return sorted((folder / ".streamlint_cache").rglob("*.pack"))


def blocked_by_a_file(cache: Path) -> None:
    for path in sorted(cache.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    cache.rmdir()
    cache.write_text("in the way")


def each_pack(change: Callable[[Path], object]) -> Callable[[Path], None]:
    def damage(cache: Path) -> None:
        for pack in sorted(cache.rglob("*.pack")):
            change(pack)

    return damage


def as_folder(pack: Path) -> None:
    pack.unlink()
    pack.mkdir()
    (pack / "inner").write_text("")


DAMAGE: dict[str, Callable[[Path], None]] = {
    "empty": each_pack(lambda pack: pack.write_bytes(b"")),
    "noise": each_pack(lambda pack: pack.write_bytes(os.urandom(5000))),
    "cut": each_pack(lambda pack: pack.write_bytes(pack.read_bytes()[:-20])),
    "bits": each_pack(lambda pack: pack.write_bytes(bytes(byte ^ 1 for byte in pack.read_bytes()))),
    "folders": each_pack(as_folder),
    "a file": blocked_by_a_file,
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_broken_cache_changes_nothing(check: Check, app: Path, tmp_path: Path, name: str) -> None:
    expected = (1, [BUG_ROW], "")
    assert check().seen == expected and packs(tmp_path)
    DAMAGE[name](tmp_path / ".streamlint_cache")
    assert (check().seen, check().seen) == (expected, expected)
    assert check("--no-cache").seen == expected


def test_a_cache_that_cannot_be_written(obedient: list[str], check: Check, app: Path, tmp_path: Path) -> None:
    assert check().seen == (1, [BUG_ROW], "")
    before = [pack.read_bytes() for pack in packs(tmp_path)]
    folders = [path for path in (tmp_path / ".streamlint_cache").rglob("*") if path.is_dir()]
    for folder in (*folders, tmp_path / ".streamlint_cache", tmp_path):
        folder.chmod(0o500)
    app.write_text(f"{BUG}st.title('changed')\n")
    try:
        assert run([*obedient, *command()], tmp_path).seen == (1, [BUG_ROW], "")
        assert run([*obedient, *command("--cache-dir", "new")], tmp_path).seen == (1, [BUG_ROW], "")
    finally:
        for folder in (tmp_path, tmp_path / ".streamlint_cache", *folders):
            folder.chmod(0o700)
    assert [pack.read_bytes() for pack in packs(tmp_path)] == before
    assert not (tmp_path / "new").exists()


def test_processes_at_once_say_the_same(check: Check, tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"app{number}.py").write_text(f"{BUG}st.session_state['a{number}']\n")
    expected = check("--no-cache")
    assert len(expected.rows) == 60
    for _ in range(2):  # without a cache at first, then with one that each wants to write anew
        runs = [
            subprocess.Popen(
                [*CONCISE[:-1], "."], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            for _ in range(3)
        ]
        outputs = [process.communicate(timeout=120) for process in runs]
        assert len(set(outputs)) == 1 and outputs[0][1] == ""
        assert [process.returncode for process in runs] == [1, 1, 1]
        assert sum("STL103" in line for line in outputs[0][0].splitlines()) == 60
        for path in tmp_path.glob("app*.py"):
            path.write_text(path.read_text() + "\n")
    assert check().seen == expected.seen
    assert not list((tmp_path / ".streamlint_cache").rglob(".tmp-*"))


def test_a_cache_that_is_deleted_meanwhile(app: Path, tmp_path: Path, check: Check) -> None:
    check()
    app.write_text(f"{BUG}\n")
    before = (
        "import shutil, streamlint.flow as flow; analyse = flow.analyse_app\n"
        "def analysed(*arguments): shutil.rmtree('.streamlint_cache'); return analyse(*arguments)\n"
        "flow.analyse_app = analysed"
    )
    assert run(command(before=before), tmp_path).seen == (1, [BUG_ROW], "")
    assert packs(tmp_path)


# --- flake8


def test_flake8_survives_what_the_command_line_survives(app: Path, tmp_path: Path) -> None:
    from processes import run_module

    (tmp_path / "deep.py").write_text(
        "import streamlit as st\nx = " + " and ".join(["st.session_state.q"] * 300) + "\n"
    )
    (tmp_path / "chain.py").write_text(
        "import streamlit as st\n" + "".join(f"def f{n}(): f{n + 1}()\n" for n in range(1000)) + "f0()\n"
    )
    if sys.version_info >= (3, 12):  # flake8 itself fails on it before
        (tmp_path / "nul.py").write_bytes(b"import streamlit as st\nx = '\0'\n")
    (tmp_path / "klingon.py").write_bytes(b"# coding: klingon\nimport streamlit as st\n")
    (tmp_path / "empty.py").write_bytes(b"")
    done = run_module("flake8", "--select", "STL", "-j", "1", ".", cwd=tmp_path)
    rows = [": ".join([line.split(": ")[0], line.split()[1]]) for line in done.stdout.decode().splitlines()]
    assert sorted(rows) == ["./app.py:3:10: STL103", "./deep.py:2:5: STL103"]
    assert (done.returncode, done.stderr) == (1, b"")
