"""Whether a name certainly has a value where it is read: what is evaluated more often must not fail more often."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from streamlint.fixes.syntax import Syntax

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def is_bound(syntax: Syntax, name: ast.Name) -> bool:
    """Whether every way to the statement with this name binds it first."""
    scopes = [node for node in syntax.around(name) if isinstance(node, (*FUNCTIONS, ast.Module))]
    for number, scope in enumerate(scopes):
        if isinstance(scope, ast.Module):
            later = number > 0  # a function runs when the module's own code has run
            return _before(syntax, name, name.id) or (later and _binds_any(scope.body, name.id)) or _is_builtin(name.id)
        if name.id in _parameters(scope) or (number == 0 and _before(syntax, name, name.id)):
            return True
        if name.id in _assigned(scope):
            return number > 0 and not isinstance(scope, ast.Lambda) and _binds_any(scope.body, name.id)
    return False


def _is_builtin(name: str) -> bool:
    return hasattr(builtins, name)


def _parameters(scope: ast.AST) -> set[str]:
    arguments = getattr(scope, "args", None)
    return {node.arg for node in ast.walk(arguments) if isinstance(node, ast.arg)} if arguments is not None else set()


def _assigned(scope: ast.AST) -> set[str]:
    """The names that a function's own code binds."""
    return {
        node.id for node in _own(scope) if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del))
    }


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(scope):
        yield child
        if not isinstance(child, (*FUNCTIONS, ast.ClassDef)):
            yield from _own(child)


def _before(syntax: Syntax, node: ast.AST, name: str) -> bool:
    """Whether a statement before the node in its own block, or in one around it, binds the name."""
    statement = syntax.statement(node)
    while True:
        block = syntax.block(statement)
        if _binds_any(block[: block.index(statement)], name):
            return True
        outer = syntax.parents[statement]
        if isinstance(outer, (ast.For, ast.AsyncFor)) and statement in outer.body and _targets(outer.target, name):
            return True
        if isinstance(outer, (ast.With, ast.AsyncWith)) and any(_of_item(item, name) for item in outer.items):
            return True
        if isinstance(outer, ast.ExceptHandler):
            if outer.name == name:
                return True
            outer = syntax.parents[outer]
        if isinstance(outer, ast.match_case):
            outer = syntax.parents[outer]
        if not isinstance(outer, ast.stmt) or isinstance(outer, (*FUNCTIONS, ast.ClassDef)):
            return False
        statement = outer


def _binds_any(block: list[ast.stmt], name: str) -> bool:
    return any(_binds(statement, name) for statement in block)


def _binds(statement: ast.stmt, name: str) -> bool:
    """Whether the name has a value once the statement is done."""
    match statement:
        case ast.Assign(targets=targets):
            return any(_targets(target, name) for target in targets)
        case ast.AnnAssign(target=target, value=value):
            return value is not None and _targets(target, name)
        case ast.AugAssign(target=target):
            return _targets(target, name)
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return any((alias.asname or alias.name.partition(".")[0]) == name for alias in names)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return statement.name == name
        case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
            return any(_of_item(item, name) for item in items) or _binds_any(body, name)
        case ast.If(body=body, orelse=orelse) if orelse:
            return _binds_any(body, name) and _binds_any(orelse, name)
        case ast.Try(body=body, handlers=handlers, finalbody=final):
            arms = [body, *(handler.body for handler in handlers)]
            return _binds_any(final, name) or all(_binds_any(arm, name) for arm in arms)
        case _:
            return False


def _of_item(item: ast.withitem, name: str) -> bool:
    return item.optional_vars is not None and _targets(item.optional_vars, name)


def _targets(target: ast.expr, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(target) if _is_store(node))


def _is_store(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
