"""What a cached function reads from the session, given to it as an argument, so that it is cached under that, too."""

from __future__ import annotations

import ast

from streamlint.findings import Edit, Span
from streamlint.fixes.arguments import added, spreads
from streamlint.fixes.syntax import Syntax


def as_parameter(syntax: Syntax, place: Span) -> list[Edit] | None:
    """The key that is read at a place in a function, as a parameter of it that every caller gives."""
    function = _function(syntax, place)
    read = syntax.find(place, ast.Attribute) or syntax.find(place, ast.Subscript)
    if function is None or read is None or not isinstance(read.ctx, ast.Load):
        return None
    key = read.attr if isinstance(read, ast.Attribute) else getattr(read.slice, "value", None)
    if not isinstance(key, str) or not key.isidentifier() or _is_known(function, key) or not _takes_more(function):
        return None
    calls = _calls(syntax, function)
    if not calls or any(spreads(call) or function in syntax.around(call) for call in calls):
        return None
    access = syntax.of(read)
    if any(isinstance(node, ast.Name) and _is_own(function, node.id) for node in ast.walk(read)):
        return None  # callers know nothing of it
    reads = [n for n in ast.walk(function) if isinstance(n, type(read)) and isinstance(n.ctx, ast.Load)]
    found = [node for node in reads if syntax.of(node) == access]
    if _mentions(function, key) > sum(isinstance(node, ast.Subscript) for node in found):
        return None  # it would still use the session
    same = [syntax.span(node) for node in found]
    edits = [Edit(span.start, span.end, key) for span in same]
    edits += [added(syntax, call, access if not call.keywords else f"{key}={access}") for call in calls]
    return [*edits, _parameter(syntax, function, key)]


def _function(syntax: Syntax, place: Span) -> ast.FunctionDef | None:
    """The function of the module's top level that a range stands in, and in no other function of it."""
    for node in syntax.tree.body:
        if isinstance(node, ast.FunctionDef):
            span = syntax.span(node)
            if span.start <= place.start and place.end <= span.end:
                inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
                return None if any(isinstance(each, inner) for each in ast.walk(node) if each is not node) else node
    return None


def _is_own(function: ast.FunctionDef, name: str) -> bool:
    """Whether a name is a parameter or a variable of the function."""
    nodes = list(ast.walk(function))
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    return name in stored | {node.arg for node in nodes if isinstance(node, ast.arg)}


def _mentions(function: ast.FunctionDef, key: str) -> int:
    """How often a function names a key by a string."""
    return sum(isinstance(node, ast.Constant) and node.value == key for node in ast.walk(function))


def _is_known(function: ast.FunctionDef, name: str) -> bool:
    return any(getattr(node, "id", getattr(node, "arg", None)) == name for node in ast.walk(function))


def _takes_more(function: ast.FunctionDef) -> bool:
    found = function.args
    return not (found.defaults or found.kwonlyargs or found.vararg or found.kwarg or found.posonlyargs)


def _calls(syntax: Syntax, function: ast.FunctionDef) -> list[ast.Call]:
    """The calls of the function, if the file mentions it for nothing else."""
    uses = [node for node in ast.walk(syntax.tree) if isinstance(node, ast.Name) and node.id == function.name]
    calls = [syntax.parents[node] for node in uses]
    found = [call for node, call in zip(uses, calls, strict=True) if isinstance(call, ast.Call) and call.func is node]
    return found if len(found) == len(uses) else []


def _parameter(syntax: Syntax, function: ast.FunctionDef, name: str) -> Edit:
    if function.args.args:
        end = syntax.span(function.args.args[-1]).end
        return Edit(end, end, f", {name}")
    start = syntax.span(function).start
    bracket = next(t for t in syntax.tokens if t.span.start >= start and t.text == "(")
    return Edit(bracket.span.end, bracket.span.end, name)
