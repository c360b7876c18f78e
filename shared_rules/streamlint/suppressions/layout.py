"""Where comments, logical lines and multi-line tokens stand in a text: its tokens, seen from far enough away."""

from __future__ import annotations

import token as kinds
import tokenize
from bisect import bisect_left
from collections.abc import Iterator

from streamlint.records import immutable
from streamlint.source import SourceText

_BREAKS = (kinds.NEWLINE, kinds.NL)
_BLOCKS = (kinds.INDENT, kinds.DEDENT)
# f-strings and t-strings are one token until Python 3.12, and a bracket of tokens from then on.
_OPENING = tuple(getattr(kinds, name) for name in ("FSTRING_START", "TSTRING_START") if hasattr(kinds, name))
_CLOSING = tuple(getattr(kinds, name) for name in ("FSTRING_END", "TSTRING_END") if hasattr(kinds, name))


@immutable
class Token:
    """A token of `tokenize`: its kind, its half-open range of offsets, and its lines."""

    kind: int
    start: int
    end: int
    first_line: int
    last_line: int


class Layout:
    """The tokens of a text. Of a text that Python cannot tokenize, those before the error."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.tokens = tuple(_tokens(source))
        self.comments = tuple(token for token in self.tokens if token.kind == kinds.COMMENT)
        self._comment_by_line = {comment.first_line: comment for comment in self.comments}
        self._starts = [token.start for token in self.tokens]
        self._joined = _joined_lines(self.tokens)
        self._joined_last = [last for _, last in self._joined]

    def comment_on(self, line: int) -> Token | None:
        """The comment of a line; there is at most one."""
        return self._comment_by_line.get(line)

    def noqa_row(self, line: int) -> int:
        """The line where a `# noqa` about something on this line stands: where a comment can be, the first below."""
        at = bisect_left(self._joined_last, line)
        if at < len(self._joined) and self._joined[at][0] <= line:
            return self._joined[at][1]
        return line

    def indent_before(self, offset: int) -> str | None:
        """The white space before an offset on its line; None if something else stands there."""
        before = self.source.text[self.source.line_start(self.source.line_of(offset)) : offset]
        return before if not before.strip(" \t\f") else None

    def index(self, comment: Token) -> int:
        """The place of a comment among the tokens."""
        at = bisect_left(self._starts, comment.start)
        return next(i for i in range(at, len(self.tokens)) if self.tokens[i] is comment)

    def after_own_line(self, comment: Token) -> int:
        """The end of the logical line that follows a comment, or of the next line of code within the same one."""
        at = self.index(comment)
        inner = self._is_inner(at)
        code_seen = False
        for token in self.tokens[at:]:
            if token.kind == kinds.NEWLINE or (token.kind == kinds.NL and inner and code_seen):
                return token.start
            code_seen = code_seen or token.kind not in (*_BREAKS, *_BLOCKS, kinds.COMMENT)
        return len(self.source.text)

    def _is_inner(self, at: int) -> bool:
        """Whether the token stands within a logical line that began before it."""
        before = (token.kind for token in reversed(self.tokens[:at]))
        last = next((kind for kind in before if kind not in (kinds.NL, kinds.COMMENT, *_BLOCKS)), kinds.NEWLINE)
        return last != kinds.NEWLINE

    def line_of_trailing(self, comment: Token) -> tuple[int, int]:
        """The range from the first token on a comment's line, which may begin lines above, to the comment's end."""
        at = self.index(comment)
        start = comment.start
        while at > 0 and self.tokens[at - 1].kind not in (*_BREAKS, *_BLOCKS):
            at -= 1
            start = self.tokens[at].start
        return start, comment.end

    def precedes_block_edge(self, comment: Token) -> bool:
        """Whether the next code after a comment begins or ends a block."""
        after = self.tokens[self.index(comment) :]
        following = next((token for token in after if token.kind not in (kinds.COMMENT, kinds.NL)), None)
        return following is not None and following.kind in _BLOCKS


def _tokens(source: SourceText) -> Iterator[Token]:
    # Python's tokenizer gets its lines from us, with one kind of line end, so that its lines are ours: left alone it
    # takes a lone carriage return for an error, or for a line end, depending on its version.
    count = source.line_count
    lines = (line + ("\n" if number < count else "") for number, line in enumerate(source.lines(), 1))
    starts = [*(source.line_start(line) for line in range(1, count + 1)), len(source.text)]
    try:
        for token in tokenize.generate_tokens(lambda: next(lines, "")):
            if token.type != kinds.ENDMARKER:
                yield _placed(starts, token)
    except (tokenize.TokenError, SyntaxError, ValueError):
        return  # ValueError: lone surrogates


def _placed(starts: list[int], token: tokenize.TokenInfo) -> Token:
    """A token with offsets. `starts` has the start of each line and the end of the text.

    Done by hand, not with `SourceText.offset`, because there are so many tokens.
    """
    lines, limit = len(starts) - 1, starts[-1]
    (first, left), (last, right) = token.start, token.end
    # What Python adds at the end of a text stands on a line of its own that the text does not have.
    start = min(starts[first - 1] + left, limit) if first <= lines else limit
    end = min(starts[last - 1] + right, limit) if last <= lines else limit
    return Token(token.type, start, max(start, end), min(first, lines), min(last, lines))


def _joined_lines(tokens: tuple[Token, ...]) -> list[tuple[int, int]]:
    """First and last of the lines that no comment can stand between, in order and disjoint."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(_ranges(tokens)):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def _ranges(tokens: tuple[Token, ...]) -> Iterator[tuple[int, int]]:
    opened: list[int] = []
    previous: Token | None = None
    for token in tokens:
        if token.kind == kinds.STRING and token.first_line < token.last_line:
            yield token.first_line, token.last_line
        if token.kind in _OPENING:
            opened.append(token.first_line)
        elif token.kind in _CLOSING and opened:
            first = opened.pop()
            if first < token.last_line:
                yield first, token.last_line
        # Two tokens on different lines with no line break between them: a backslash.
        if previous and previous.last_line < token.first_line and previous.kind not in (*_BREAKS, *_BLOCKS):
            yield previous.last_line, token.first_line
        previous = token
