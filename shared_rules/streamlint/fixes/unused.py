"""The code that sets a key, taken out."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from streamlint.findings import Applicability, Edit, Span
from streamlint.fixes.blocks import removed, statement_at
from streamlint.fixes.syntax import Syntax
from streamlint.records import immutable


@immutable
class Removal:
    """The edits to one file, and how sure they are."""

    edits: list[Edit]
    applicability: Applicability


def without_key(syntax: Syntax, places: Sequence[Span], key: str) -> Removal | None:
    """Without the statements at these places, which set the key."""
    statements: list[ast.stmt] = []
    values: list[ast.expr] = []
    for place in places:
        statement = statement_at(syntax, place)
        value = _value(statement, key) if statement is not None else None
        if statement is None or value is None:
            return None
        statements.append(statement)
        values.append(value)
    edits = removed(syntax, list(dict.fromkeys(statements)))
    if edits is None or _is_mentioned(syntax, statements, key):
        return None
    quiet = all(_does_nothing(value) for value in values)
    return Removal(edits, Applicability.UNSAFE if quiet else Applicability.DISPLAY)


def _is_mentioned(syntax: Syntax, gone: Sequence[ast.stmt], key: str) -> bool:
    """Whether what stays still asks for the key: a test that guards other keys too."""
    for node in ast.walk(syntax.tree):
        if isinstance(node, ast.Constant) and node.value == key:
            around = list(syntax.around(node))
            inside = any(each in gone for each in around)
            guard = any(isinstance(each, ast.If) and set(each.body) <= set(gone) for each in around)
            if not inside and not guard:
                return True
    return False


def _value(statement: ast.stmt, key: str) -> ast.expr | None:
    """The value that a statement stores under the key, if it does nothing else."""
    match statement:
        case ast.Assign(targets=[target], value=value) if _names(target, key):
            return value
        case ast.AnnAssign(target=target, value=ast.expr() as value) if _names(target, key):
            return value
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="setdefault"), args=[ast.Constant(value=name), value])):
            return value if name == key else None
        case _:
            return None


def _names(target: ast.expr, key: str) -> bool:
    match target:
        case ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=name)):
            return bool(name == key)
        case _:
            return False


def _does_nothing(value: ast.expr) -> bool:
    """Whether nobody misses the evaluation of a value."""
    return not any(isinstance(node, (ast.Call, ast.Await, ast.NamedExpr, ast.Subscript)) for node in ast.walk(value))


def without_initialisation(syntax: Syntax, place: Span, key: str) -> list[Edit] | None:
    """Without the statement that gives the key False or None, if the file sets and asks for it nowhere else."""
    statement = statement_at(syntax, place)
    value = _value(statement, key) if statement is not None else None
    nothing = isinstance(value, ast.Constant) and value.value in (False, None)
    guarded = isinstance(statement, ast.Expr) or isinstance(syntax.parents.get(statement or syntax.tree), ast.If)
    if statement is None or not nothing or not guarded or _sets_elsewhere(syntax, statement, key):
        return None
    return removed(syntax, [statement])


def _sets_elsewhere(syntax: Syntax, own: ast.stmt, key: str) -> bool:
    others = (each for each in ast.walk(syntax.tree) if isinstance(each, ast.stmt) and each is not own)
    return any(_value(each, key) is not None or _changes(each, key) for each in others)


def _changes(statement: ast.stmt, key: str) -> bool:
    targets = statement.targets if isinstance(statement, (ast.Assign, ast.Delete)) else []
    targets += [statement.target] if isinstance(statement, ast.AugAssign) else []
    return any(_names(target, key) for target in targets)
