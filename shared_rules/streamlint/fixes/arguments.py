"""Arguments of a call, put in and taken out."""

from __future__ import annotations

import ast

from streamlint.findings import Edit, Span
from streamlint.fixes.syntax import Syntax


def call_at(syntax: Syntax, place: Span) -> ast.Call | None:
    """The call that has exactly this range."""
    return syntax.find(place, ast.Call)


def keyword_of(call: ast.Call, name: str) -> ast.keyword | None:
    return next((each for each in call.keywords if each.arg == name), None)


def spreads(call: ast.Call) -> bool:
    """Whether `*` or `**` give the call arguments that nobody sees."""
    return any(isinstance(each, ast.Starred) for each in call.args) or any(each.arg is None for each in call.keywords)


def added(syntax: Syntax, call: ast.Call, text: str) -> Edit:
    """One more argument, at the end."""
    end = syntax.span(call).end - 1
    inside = [token for token in syntax.between(syntax.span(call.func).end, end) if not token.text.startswith("#")]
    last = inside[-1]
    if not call.args and not call.keywords:
        return Edit(last.span.end, last.span.end, text)
    if last.text != ",":
        return Edit(last.span.end, last.span.end, f", {text}")
    if syntax.source.line_of(last.span.end) == syntax.source.line_of(end):
        return Edit(last.span.end, last.span.end, f" {text},")
    behind = syntax.line_end(last.span.end)  # and behind a comment
    return Edit(behind, behind, f"\n{syntax.indent(last.span.start)}{text},")


def dropped(syntax: Syntax, call: ast.Call, *parts: ast.expr | ast.keyword) -> list[Edit] | None:
    """The call without some of its arguments; None where a positional one stands before others."""
    positions = [part for part in parts if part in call.args]
    if positions and positions != call.args[len(call.args) - len(positions) :]:
        return None
    edits: list[Edit] = []
    every = sorted([*call.args, *call.keywords], key=lambda part: syntax.span(part).start)
    for part in parts:
        span = syntax.span(part)
        before = [token for token in syntax.tokens if token.span.end <= span.start][-1]
        after = syntax.after(span.end)
        if before.text == "," and part is not every[0]:
            edits.append(Edit(before.span.start, span.end, ""))
        elif after is not None and after.text == "," and before.text == "(":
            behind = syntax.after(after.span.end)
            edits.append(Edit(span.start, behind.span.start if behind is not None else after.span.end, ""))
        elif before.text == "(" and after is not None and after.text == ")":
            edits.append(Edit(span.start, span.end, ""))
        else:
            return None
    return edits
