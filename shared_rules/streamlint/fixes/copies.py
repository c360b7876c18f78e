"""A copy of an object, stored instead of the object."""

from __future__ import annotations

import ast

from streamlint.findings import Edit, Span
from streamlint.fixes.blocks import statement_at
from streamlint.fixes.imports import imported
from streamlint.fixes.syntax import Syntax


def copied(syntax: Syntax, place: Span) -> list[Edit] | None:
    """`copy.deepcopy(value)` for the value that is stored by the statement or the call of `setdefault` at a place."""
    needed = imported(syntax, "copy")
    value = _stored(syntax, place)
    if needed is None or value is None or not isinstance(value, (ast.Name, ast.Attribute, ast.Subscript)):
        return None
    span = syntax.span(value)
    return [*needed, Edit(span.start, span.start, "copy.deepcopy("), Edit(span.end, span.end, ")")]


def _stored(syntax: Syntax, place: Span) -> ast.expr | None:
    call = syntax.find(place, ast.Call)
    if call is not None:
        named = isinstance(call.func, ast.Attribute) and call.func.attr == "setdefault"
        return call.args[1] if named and len(call.args) == 2 else None
    match statement_at(syntax, place):
        case ast.Assign(targets=[_], value=value):
            return value
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="setdefault"), args=[_, value])):
            return value
        case _:
            return None
