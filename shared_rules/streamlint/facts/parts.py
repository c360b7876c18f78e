"""What a value of `ir` is made of, for walks that look at everything in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from operator import attrgetter
from typing import Any

from streamlint.facts import ir
from streamlint.findings import Span

Fields = Callable[[Any], tuple[object, ...]]

LEAVES: frozenset[type] = frozenset((str, int, float, bool, bytes, type(None), Span, ir.Const))
"""The types of what has no nodes in it."""


def parts(node: object) -> tuple[object, ...]:
    """The values of all its fields; nothing for what is no node. Tuples of nodes are given as they are."""
    return _fields_of(type(node))(node)


def _nothing(_: object) -> tuple[object, ...]:
    return ()


_FIELDS: dict[type, Fields] = dict.fromkeys(LEAVES - {ir.Const}, _nothing)


def _fields_of(kind: type) -> Fields:
    if kind not in _FIELDS:
        _FIELDS[kind] = _getter([field.name for field in fields(kind)] if is_dataclass(kind) else [])
    return _FIELDS[kind]


def _getter(names: list[str]) -> Fields:
    if not names:
        return _nothing
    values = attrgetter(*names)
    return values if len(names) > 1 else lambda node: (values(node),)
