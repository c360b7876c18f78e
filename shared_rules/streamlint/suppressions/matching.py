"""Which findings the comments of a file suppress, and which comments suppress nothing."""

from __future__ import annotations

import token as kinds
from collections.abc import Collection, Iterator
from dataclasses import field
from enum import Enum
from functools import cached_property

from streamlint.findings import Span
from streamlint.records import immutable, mutable
from streamlint.settings.selectors import is_code_like
from streamlint.source import SourceText
from streamlint.suppressions.directives import Action, Directive, may_have_directives, parse_comment
from streamlint.suppressions.layout import Layout, Token


class Reach(Enum):
    """How a comment's area relates to the findings that it is about."""

    ROW = "findings whose `noqa_row` is the comment's line"
    START = "findings that begin in the area"
    WHOLE = "findings that lie in the area"


@immutable
class Unused:
    """A comment of which some codes suppressed nothing. `codes` are as written, but codes in upper case."""

    span: Span
    codes: tuple[str, ...]


@mutable
class _Entry:
    """A comment at work. No codes means all."""

    span: Span
    codes: tuple[str, ...]
    reach: Reach
    area: Span
    row: int = 0
    used: set[str] = field(default_factory=set)

    def is_about(self, span: Span, row: int) -> bool:
        if self.reach is Reach.ROW:
            return self.row == row
        if self.reach is Reach.START:
            return self.area.start <= span.start < self.area.end
        return self.area.start <= span.start and span.end <= self.area.end

    def suppresses(self, code: str, name: str) -> bool:
        """Whether one of the codes is the rule's; notes which."""
        matching = [written for written in self.codes if _means(written, code, name)]
        self.used.update(matching)
        return bool(matching) or not self.codes


def _means(written: str, code: str, name: str) -> bool:
    return written in (code, name) or (is_code_like(written) and code.startswith(written))


class Suppressions:
    """The suppression comments of one text. Remembers which of them were needed."""

    def __init__(self, source: SourceText) -> None:
        self.source = source

    @classmethod
    def from_source(cls, source: SourceText) -> Suppressions:
        """Read a text's comments. Never fails: of a text that Python cannot tokenize, those before the error count."""
        return cls(source)

    @cached_property
    def layout(self) -> Layout:
        """The text's tokens, made when first asked for: most texts have no suppression."""
        return Layout(self.source)

    @cached_property
    def _entries(self) -> tuple[_Entry, ...]:
        if not may_have_directives(self.source.text):
            return ()
        return tuple(sorted(_entries(self.layout), key=lambda entry: entry.span))

    def suppressed(self, code: str, name: str, span: Span) -> bool:
        """Whether a finding of the rule at a place is suppressed. Every comment that does so counts as used."""
        if not self._entries:
            return False
        row = self.noqa_row(span)
        # All are asked, not only up to the first: each that suppresses is used.
        hits = [entry for entry in self._entries if entry.is_about(span, row) and entry.suppresses(code, name)]
        return bool(hits)

    def unused(self, names: Collection[str] = ()) -> list[Unused]:
        """The comments with codes of ours that no call of `suppressed` needed, in the order of the text.

        Ours is what begins with STL, and the rules' `names`, which look like anybody's. A comment without codes
        and others' codes may be for others. A code whose rule is off is unused too: the caller knows which are on.
        """
        found: list[Unused] = []
        for entry in self._entries:
            ours = (code for code in entry.codes if is_code_like(code) or code in names)
            codes = tuple(code for code in ours if code not in entry.used)
            if codes:
                found.append(Unused(entry.span, codes))
        return found

    def noqa_row(self, span: Span) -> int:
        """The line, counted from 1, whose `# noqa` is about a finding at a place."""
        return self.layout.noqa_row(self.source.line_of(span.start))


def _entries(layout: Layout) -> Iterator[_Entry]:
    ranged: dict[Token, list[Directive]] = {}
    for comment in layout.comments:
        for directive in parse_comment(layout.source.text[comment.start : comment.end]):
            if directive.action in (Action.DISABLE, Action.ENABLE):
                ranged.setdefault(comment, []).append(directive)
            else:
                yield from _alone(layout, comment, directive)
    if ranged:
        yield from _Blocks(layout, ranged).entries()


def _span(comment: Token, directive: Directive) -> Span:
    return Span(comment.start + directive.start, comment.start + directive.end)


def _alone(layout: Layout, comment: Token, directive: Directive) -> Iterator[_Entry]:
    """A comment that needs no other, if it stands where it may."""
    span = _span(comment, directive)
    # A word before `# flake8: noqa` does no harm, one before the others makes them something behind.
    indent = layout.indent_before(comment.start if directive.action is Action.FILE_NOQA else span.start)
    whole = Span(0, len(layout.source.text))
    if directive.action is Action.NOQA:
        yield _Entry(span, directive.codes, Reach.ROW, span, comment.first_line)
    elif directive.action is Action.IGNORE:
        area = layout.line_of_trailing(comment) if indent is None else (span.start, layout.after_own_line(comment))
        yield _Entry(span, directive.codes, Reach.START, Span(*area))
    elif indent == "" or (indent is not None and directive.action is Action.FILE_NOQA):
        yield _Entry(span, directive.codes, Reach.WHOLE, whole)


@immutable
class _Pending:
    indent: str
    directive: Directive
    span: Span

    def is_closed_by(self, other: _Pending) -> bool:
        return (
            other.directive.action is Action.ENABLE
            and self.indent == other.indent
            and self.directive.codes == other.directive.codes
        )


class _Blocks:
    """Finds for each `disable` the `enable` that ends it, or the end of the block."""

    def __init__(self, layout: Layout, directives: dict[Token, list[Directive]]) -> None:
        self._layout = layout
        self._directives = directives
        self._pending: list[_Pending] = []

    def entries(self) -> Iterator[_Entry]:
        indents = [""]
        for token in self._layout.tokens:
            if token.kind == kinds.INDENT:
                indents.append(self._layout.source.text[token.start : token.end])
            elif token.kind == kinds.DEDENT and len(indents) > 1:
                yield from self._close(indents.pop(), token.end)
            elif token.kind == kinds.COMMENT:
                self._note(token, indents[-1])
        yield from self._close("", len(self._layout.source.text))

    def _note(self, comment: Token, block: str) -> None:
        for directive in self._directives.get(comment, ()):
            span = _span(comment, directive)
            indent = self._layout.indent_before(span.start)
            if indent is not None and (indent == block or self._layout.precedes_block_edge(comment)):
                self._pending.append(_Pending(indent, directive, span))

    def _close(self, block: str, end: int) -> Iterator[_Entry]:
        """Pair what stands in a block that ends. An `enable` without `disable` means nothing."""
        outer = [item for item in self._pending if len(item.indent) < len(block)]
        inner = [item for item in self._pending if len(item.indent) >= len(block)]
        self._pending = outer
        while inner:
            first = inner.pop(0)
            if first.directive.action is not Action.DISABLE:
                continue
            closing = next((item for item in inner if first.is_closed_by(item)), None)
            if closing:
                inner.remove(closing)
            area = Span(first.span.start, closing.span.end if closing else end)
            yield _Entry(first.span, first.directive.codes, Reach.WHOLE, area)
