"""Runs of `python -m ...` that start fast: copies of a process that has the engine loaded already.

Each run is a process of its own, with its own arguments, working directory, environment and standard streams. Only
what Python does before the first import is shared, so what a start itself costs or loads is no question for this.
Where processes cannot be copied (Windows), each run starts from nothing.
"""

from __future__ import annotations

import atexit
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

PRELOADED = (
    "streamlint.lint",
    "streamlint.flow",
    "streamlint.inference.world",
    "streamlint_cli.main",
    "flake8.main.cli",
)
SECONDS = 120
"""What takes longer hangs."""


@dataclass(frozen=True)
class Done:
    """What a process left behind."""

    returncode: int
    stdout: bytes
    stderr: bytes


def run_module(
    module: str, *arguments: str, cwd: Path, stdin: bytes = b"", env: Mapping[str, str] | None = None
) -> Done:
    """Run `python -m module` with these arguments; `env` is the whole environment, this process's if None."""
    if not hasattr(os, "fork"):
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(command, cwd=cwd, input=stdin, env=env, capture_output=True, timeout=SECONDS)
        return Done(done.returncode, done.stdout, done.stderr)
    with tempfile.TemporaryDirectory() as folder:
        streams = [str(Path(folder, name)) for name in ("in", "out", "err")]
        Path(streams[0]).write_bytes(stdin)
        request = {"module": module, "arguments": arguments, "cwd": str(cwd), "env": dict(env or os.environ)}
        code = _ask(_server(), {**request, "streams": streams})
        return Done(code, *(Path(stream).read_bytes() for stream in streams[1:]))


def _ask(server: subprocess.Popen[str], request: dict[str, Any]) -> int:
    assert server.stdin is not None and server.stdout is not None
    server.stdin.write(json.dumps(request) + "\n")
    server.stdin.flush()
    return int(server.stdout.readline())


@cache
def _server() -> subprocess.Popen[str]:
    """The process that is copied, one for each worker of the tests."""
    command = [sys.executable, __file__]
    env = os.environ | {"PYTHONUTF8": "1"}
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)
    atexit.register(_end, server)
    return server


def _end(server: subprocess.Popen[str]) -> None:
    server.communicate()  # it ends with its input
    server.wait()


def _serve() -> None:
    for name in PRELOADED:
        import_module(name)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _become(**json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(module: str, arguments: list[str], cwd: str, env: dict[str, str], streams: list[str]) -> None:
    signal.alarm(SECONDS)
    for number, stream in enumerate(streams):
        os.dup2(os.open(stream, os.O_RDWR | os.O_CREAT), number)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    sys.argv = [module, *arguments]
    sys.path[0] = cwd
    code: object = 1
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    _serve()
