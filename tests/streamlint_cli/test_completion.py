"""`streamlint generate-shell-completion`, in real shells that have read what it prints."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from reports import Streamlint

pytestmark = pytest.mark.skipif(os.name == "nt", reason="shells")
WORDS = [
    ("streamlint che", "check"),
    ("streamlint check --watc", "--watch"),
    ("streamlint check --output-format sar", "sarif"),
    ("streamlint rule STL10", "STL101"),
    ("streamlint rule key-nev", "key-never-set"),
]
BASH = """
source completion
read -ra COMP_WORDS <<< "$LINE"
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_streamlint_completion streamlint "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""
ZSH = """
compdef() { :; }
shown() { for name in "$@"; do [[ $name == completions* ]] && print -rl -- ${(P)name}; done; }
_describe() { shown "$@"; }
compadd() { shown "$@"; }
source ./completion
words=(${=LINE}) CURRENT=${#words}
_streamlint_completion
"""
"""What zsh offers is drawn by its line editor, so what the script hands to that is looked at."""
FISH = """
source completion
complete --do-complete "$LINE"
"""
SHELLS = {"bash": BASH, "zsh": ZSH, "fish": FISH}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes(streamlint: Streamlint, tmp_path: Path, shell: str) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"no {shell} here")
    (tmp_path / "completion").write_text(streamlint("generate-shell-completion", shell).out)
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "streamlint"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m streamlint_cli "$@"\n')
    command.chmod(0o755)
    path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    for line, word in WORDS:
        env = {"PATH": path, "HOME": str(tmp_path), "LINE": line}
        done = subprocess.run(
            [program, "-c", SHELLS[shell]], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120
        )
        assert word in done.stdout.replace(":", "\n").replace("\t", "\n").split("\n"), (line, done)


def test_a_shell_that_is_not_known(streamlint: Streamlint) -> None:
    result = streamlint("generate-shell-completion", "tcsh")
    assert result.code == 2 and "'tcsh'" in result.err
