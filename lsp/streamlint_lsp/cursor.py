"""What somebody types at a cursor: which key of what, judged by the tokens to the left of it.

The line may be unfinished, so no tree is asked: only the tokens can tell that a quotation mark is the start of a key.
"""

from __future__ import annotations

from streamlint.findings import Span
from streamlint.records import immutable

from streamlint_lsp.lexing import (
    COMMENT,
    NAME,
    NEWLINE,
    OPERATOR,
    STRING,
    TEXT,
    Lexer,
    Token,
    chain,
    line_and_column,
    start_of_window,
)

ATTRIBUTE, STRINGY, BARE = "attribute", "string", "bare"
"""How a key is typed: `ss.k`, in quotes, or without any quotes yet (`ss[`)."""
_METHODS = {"get": ")", "pop": ")", "setdefault": ""}
"""The methods that take a key first, with what certainly closes the call behind it."""
_BUILTINS = {"hasattr": ")", "getattr": ")", "delattr": ")", "setattr": ""}
_BEFORE_STRING = frozenset({
    "and", "assert", "elif", "else", "if", "in", "is", "lambda", "not", "or", "return", "while", "yield",
})  # fmt: skip
_MANY = 60
"""So many tokens to the right are looked at."""


@immutable
class Typed:
    """A key that is being typed.

    `owner` are the dotted names of what may be the session state; for the key of a widget it is None and `callee` has
    those of what is called. `span` is what the key replaces, `quote` the quotes around it, `closers` what is missing
    behind it. `line` (from 0) is where the statement begins, `indent` its column, `last` the line of the cursor."""

    form: str
    owner: tuple[str, ...] | None
    callee: tuple[str, ...]
    span: Span
    quote: str = ""
    raw: bool = False
    closers: str = ""
    line: int = 0
    last: int = 0
    indent: int = 0


def typed(text: str, offset: int) -> Typed | None:
    """The key at an offset; None where no key is typed, as far as tokens can tell."""
    return _Reader(text, offset).read()


def comment_at(text: str, offset: int) -> Span | None:
    """The comment around an offset, from its number sign on."""
    found = _Reader(text, offset).token
    return Span(found.start, found.end) if found is not None and found.kind == COMMENT else None


