"""A widget that keeps its value in the state by hand, given a key instead."""

from __future__ import annotations

import ast

from streamlint.findings import Edit, Span
from streamlint.fixes.arguments import added, dropped, keyword_of, spreads
from streamlint.fixes.blocks import removed
from streamlint.fixes.syntax import Syntax

SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def with_key(syntax: Syntax, widget: Span, stored: Span, key: str, parameter: str) -> list[Edit] | None:
    """`st.text_input(..., key="k")` for `state.k = st.text_input(..., value=state.k)`: the assignment and the default
    go, and what the default fell back to initialises the key."""
    call, assignment = syntax.find(widget, ast.Call), syntax.find(stored, ast.Assign)
    if call is None or assignment is None or spreads(call) or keyword_of(call, "key") is not None:
        return None
    given = keyword_of(call, parameter) or next((each for each in call.args if _start(each, key) is not None), None)
    target = assignment.targets[0]
    if given is None or len(assignment.targets) != 1 or not _is_key(target, key):
        return None
    if not _is_top(syntax, assignment) or not _is_top(syntax, call) or _writes_below(syntax, call, assignment, key):
        return None
    start = _start(given.value if isinstance(given, ast.keyword) else given, key)
    if start is None:
        return None
    without = _without_assignment(syntax, call, assignment)
    fewer = dropped(syntax, call, given)
    if without is None or fewer is None:
        return None
    edits = [*without, *fewer, added(syntax, call, f"key={syntax.quoted(key)}")]
    fallback, state = start
    if fallback is not None:
        statement = syntax.statement(call)
        at = syntax.span(statement).start
        if syntax.text[syntax.line_start(at) : at].strip() or (statement is assignment and without[0].start != at):
            return None
        text = f"{syntax.of(state)}.setdefault({syntax.quoted(key)}, {syntax.of(fallback)})\n{syntax.indent(at)}"
        if statement is assignment:
            edits[0] = Edit(edits[0].start, edits[0].end, text)
        else:
            edits.append(Edit(at, at, text))
    return edits


def _is_key(node: ast.expr, key: str) -> bool:
    match node:
        case ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=name)):
            return bool(name == key)
        case _:
            return False


def _is_top(syntax: Syntax, node: ast.AST) -> bool:
    """Whether the node stands under no test and in no loop or function, so that the widget is in every run."""
    return all(
        isinstance(outer, (ast.Module, ast.With, ast.expr, ast.stmt)) and not isinstance(outer, OTHERS)
        for outer in syntax.around(node)
    )


OTHERS = (*SCOPES, ast.If, ast.For, ast.While, ast.Try, ast.Match, ast.AsyncFor)


def _start(value: ast.expr, key: str) -> tuple[ast.expr | None, ast.expr] | None:
    """What a default that is read from the key falls back to, and the state; None where it is something else."""
    match value:
        case ast.Attribute(value=state) | ast.Subscript(value=state) if _is_key(value, key):
            return None, state
        case ast.Call(func=ast.Attribute(value=state, attr="get"), args=[ast.Constant(value=name), default]):
            return (default, state) if name == key and isinstance(default, ast.Constant) else None
        case ast.Call(func=ast.Attribute(attr="index"), args=[inner], keywords=[]):
            found = _start(inner, key)
            return found if found is not None and found[0] is None else None
        case _:
            return None


def _writes_below(syntax: Syntax, call: ast.Call, own: ast.Assign, key: str) -> bool:
    """Whether the script sets or deletes the key behind the widget, which a widget's key does not allow."""
    end = syntax.span(call).end
    for node in ast.walk(syntax.tree):
        behind = isinstance(node, (ast.Attribute, ast.Subscript)) and syntax.span(node).start > end
        if behind and isinstance(node, (ast.Attribute, ast.Subscript)) and _is_key(node, key):
            statement = syntax.statement(node)
            if statement is not own and not isinstance(node.ctx, ast.Load):
                return True
            if isinstance(syntax.parents[node], (ast.Attribute, ast.Subscript)):
                return True  # what it holds may be changed
    return False


def _without_assignment(syntax: Syntax, call: ast.Call, assignment: ast.Assign) -> list[Edit] | None:
    if assignment.value is call:
        start = syntax.span(assignment).start
        return [Edit(start, syntax.span(call).start, "")]
    if isinstance(assignment.value, ast.Name):
        return removed(syntax, [assignment])
    return None
