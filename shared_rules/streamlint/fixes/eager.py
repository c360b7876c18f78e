"""`setdefault` taken apart: a test, and an assignment that only the first run makes."""

from __future__ import annotations

import ast

from streamlint.findings import Edit, Span
from streamlint.fixes.blocks import stands_alone
from streamlint.fixes.syntax import Syntax


def as_guard(syntax: Syntax, place: Span) -> list[Edit] | None:
    """`if "k" not in state: state["k"] = f()` for `state.setdefault("k", f())`, a statement or what one assigns."""
    call = syntax.find(place, ast.Call)
    if call is None or len(call.args) != 2 or call.keywords or not isinstance(call.func, ast.Attribute):
        return None
    key, default, state = call.args[0], call.args[1], call.func.value
    statement = syntax.statement(call)
    if call.func.attr != "setdefault" or not stands_alone(syntax, statement):
        return None
    if not isinstance(key, (ast.Constant, ast.Name)) or not isinstance(state, (ast.Name, ast.Attribute)):
        return None
    alone = isinstance(statement, ast.Expr) and statement.value is call
    if not alone and not (isinstance(statement, ast.Assign) and statement.value is call):
        return None
    span, item = syntax.span(statement), f"{syntax.of(state)}[{syntax.of(key)}]"
    indent = syntax.indent(span.start)
    guard = f"if {syntax.of(key)} not in {syntax.of(state)}:\n{syntax.deeper(indent)}{item} = {syntax.of(default)}"
    if alone:
        return [Edit(span.start, span.end, guard)]
    return [Edit(span.start, span.start, f"{guard}\n{indent}"), Edit(place.start, place.end, item)]
