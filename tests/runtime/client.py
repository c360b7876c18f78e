"""The tests' side of `runner.py`: asks a real Streamlit, in its own process, what an app does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime.needs import runs_on, survives

RUNNER = Path(__file__).with_name("runner.py")
PYTHON = "STREAMLINT_RUNTIME_PYTHON"
"""The environment variable that names the interpreter whose Streamlit is asked; by default this one."""


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception that Streamlit showed. `path` and `line` are the innermost frame inside the app."""

    type: str
    message: str
    frames: tuple[tuple[str, int], ...]

    @property
    def place(self) -> tuple[str, int]:
        """Raises `IndexError` where no frame lies inside the app."""
        return self.frames[-1]

    @property
    def is_missing_key(self) -> bool:
        """Whether this is Session State's own complaint about a key that is not there."""
        return self.type in ("AttributeError", "KeyError") and "st.session_state has no" in self.message


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one step showed."""

    exceptions: tuple[Raised, ...]
    shown: tuple[str, ...]


class Runtime:
    """A process that runs apps. Not safe to share between threads; call `close` at the end."""

    def __init__(self, python: str | None = None) -> None:
        self._process = subprocess.Popen(
            [python or os.environ.get(PYTHON) or sys.executable, str(RUNNER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.version: tuple[int, ...] = self._version()

    def _version(self) -> tuple[int, ...]:
        parts = str(self._answer()["streamlit"]).split(".")
        return tuple(int(part) for part in parts[:2])

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the runner ended; its standard error says why")
        return json.loads(line)

    def can_take(self, steps: Sequence[str], sources: Iterable[str]) -> bool:
        """Whether this version of Streamlit, and its AppTest, have what the steps and the sources need."""
        opened = [step.removeprefix("open ") for step in steps if step.startswith("open ")]
        # Older AppTests ignore addresses.
        needs = [(1, 31) if page.endswith(".py") else (1, 50) for page in opened]
        version = (self.version[0], self.version[1])
        return all(version >= need for need in needs) and all(
            runs_on(text, version) and survives(text, version) for text in sources
        )

    def can_browse(self, sources: Iterable[str]) -> bool:
        """Whether this version of Streamlit has what the sources need."""
        return all(runs_on(text, (self.version[0], self.version[1])) for text in sources)

    def run(self, directory: Path, entrypoint: str, steps: Sequence[str]) -> list[Outcome]:
        """Takes the steps in one new session of `AppTest`. Raises `RuntimeError` where a step could not be taken."""
        answer = self._ask(directory, entrypoint, steps=list(steps))
        return [_outcome(entry) for entry in answer]

    def browse(self, directory: Path, entrypoint: str, sessions: Sequence[Sequence[str]]) -> list[list[Outcome]]:
        """Takes the steps of each session in a new tab at one server. Raises as `run` does."""
        answer = self._ask(directory, entrypoint, sessions=[list(steps) for steps in sessions])
        return [[_outcome(entry) for entry in entries] for entries in answer]

    def _ask(self, directory: Path, entrypoint: str, **rest: object) -> Any:
        assert self._process.stdin is not None
        job = {"directory": str(directory), "entrypoint": entrypoint, **rest}
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def _type(name: str) -> str:
    """The class of an exception, for all of Streamlit's own their base: newer versions have new names for some."""
    plain = name.rpartition(".")[2]
    return "StreamlitAPIException" if plain.startswith("Streamlit") or plain == "DuplicateWidgetID" else plain


def _outcome(entry: dict[str, list[dict[str, object]]]) -> Outcome:
    if "failed" in entry:
        raise RuntimeError(f"a step could not be taken: {entry['failed']}")
    raised = tuple(
        Raised(_type(str(e["type"])), str(e["message"]), tuple((path, line) for path, line in e["frames"]))  # type: ignore[attr-defined]
        for e in entry["exceptions"]
    )
    return Outcome(raised, tuple(str(text) for text in entry["shown"]))