class _Reader:
    def __init__(self, text: str, offset: int) -> None:
        self.text = text
        self.offset = offset
        self.left: list[Token] = []
        """The tokens before the cursor, without comments."""
        self.token: Token | None = None
        """The one that the cursor is in, or behind the last character of."""
        self.lexer = Lexer(text, start_of_window(text, offset))
        self._lex()

    def _lex(self) -> None:
        while (token := self.lexer.next()) is not None and token.start < self.offset:
            if self._is_at(token):
                self.token = token
                return
            if token.kind != COMMENT:
                self.left.append(token)

    def _is_at(self, token: Token) -> bool:
        """Whether the cursor is in a token: behind it is in it only where more of it could be typed."""
        if token.kind == STRING:
            return token.inner <= self.offset <= token.inner_end
        if token.kind in (NAME, COMMENT):
            return self.offset <= token.end
        return self.offset < token.end

    # --- what it is ------------------------------------------------------------------------------------------

    def read(self) -> Typed | None:
        token = self.token
        if token is None:
            return self._of_operator(Span(self.offset, self._end_of_name(self.offset)))
        if token.kind == STRING:
            return self._of_string(token)
        if token.kind == NAME:
            return self._of_attribute(Span(token.start, token.end))
        return None

    def _of_operator(self, span: Span) -> Typed | None:
        last = self.left[-1] if self.left else None
        if last is None or last.kind != OPERATOR or "\n" in self.text[last.end : self.offset]:
            return None
        if last.text == ".":
            return self._of_attribute(span)
        owner = chain(self.left[:-1])
        follows = self.text[self.offset : self.offset + 1]
        if last.text != "[" or owner is None or span.start != span.end or follows in ('"', "'"):
            return None
        closers = "" if self._right(self.lexer_at(self.offset)).startswith("]") else "]"
        return self._typed(BARE, owner, (), Span(self.offset, self.offset), closers=closers)

    def _of_attribute(self, span: Span) -> Typed | None:
        if not self.left or self.left[-1].text != "." or self.left[-1].kind != OPERATOR:
            return None
        owner = chain(self.left[:-1])
        return self._typed(ATTRIBUTE, owner, (), span) if owner is not None else None

    def _of_string(self, token: Token) -> Typed | None:
        if token.text not in ("", "r", "u") or len(token.quote) != 1:
            return None
        closed = token.closed and not self._swallows(token)
        end = token.inner_end if closed else self._end_of_name(self.offset)
        after = self._right(self.lexer_at(token.end if closed else end))
        found = self._before_string(after)
        if found is None:
            return None
        owner, callee, closers = found
        there = after[:1] == closers or (closers == ")" and after[:1] == ",")
        closing = "" if closed else token.quote + ("" if there else closers)
        raw = "r" in token.text
        return self._typed(STRINGY, owner, callee, Span(token.inner, end), token.quote, raw, closing)

    def _before_string(self, after: str) -> tuple[tuple[str, ...] | None, tuple[str, ...], str] | None:
        """Whose key a string is: the owner, or the callee whose `key` it is, and what closes behind it."""
        last = self.left[-1] if self.left else None
        if last is not None and last.kind == OPERATOR:
            found = self._in_brackets(last)
            if found is not None:
                return found
        membership = self._membership(last, after)
        return (membership, (), "") if membership is not None else None

    def _in_brackets(self, last: Token) -> tuple[tuple[str, ...] | None, tuple[str, ...], str] | None:
        before = self.left[:-1]
        if last.text == "[":
            owner = chain(before)
            return (owner, (), "]") if owner is not None else None
        if last.text == "(":
            callee = chain(before)
            if callee is not None and len(callee) > 1 and callee[-1] in _METHODS:
                return callee[:-1], (), _METHODS[callee[-1]]
        if last.text == ",":
            return self._builtin(before)
        if last.text == "=" and before and before[-1].text == "key" and before[-1].kind == NAME:
            callee = self._callee(before[:-1])
            if callee is not None and len(callee) > 1 and callee[-1] in _METHODS:
                return callee[:-1], (), ""
            return (None, callee, "") if callee is not None else None
        return None

    def _builtin(self, before: list[Token]) -> tuple[tuple[str, ...], tuple[str, ...], str] | None:
        """`hasattr(ss, "|`"""
        owner = chain(before)
        rest = before[: len(before) - (2 * len(owner) - 1)] if owner is not None else []
        if owner is None or len(rest) < 2 or rest[-1].text != "(":
            return None
        name = chain(rest[:-1])
        return (owner, (), _BUILTINS[name[0]]) if name is not None and len(name) == 1 and name[0] in _BUILTINS else None

    def _callee(self, before: list[Token]) -> tuple[str, ...] | None:
        """What is called with the argument in front of which these tokens stand."""
        depth = 0
        for index in range(len(before) - 1, -1, -1):
            token = before[index]
            if token.kind == NEWLINE:
                return None
            if token.kind == OPERATOR and token.text in ")]}":
                depth += 1
            elif token.quote == "{" or (token.kind == OPERATOR and token.text in "([{"):
                if depth == 0:
                    return chain(before[:index]) if token.text == "(" else None
                depth -= 1
        return None

    def _membership(self, last: Token | None, after: str) -> tuple[str, ...] | None:
        """The box of `"|" in box`."""
        if last is not None and last.kind == NAME and last.text not in _BEFORE_STRING:
            return None
        if last is not None and last.kind == OPERATOR and last.text not in ("(", "[", "{", ",", "=", ":", ":="):
            return None
        if last is not None and last.kind not in (NAME, OPERATOR, NEWLINE):
            return None
        words = after.split(" ")
        if words[:2] == ["not", "in"]:
            words = words[1:]
        if words[0] != "in":
            return None
        owner = [words[1]] if len(words) > 1 and words[1].isidentifier() else []
        at = 2
        while owner and words[at : at + 1] == ["."] and at + 1 < len(words) and words[at + 1] != "keys":
            owner.append(words[at + 1])
            at += 2
        view = words[at : at + 4] == [".", "keys", "(", ")"]
        follows = words[at + 4 : at + 5] if view else words[at : at + 1]
        return tuple(owner) if owner and follows not in (["."], ["["], ["("]) else None

    # --- to the right ----------------------------------------------------------------------------------------

    def lexer_at(self, offset: int) -> Lexer:
        return self.lexer.copy(offset)

    def _right(self, lexer: Lexer) -> str:
        """The tokens from there on, with blanks between them; line ends and comments are left out in brackets."""
        found: list[str] = []
        while len(found) < _MANY and (token := lexer.next()) is not None and token.kind != NEWLINE:
            if token.kind not in (COMMENT, TEXT):
                found.append(token.text if token.kind != STRING else '""')
        return " ".join(found)

    def _swallows(self, token: Token) -> bool:
        """Whether the string ends where another one was to begin: then the rest of the line makes no sense, and does
        without it."""
        return self._is_odd(token.end) and not self._is_odd(self._end_of_name(self.offset))

    def _is_odd(self, offset: int) -> bool:
        """Whether a string of the rest of the line is not closed."""
        lexer = self.lexer_at(offset)
        end = min((at for at in (self.text.find(char, offset) for char in "\r\n") if at >= 0), default=len(self.text))
        while (token := lexer.next()) is not None and token.start < end:
            if token.kind == STRING and not token.closed:
                return True
        return False

    def _end_of_name(self, offset: int) -> int:
        end = offset
        while end < len(self.text) and (self.text[end].isalnum() or self.text[end] == "_"):
            end += 1
        return end

    # --- where the statement begins --------------------------------------------------------------------------

    def _typed(
        self,
        form: str,
        owner: tuple[str, ...] | None,
        callee: tuple[str, ...],
        span: Span,
        quote: str = "",
        raw: bool = False,
        closers: str = "",
    ) -> Typed | None:
        root = (owner or callee)[0]
        statement = self.left[self._statement() :]
        if _rebinds(statement, root) or (self.lexer.stack and self._ranges_over(root)):
            return None
        start = statement[0].start if statement else self.offset
        line, indent = line_and_column(self.text, start)
        last, _ = line_and_column(self.text, self.offset)
        return Typed(form, owner, callee, span, quote, raw, closers, line, last, indent)

    def _statement(self) -> int:
        """The index of the first token of the statement."""
        ends = (index for index in range(len(self.left) - 1, -1, -1) if self.left[index].kind == NEWLINE)
        return next(ends, -1) + 1

    def _ranges_over(self, root: str) -> bool:
        """Whether a comprehension around the cursor gives the name another meaning."""
        words = self._right(self.lexer_at(self.offset)).split(" ")
        return any(word == "for" and root in _until(words[at + 1 :], "in") for at, word in enumerate(words))


def _until(words: list[str], end: str) -> list[str]:
    return words[: words.index(end)] if end in words else words


def _rebinds(statement: list[Token], root: str) -> bool:
    """Whether a lambda or a loop of the statement gives the name another meaning."""
    words = [token.text for token in statement]
    for at, word in enumerate(words):
        if word in ("lambda", "for") and root in _until(words[at + 1 :], ":" if word == "lambda" else "in"):
            return True
    return False
