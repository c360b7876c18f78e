"""A callback that reads the value of a widget from the state, where it is new."""

from __future__ import annotations

import ast

from streamlint.findings import Edit, Span
from streamlint.fixes.arguments import dropped, keyword_of
from streamlint.fixes.imports import session_state
from streamlint.fixes.syntax import Syntax

Function = ast.FunctionDef


def read_in_callback(syntax: Syntax, place: Span, widget: Span, how: str, key: str) -> list[Edit] | None:
    """`state.key` for the variable (at a place in the callback), or for the one argument that the callback gets."""
    variable = _variable(syntax, widget)
    state = session_state(syntax)
    if variable is None or state is None or not key.isidentifier():
        return None
    if how == "argument":
        return _without_argument(syntax, place, variable, f"{state}.{key}")
    found = [
        node
        for node in ast.walk(syntax.tree)
        if isinstance(node, ast.Name) and node.id == variable and isinstance(node.ctx, ast.Load)
        if place.start <= syntax.span(node).start and syntax.span(node).end <= place.end
    ]
    return _replaced(syntax, found, f"{state}.{key}")


def _without_argument(syntax: Syntax, place: Span, variable: str, text: str) -> list[Edit] | None:
    call = syntax.find(place, ast.Call)
    given = keyword_of(call, "args") if call is not None else None
    name = keyword_of(call, "on_click") or keyword_of(call, "on_change") if call is not None else None
    if call is None or given is None or name is None or not isinstance(name.value, ast.Name):
        return None
    match given.value:
        case ast.Tuple(elts=[ast.Name(id=passed)]) | ast.List(elts=[ast.Name(id=passed)]) if passed == variable:
            function = _only(syntax, name.value.id)
        case _:
            return None
    if function is None or len(function.args.args) != 1 or function.args.defaults or _is_more(function.args):
        return None
    parameter = function.args.args[0]
    uses = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == parameter.arg]
    if any(not isinstance(node.ctx, ast.Load) for node in uses):
        return None
    inside, span = _replaced(syntax, uses, text), syntax.span(parameter)
    fewer = dropped(syntax, call, given)
    return [*fewer, *inside, Edit(span.start, span.end, "")] if fewer is not None and inside is not None else None


def _is_more(arguments: ast.arguments) -> bool:
    return bool(arguments.posonlyargs or arguments.kwonlyargs or arguments.vararg or arguments.kwarg)


def _only(syntax: Syntax, name: str) -> Function | None:
    """The function of that name, if the file mentions it once besides."""
    found = [node for node in syntax.tree.body if isinstance(node, Function) and node.name == name]
    uses = [node for node in ast.walk(syntax.tree) if isinstance(node, ast.Name) and node.id == name]
    return found[0] if len(found) == 1 and len(uses) == 1 and not found[0].decorator_list else None


def _replaced(syntax: Syntax, nodes: list[ast.Name], text: str) -> list[Edit] | None:
    spans = [syntax.span(node) for node in nodes]
    if not nodes or any(syntax.text[s.start : s.end] != n.id for s, n in zip(spans, nodes, strict=True)):
        return None
    return [Edit(span.start, span.end, text) for span in spans]


def _variable(syntax: Syntax, widget: Span) -> str | None:
    """The variable that a widget's value is assigned to."""
    call = syntax.find(widget, ast.Call)
    outer = syntax.parents[call] if call is not None else None
    match outer:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name
        case _:
            return None
