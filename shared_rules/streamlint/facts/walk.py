"""Loops over expression trees that do not recurse, whatever the depth of the tree."""

from __future__ import annotations

import ast


def children(node: ast.AST) -> list[ast.expr]:
    """The expressions directly inside one, in the order of the source's grammar; not those of a lambda's body."""
    found: list[ast.expr] = []
    if isinstance(node, ast.Lambda):
        return [*node.args.defaults, *(value for value in node.args.kw_defaults if value is not None)]
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            found.append(child)
        elif isinstance(child, (ast.keyword, ast.comprehension)):
            found.extend(children(child))
    return found


def names_read(node: ast.expr) -> tuple[str, ...]:
    """The variables an expression reads, each once, sorted."""
    if type(node) is ast.Constant:
        return ()
    names = {inner.id for inner in ast.walk(node) if type(inner) is ast.Name and type(inner.ctx) is ast.Load}
    return tuple(sorted(names))


def is_pure_data(node: ast.expr) -> bool:
    """Whether an expression consists of literals and displays only."""
    todo: list[ast.expr | None] = [node]
    while todo:
        item = todo.pop()
        if isinstance(item, ast.Dict):
            if None in item.keys:
                return False
            todo += item.keys
            todo += item.values
        elif isinstance(item, (ast.List, ast.Tuple, ast.Set)):
            todo += item.elts
        elif isinstance(item, ast.UnaryOp):
            todo.append(item.operand)
        elif not isinstance(item, ast.Constant):
            return False
    return True
