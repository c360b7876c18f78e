"""The JSON that the commands print is what the schemas in the package say, no less and no more."""

from __future__ import annotations

import json
from copy import deepcopy
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from reports import Streamlint

ROOT = Path(__file__).parents[2]
COMMANDS = ("check", "rule", "keys", "graph")
BROKEN = "import streamlit as st\nst.write(\n"


def schema(command: str) -> Any:
    return json.loads((files("streamlint_cli") / "schemas" / f"{command}.json").read_text(encoding="utf-8"))


def closed(part: Any) -> Any:
    """The schema with nothing allowed that it does not name, so that what is printed is documented too."""
    if isinstance(part, list):
        return [closed(each) for each in part]
    if not isinstance(part, dict):
        return part
    found = {name: closed(value) for name, value in part.items()}
    return found | {"additionalProperties": False} if "properties" in part and part.get("type") == "object" else found


def valid(command: str, text: str) -> Any:
    document = json.loads(text)
    jsonschema.Draft202012Validator(closed(deepcopy(schema(command)))).validate(document)
    return document


@pytest.mark.parametrize("command", COMMANDS)
def test_a_schema_is_one(command: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(command))
    assert f"schemas/{command}.json" in (ROOT / "docs" / "agents.md").read_text(encoding="utf-8")


def test_what_check_prints(streamlint: Streamlint, tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text(BROKEN)
    arguments = ("check", "--select", "ALL", "--output-format", "json", str(ROOT / "examples"))
    rows = valid("check", streamlint(*arguments, "bad.py", "gone.py").out)
    assert {"invalid-syntax", "io-error"} <= {row["code"] for row in rows}
    assert any(row["fix"] for row in rows) and not all(row["fix"] for row in rows)


def test_what_check_prints_of_nothing(streamlint: Streamlint) -> None:
    assert valid("check", streamlint("check", "--output-format", "json").out) == []


def test_what_rule_prints(streamlint: Streamlint) -> None:
    assert valid("rule", streamlint("rule", "STL101", "--output-format", "json").out)["code"] == "STL101"
    assert len(valid("rule", streamlint("rule", "--all", "--output-format", "json").out)) > 40


@pytest.mark.parametrize(("command", "flag"), [("keys", "--output-format"), ("graph", "--format")])
def test_what_the_maps_print(streamlint: Streamlint, tmp_path: Path, command: str, flag: str) -> None:
    loop = "for n in st.query_params:\n    st.session_state[f'row_{n}'] = 1\n"
    (tmp_path / "app.py").write_text(f"import streamlit as st\n\n{loop}st.session_state[n] = 2\n")
    assert valid(command, streamlint(command, flag, "json", ".", str(ROOT / "examples")).out)
    assert valid(command, streamlint(command, flag, "json").out)
