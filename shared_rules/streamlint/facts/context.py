"""What lowering a file remembers while it walks: scopes, the functions and classes found, strings and imports."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import field
from typing import TypeAlias

from streamlint.facts import ir
from streamlint.facts.offsets import Offsets
from streamlint.records import mutable

ScopeNode: TypeAlias = "ast.Module | ast.ClassDef | FunctionNode"
FunctionNode: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda"


@mutable
class Scope:
    """One namespace: the module, a class body, a function or a lambda."""

    node: ScopeNode
    prefix: str = ""
    """What the qualified names of definitions inside start with: "", "Class." or "outer.<locals>."."""
    bound: dict[str, int] = field(default_factory=dict)
    """How often each name is bound; once inside a loop counts as more than once."""
    globals: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)
    is_generator: bool = False
    loops: int = 0
    hoisted: list[ir.Stmt] = field(default_factory=list)
    """Yields found in the expressions of the statement that is being lowered."""


KeyOracle: TypeAlias = "Callable[[Context, ast.expr, ir.Expr], ir.Expr]"
"""Wraps the expression of a key in `ir.Inferred` when inference knows it, else returns it."""


@mutable
class Context:
    """The state of lowering one file."""

    offsets: Offsets
    scopes: list[Scope]
    oracle: KeyOracle | None = None
    functions: list[ir.Function | None] = field(default_factory=list)
    classes: list[ir.Class] = field(default_factory=list)
    imports: list[ir.Import] = field(default_factory=list)
    strings: set[str] = field(default_factory=set)
    declared_global: set[str] = field(default_factory=set)
    has_main_guard: bool = False
    depth: int = 0
    """How many expressions enclose the one being lowered."""
    shadows: list[str] = field(default_factory=list)
    """The variables of the comprehensions around the expression being lowered."""

    @property
    def scope(self) -> Scope:
        """The innermost scope."""
        return self.scopes[-1]

    def bind(self, name: str) -> None:
        """Record that the innermost scope binds a name."""
        scope = self.scopes[-1]
        scope.bound[name] = scope.bound.get(name, 0) + (2 if scope.loops else 1)

    @contextmanager
    def inside(self, node: ScopeNode, qualname: str) -> Iterator[Scope]:
        """A new innermost scope: the body of `node`, which is called `qualname`."""
        separator = "." if isinstance(node, ast.ClassDef) else ".<locals>."
        scope = Scope(node, qualname + separator)
        depth, self.depth = self.depth, 0
        shadows, self.shadows = self.shadows, [] if isinstance(node, ast.ClassDef) else self.shadows
        self.scopes.append(scope)
        yield scope
        self.scopes.pop()
        self.depth, self.shadows = depth, shadows


def parameters(arguments: ast.arguments) -> Iterator[ast.arg]:
    """All parameters, starred ones included, in no particular order."""
    yield from arguments.posonlyargs
    yield from arguments.args
    yield from arguments.kwonlyargs
    if arguments.vararg:
        yield arguments.vararg
    if arguments.kwarg:
        yield arguments.kwarg


def function(ctx: Context, node: FunctionNode, scope: Scope, body: ir.Block) -> ir.Function:
    """The facts of a function whose body has just been lowered in `scope`."""
    arguments = node.args
    free = scope.globals | scope.nonlocals
    names = {argument.arg for argument in parameters(arguments)}
    is_lambda = isinstance(node, ast.Lambda)
    span = ctx.offsets.span(node)
    return ir.Function(
        name="<lambda>" if isinstance(node, ast.Lambda) else node.name,
        qualname=scope.prefix.removesuffix(".<locals>."),
        positional_only=tuple(argument.arg for argument in arguments.posonlyargs),
        params=tuple(argument.arg for argument in arguments.args),
        keyword_only=tuple(argument.arg for argument in arguments.kwonlyargs),
        vararg=arguments.vararg.arg if arguments.vararg else None,
        kwarg=arguments.kwarg.arg if arguments.kwarg else None,
        body=body,
        assigned=frozenset(scope.bound.keys() - names - free),
        globals=frozenset(scope.globals),
        nonlocals=frozenset(scope.nonlocals),
        is_generator=scope.is_generator,
        is_async=isinstance(node, ast.AsyncFunctionDef),
        is_lambda=is_lambda,
        span=span if isinstance(node, ast.Lambda) else ctx.offsets.definition(node),
        name_span=span if isinstance(node, ast.Lambda) else ctx.offsets.name_of_definition(node),
    )
