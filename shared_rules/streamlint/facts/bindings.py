"""What binds the names of one scope."""

from __future__ import annotations

import ast
from typing import TypeAlias

Bindings: TypeAlias = "dict[str, list[ast.AST]]"

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def bindings(scope: ast.AST) -> Bindings:
    """For each name bound in a module, class, function or lambda the statements that bind it.

    An assignment to a plain name counts as the assignment, an import or a definition as itself, anything else as
    the bare name node. Whatever stands in a loop counts twice.
    """
    found: Bindings = {}
    todo: list[tuple[ast.AST, int]] = [(child, 1) for child in _body(scope)]
    while todo:
        node, times = todo.pop()
        for name, binding in _bound_by(node):
            found.setdefault(name, []).extend([binding] * times)
        if isinstance(node, _SCOPES):
            continue
        if isinstance(node, _LOOPS):
            times = 2
        todo += [(child, times) for child in ast.iter_child_nodes(node) if not _is_plain_target(node, child)]
    return found


def global_names(module: ast.Module) -> frozenset[str]:
    """The names that a function somewhere in the module declares `global`."""
    return frozenset(name for node in ast.walk(module) if isinstance(node, ast.Global) for name in node.names)


def _body(scope: ast.AST) -> list[ast.AST]:
    body = getattr(scope, "body", [])
    return [*body] if isinstance(body, list) else [body]


def _bound_by(node: ast.AST) -> list[tuple[str, ast.AST]]:
    if isinstance(node, ast.Assign):
        return [(target.id, node) for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign):
        return [(node.target.id, node)] if isinstance(node.target, ast.Name) and node.value is not None else []
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [(alias.asname or alias.name.partition(".")[0], node) for alias in node.names]
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [(node.name, node)]
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        return [(node.id, node)]
    name = getattr(node, "name", None) or getattr(node, "rest", None)
    if isinstance(node, (ast.ExceptHandler, ast.pattern)) and isinstance(name, str):
        return [(name, node)]
    return []


def _is_plain_target(parent: ast.AST, child: ast.AST) -> bool:
    """Whether `_bound_by` has told of the name when it saw the assignment."""
    if not isinstance(child, ast.Name):
        return False
    if isinstance(parent, ast.Assign):
        return child in parent.targets
    return isinstance(parent, ast.AnnAssign) and child is parent.target
