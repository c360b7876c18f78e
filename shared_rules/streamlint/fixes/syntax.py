"""One file looked at again: its tree, its tokens, and where things stand in its text.

The facts keep no tree, and most files need no fix, so this is made when a fix is asked for.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from functools import cached_property
from typing import TypeVar

from streamlint.findings import Span
from streamlint.records import immutable
from streamlint.source import SourceText

Node = TypeVar("Node", bound=ast.AST)
BLOCKS = ("body", "orelse", "finalbody")
MISSING_KEY = frozenset(
    {"AttributeError", "KeyError", "LookupError", "Exception", "BaseException", "hasattr", "getattr"}
)
"""Names with which code can tell how an access of a missing key fails, or whether it does."""
TRIVIA = frozenset({
    tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER,
})  # fmt: skip


@immutable
class Token:
    """A token with its range in the text."""

    type: int
    text: str
    span: Span


class Syntax:
    """A file that parses. Raises `SyntaxError` or `ValueError` where it does not."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.text = source.text
        self.newline = source.newline
        self.tree = ast.parse(source.text)

    # --- places ----------------------------------------------------------------------------------------------

    def span(self, node: ast.AST) -> Span:
        """The range of an expression or a statement, without parentheses and decorators around it."""
        at = self.source.offset_from_utf8
        start = at(node.lineno, node.col_offset)  # type: ignore[attr-defined]
        return Span(start, at(node.end_lineno, node.end_col_offset))  # type: ignore[attr-defined]

    def of(self, node: ast.AST) -> str:
        """The source of a node."""
        span = self.span(node)
        return self.text[span.start : span.end]

    def find(self, span: Span, *kinds: type[Node]) -> Node | None:
        """The outermost node of one of the kinds that has exactly this range."""
        return next((node for node in self._by_span.get(span, ()) if isinstance(node, kinds)), None)

    @cached_property
    def _by_span(self) -> dict[Span, list[ast.AST]]:
        """The nodes by their range, outermost first."""
        found: dict[Span, list[ast.AST]] = {}
        for node in ast.walk(self.tree):
            if hasattr(node, "lineno"):
                found.setdefault(self.span(node), []).append(node)
        return found

    @cached_property
    def top(self) -> tuple[tuple[ast.stmt, Span], ...]:
        """The statements of the top level with their ranges."""
        return tuple((statement, self.span(statement)) for statement in self.tree.body)

    @cached_property
    def tells_errors_apart(self) -> bool:
        """Whether the file may notice that a missing key is a `KeyError` here and an `AttributeError` there."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ExceptHandler) and node.type is None:
                return True
            if isinstance(node, ast.Name) and node.id in MISSING_KEY:
                return True
        return False

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The node around each node."""
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, innermost first."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement that a node is or is in."""
        return next(each for each in (node, *self.around(node)) if isinstance(each, ast.stmt))

    def block(self, statement: ast.stmt) -> list[ast.stmt]:
        """The statements among which one stands."""
        outer = self.parents[statement]
        for name in (*BLOCKS, "handlers", "cases"):
            found = getattr(outer, name, None)
            if isinstance(found, list) and statement in found:
                return found
        raise ValueError("the statement is in no block")

    # --- tokens ----------------------------------------------------------------------------------------------

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """All tokens that have a text, comments included."""
        return tuple(self._tokens())

    def _tokens(self) -> Iterator[Token]:
        # Line ends are made equal: the tokenizer of older Pythons takes a lone `\r` for an error.
        lines = [line + "\n" for line in self.source.lines()]
        for each in tokenize.generate_tokens(io.StringIO("".join(lines), newline="\n").readline):
            if each.type in TRIVIA or not each.string:
                continue
            start = self.source.offset(*each.start)
            end = self.source.offset(*each.end)
            yield Token(each.type, each.string, Span(start, end))

    def between(self, start: int, end: int) -> list[Token]:
        """The tokens inside a range."""
        return [token for token in self.tokens if start <= token.span.start and token.span.end <= end]

    def comments(self, start: int, end: int) -> list[Token]:
        """The comments inside a range."""
        return [token for token in self.between(start, end) if token.type == tokenize.COMMENT]

    def after(self, offset: int) -> Token | None:
        """The first token that is no comment at or behind an offset."""
        found = (t for t in self.tokens if t.span.start >= offset and t.type != tokenize.COMMENT)
        return next(found, None)

    # --- lines -----------------------------------------------------------------------------------------------

    def line_start(self, offset: int) -> int:
        return self.source.line_start(self.source.line_of(offset))

    def line_end(self, offset: int) -> int:
        """Behind the last character of the offset's line, before its line end."""
        return self.source.line_end(self.source.line_of(offset))

    def indent(self, offset: int) -> str:
        """The white space that the offset's line begins with."""
        line = self.source.line_text(self.source.line_of(offset))
        return line[: len(line) - len(line.lstrip(" \t\f"))]

    def deeper(self, indent: str) -> str:
        """One level more than an indentation."""
        return indent + ("\t" if indent.endswith("\t") else self.indent_unit)

    @cached_property
    def indent_unit(self) -> str:
        """One level of indentation, as the file's first block has it."""
        for node in ast.walk(self.tree):
            body = getattr(node, "body", None)
            if isinstance(body, list) and body and isinstance(node, ast.stmt):
                outer, inner = self.indent(self.span(node).start), self.indent(self.span(body[0]).start)
                if body[0].lineno != node.lineno and inner.startswith(outer) and inner != outer:
                    return inner[len(outer) :]
        return "    "

    @cached_property
    def quote(self) -> str:
        """The quotation mark that most short texts of the file have; the double one in a tie."""
        marks = [literal.lstrip("rRbBuUfF")[:3] for literal in map(self.of, self._strings())]
        short = [mark[:1] for mark in marks if mark not in ('"""', "'''")]
        return "'" if short.count("'") * 2 > len(short) else '"'

    def _strings(self) -> Iterator[ast.expr]:
        """The string literals, without those inside f-strings: there the mark is the one that is left to take, and
        before Python 3.12 they have no place of their own."""
        waiting: list[ast.AST] = [self.tree]
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
                yield node
            else:
                waiting += ast.iter_child_nodes(node)

    def quoted(self, text: str) -> str:
        """The text as a string literal in the file's style."""
        literal = repr(text)
        if self.quote == '"' and literal.startswith("'") and '"' not in text:
            literal = '"' + literal[1:-1].replace("\\'", "'") + '"'
        return literal

    def multiline_strings(self) -> Iterator[Span]:
        """The ranges of string literals that go over lines: their inside is no indentation."""
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.Constant, ast.JoinedStr)) and node.lineno != node.end_lineno:
                yield self.span(node)
