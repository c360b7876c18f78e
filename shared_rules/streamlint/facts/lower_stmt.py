"""Lowering of statements: blocks of `ast.stmt` to `ir.Block`.

Statements that no run can depend on (docstrings, `pass`, bare annotations, type aliases) are dropped.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from streamlint.facts import ir
from streamlint.facts.context import Context, function
from streamlint.facts.lower_expr import OPERATORS, defaults, lower, lower_all, target
from streamlint.facts.patterns import case
from streamlint.findings import Span

_MAX_ARMS = 25
"""Longer chains of `elif` become one `ir.Match` of always matching cases with guards, which is as deep as one `if`."""

Out: TypeAlias = "list[ir.Stmt]"


def block(ctx: Context, body: list[ast.stmt]) -> ir.Block:
    """The statements of a block, in order."""
    out: Out = []
    scope = ctx.scope
    outer, scope.hoisted = scope.hoisted, []
    for node in body:
        lowered = _LOWER.get(type(node))
        if lowered is not None:
            lowered(ctx, node, out)
    scope.hoisted = outer
    return tuple(out)


def _emit(ctx: Context, out: Out, stmt: ir.Stmt) -> None:
    """Append a statement behind the yields that its expressions contain."""
    _flush(ctx, out)
    out.append(stmt)


def _flush(ctx: Context, out: Out) -> None:
    if hoisted := ctx.scope.hoisted:
        out.extend(hoisted)
        hoisted.clear()


def _looped(ctx: Context, body: list[ast.stmt]) -> ir.Block:
    ctx.scope.loops += 1
    result = block(ctx, body)
    ctx.scope.loops -= 1
    return result


# --- simple statements ---------------------------------------------------------------------------------------


def _assign(ctx: Context, node: ast.Assign, out: Out) -> None:
    value = lower(ctx, node.value)
    targets = tuple([target(ctx, each) for each in node.targets])
    _emit(ctx, out, ir.Assign(targets, value, ctx.offsets.span(node)))


def _ann_assign(ctx: Context, node: ast.AnnAssign, out: Out) -> None:
    if node.value is not None:
        value = lower(ctx, node.value)
        _emit(ctx, out, ir.Assign((target(ctx, node.target),), value, ctx.offsets.span(node)))
    elif isinstance(node.target, ast.Name) and not isinstance(ctx.scope.node, ast.Module):
        ctx.bind(node.target.id)  # to Python a bare annotation makes the name local


def _aug_assign(ctx: Context, node: ast.AugAssign, out: Out) -> None:
    place = target(ctx, node.target)
    if isinstance(place, ir.Name):
        ctx.bind(place.id)  # it changes: never a constant
    value = lower(ctx, node.value)
    _emit(ctx, out, ir.AugAssign(place, OPERATORS[type(node.op)], value, ctx.offsets.span(node)))


def _delete(ctx: Context, node: ast.Delete, out: Out) -> None:
    targets = tuple([target(ctx, each) for each in node.targets])
    _emit(ctx, out, ir.Delete(targets, ctx.offsets.span(node)))


def _expr(ctx: Context, node: ast.Expr, out: Out) -> None:
    value = node.value
    if isinstance(value, ast.Constant):
        return
    result = lower(ctx, value)
    if isinstance(value, (ast.Yield, ast.YieldFrom)):
        _flush(ctx, out)
    else:
        _emit(ctx, out, ir.ExprStmt(result, ctx.offsets.span(node)))


def _return(ctx: Context, node: ast.Return, out: Out) -> None:
    value = None if node.value is None else lower(ctx, node.value)
    _emit(ctx, out, ir.Return(value, ctx.offsets.span(node)))


def _raise(ctx: Context, node: ast.Raise, out: Out) -> None:
    value = None if node.exc is None else lower(ctx, node.exc)
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    _emit(ctx, out, ir.Raise(value, None if raised is None else _dotted(raised), ctx.offsets.span(node)))


def _dotted(node: ast.expr) -> str | None:
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(names)]) if isinstance(node, ast.Name) else None


def _assert(ctx: Context, node: ast.Assert, out: Out) -> None:
    test, span = lower(ctx, node.test), ctx.offsets.span(node.test)
    _emit(ctx, out, ir.Assert(test, span, ctx.offsets.snippet(span)))


def _break(ctx: Context, node: ast.Break, out: Out) -> None:
    out.append(ir.Break())


def _continue(ctx: Context, node: ast.Continue, out: Out) -> None:
    out.append(ir.Continue())


def _global(ctx: Context, node: ast.Global, out: Out) -> None:
    ctx.scope.globals.update(node.names)
    ctx.declared_global.update(node.names)


def _nonlocal(ctx: Context, node: ast.Nonlocal, out: Out) -> None:
    ctx.scope.nonlocals.update(node.names)


def _import(ctx: Context, node: ast.Import, out: Out) -> None:
    for alias in node.names:
        name = alias.asname or alias.name.partition(".")[0]
        span = ctx.offsets.span(alias)
        _imported(ctx, ir.Import(alias.name, 0, None, name, alias.asname is None, span), out)


def _import_from(ctx: Context, node: ast.ImportFrom, out: Out) -> None:
    for alias in node.names:
        name, span = alias.asname or alias.name, ctx.offsets.span(alias)
        _imported(ctx, ir.Import(node.module or "", node.level, alias.name, name, False, span), out)


def _imported(ctx: Context, stmt: ir.Import, out: Out) -> None:
    if stmt.name != "*":
        ctx.bind(stmt.name)
    ctx.imports.append(stmt)
    out.append(stmt)


# --- branches and loops --------------------------------------------------------------------------------------

_Arm: TypeAlias = "tuple[ast.If, ir.Expr, ir.Block]"


def _if(ctx: Context, node: ast.If, out: Out) -> None:
    """A chain of `elif` is walked by a loop: generated code has thousands of them."""
    arms: list[_Arm] = []
    last = node
    while True:
        _note_main_guard(ctx, last.test)
        arms.append((last, lower(ctx, last.test), block(ctx, last.body)))
        following = last.orelse[0] if len(last.orelse) == 1 else None
        if not isinstance(following, ast.If):
            break
        last = following
    orelse = block(ctx, last.orelse)
    _emit(ctx, out, _nested_arms(ctx, arms, orelse) if len(arms) <= _MAX_ARMS else _flat_arms(ctx, arms, orelse))


def _nested_arms(ctx: Context, arms: list[_Arm], orelse: ir.Block) -> ir.Stmt:
    while True:
        node, test, body = arms.pop()
        span = ctx.offsets.span(node.test)
        stmt = ir.If(test, body, orelse, span, ctx.offsets.snippet(span))
        if not arms:
            return stmt
        orelse = (stmt,)


def _flat_arms(ctx: Context, arms: list[_Arm], orelse: ir.Block) -> ir.Stmt:
    cases = [ir.Case((), True, (), test, body) for _, test, body in arms]
    if orelse:
        cases.append(ir.Case((), True, (), None, orelse))
    span = ctx.offsets.span(arms[0][0].test)
    return ir.Match(ir.Const(True), tuple(cases), span, ctx.offsets.snippet(span))


def _note_main_guard(ctx: Context, test: ast.expr) -> None:
    if len(ctx.scopes) == 1 and isinstance(test, ast.Compare) and type(test.ops[0]) is ast.Eq:
        sides = (test.left, test.comparators[0])
        named = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
        ctx.has_main_guard |= named and any(isinstance(s, ast.Constant) and s.value == "__main__" for s in sides)


def _while(ctx: Context, node: ast.While, out: Out) -> None:
    test, span = lower(ctx, node.test), ctx.offsets.span(node.test)
    body, orelse = _looped(ctx, node.body), block(ctx, node.orelse)
    _emit(ctx, out, ir.While(test, body, orelse, span, ctx.offsets.snippet(span)))


def _for(ctx: Context, node: ast.For | ast.AsyncFor, out: Out) -> None:
    iterated, span = lower(ctx, node.iter), ctx.offsets.span(node.iter)
    ctx.scope.loops += 1
    variable = target(ctx, node.target)
    body = block(ctx, node.body)
    ctx.scope.loops -= 1
    stmt = ir.For(variable, iterated, body, block(ctx, node.orelse), span, ctx.offsets.snippet(span))
    _emit(ctx, out, stmt)


def _try(ctx: Context, node: Any, out: Out) -> None:
    body = block(ctx, node.body)
    handlers = tuple([_handler(ctx, each) for each in node.handlers])
    out.append(ir.Try(body, handlers, block(ctx, node.orelse), block(ctx, node.finalbody)))


def _handler(ctx: Context, node: ast.ExceptHandler) -> ir.Handler:
    caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    types = tuple([_dotted(each) or "?" for each in caught if each is not None])
    if node.name:
        ctx.bind(node.name)
    span = ctx.offsets.span(node)
    where = ctx.offsets.span(node.type) if node.type is not None else Span(span.start, span.start + len("except"))
    return ir.Handler(types, node.name, block(ctx, node.body), where)


def _with(ctx: Context, node: ast.With | ast.AsyncWith, out: Out) -> None:
    entered: list[tuple[ir.Expr, ir.Target | None, ast.expr]] = []
    for item in node.items:
        context = lower(ctx, item.context_expr)
        place = None if item.optional_vars is None else target(ctx, item.optional_vars)
        entered.append((context, place, item.context_expr))
    body = block(ctx, node.body)
    for context, place, expr in reversed(entered):
        body = (ir.With(context, place, body, ctx.offsets.span(expr)),)
    _flush(ctx, out)
    out.extend(body)


def _match(ctx: Context, node: ast.Match, out: Out) -> None:
    subject, span = lower(ctx, node.subject), ctx.offsets.span(node.subject)
    cases = [_case(ctx, each) for each in node.cases]
    _emit(ctx, out, ir.Match(subject, tuple(cases), span, ctx.offsets.snippet(span)))


def _case(ctx: Context, node: ast.match_case) -> ir.Case:
    pattern = case(ctx, node.pattern)
    for name in pattern.binds:
        ctx.bind(name)
    guard = None if node.guard is None else lower(ctx, node.guard)
    return ir.Case(pattern.values, pattern.wild, pattern.binds, guard, block(ctx, node.body))


# --- definitions ---------------------------------------------------------------------------------------------


def _function_def(ctx: Context, node: ast.FunctionDef | ast.AsyncFunctionDef, out: Out) -> None:
    decorators = lower_all(ctx, node.decorator_list)
    positional, keyword = defaults(ctx, node.args)
    ctx.bind(node.name)
    index = len(ctx.functions)
    ctx.functions.append(None)
    with ctx.inside(node, f"{ctx.scope.prefix}{node.name}") as scope:
        body = block(ctx, node.body)
        ctx.functions[index] = function(ctx, node, scope, body)
    stmt = ir.FuncDef(node.name, index, decorators, positional, keyword, ctx.offsets.span(node))
    _emit(ctx, out, stmt)


def _class_def(ctx: Context, node: ast.ClassDef, out: Out) -> None:
    decorators, bases = lower_all(ctx, node.decorator_list), lower_all(ctx, node.bases)
    keywords = tuple([(keyword.arg, lower(ctx, keyword.value)) for keyword in node.keywords])
    ctx.bind(node.name)
    index = len(ctx.classes)
    offsets = ctx.offsets
    qualname = f"{ctx.scope.prefix}{node.name}"
    where = offsets.definition(node), offsets.name_of_definition(node)
    ctx.classes.append(ir.Class(node.name, qualname, *where, tuple(_fields(node))))
    with ctx.inside(node, qualname):
        body = block(ctx, node.body)
    _emit(ctx, out, ir.ClassDef(node.name, index, bases, keywords, decorators, body, offsets.span(node)))


NO_FIELDS = frozenset({"ClassVar", "KW_ONLY"})


def _fields(node: ast.ClassDef) -> Iterator[str]:
    """The annotated names of a class body that its making takes as arguments, were it a dataclass."""
    for part in node.body:
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            kind = part.annotation.value if isinstance(part.annotation, ast.Subscript) else part.annotation
            name = kind.attr if isinstance(kind, ast.Attribute) else kind.id if isinstance(kind, ast.Name) else ""
            options = part.value.keywords if isinstance(part.value, ast.Call) else []
            made_later = any(
                option.arg == "init" and isinstance(option.value, ast.Constant) and option.value.value is False
                for option in options
            )
            if name not in NO_FIELDS and not made_later:
                yield part.target.id


_LOWER: dict[type[ast.stmt], Callable[[Context, Any, Out], None]] = {
    ast.Assign: _assign,
    ast.AnnAssign: _ann_assign,
    ast.AugAssign: _aug_assign,
    ast.Delete: _delete,
    ast.Expr: _expr,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.If: _if,
    ast.While: _while,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.Try: _try,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Match: _match,
    ast.FunctionDef: _function_def,
    ast.AsyncFunctionDef: _function_def,
    ast.ClassDef: _class_def,
}
if sys.version_info >= (3, 11):
    _LOWER[ast.TryStar] = _try
