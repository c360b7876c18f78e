"""Runs of `streamlint check` in a folder that has one bug and one oddity, and what they said."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

BUG = "import streamlit as st\n\nst.write(st.session_state.cart)\n"
BUG_ROW = "app.py:3:10: STL103"
SUMMARY = re.compile(r"Found |All checks passed!|No fixes available|(\[\*\] )?\d+ .*fix")


@dataclass(frozen=True)
class Outcome:
    """What a run said: its exit code, the rows of its output (`path:row:column: CODE` of findings, all of the rest)
    without the summary, and stderr."""

    code: int
    rows: list[str]
    err: str

    @property
    def seen(self) -> tuple[int, list[str], str]:
        """All of it, to be compared at once."""
        return self.code, self.rows, self.err


Check = Callable[..., Outcome]


def outcome(code: int, out: str, err: str) -> Outcome:
    lines = [line for line in out.splitlines() if not SUMMARY.match(line)]
    return Outcome(code, [_row(line) for line in lines], err)


def _row(line: str) -> str:
    """`app.py:3:10: STL103 words` to `app.py:3:10: STL103`; what is no finding stays whole."""
    place, _, rest = line.partition(" ")
    return f"{place} {rest.split()[0]}" if rest.startswith("STL") else line


def command(*arguments: str, before: str = "") -> list[str]:
    """The same with a process that shares nothing with others; `before` is Python to run in it first."""
    flags = ["check", "--output-format", "concise", *arguments]
    script = f"import sys\n{before}\nfrom streamlint_cli.__main__ import main\nmain()"
    return [sys.executable, "-c", script, *flags]


def run(words: Sequence[str], folder: Path) -> Outcome:
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
    return outcome(done.returncode, done.stdout, done.stderr)
