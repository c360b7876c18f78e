"""A guarded initialisation, written with `setdefault`: one line for each key, and every comment kept."""

from __future__ import annotations

import ast
import re
import tokenize

from streamlint.findings import Edit, Span
from streamlint.fixes.names import is_bound
from streamlint.fixes.syntax import Syntax
from streamlint.records import immutable

DIRECTIVE = re.compile(r"#\s*(noqa|type:|pragma|pylint:|fmt:|yapf:|isort:|mypy:|pyright:|ruff:|flake8:|nosec)", re.I)
"""Comments for tools, which mean the line they stand on."""


@immutable
class Rewrite:
    """The edits; `exact` says that nothing else changes than how the code is written."""

    edits: tuple[Edit, ...]
    exact: bool


def as_setdefault(syntax: Syntax, test: Span) -> Rewrite | None:
    """The `if` with this test as calls of `setdefault`."""
    node = next((n for n in ast.walk(syntax.tree) if isinstance(n, ast.If) and syntax.span(n.test) == test), None)
    if node is None:
        return None
    suite = node.orelse if all(isinstance(each, ast.Pass) for each in node.body) else node.body
    if not all(isinstance(each, (ast.Assign, ast.AnnAssign)) for each in suite):
        return None
    return _Guard(syntax, node, suite).rewrite()


class _Guard:
    """One `if` statement and the assignments in it."""

    def __init__(self, syntax: Syntax, node: ast.If, suite: list[ast.stmt]) -> None:
        self.syntax = syntax
        self.node = node
        self.suite = suite
        self.span = syntax.span(node)
        self.outer = syntax.indent(self.span.start)
        self.inner = syntax.indent(syntax.span(suite[0]).start)
        self.is_elif = syntax.text.startswith("elif", self.span.start)
        self.indent = (
            (self.inner if self.inner != self.outer else syntax.deeper(self.outer)) if (self.is_elif) else self.outer
        )

    def rewrite(self) -> Rewrite | None:
        if self.is_elif and self.node.orelse:
            return None
        lines = self._comments(self.span.start, self.syntax.span(self.suite[0]).start)
        exact = not any(DIRECTIVE.match(line) for line in lines)
        for number, statement in enumerate(self.suite):
            calls = self._calls(statement)
            if calls is None:
                return None
            lines += calls
            if number + 1 < len(self.suite):
                end = self.syntax.span(self.suite[number + 1]).start
                lines = self._with_comments(lines, self.syntax.span(statement).end, end)
        end = self.span.end
        if self.suite is not self.node.orelse and self.node.orelse:
            lines = self._with_comments(lines, self.syntax.span(self.suite[-1]).end, end)
        edits = [Edit(self.span.start, end, self._text(lines)), *self._tail(end)]
        return Rewrite(tuple(edits), exact and self._steady())

    def _text(self, lines: list[str]) -> str:
        head = f"else:\n{self.indent}" if self.is_elif else ""
        return head + f"\n{self.indent}".join(lines)

    # --- comments --------------------------------------------------------------------------------------------

    def _comments(self, start: int, end: int) -> list[str]:
        return [token.text for token in self.syntax.comments(start, end)]

    def _with_comments(self, lines: list[str], start: int, end: int) -> list[str]:
        """The lines with the comments that follow: the first stays on its line."""
        comments = self.syntax.comments(start, end)
        if comments and comments[0].span.end <= self.syntax.line_end(start):
            lines[-1] += "  " + comments.pop(0).text
        return lines + [comment.text for comment in comments]

    def _tail(self, end: int) -> list[Edit]:
        """Comments below the last statement that are indented as it is."""
        edits: list[Edit] = []
        source = self.syntax.source
        for line in range(source.line_of(end) + 1, source.line_count + 1):
            text = source.line_text(line)
            bare = text.strip()
            if bare and not (bare.startswith("#") and text.startswith(self.inner) and self.inner != self.indent):
                break
            if bare:
                start = source.line_start(line)
                edits.append(Edit(start, start + len(self.inner), self.indent))
        return [edit for edit in edits if edit.text or edit.start != edit.end]

    # --- assignments -----------------------------------------------------------------------------------------

    def _calls(self, statement: ast.stmt) -> list[str] | None:
        """An assignment as a call, behind its annotation if it has one."""
        if isinstance(statement, ast.AnnAssign):
            target: ast.expr = statement.target
            value, kind = statement.value, statement.annotation
        elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target, value = statement.targets[0], statement.value
            kind = None
        else:
            return None
        if value is None or not isinstance(target, (ast.Attribute, ast.Subscript)):
            return None
        key = self._key(target)
        text = self._value(statement, value, kind or target)
        call = f"{self.syntax.of(target.value)}.setdefault({key}, {text})"
        if kind is None:
            return [call]
        return [f"{self.syntax.of(target)}: {self.syntax.of(kind)}", call]

    def _key(self, target: ast.Attribute | ast.Subscript) -> str:
        if isinstance(target, ast.Subscript):
            text = self.syntax.of(target.slice)
            return f"({text})" if isinstance(target.slice, ast.Tuple) and not text.startswith("(") else text
        for node in ast.walk(self.node.test):
            if isinstance(node, ast.Constant) and node.value == target.attr:
                return self.syntax.of(node)
        return self.syntax.quoted(target.attr)

    def _value(self, statement: ast.stmt, value: ast.expr, before: ast.expr) -> str:
        """The source of the value with its parentheses, as an argument, on the level of the new line."""
        start, end = self.syntax.span(before).end, self.syntax.span(statement).end
        equals = next(t for t in self.syntax.between(start, end) if t.type == tokenize.OP and t.text == "=")
        text = self._moved(Span(equals.span.end, end)).strip()
        while text.startswith("\\"):
            text = text[1:].lstrip()
        call = ast.parse(f"f(0, {text}\n)", mode="eval").body if _is_argument(text) else None
        whole = isinstance(call, ast.Call) and len(call.args) == 2 and not call.keywords
        return text if whole and ast.dump(call.args[1]) == ast.dump(value) else f"({text})"  # type: ignore[union-attr]

    def _moved(self, span: Span) -> str:
        """The text of a range whose lines move from the level of the suite to that of the statement."""
        source = self.syntax.source
        inside = list(self.syntax.multiline_strings())
        first, last = source.line_of(span.start), source.line_of(span.end)
        parts = [self.syntax.text[span.start : min(span.end, source.line_end(first))]]
        for line in range(first + 1, last + 1):
            start = source.line_start(line)
            text = self.syntax.text[start : min(span.end, source.line_end(line))]
            in_string = any(each.start < start < each.end for each in inside)
            if not in_string and self.inner != self.indent and text.startswith(self.inner):
                text = self.indent + text[len(self.inner) :]
            parts.append(text)
        return "\n".join(parts)

    # --- what may change -------------------------------------------------------------------------------------

    def _steady(self) -> bool:
        """Whether the values can be evaluated in every run as well as in the first."""
        values = [each.value for each in self.suite if isinstance(each, (ast.Assign, ast.AnnAssign)) and each.value]
        names = [node for value in values for node in ast.walk(value) if isinstance(node, ast.Name)]
        return all(is_bound(self.syntax, name) for name in names)


def _is_argument(text: str) -> bool:
    try:
        ast.parse(f"f(0, {text}\n)", mode="eval")
    except SyntaxError:
        return False
    return True
