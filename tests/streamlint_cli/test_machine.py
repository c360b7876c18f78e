"""What other programs read: each format is parsed by something real, or held against the real Ruff."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from reports import finding, report
from streamlint.findings import Severity
from streamlint.lint import Problem
from streamlint_cli import machine
from streamlint_cli.entries import entries

NASTY = "50% of a,b:c\r\nnext \x1b[31m <&>\"'"


def ruff_json(folder: Path, output_format: str) -> str:
    (folder / "a.py").write_text("import os\nimport sys  # noqa\nx = 1 ; y = undefined\n")
    (folder / "broken.py").write_text("def f(:\n")
    flags = ["--isolated", "--no-cache", "--select", "F,E", "--output-format", output_format]
    return subprocess.run(
        [sys.executable, "-m", "ruff", "check", *flags, "."], cwd=folder, capture_output=True, text=True
    ).stdout


def shape(value: Any) -> Any:
    """The types of a JSON value; what an array or null may hold is left open."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in sorted(value.items())}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def test_json_has_the_schema_of_ruff(tmp_path: Path) -> None:
    theirs = json.loads(ruff_json(tmp_path, "json"))
    syntax = next(row for row in theirs if row["code"] == "invalid-syntax")
    fixable = next(row for row in theirs if row["fix"])
    plain = next(row for row in theirs if row["code"] != "invalid-syntax" and not row["fix"])
    app = tmp_path / "app.py"
    problem = Problem(str(app), 4, 2, "invalid syntax", "syntax")
    rows = entries(report(app, finding(app), finding(app, "no fix", fix=None), problems=(problem,)))
    ours = json.loads(machine.as_json(rows))
    assert [shape(row) for row in ours] == [shape(fixable), shape(plain), shape(syntax)]
    assert [list(row) for row in ours] == [list(fixable)] * 3, "in the same order"


def test_json_says_where_in_code_points_from_one(tmp_path: Path) -> None:
    app = tmp_path / "app.py"
    (row,) = json.loads(machine.as_json(entries(report(app, finding(app)))))
    assert row["filename"] == str(app)
    assert row["location"] == {"row": 3, "column": 22}
    assert row["end_location"] == {"row": 3, "column": 43}
    assert row["fix"]["edits"][0]["location"] == {"row": 2, "column": 1}
    assert row["fix"]["applicability"] == "unsafe"
    assert row["url"] == "https://streamlint.readthedocs.io/rules/unused-noqa"


def test_json_lines_are_the_rows_of_json(tmp_path: Path) -> None:
    app = tmp_path / "app.py"
    rows = entries(report(app, finding(app), finding(app, NASTY)))
    lines = machine.as_json_lines(rows).splitlines()
    assert [json.loads(line) for line in lines] == json.loads(machine.as_json(rows))
    assert ": " not in lines[0].replace(rows[0].message, "").replace("code`: ", "")[:20]


@pytest.mark.parametrize("severity", list(Severity))
def test_severities_are_words_that_ruff_knows(tmp_path: Path, severity: Severity) -> None:
    app = tmp_path / "app.py"
    (row,) = json.loads(machine.as_json(entries(report(app, finding(app, severity=severity)))))
    assert row["severity"] in {"error", "warning", "info", "help"}


def unescape_github(command: str) -> tuple[str, dict[str, str], str]:
    """As the runner of GitHub Actions reads a workflow command."""
    assert "\n" not in command and "\r" not in command
    _, head, data = command.split("::", 2)
    level, _, properties = head.partition(" ")
    plain = str.maketrans({})
    found = dict(part.split("=", 1) for part in properties.split(","))
    for old, new in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        found = {name: value.replace(old, new) for name, value in found.items()}
    for old, new in (("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        data = data.replace(old, new)
    return level, found, data.translate(plain)


def test_github_commands_survive_every_character(tmp_path: Path) -> None:
    app = tmp_path / "a,b:c%.py"
    (line,) = machine.as_github(entries(report(app, finding(app, NASTY)))).splitlines()
    level, properties, data = unescape_github(line)
    assert level == "error"
    assert properties["file"] == str(app)
    assert (properties["line"], properties["col"], properties["endColumn"]) == ("3", "22", "43")
    assert NASTY in data and "help: set it at the top" in data


def test_gitlab_is_a_code_quality_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = tmp_path / "pages" / "app.py"
    issues = json.loads(machine.as_gitlab(entries(report(app, finding(app), finding(app), finding(app, "other")))))
    assert len({issue["fingerprint"] for issue in issues}) == 3
    for issue in issues:
        assert issue["location"]["path"] == "pages/app.py"
        assert issue["location"]["positions"]["begin"] == {"line": 3, "column": 22}
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert issue["check_name"] == "STL901" and issue["description"]


def test_junit_is_xml_with_one_case_a_row(tmp_path: Path) -> None:
    app = tmp_path / "app.py"
    root = ElementTree.fromstring(machine.as_junit(entries(report(app, finding(app), finding(app, NASTY)))))
    assert root.attrib == {"name": "streamlint", "tests": "2", "skipped": "0", "failures": "2", "errors": "0"}
    cases = root.findall("testsuite/testcase")
    assert {case.get("name") for case in cases} == {"org.streamlint.STL901"}
    assert cases[0].get("line") == "3"
    assert "�" in (cases[0].findtext("failure") or ""), "a control character has no place in XML"


def test_junit_without_findings_has_one_passed_case() -> None:
    root = ElementTree.fromstring(machine.as_junit(()))
    assert root.get("tests") == "1" and root.get("failures") == "0"
    assert root.find("testsuite/testcase/failure") is None


def test_sarif_has_rules_results_and_the_run_that_proves_them(tmp_path: Path) -> None:
    app = tmp_path / "a b.py"
    log = json.loads(machine.as_sarif(entries(report(app, finding(app)))))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    (result,) = run["results"]
    described = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert described["id"] == result["ruleId"] == "STL901"
    assert described["help"]["markdown"].startswith("# unused-noqa (STL901)")
    where = result["locations"][0]["physicalLocation"]
    assert where["artifactLocation"]["uri"] == app.as_uri() and " " not in app.as_uri()
    assert where["region"] == {"startLine": 3, "startColumn": 22, "endLine": 3, "endColumn": 43}
    steps = result["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [step["location"]["message"]["text"] for step in steps] == ["first visit of the page", "reads `cart`"]
    assert steps[0]["location"]["physicalLocation"] == {"artifactLocation": {"uri": app.as_uri()}}, "which has no line"
    assert result["relatedLocations"][0]["message"]["text"] == "the button that sets it"
    assert run["columnKind"] == "unicodeCodePoints"


def test_rdjson_has_the_keys_of_ruff(tmp_path: Path) -> None:
    theirs = json.loads(ruff_json(tmp_path, "rdjson"))
    app = tmp_path / "app.py"
    ours = json.loads(machine.as_rdjson(entries(report(app, finding(app)))))
    assert shape(ours["source"]) == shape(theirs["source"])
    fixable = next(each for each in theirs["diagnostics"] if each.get("suggestions"))
    mine = shape(ours["diagnostics"][0])
    assert mine.pop("severity") == "str", "reviewdog's, which Ruff gives only for the whole"
    assert mine == shape(fixable)


def test_pylint_lines_are_one_line_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = tmp_path / "app.py"
    text = machine.as_pylint(entries(report(app, finding(app, NASTY))))
    assert text.splitlines()[0].startswith("app.py:3: [STL901] 50% of a,b:c next")
    assert text.count("\n") == 1
