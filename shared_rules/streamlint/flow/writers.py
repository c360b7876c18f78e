"""Where an app's text writes which keys: a look over all files, code that no run reaches included.

The search for witnesses asks what runs do; telling a key that nobody sets from one that is set elsewhere asks what
the text says, and takes every doubt for a writer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache

from streamlint.facts import ir
from streamlint.findings import Place, Span


@dataclass(frozen=True, slots=True)
class Writers:
    """The literal keys one file may write, with the first place of each, and whether it builds keys from parts."""

    places: dict[str, Place]
    patterns: tuple[tuple[str | None, ...], ...]


def children(node: object) -> Iterator[object]:
    """The parts of a statement or expression."""
    if isinstance(node, tuple):
        yield from node
    elif is_dataclass(node) and not isinstance(node, type | Span):
        for name in _field_names(type(node)):
            value = getattr(node, name)
            if isinstance(value, tuple) or is_dataclass(value):
                yield value


@lru_cache(maxsize=None)
def _field_names(cls: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(cls))


def walk(root: object) -> Iterator[object]:
    """All statements and expressions inside `root`, itself included; without recursion, so that depth does not matter."""
    todo = [root]
    while todo:
        node = todo.pop()
        yield node
        todo.extend(children(node))


def writers_of(facts: ir.ModuleFacts) -> Writers:
    """What the text of one file may write."""
    places: dict[str, Place] = {}
    patterns: list[tuple[str | None, ...]] = []

    def note(key: object, span: Span) -> None:
        if isinstance(key, str):
            old = places.get(key)
            place = Place(facts.path, span)
            if old is None or place < old:
                places[key] = place

    for root in (facts.body, *(function.body for function in facts.functions)):
        for node in walk(root):
            _look(node, note, patterns)
    return Writers(places, tuple(patterns))


def _look(node: object, note, patterns: list[tuple[str | None, ...]]) -> None:  # type: ignore[no-untyped-def]
    match node:
        case ir.Assign(targets, _, span):
            for target in targets:
                _target(target, span, note)
        case ir.For(target=target, span=span):
            _target(target, span, note)
        case ir.With(target=target, span=span) if target is not None:
            _target(target, span, note)
        case ir.Call():
            _call(node, note)
        case ir.DictDisplay(items):
            for key, _ in items:
                if isinstance(key, ir.Const):
                    note(key.value, Span(0, 0))
        case ir.Display(items=items):
            for item in items:
                if isinstance(item, ir.Const):
                    note(item.value, Span(0, 0))
        case ir.Fmt(parts):
            patterns.append(tuple(str(p.value) if isinstance(p, ir.Const) else None for p in parts))
        case ir.BinOp("+", left, right) if isinstance(left, ir.Const) or isinstance(right, ir.Const):
            ends = tuple(str(p.value) if isinstance(p, ir.Const) else None for p in (left, right))
            patterns.append(ends)
        case _:
            pass


def _target(target: ir.Target, span: Span, note) -> None:  # type: ignore[no-untyped-def]
    match target:
        case ir.Attr(name=name):
            note(name, span)
        case ir.Sub(index=ir.Const(value)):
            note(value, span)
        case ir.Sub(index=ir.Inferred(value=value)):
            note(value, span)
        case ir.Display(items=items):
            for item in items:
                if isinstance(item, ir.Attr | ir.Sub | ir.Display | ir.Star):
                    _target(item, span, note)
        case ir.Star(value=inner) if isinstance(inner, ir.Attr | ir.Sub):
            _target(inner, span, note)
        case _:
            pass


def _call(node: ir.Call, note) -> None:  # type: ignore[no-untyped-def]
    """`key=` of widgets, `setdefault`, keyword arguments of `update`; and any string handed to a project function."""
    method = node.func.name if isinstance(node.func, ir.Attr) else ""
    for name, value in node.kwargs:
        if name is not None and method in ("update", "dict"):
            note(name, node.span)
        if isinstance(value, ir.Const):
            note(value.value, node.span)
    if method in ("get", "pop", "__getitem__", "__contains__", "__delitem__"):
        return
    if isinstance(node.func, ir.Name) and node.func.id in ("hasattr", "getattr", "delattr", "print"):
        return
    if method in ("write", "text", "markdown", "title", "header", "subheader", "caption", "info", "error", "warning", "success"):
        return
    for value in node.args:
        if isinstance(value, ir.Const):
            note(value.value, node.span)
