"""Whether a version of Streamlit has what an app asks of it, as the catalogue knows it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from pages import Case
from streamlint.streamlit_api import NEWEST, OLDEST, Element, Version, catalogue, element

NEEDS = "# needs Streamlit "
"""A line of an app that does what it is marked with from a version on."""

# Older AppTests lose their way when a run asks for another one.
RERUNS = {"rerun": (1, 31), "switch_page": (1, 31)}


def needed(case: Case) -> Version:
    """The least version of Streamlit on which a case does what it is marked with."""
    lines = [line for _, text in case.files for line in text.splitlines() if line.startswith(NEEDS)]
    major, minor = lines[0].removeprefix(NEEDS).split(".") if lines else ("0", "0")
    return int(major), int(minor)


def runs_on(source: str, version: Version) -> bool:
    """Whether the names and parameters that a source uses are there in this version. Names are taken for Streamlit's
    wherever they stand: rather an app too many is left out on an old version than a claim made that nobody made."""
    clamped = min(max(version, OLDEST), NEWEST)
    nodes = list(ast.walk(ast.parse(source)))
    names = {name for node in nodes for name in _names(node)}
    if any(element(name, clamped) is None for name in names & _known()):
        return False
    return all(_takes(node, clamped) for node in nodes if isinstance(node, ast.Call))


def survives(source: str, version: Version) -> bool:
    """Whether `AppTest` of this version takes what a source does."""
    names = {name for node in ast.walk(ast.parse(source)) for name in _names(node)}
    return all(version >= RERUNS.get(name, OLDEST) for name in names)


def _names(node: ast.AST) -> Iterator[str]:
    """What may be an element: what is called, what is imported from Streamlit, an attribute of `st`."""
    if isinstance(node, ast.Call):
        yield _called(node)
    elif isinstance(node, ast.ImportFrom) and node.module == "streamlit":
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "st":
        yield node.attr


def _called(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]


@cache
def _known() -> frozenset[str]:
    return frozenset(catalogue().names())


def _takes(call: ast.Call, version: Version) -> bool:
    """Whether each keyword that the newest version of the element takes is one of this version."""
    name = _called(call)
    if name not in _known():
        return True
    now, newest = element(name, version), element(name, NEWEST)
    given = {keyword.arg for keyword in call.keywords if keyword.arg is not None}
    return now is None or newest is None or given & _parameters(newest) <= _parameters(now)


def _parameters(known: Element) -> set[str]:
    return {parameter.name for parameter in known.parameters}
