"""The engine for the playground: files in, findings and state maps out, as JSON. Runs inside Pyodide."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from streamlint.findings import Applicability, Finding, Fix, Place
from streamlint.lint import Linter, Report
from streamlint.pictures.graph import as_json, graph_of
from streamlint.pictures.places import Places
from streamlint.settings import SettingsError, load_settings

Json = dict[str, Any]
ROOT = Path("/app")
CONFIGURATION = "pyproject.toml"
ENGINE = "/engine"


class Playground:
    """One project in the memory of the browser; what has not changed is not analysed again."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.files: dict[str, str] = {}
        self._linter: Linter | None = None

    def check(self, files: dict[str, str]) -> Json:
        """What is wrong in these files, which are all there are."""
        try:
            linter = self._updated(files)
        except SettingsError as error:
            self.files = {}
            return {
                "findings": [],
                "problems": [_problem(CONFIGURATION, error.message.replace(f"{self.root}/", ""))],
                "graphs": [],
            }
        scripts = [str(self.root / name) for name in files if name.endswith(".py")]
        maps, report = linter.judged_maps(scripts)
        told = _Told(report, self.root)
        return {
            "findings": [told.finding(each) for each in report.findings],
            "problems": [
                _problem(told.name(each.path), each.message, each.line, each.column) for each in report.problems
            ],
            "graphs": [as_json(graph_of(each, report.findings, str(self.root)), "", told.places) for each in maps],
        }

    def _updated(self, files: dict[str, str]) -> Linter:
        """The linter of these files: a new one where files came or went, or the settings changed."""
        before, self.files = self.files, dict(files)
        changed = [name for name, text in files.items() if before.get(name) != text]
        if self._linter is None or before.keys() != files.keys() or CONFIGURATION in changed:
            self._linter = None
            self._write(files)
            self._linter = Linter(load_settings(self.root), cache=False, mapped=True)
        else:
            for name in changed:
                self._linter.replace(str(self.root / name), files[name])
        return self._linter

    def _write(self, files: dict[str, str]) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        for name, text in {CONFIGURATION: "", **files}.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")


class _Told:
    """A report in the words of the page: files by their names, places in UTF-16 units."""

    def __init__(self, report: Report, root: Path) -> None:
        self._report = report
        self._root = root
        self.places = Places(self.name, self._as_editor, self._range)

    def name(self, path: str) -> str:
        return os.path.relpath(path, self._root)

    def finding(self, finding: Finding) -> Json:
        return {
            "code": finding.code,
            "name": finding.name,
            "message": finding.message,
            "help": finding.help,
            "severity": finding.severity.value,
            "place": self._place(finding.place),
            "witness": [
                {"text": each.text, "place": self._place(each.place) if each.place else None}
                for each in finding.witness
            ],
            "related": [{"text": each.text, "place": self._place(each.place)} for each in finding.related],
            "fix": self._fix(finding, finding.fix) if finding.fix else None,
        }

    def _fix(self, finding: Finding, fix: Fix) -> Json:
        edits = {
            self.name(each.path): [
                {
                    "from": self._units(each.path, edit.start),
                    "to": self._units(each.path, edit.end),
                    "insert": edit.text,
                }
                for edit in each.edits
            ]
            for each in fix.by_file(finding.place.path)
        }
        return {"title": fix.title, "safe": fix.applicability is Applicability.SAFE, "edits": edits}

    def _place(self, place: Place) -> Json:
        start, end = (self._units(place.path, offset) for offset in (place.span.start, place.span.end))
        line = self._report.sources(place.path).line_of(place.span.start)
        return {"file": self.name(place.path), "from": start, "to": end, "line": line}

    def _units(self, path: str, offset: int) -> int:
        before = self._report.sources(path).text[:offset]
        return offset if before.isascii() else len(before.encode("utf-16-le", "surrogatepass")) // 2

    def _as_editor(self, place: Place) -> Json:
        return {"uri": self.name(place.path), "range": self._range(place)}

    def _range(self, place: Place) -> Json:
        source = self._report.sources(place.path)
        ends = (("start", place.span.start), ("end", place.span.end))
        positions = {name: source.utf16_position(offset) for name, offset in ends}
        return {name: {"line": line - 1, "character": column} for name, (line, column) in positions.items()}


def _problem(file: str, message: str, line: int = 1, column: int = 1) -> Json:
    return {"file": file, "message": message, "line": line, "column": column}


_playground = Playground()


def check(files: str) -> str:
    """`Playground.check`, from JSON to JSON."""
    return json.dumps(_playground.check(json.loads(files)))
