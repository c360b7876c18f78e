"""Statements taken out of their block, or put into it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from streamlint.findings import Edit, Span
from streamlint.fixes.syntax import Syntax


def statement_at(syntax: Syntax, place: Span) -> ast.stmt | None:
    """The innermost statement that holds a range."""
    best: ast.stmt | None = None
    for node in ast.walk(syntax.tree):
        if isinstance(node, ast.stmt):
            span = syntax.span(node)
            if span.start <= place.start and place.end <= span.end:
                best = node if best is None or syntax.span(best).start <= span.start else best
    return best


def stands_alone(syntax: Syntax, statement: ast.stmt) -> bool:
    """Whether nothing else stands on the lines of a statement, but perhaps a comment."""
    span = syntax.span(statement)
    before = syntax.text[syntax.line_start(span.start) : span.start]
    after = syntax.text[span.end : syntax.line_end(span.end)]
    return not before.strip() and (not after.strip() or after.lstrip().startswith("#"))


def removed(syntax: Syntax, statements: Sequence[ast.stmt]) -> list[Edit] | None:
    """The statements taken out, each with its lines; None where one shares its line with others. A block that would be
    empty goes too, if it is an `if` without an `else`, or else gets a `pass`."""
    gone = _with_empty_ifs(syntax, statements)
    edits: list[Edit] = []
    for statement in gone:
        if any(outer in gone for outer in syntax.around(statement)):
            continue
        if not stands_alone(syntax, statement):
            return None
        span = syntax.span(statement)
        if all(each in gone for each in syntax.block(statement)) and not isinstance(
            syntax.parents[statement], ast.Module
        ):
            first = syntax.block(statement)[0] is statement
            edits.append(Edit(span.start, span.end, "pass") if first else _lines(syntax, span))
        else:
            edits.append(_lines(syntax, span))
    return edits


def _with_empty_ifs(syntax: Syntax, statements: Iterable[ast.stmt]) -> list[ast.stmt]:
    """The statements, and each `if` around them that has nothing else to do."""
    gone = list(statements)
    for statement in gone:
        outer = syntax.parents[statement]
        empty = isinstance(outer, ast.If) and not outer.orelse and all(each in gone for each in outer.body)
        if isinstance(outer, ast.If) and empty and _is_quiet(outer.test) and not _is_elif(syntax, outer):
            gone.append(outer)
    return list(dict.fromkeys(gone))


def _is_quiet(test: ast.expr) -> bool:
    """Whether the test does nothing but look at names and constants."""
    quiet = (ast.Name, ast.Attribute, ast.Constant, ast.Compare, ast.UnaryOp, ast.cmpop, ast.unaryop, ast.expr_context)
    return all(isinstance(node, quiet) for node in ast.walk(test))


def _is_elif(syntax: Syntax, node: ast.If) -> bool:
    return syntax.text.startswith("elif", syntax.span(node).start)


def _lines(syntax: Syntax, span: Span) -> Edit:
    """The lines of a range, with the line end behind them, and with one of the blank lines around them."""
    source = syntax.source
    first, last = source.line_of(span.start), source.line_of(span.end)
    blank_before = first == 1 or not source.line_text(first - 1).strip()
    if blank_before and last + 1 < source.line_count and not source.line_text(last + 1).strip():
        last += 1
    end = source.line_start(last + 1) if last < source.line_count else len(syntax.text)
    return Edit(source.line_start(first), end, "")
