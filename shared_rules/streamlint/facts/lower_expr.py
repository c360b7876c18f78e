"""Lowering of expressions: `ast.expr` to `ir.Expr`.

Every string constant met is recorded. The depth of the result is bounded whatever the depth of the source, so that
facts can be compared, pickled and walked by recursion.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from streamlint.facts import ir
from streamlint.facts.context import Context, function
from streamlint.facts.walk import children, is_pure_data, names_read
from streamlint.findings import Span

MAX_DEPTH = 100
"""Deeper expressions are flattened: what they contain is kept, how it is nested is not."""
_HARD_DEPTH = 160
_MAX_OPERANDS = 12
"""Longer sums keep their operands only."""
_MAX_CHAIN = 16
"""Conjunctions and disjunctions of more operands are nested in halves."""
_MAX_ITEMS = 500
"""Displays with more items keep only those that are not plain data."""
_MAX_STRINGS = 2000
"""Displays of plain data with more strings than this do not add them to the strings of the file."""

_ASKED_METHODS = frozenset({"get", "pop", "setdefault", "__getitem__", "__setitem__", "__delitem__"})
_ASKED_FUNCTIONS = frozenset({"getattr", "setattr", "hasattr", "delattr"})
_FSTRINGS_HAVE_POSITIONS = sys.version_info >= (3, 12)

_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.MatMult: "@", ast.Div: "/", ast.Mod: "%", ast.Pow: "**",
    ast.LShift: "<<", ast.RShift: ">>", ast.BitOr: "|", ast.BitXor: "^", ast.BitAnd: "&", ast.FloorDiv: "//",
}  # fmt: skip


def lower(ctx: Context, node: ast.expr) -> ir.Expr:
    """The expression reduced to what a rerun can depend on."""
    if ctx.depth >= MAX_DEPTH:
        return _flattened(ctx, node)
    ctx.depth += 1
    result = _LOWER.get(type(node), _other)(ctx, node)
    ctx.depth -= 1
    return result


def lower_all(ctx: Context, nodes: Iterable[ast.expr]) -> tuple[ir.Expr, ...]:
    """The expressions in order."""
    return tuple([lower(ctx, node) for node in nodes])


def target(ctx: Context, node: ast.expr, *, binds: bool = True) -> ir.Target:
    """The target of an assignment, a loop, `with` or `del`; binds its names in the scope unless told not to."""
    kind = type(node)
    if kind is ast.Name:
        name = _name(ctx, node)
        if binds:
            ctx.bind(name.id)
        return name
    if kind is ast.Attribute:
        return _attribute(ctx, node)
    if kind is ast.Subscript:
        return _subscript(ctx, node)
    if isinstance(node, ast.Starred):
        return ir.Star(target(ctx, node.value, binds=binds))
    elements = node.elts if isinstance(node, (ast.Tuple, ast.List)) else []
    return ir.Display("tuple", tuple([target(ctx, element, binds=binds) for element in elements]))


def key(ctx: Context, node: ast.expr) -> ir.Expr:
    """An expression that may be a key of session state: inference is asked where structure cannot tell."""
    result = lower(ctx, node)
    return ctx.oracle(ctx, node, result) if ctx.oracle and type(result) is not ir.Const else result


def opaque(ctx: Context, node: ast.expr, inner: Iterable[ast.expr]) -> ir.Opaque:
    """An expression of which only the sub-expressions `inner` matter."""
    parts = tuple([part for part in lower_all(ctx, inner) if not _says_nothing(part)])
    return ir.Opaque(parts, ctx.offsets.snippet(ctx.offsets.span(node)), names_read(node))


def _says_nothing(expr: ir.Expr) -> bool:
    return type(expr) is ir.Const or (type(expr) is ir.Opaque and not expr.parts and not expr.names)


def _other(ctx: Context, node: ast.expr) -> ir.Expr:
    return opaque(ctx, node, children(node))


# --- depth ---------------------------------------------------------------------------------------------------


def _flattened(ctx: Context, node: ast.expr) -> ir.Expr:
    """Too deep: the first operands of operands (`a` of `a.b(c)[d]`) are followed by a loop and become siblings."""
    if isinstance(node, (ast.Name, ast.Constant)):
        return _LOWER[type(node)](ctx, node)
    if ctx.depth >= _HARD_DEPTH:
        return ir.Opaque((), ctx.offsets.snippet(ctx.offsets.span(node)), ())
    ctx.depth += 1
    result = opaque(ctx, node, _spine(node))
    ctx.depth -= 1
    return result


def _spine(node: ast.expr) -> Iterator[ast.expr]:
    """The operands along the chain of first operands, innermost first, which is the order of evaluation."""
    later: list[list[ast.expr]] = []
    while inner := children(node):
        later.append(inner[1:])
        node = inner[0]
    yield node
    for group in reversed(later):
        yield from group


# --- one function per kind -----------------------------------------------------------------------------------


def _constant(ctx: Context, node: ast.Constant) -> ir.Expr:
    value = node.value
    if isinstance(value, str):
        ctx.strings.add(value)
    elif value is not None and not isinstance(value, (int, float, bytes)):
        return ir.Opaque((), ctx.offsets.snippet(ctx.offsets.span(node)), ())
    return ir.Const(value)


def _name(ctx: Context, node: Any) -> ir.Name:
    return ir.Name(node.id, ctx.offsets.span(node))


def _attribute(ctx: Context, node: Any) -> ir.Attr:
    span = ctx.offsets.span(node)
    return ir.Attr(lower(ctx, node.value), node.attr, span, ctx.offsets.name_at_end(span, node.attr))


def _subscript(ctx: Context, node: Any) -> ir.Sub:
    value = lower(ctx, node.value)
    index = _slice(ctx, node.slice) if isinstance(node.slice, ast.Slice) else key(ctx, node.slice)
    return ir.Sub(value, index, ctx.offsets.span(node))


def _slice(ctx: Context, node: ast.Slice) -> ir.Slice:
    low, high, step = (None if part is None else lower(ctx, part) for part in (node.lower, node.upper, node.step))
    return ir.Slice(low, high, step)


def _starred(ctx: Context, node: ast.Starred) -> ir.Expr:
    return ir.Star(lower(ctx, node.value))


def _call(ctx: Context, node: ast.Call) -> ir.Expr:
    func = lower(ctx, node.func)
    asked = _position_of_key(func)
    args = tuple([(key if at == asked else lower)(ctx, value) for at, value in enumerate(node.args)])
    kwargs = tuple([(k.arg, (key if k.arg == "key" else lower)(ctx, k.value)) for k in node.keywords])
    offsets = ctx.offsets
    return ir.Call(func, args, kwargs, offsets.span(node), offsets.snippet(offsets.span(node.func)))


def _position_of_key(func: ir.Expr) -> int | None:
    """Which positional argument of a call may be a key: the first of `.get`, the second of `getattr`."""
    if type(func) is ir.Attr:
        return 0 if func.name in _ASKED_METHODS else None
    return 1 if type(func) is ir.Name and func.id in _ASKED_FUNCTIONS else None


def _bool_op(ctx: Context, node: ast.BoolOp) -> ir.Expr:
    op = "and" if type(node.op) is ast.And else "or"
    return _all_or_any(op, lower_all(ctx, node.values), ctx.offsets.span(node))


def _all_or_any(op: str, values: tuple[ir.Expr, ...], span: Span) -> ir.BoolOp:
    """`a and b and ...`; a long one in halves, which means the same and nests less where each operand is a branch."""
    if len(values) <= _MAX_CHAIN:
        return ir.BoolOp(op, values, span)
    middle = len(values) // 2
    return ir.BoolOp(op, (_all_or_any(op, values[:middle], span), _all_or_any(op, values[middle:], span)), span)


def _unary(ctx: Context, node: ast.UnaryOp) -> ir.Expr:
    operand = lower(ctx, node.operand)
    if type(node.op) is ast.Not:
        return ir.Not(operand)
    if type(operand) is ir.Const and type(operand.value) in (int, float):
        number: Any = operand.value
        if type(node.op) is ast.USub:
            return ir.Const(-number)
        if type(node.op) is ast.UAdd:
            return operand
    if type(node.op) is ast.USub and isinstance(operand, ir.Attr | ir.Sub):
        return ir.BinOp("-", ir.Const(0), operand, ctx.offsets.snippet(ctx.offsets.span(node)))
    parts = () if _says_nothing(operand) else (operand,)
    return ir.Opaque(parts, ctx.offsets.snippet(ctx.offsets.span(node)), names_read(node))


def _compare(ctx: Context, node: ast.Compare) -> ir.Expr:
    """`a < b < c` becomes `a < b and b < c`; the operand in the middle stands in both."""
    in_front = key if isinstance(node.ops[0], (ast.In, ast.NotIn)) else lower
    operands = (in_front(ctx, node.left), *lower_all(ctx, node.comparators))
    span = ctx.offsets.span(node)
    if len(node.ops) == 1:
        op, text = _COMPARISONS[type(node.ops[0])], ctx.offsets.snippet(span)
        return ir.Compare(operands[0], op, operands[1], span, text)
    pairs: list[ir.Expr] = []
    nodes = (node.left, *node.comparators)
    for at, operator in enumerate(node.ops):
        here = Span(ctx.offsets.span(nodes[at]).start, ctx.offsets.span(nodes[at + 1]).end)
        op, text = _COMPARISONS[type(operator)], ctx.offsets.snippet(here)
        pairs.append(ir.Compare(operands[at], op, operands[at + 1], here, text))
    return _all_or_any("and", tuple(pairs), span)


def _if_exp(ctx: Context, node: ast.IfExp) -> ir.Expr:
    test, then, orelse = lower_all(ctx, (node.test, node.body, node.orelse))
    return ir.IfExp(test, then, orelse, ctx.offsets.span(node))


def _bin_op(ctx: Context, node: ast.BinOp) -> ir.Expr:
    """A sum of few terms; a long one keeps its terms, pure arithmetic on numbers keeps nothing."""
    if operands := _long_chain(node):
        return opaque(ctx, node, operands)
    left, right = lower(ctx, node.left), lower(ctx, node.right)
    text = ctx.offsets.snippet(ctx.offsets.span(node))
    if _is_number(left) and _is_number(right):
        return ir.Opaque((), text, ())
    return ir.BinOp(OPERATORS[type(node.op)], left, right, text)


def _long_chain(node: ast.BinOp) -> list[ast.expr]:
    """The operands of `a + b + c + …` from left to right if they are too many to nest, else nothing."""
    operands: list[ast.expr] = []
    first: ast.expr = node
    while isinstance(first, ast.BinOp):
        operands.append(first.right)
        first = first.left
    return [first, *reversed(operands)] if len(operands) >= _MAX_OPERANDS else []


def _is_number(expr: ir.Expr) -> bool:
    if type(expr) is ir.Opaque:
        return not expr.parts and not expr.names
    return type(expr) is ir.Const and isinstance(expr.value, (int, float))


# --- displays, f-strings, comprehensions ---------------------------------------------------------------------


def _display(kind: str) -> Callable[[Context, Any], ir.Expr]:
    def lowered(ctx: Context, node: ast.List | ast.Tuple | ast.Set) -> ir.Expr:
        if len(node.elts) > _MAX_ITEMS:
            return _big_display(ctx, node, node.elts)
        return ir.Display(kind, lower_all(ctx, node.elts))

    return lowered


def _dict(ctx: Context, node: ast.Dict) -> ir.Expr:
    if len(node.keys) > _MAX_ITEMS:
        items = [part for pair in zip(node.keys, node.values, strict=True) for part in pair if part is not None]
        return _big_display(ctx, node, items)
    pairs = zip(node.keys, node.values, strict=True)
    return ir.DictDisplay(tuple([(None if name is None else lower(ctx, name), lower(ctx, v)) for name, v in pairs]))


def _big_display(ctx: Context, node: ast.expr, items: list[ast.expr]) -> ir.Expr:
    strings = {item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str)}
    if len(strings) <= _MAX_STRINGS:
        ctx.strings |= strings
    return opaque(ctx, node, [item for item in items if not is_pure_data(item)])


def _joined(ctx: Context, node: ast.JoinedStr) -> ir.Expr:
    # Early releases of Python 3.12 end a format specification with an empty text.
    parts = [part for part in node.values if not (isinstance(part, ast.Constant) and part.value == "")]
    return ir.Fmt(tuple([_formatted(ctx, part, node) for part in parts]))


def _formatted(ctx: Context, part: ast.expr, whole: ast.JoinedStr) -> ir.Expr:
    if not isinstance(part, ast.FormattedValue):
        return lower(ctx, part)
    if _FSTRINGS_HAVE_POSITIONS or ctx.offsets.pinned or _is_placed(ctx, part.value):
        return _formatted_value(ctx, part)
    ctx.offsets.pinned = ctx.offsets.span(whole)
    result = _formatted_value(ctx, part)
    ctx.offsets.pinned = None
    return result


def _formatted_value(ctx: Context, part: ast.FormattedValue) -> ir.Expr:
    if part.conversion == -1 and part.format_spec is None:
        return lower(ctx, part.value)
    return opaque(ctx, part.value, [part.value, *children(part)[1:]])


def _is_placed(ctx: Context, value: ast.expr) -> bool:
    """Whether the names in an f-string stand where Python says they do, which before 3.12 is not always so."""
    offsets = ctx.offsets
    for node in ast.walk(value):
        if isinstance(node, ast.Name):
            span = offsets.span(node)
            if offsets.text[span.start : span.end] != node.id:
                return False
    return True


def _comprehension(kind: str) -> Callable[[Context, Any], ir.Expr]:
    def lowered(ctx: Context, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> ir.Expr:
        return _comp(ctx, node, kind, None, node.elt)

    return lowered


def _dict_comp(ctx: Context, node: ast.DictComp) -> ir.Expr:
    return _comp(ctx, node, "dict", node.key, node.value)


def _comp(ctx: Context, node: Any, kind: str, key_node: ast.expr | None, value: ast.expr) -> ir.Expr:
    mark = len(ctx.shadows)
    generators = tuple([_generator(ctx, generator) for generator in node.generators])
    key_expr = None if key_node is None else lower(ctx, key_node)
    result = ir.Comp(kind, key_expr, lower(ctx, value), generators, ctx.offsets.span(node))
    del ctx.shadows[mark:]
    return result


def _generator(ctx: Context, node: ast.comprehension) -> ir.Generator:
    iterated = lower(ctx, node.iter)
    ctx.shadows.extend(name.id for name in ast.walk(node.target) if isinstance(name, ast.Name))
    return ir.Generator(target(ctx, node.target, binds=False), iterated, lower_all(ctx, node.ifs))


# --- expressions that bind, define or suspend ----------------------------------------------------------------


def _walrus(ctx: Context, node: ast.NamedExpr) -> ir.Expr:
    ctx.bind(node.target.id)
    return ir.Walrus(node.target.id, lower(ctx, node.value))


def _await(ctx: Context, node: ast.Await) -> ir.Expr:
    return lower(ctx, node.value)


def defaults(ctx: Context, arguments: ast.arguments) -> tuple[tuple[ir.Expr, ...], tuple[tuple[str, ir.Expr], ...]]:
    """The defaults of the last positional parameters, and those of keyword-only ones by name."""
    pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    keyword = tuple([(argument.arg, lower(ctx, value)) for argument, value in pairs if value is not None])
    return lower_all(ctx, arguments.defaults), keyword


def _lambda(ctx: Context, node: ast.Lambda) -> ir.Expr:
    positional, keyword = defaults(ctx, node.args)
    index = len(ctx.functions)
    ctx.functions.append(None)
    depth = ctx.depth
    with ctx.inside(node, f"{ctx.scope.prefix}<lambda>") as scope:
        ctx.depth = depth  # the lambda's body nests in this expression's recursion
        value = lower(ctx, node.body)
        body = (*scope.hoisted, ir.Return(value, ctx.offsets.span(node.body)))
        ctx.functions[index] = function(ctx, node, scope, body)
    return ir.Lambda(index, positional, keyword)


def _yield(ctx: Context, node: ast.Yield | ast.YieldFrom) -> ir.Expr:
    value = None if node.value is None else lower(ctx, node.value)
    span = ctx.offsets.span(node)
    ctx.scope.is_generator = True
    ctx.scope.hoisted.append(ir.Yield(value, type(node) is ast.YieldFrom, span))
    return ir.Opaque((), ctx.offsets.snippet(span), ())


_LOWER: dict[type[ast.expr], Callable[[Context, Any], ir.Expr]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Starred: _starred,
    ast.Call: _call,
    ast.BoolOp: _bool_op,
    ast.UnaryOp: _unary,
    ast.Compare: _compare,
    ast.IfExp: _if_exp,
    ast.BinOp: _bin_op,
    ast.List: _display("list"),
    ast.Tuple: _display("tuple"),
    ast.Set: _display("set"),
    ast.Dict: _dict,
    ast.JoinedStr: _joined,
    ast.ListComp: _comprehension("list"),
    ast.SetComp: _comprehension("set"),
    ast.GeneratorExp: _comprehension("generator"),
    ast.DictComp: _dict_comp,
    ast.Lambda: _lambda,
    ast.NamedExpr: _walrus,
    ast.Await: _await,
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
}
