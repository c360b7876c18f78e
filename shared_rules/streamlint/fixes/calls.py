"""Arguments of a call, changed."""

from __future__ import annotations

import ast

from streamlint.findings import Edit, Span
from streamlint.fixes.syntax import Syntax


def as_tuple(syntax: Syntax, call: Span, name: str) -> list[Edit]:
    """The argument `name=value` of a call as a tuple of one: `name=(value,)`. Parentheses that are there serve."""
    node = syntax.find(call, ast.Call)
    value = next((each.value for each in node.keywords if each.arg == name), None) if node is not None else None
    if value is None:
        return []
    span = syntax.span(value)
    before = [token for token in syntax.tokens if token.span.end <= span.start]
    if before and before[-1].text == "(":
        return [Edit(span.end, span.end, ",")]
    return [Edit(span.start, span.start, "("), Edit(span.end, span.end, ",)")]


def as_setdefault(syntax: Syntax, place: Span, key: str) -> list[Edit]:
    """`state.get(key, default)`, or `getattr` with a default, that stands somewhere in a range, as `setdefault`."""
    found: list[Edit] = []
    for node in ast.walk(syntax.tree):
        if not isinstance(node, ast.Call):
            continue
        span = syntax.span(node)
        if not place.start <= span.start <= span.end <= place.end or not _names(node, key):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr == "get":
            end = syntax.span(node.func).end
            found.append(Edit(end - len("get"), end, "setdefault"))
        elif isinstance(node.func, ast.Name) and node.func.id == "getattr" and len(node.args) == 3:
            state, name = node.args[0], syntax.span(node.args[1])
            if isinstance(state, (ast.Name, ast.Attribute)):
                found.append(Edit(span.start, name.start, f"{syntax.of(state)}.setdefault("))
    return found if len(found) == 1 else []


def _names(node: ast.Call, key: str) -> bool:
    return any(isinstance(argument, ast.Constant) and argument.value == key for argument in node.args[:2])


def as_item(syntax: Syntax, place: Span, key: str) -> list[Edit]:
    """`state.key`, which stands once in a range and is not called, as `state["key"]`."""
    found: list[Edit] = []
    for node in ast.walk(syntax.tree):
        if not isinstance(node, ast.Attribute) or node.attr != key or not isinstance(node.ctx, ast.Load):
            continue
        span, end = syntax.span(node), syntax.span(node.value).end
        inside = place.start <= span.start <= span.end <= place.end
        outer = syntax.parents[node]
        called = isinstance(outer, ast.Call) and outer.func is node
        if inside and not called and syntax.text[end : span.end].strip() == f".{key}":
            found.append(Edit(end, span.end, f"[{syntax.quoted(key)}]"))
    return found if len(found) == 1 else []
