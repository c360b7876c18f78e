"""A guarded initialisation as a call of `setdefault`, and back."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from streamlint.findings import Edit
from streamlint.fixes.blocks import stands_alone
from streamlint.fixes.guards import as_setdefault as rewritten
from streamlint.fixes.refactorings.given import ITEM, REWRITE, Given, Refactoring, made, touches
from streamlint.fixes.refactorings.spelling import is_attribute
from streamlint.fixes.syntax import Syntax

_CONTAINERS = frozenset({"list", "dict", "set", "tuple", "frozenset", "str", "bytes", "int", "float", "bool"})
_CHEAP = (
    ast.Constant, ast.Name, ast.Attribute, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.UnaryOp, ast.BinOp,
    ast.JoinedStr, ast.FormattedValue, ast.expr_context, ast.unaryop, ast.operator,
)  # fmt: skip


def is_cheap(value: ast.AST) -> bool:
    """Whether a value may be made in every run as well as in the first: nothing is called for it but a container."""
    match value:
        case ast.Call(func=ast.Name(id=name), args=[], keywords=[]):
            return name in _CONTAINERS
        case _:
            return isinstance(value, _CHEAP) and all(map(is_cheap, ast.iter_child_nodes(value)))


# --- guard to setdefault -------------------------------------------------------------------------------------


def as_setdefault(given: Given) -> Refactoring | None:
    """`state.setdefault("k", v)` for `if "k" not in state: state.k = v` at the cursor."""
    syntax = given.syntax
    found = [node for node, _ in guards(given) if syntax is not None and touches(syntax.span(node), given.span)]
    if syntax is None or not found:
        return None
    node = max(found, key=lambda each: syntax.span(each).start)
    rewrite = rewritten(syntax, syntax.span(node.test))
    if rewrite is None or not rewrite.exact:
        return None
    return made(given, "as-setdefault", REWRITE, "Replace the guard with `setdefault`", list(rewrite.edits))


def guards(given: Given) -> Iterator[tuple[ast.If, str]]:
    """The statements that do nothing but give a value to one key, if it is not set, and the key."""
    syntax = given.syntax
    asked = {access.place.span: access for access in given.here if access.use == "asks"}
    if syntax is None or not asked:
        return
    for node in ast.walk(syntax.tree):
        if not isinstance(node, ast.If):
            continue
        test, absent = _asked(node.test)
        access = asked.get(syntax.span(test)) if test is not None else None
        suite = node.body if absent else node.orelse
        rest = node.orelse if absent else node.body
        if access is None or not access.exact or len(suite) != 1 or (rest if absent else not _passes(rest)):
            continue
        if _stores(given, syntax, suite[0], access.key):
            yield node, access.key


def _asked(test: ast.expr) -> tuple[ast.expr | None, bool]:
    """The question whether a key is set, and whether the test holds where it is not."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            found, absent = _asked(inner)
            return found, not absent
        case ast.Compare(ops=[ast.NotIn()]):
            return test, True
        case ast.Compare(ops=[ast.In()]) | ast.Call(func=ast.Name(id="hasattr")):
            return test, False
        case _:
            return None, False


def _passes(suite: list[ast.stmt]) -> bool:
    return bool(suite) and all(isinstance(each, ast.Pass) for each in suite)


def _stores(given: Given, syntax: Syntax, statement: ast.stmt, key: str) -> bool:
    """Whether the statement sets the key to a cheap value."""
    match statement:
        case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
            span = syntax.span(target)
            return is_cheap(value) and any(each.place.span == span for each in given.of(key))
        case _:
            return False


# --- setdefault to guard -------------------------------------------------------------------------------------


def as_guard(given: Given) -> Refactoring | None:
    """`if "k" not in state: state.k = v` for the call of `state.setdefault("k", v)` at the cursor, a statement."""
    syntax, call = given.syntax, _call_at(given)
    if syntax is None or call is None or not isinstance(call.func, ast.Attribute):
        return None
    arguments = _arguments(call)
    statement = syntax.parents[call]
    if arguments is None or not isinstance(statement, ast.Expr) or not stands_alone(syntax, statement):
        return None
    key, value = arguments
    state, text = syntax.of(call.func.value), syntax.of(key)
    if not isinstance(key, (ast.Constant, ast.Name, ast.Attribute)) or "\n" in state + text or "\r" in state + text:
        return None
    span = syntax.span(statement)
    indent = syntax.indent(span.start)
    inner = syntax.deeper(indent)
    default = _as_statement(syntax, value, inner[len(indent) :]) if value is not None else "None"
    guard = f"if {text} not in {state}:\n{inner}{_target(given, state, key, text)} = {default}"
    return made(given, "as-guard", REWRITE, "Replace `setdefault` with a guard", [Edit(span.start, span.end, guard)])


def _call_at(given: Given) -> ast.Call | None:
    """The innermost call of the state's `setdefault` at the cursor."""
    syntax = given.syntax
    if syntax is None:
        return None
    places = {access.place.span for access in given.here if access.use == "initialises" and access.form == "method"}
    around = [span for span in places if touches(span, given.span)]
    found = (syntax.find(span, ast.Call) for span in sorted(around, key=lambda span: span.end - span.start))
    return next((call for call in found if call is not None), None)


def _arguments(call: ast.Call) -> tuple[ast.expr, ast.expr | None] | None:
    """The key and the default of a call, however they are given."""
    given = dict(zip(("key", "default"), call.args, strict=False))
    given |= {str(each.arg): each.value for each in call.keywords}
    if len(given) != len(call.args) + len(call.keywords) or not {"key"} <= given.keys() <= {"key", "default"}:
        return None
    values = [given["key"], *([given["default"]] if "default" in given else [])]
    if any(isinstance(node, (ast.Starred, ast.NamedExpr)) for value in values for node in ast.walk(value)):
        return None
    return given["key"], given.get("default")


def _as_statement(syntax: Syntax, value: ast.expr, unit: str) -> str:
    """The source of an argument as what is assigned, its lines one level deeper."""
    span = syntax.span(value)
    source, strings = syntax.source, list(syntax.multiline_strings())
    first, last = source.line_of(span.start), source.line_of(span.end)
    parts = [syntax.text[span.start : min(span.end, source.line_end(first))]]
    for line in range(first + 1, last + 1):
        start = source.line_start(line)
        text = syntax.text[start : min(span.end, source.line_end(line))]
        moves = text.strip() and not any(each.start < start < each.end for each in strings)
        parts.append(unit + text if moves else text)
    text = "\n".join(parts)
    return text if _is_whole(text, value) else f"({text})"


def _is_whole(text: str, value: ast.expr) -> bool:
    """Whether the text alone is the value."""
    try:
        statement = ast.parse(f"x = {text}").body
    except SyntaxError:
        return False
    return len(statement) == 1 and isinstance(statement[0], ast.Assign) and _same(statement[0].value, value)


def _same(a: ast.expr, b: ast.expr) -> bool:
    return ast.dump(a) == ast.dump(b)


def _target(given: Given, state: str, key: ast.expr, text: str) -> str:
    """The key as what is assigned to, in the style that most accesses in the file have."""
    styles = [access.form for access in given.here if access.literal and access.form in ("attribute", ITEM)]
    attributes = styles.count("attribute") >= styles.count(ITEM)
    if attributes and isinstance(key, ast.Constant) and isinstance(key.value, str) and is_attribute(key.value):
        return f"{state}.{key.value}"
    return f"{state}[{text}]"
