"""One access of a key, spelled otherwise."""

from __future__ import annotations

import ast
import keyword

from streamlint.findings import Edit, Span
from streamlint.fixes.syntax import Syntax


def as_bracket(syntax: Syntax, access: Span) -> list[Edit] | None:
    """`state.key` as `state["key"]`."""
    node = syntax.find(access, ast.Attribute)
    if node is None:
        return None
    end = syntax.span(node.value).end
    if syntax.text[end : access.end].strip() != f".{node.attr}" or syntax.comments(end, access.end):
        return None
    return [Edit(end, access.end, f"[{_quoted(syntax, node, node.attr)}]")]


def as_attribute(syntax: Syntax, access: Span) -> list[Edit] | None:
    """`state["key"]` as `state.key`."""
    node = syntax.find(access, ast.Subscript)
    if node is None or not isinstance(node.slice, ast.Constant) or not isinstance(node.slice.value, str):
        return None
    end = syntax.span(node.value).end
    return [Edit(end, access.end, f".{node.slice.value}")]


def as_access(syntax: Syntax, call: Span) -> tuple[list[Edit], bool] | None:
    """`getattr(state, "key")`, `setattr`, `delattr` as plain code; and whether it fails as it did."""
    node = syntax.find(call, ast.Call)
    if node is None or not isinstance(node.func, ast.Name):
        return None
    state, name, *more = node.args
    if not isinstance(state, (ast.Name, ast.Attribute)) or not isinstance(name, ast.Constant):
        return None
    key = str(name.value)
    literal = syntax.of(name)
    plain = key.isidentifier() and key.isascii() and not keyword.iskeyword(key) and not key.startswith("__")
    access = f"{syntax.of(state)}.{key}" if plain else f"{syntax.of(state)}[{literal}]"
    value = _argument(syntax, more[0]) if more else ""
    if value is None:
        return None
    statement = syntax.parents[node]
    match node.func.id:
        case "getattr" if more:
            text, same = f"{syntax.of(state)}.get({literal}, {value})", True
        case "getattr":
            text, same = access, plain
        case "setattr" if isinstance(statement, ast.Expr):
            text, same = f"{access} = {value}", True
        case "delattr" if isinstance(statement, ast.Expr):
            text, same = f"del {access}", plain
        case _:
            return None
    return [Edit(call.start, call.end, text)], same


def _argument(syntax: Syntax, node: ast.expr) -> str | None:
    """The source of an argument that stands on one line, and that means the same where it stands alone."""
    text = syntax.of(node)
    return None if "\n" in text or "\r" in text or isinstance(node, (ast.Starred, ast.NamedExpr)) else text


def _quoted(syntax: Syntax, node: ast.AST, key: str) -> str:
    """The key as a literal; inside an f-string in the other quotation marks than its own."""
    outer = next((each for each in syntax.around(node) if isinstance(each, ast.JoinedStr)), None)
    if outer is None:
        return syntax.quoted(key)
    text = syntax.of(outer).lstrip("rRfFbBuU")
    return f'"{key}"' if text.startswith("'") else f"'{key}'"
