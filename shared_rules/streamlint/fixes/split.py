"""A statement of a guard, given a guard of its own."""

from __future__ import annotations

import ast

from streamlint.findings import Edit, Span
from streamlint.fixes.blocks import stands_alone, statement_at
from streamlint.fixes.syntax import Syntax


def own_guard(syntax: Syntax, place: Span) -> list[Edit] | None:
    """`if "b" not in state: state.b = 1` behind the test for another key that the assignment stands under now."""
    statement = statement_at(syntax, place)
    guard = syntax.parents.get(statement) if statement is not None else None
    if not isinstance(statement, ast.Assign) or not isinstance(guard, ast.If) or len(guard.body) < 2 or guard.orelse:
        return None
    target = statement.targets[0]
    if len(statement.targets) != 1 or not isinstance(target, (ast.Attribute, ast.Subscript)):
        return None
    if syntax.text.startswith("elif", syntax.span(guard).start) or not stands_alone(syntax, statement):
        return None
    if any(isinstance(node, (ast.Name, ast.Call)) and _is_local(guard, node) for node in ast.walk(statement.value)):
        return None
    key = syntax.quoted(target.attr) if isinstance(target, ast.Attribute) else syntax.of(target.slice)
    outer, inner = syntax.indent(syntax.span(guard).start), syntax.indent(syntax.span(statement).start)
    source, span = syntax.source, syntax.span(statement)
    first, last = source.line_of(span.start), source.line_of(span.end)
    start, end = source.line_start(first), source.line_end(last)
    behind = source.line_end(source.line_of(syntax.span(guard).end))
    text = f"\n{outer}if {key} not in {syntax.of(target.value)}:\n{syntax.text[start:end]}"
    if inner == outer:
        return None
    if statement is guard.body[-1]:
        return [Edit(start, start, text[1 : text.rindex(syntax.text[start:end])])]
    return [Edit(start, source.line_start(last + 1), ""), Edit(behind, behind, text)]


def _is_local(guard: ast.If, node: ast.AST) -> bool:
    """Whether a name is bound in the guard itself."""
    if not isinstance(node, ast.Name):
        return False
    stores = (n for n in ast.walk(guard) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    return any(each.id == node.id for each in stores)
