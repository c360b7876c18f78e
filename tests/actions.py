"""A composite action, run as GitHub's runner does: its steps by a real bash, with the files that they write to."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ci_pages import ROOT, parsed

ACTION = parsed((ROOT / "action.yml").read_text(encoding="utf-8"))


@dataclass
class Run:
    """A run of the action in a folder with these inputs; `given` are outputs of steps that are not run."""

    workspace: Path
    temporary: Path
    inputs: Mapping[str, str]
    given: dict[str, dict[str, str]]
    skipped: frozenset[str] = frozenset()
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)
    log: str = ""
    used: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    failed: bool = False

    def all(self) -> Run:
        """Takes the steps one after the other until one fails."""
        self.outputs |= self.given
        for step in ACTION["runs"]["steps"]:
            if not self.failed and self._is_on(step) and step.get("name") not in self.skipped:
                self._take(step)
        return self

    def output(self, name: str) -> str:
        return self._filled(ACTION["outputs"][name]["value"])

    def _take(self, step: dict[str, Any]) -> None:
        if "uses" in step:
            self.used.append((step["uses"], {k: self._filled(str(v)) for k, v in step["with"].items()}))
            return
        files = {name: self.temporary / name for name in ("GITHUB_OUTPUT", "GITHUB_ENV")}
        for file in files.values():
            file.write_text("")
        script = self.temporary / "step.sh"
        script.write_text(step["run"])
        folder = self.workspace / self._filled(step.get("working-directory", "."))
        env = {name: self._filled(value) for name, value in step.get("env", {}).items()}
        env |= {"RUNNER_TEMP": str(self.temporary)} | {name: str(file) for name, file in files.items()}
        bash = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        done = subprocess.run(bash, cwd=folder, env=os.environ | self.env | env, capture_output=True, text=True)
        self.log += done.stdout + done.stderr
        self.failed = done.returncode != 0
        self.outputs[step.get("id", "")] = _pairs(files["GITHUB_OUTPUT"])
        self.env |= _pairs(files["GITHUB_ENV"])

    def _is_on(self, step: dict[str, Any]) -> bool:
        """Conditions are comparisons with texts, joined by `&&`."""
        return all(self._compared(part.split()) for part in str(step.get("if", "'' == ''")).split(" && "))

    def _compared(self, words: list[str]) -> bool:
        left, operator, right = words
        equal = (left[1:-1] if left[0] == "'" else self._value(left)) == right[1:-1]
        return equal if operator == "==" else not equal

    def _filled(self, text: str) -> str:
        before, mark, rest = text.partition("${{")
        if not mark:
            return text
        expression, _, after = rest.partition("}}")
        return before + self._value(expression.strip()) + self._filled(after)

    def _value(self, expression: str) -> str:
        first, _, rest = expression.partition(".")
        if first == "inputs":
            return self.inputs.get(rest, str(ACTION["inputs"][rest].get("default", "")))
        if expression == "github.action_path":
            return str(ROOT)
        assert first == "steps", expression
        step, _, name = rest.partition(".outputs.")
        return self.outputs.get(step, {}).get(name, "")


def _pairs(file: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in file.read_text().splitlines())
