"""Lowering of `match` patterns."""

from __future__ import annotations

import ast
from typing import NamedTuple

from streamlint.facts import ir
from streamlint.facts.context import Context
from streamlint.facts.lower_expr import lower


class Pattern(NamedTuple):
    """What `ir.Case` keeps of a pattern; see there."""

    values: tuple[ir.Expr, ...]
    wild: bool
    binds: tuple[str, ...]


def case(ctx: Context, node: ast.pattern) -> Pattern:
    """The literal alternatives of a pattern, whether it always matches, and the names it captures."""
    values, wild = _alternatives(ctx, node)
    return Pattern(() if wild or values is None else tuple(values), wild, _captures(node))


def _alternatives(ctx: Context, node: ast.pattern) -> tuple[list[ir.Expr] | None, bool]:
    """The values compared with (None if the pattern is not only a comparison) and whether it always matches."""
    if isinstance(node, ast.MatchValue):
        return [lower(ctx, node.value)], False
    if isinstance(node, ast.MatchSingleton):
        return [ir.Const(node.value)], False
    if isinstance(node, ast.MatchAs):
        return ([], True) if node.pattern is None else _alternatives(ctx, node.pattern)
    if not isinstance(node, ast.MatchOr):
        return None, False
    values: list[ir.Expr] | None = []
    for alternative in node.patterns:
        inner, wild = _alternatives(ctx, alternative)
        if wild:
            return [], True
        values = None if values is None or inner is None else values + inner
    return values, False


def _captures(node: ast.pattern) -> tuple[str, ...]:
    names: list[str] = []
    for inner in ast.walk(node):
        name = getattr(inner, "rest" if isinstance(inner, ast.MatchMapping) else "name", None)
        if isinstance(inner, ast.pattern) and isinstance(name, str) and name not in names:
            names.append(name)
    return tuple(names)
