"""YAML as ruamel.yaml reads it: nodes that know where they stand, and events, which say what a text means."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from streamlint.settings import SettingsError


def composed(path: Path, text: str) -> Node | None:
    """The tree of a text with one document; None for an empty one. Raises `SettingsError`."""
    try:
        tree: Node | None = _parser().compose(text)
        return tree
    except YAMLError as error:
        raise SettingsError(f"{path}: not valid YAML: {_reason(error)}") from None
    except RecursionError:
        raise SettingsError(f"{path}: not valid YAML: nested too deeply") from None


def events(text: str) -> list[tuple[str, object, object, str]]:
    """What a text says, one thing after the other, whatever its formatting; [] if it is no YAML. Unlike values, they
    stay as few as they are where aliases multiply."""
    try:
        return [
            (type(each).__name__, getattr(each, "value", None), getattr(each, "anchor", None), str(_tag(each)))
            for each in _parser().parse(text)
        ]
    except YAMLError:
        return []


def _parser() -> YAML:
    return YAML(typ="rt", pure=True)


def _tag(event: Any) -> object:
    return getattr(event, "ctag", None)


def _reason(error: YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f" (at line {mark.line + 1}, column {mark.column + 1})" if mark is not None else ""
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return f"{problem}{where}"


def value_of(node: Node | None, key: str) -> Node | None:
    """What a mapping has under a key; None for what is no mapping, or has no such key."""
    pairs = node.value if isinstance(node, MappingNode) else ()
    return next((value for name, value in pairs if isinstance(name, ScalarNode) and name.value == key), None)


def items_of(node: Node | None) -> list[Node]:
    """The items of a sequence; none for what is no sequence."""
    return list(node.value) if isinstance(node, SequenceNode) else []


def texts_of(node: Node | None) -> Iterator[str]:
    """The texts of a scalar, or of a sequence of them."""
    for each in [node, *items_of(node)]:
        if isinstance(each, ScalarNode):
            yield str(each.value)
