"""Another text for the characters that spell a key."""

from __future__ import annotations

import ast
import keyword
from collections.abc import Collection, Iterator

from streamlint.findings import Edit, Span
from streamlint.fixes.accesses import as_bracket
from streamlint.fixes.syntax import Syntax


def inside(token: str) -> tuple[int, int]:
    """Where the text of a string literal begins and ends, without its quotation marks; all of what is no literal."""
    body = token.lstrip("rRbBuUfF")
    start = len(token) - len(body)
    for mark in ('"""', "'''", '"', "'"):
        if body.startswith(mark):
            closed = body.endswith(mark) and len(body) >= 2 * len(mark)
            return start + len(mark), len(token) - (len(mark) if closed else 0)
    return 0, len(token)


def literal_of(syntax: Syntax, token: Span, text: str) -> Edit | None:
    """A string literal with another text, in its quotation marks if they do; None where it cannot be told."""
    old = syntax.text[token.start : token.end]
    try:
        ast.literal_eval(old.strip())
    except (ValueError, SyntaxError):
        return None  # inside of an f-string, where older Pythons do not know the places
    start, end = inside(old)
    mark = old[start - 1 : start]
    plain = text.isprintable() and not {"\\", '"', "'", "{", "}"}.intersection(text)
    if plain and mark not in old[start:end] and start <= 2:
        return Edit(token.start, token.end, f"{mark}{text}{mark}")
    node = syntax.find(token, ast.Constant)
    if node is None or any(isinstance(outer, ast.JoinedStr) for outer in syntax.around(node)):
        return None
    return Edit(token.start, token.end, syntax.quoted(text))


def attribute_of(syntax: Syntax, access: Span, token: Span, key: str, can_be_attribute: bool) -> list[Edit] | None:
    """`state.key` with another key; in brackets if it cannot be an attribute."""
    if can_be_attribute:
        return [Edit(token.start, token.end, key)]
    edits = as_bracket(syntax, access)
    if edits is None or len(edits) != 1:
        return None
    [bracket] = edits
    node = syntax.find(access, ast.Attribute)
    if node is not None and any(isinstance(outer, ast.JoinedStr) for outer in syntax.around(node)):
        mark = bracket.text[1]
        if not key.isprintable() or {"\\", '"', "'", "{", "}"}.intersection(key):
            return None
        return [Edit(bracket.start, bracket.end, f"[{mark}{key}{mark}]")]
    return [Edit(bracket.start, bracket.end, f"[{syntax.quoted(key)}]")]


def entry_of(syntax: Syntax, call: Span, token: Span, key: str) -> list[Edit] | None:
    """`update(key=1)` with another key: as `update({"new key": 1})` if it cannot be a name."""
    if key.isidentifier() and key.isascii() and not keyword.iskeyword(key):
        return [Edit(token.start, token.end, key)]
    node = syntax.find(call, ast.Call)
    if node is None or node.args or not node.keywords or any(isinstance(n, ast.JoinedStr) for n in syntax.around(node)):
        return None
    edits: list[Edit] = []
    for each in node.keywords:
        if each.arg is None:
            continue
        start, value = syntax.span(each).start, syntax.span(each.value).start
        equals = next(t for t in syntax.between(start, value) if t.text == "=")
        name = key if Span(start, start + len(each.arg)) == token else each.arg
        edits.append(Edit(start, equals.span.end, f"{syntax.quoted(name)}: "))
    first, last = syntax.span(node.keywords[0]).start, max(syntax.span(each).end for each in node.keywords)
    if edits and edits[0].start == first:
        edits[0] = Edit(first, edits[0].end, "{" + edits[0].text)
    else:
        edits.insert(0, Edit(first, first, "{"))
    return [*edits, Edit(last, last, "}")]


def candidates(syntax: Syntax, text: str, known: Collection[Span]) -> Iterator[Span]:
    """The string literals with a text, but for those in `known`, for docstrings and for parts of f-strings; and the
    names of arguments of `dict()`."""
    for node in ast.walk(syntax.tree):
        match node:
            case ast.Constant(value=value) if value == text and isinstance(value, str):
                parent = syntax.parents[node]
                if not isinstance(parent, (ast.Expr, ast.JoinedStr)) and syntax.span(node) not in known:
                    yield syntax.span(node)
            case ast.Call(func=ast.Name(id="dict"), keywords=keywords):
                for each in keywords:
                    if each.arg == text:
                        start = syntax.span(each).start
                        yield Span(start, start + len(text))
            case _:
                pass


def literal_at(syntax: Syntax, offset: int) -> tuple[Span, str] | None:
    """The string literal around an offset and what it says; its end counts."""
    for node in ast.walk(syntax.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            span = syntax.span(node)
            if span.start <= offset <= span.end and not isinstance(syntax.parents[node], ast.JoinedStr):
                return span, node.value
    return None


def texts_with(syntax: Syntax, part: str) -> Iterator[Span]:
    """The string literals that contain a text."""
    for node in ast.walk(syntax.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and part in node.value:
            yield syntax.span(node)
