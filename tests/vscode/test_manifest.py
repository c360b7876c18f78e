"""The settings that the VS Code extension offers are those that the server takes."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from streamlint.rules import all_rules
from streamlint.settings.schema import TOP
from streamlint_lsp.commands import COMMANDS
from streamlint_lsp.options import SEVERITIES, Options, _camel

EXTENSION = Path(__file__).parents[2] / "vscode-extension"
MANIFEST = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))
OF_THE_COMMAND_LINE = {"outputFormat", "jobs", "forceExclude"}
OF_THE_CLIENT = {"interpreter", "importStrategy", "trace.server", "fixOnSave"}
OF_EDITORS = {"enable", "codeLens", "inlayHints", "workspaceDiagnostics", "severity"}


def settings() -> Iterator[tuple[str, dict[str, Any]]]:
    for group in MANIFEST["contributes"]["configuration"]:
        for name, schema in group["properties"].items():
            yield name.removeprefix("streamlint."), schema


SETTINGS = dict(settings())
each_setting = pytest.mark.parametrize("name", SETTINGS)
examples = [
    (name, json.loads(example))
    for name, schema in SETTINGS.items()
    for example in re.findall(r"Example: `(.+?)`(?: |$)", schema["markdownDescription"])
]


def test_what_the_server_takes_is_offered() -> None:
    assert set(SETTINGS) == {*map(_camel, TOP), *OF_EDITORS, *OF_THE_CLIENT} - OF_THE_COMMAND_LINE


@each_setting
def test_a_default_is_as_if_nothing_were_set(name: str) -> None:
    schema = SETTINGS[name]
    assert not list(Draft7Validator(schema).iter_errors(schema["default"]))
    if "." not in name:
        assert Options.of({name: schema["default"]}) == (Options(), ())


@pytest.mark.parametrize(("name", "value"), examples)
def test_an_example_is_right(name: str, value: object) -> None:
    assert not list(Draft7Validator(SETTINGS[name]).iter_errors(value))
    options, problems = Options.of({name: value})
    assert problems == () and (name in OF_THE_CLIENT or options != Options())


@each_setting
def test_a_choice_is_one_for_the_server_too(name: str) -> None:
    if name in OF_THE_CLIENT:
        return
    for value in SETTINGS[name].get("enum", ()):
        assert Options.of({name: value})[1] == ()
    wrong = Options.of({name: "no such thing"})[1]
    assert bool(wrong) == bool(list(Draft7Validator(SETTINGS[name]).iter_errors("no such thing"))) or name in (
        "extend",
        "cacheDir",
        "baseline",
    )


def test_every_rule_may_be_named() -> None:
    words = [word for rule in all_rules() for word in (rule.code, rule.code[:4], "STL", "ALL", rule.name)]
    for name in ("select", "ignore", "extendSelect", "extendIgnore"):
        assert not list(Draft7Validator(SETTINGS[name]).iter_errors(sorted(set(words))))
        for wrong in ("STL1O1", "stl101", "E501", "", "STL1010"):
            assert list(Draft7Validator(SETTINGS[name]).iter_errors([wrong]))
    for level in SEVERITIES:
        assert not list(Draft7Validator(SETTINGS["severity"]).iter_errors(dict.fromkeys(words, level)))
    assert list(Draft7Validator(SETTINGS["severity"]).iter_errors({"STL1": "warn"}))


@each_setting
def test_a_setting_is_described(name: str) -> None:
    schema = SETTINGS[name]
    assert schema["markdownDescription"].strip() and "order" in schema and "scope" in schema
    assert len(schema.get("enum", ())) == len(schema.get("enumDescriptions", ()))


def test_the_orders_are_those_of_the_file() -> None:
    assert [schema["order"] for schema in SETTINGS.values()] == list(range(len(SETTINGS)))


def test_commands_are_the_clients_own() -> None:
    """Those of the server are registered by the client's library, for as long as it runs."""
    ours = {command["command"] for command in MANIFEST["contributes"]["commands"]}
    assert not ours & set(COMMANDS)


def test_the_extension_has_the_version_of_the_engine_and_its_licence() -> None:
    project = (EXTENSION.parent / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{MANIFEST["version"]}"' in project
    assert (EXTENSION / "LICENSE").read_bytes() == (EXTENSION.parent / "LICENSE").read_bytes()


def test_what_is_bundled_is_pinned_and_hashed() -> None:
    pinned = (EXTENSION / "bundled" / "requirements.txt").read_text(encoding="utf-8")
    wanted = (EXTENSION / "bundled" / "requirements.in").read_text(encoding="utf-8")
    names = {line.split("==")[0] for line in pinned.splitlines() if "==" in line}
    assert pinned.count("--hash=sha256:") >= len(names) and ";" not in pinned and "://" not in pinned
    for line in wanted.splitlines():
        if not line.startswith("#"):
            assert re.split(r"[<>=]", line)[0] in names


def test_all_that_the_server_imports_is_bundled() -> None:
    pinned = (EXTENSION / "bundled" / "requirements.txt").read_text(encoding="utf-8")
    names = {line.split("==")[0].replace("-", "_") for line in pinned.splitlines() if "==" in line}
    ours = {"streamlint", "streamlint_lsp"}
    standard = {*sys.stdlib_module_names, "tomllib"}  # which Python 3.10 does not know yet: `tomli` stands in there
    sources = [*EXTENSION.parent.glob("shared_rules/**/*.py"), *EXTENSION.parent.glob("lsp/**/*.py")]
    assert {top for path in sources for top in imported(path)} - ours - standard <= names


def imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    modules = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    modules += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    return {module.split(".")[0] for module in modules}
