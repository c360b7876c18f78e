"""The tokens of Python code that need not be finished: what stands to the left of a cursor and to the right of it.

`tokenize` gives up where code is broken, which it is while somebody types. Here strings that nobody has closed end with
their line, and brackets may stay open.
"""

from __future__ import annotations

import re

from streamlint.records import immutable

NAME, NUMBER, OPERATOR, STRING, COMMENT, NEWLINE, TEXT = (
    "name", "number", "operator", "string", "comment", "newline", "text",
)  # fmt: skip
"""`TEXT` is what an f-string has between its expressions."""
_TOKEN = re.compile(
    r"""(?P<space>(?:[ \t\f\ufeff]|\\(?:\r\n|\r|\n))+)
    |(?P<newline>\r\n|\r|\n)
    |(?P<comment>\#[^\r\n]*)
    |(?P<string>(?P<prefix>[A-Za-z]{0,2})(?P<quote>\"{3}|'{3}|"|'))
    |(?P<name>[^\W\d]\w*)
    |(?P<number>\.?\d(?:[\w.])*)
    |(?P<operator>\.\.\.|:=|->|[=!<>]=|(?:\*\*|//|<<|>>|[-+*/%@&|^])=?|.)""",
    re.VERBOSE | re.DOTALL,
)
_QUOTES = ('"', "'", '"""', "'''")


def _up_to(quote: str, literal: bool) -> re.Pattern[str]:
    """What a string may have up to its closing quotes, or an f-string between its expressions."""
    char, rest = quote[0], quote[1:]
    plain = rf"[^{char}\\\r\n{'{}' if literal else ''}]|\\(?:\r\n|.)"
    braces = r"|\{\{|\}\}" if literal else ""
    inside = rf"|[\r\n]|{char}(?!{rest})" if rest else ""
    return re.compile(f"(?:{plain}{braces}{inside})*", re.DOTALL)


_REST = {quote: _up_to(quote, literal=False) for quote in _QUOTES}
_LITERAL = {quote: _up_to(quote, literal=True) for quote in _QUOTES}
_SPEC = re.compile(r"[^{}\r\n\"']*")
_PAIRS = {")": "(", "]": "[", "}": "{"}
_STRING_PREFIXES = frozenset({"", "r", "u", "b", "br", "rb", "f", "t", "fr", "rf", "tr", "rt"})
_STARTS = frozenset({
    "assert", "break", "class", "continue", "def", "del", "global", "import", "nonlocal", "pass", "raise", "return",
    "try", "while", "with",
})  # fmt: skip
"""Words that stand in no bracket: one that begins a line there says that somebody has forgotten to close it."""


@immutable
class Token:
    """One token. For strings `text` is the prefix in lower case, `quote` what it is quoted with, and `inner` and
    `inner_end` are around what is quoted; text of an f-string in front of an expression has a brace for a `quote`."""

    kind: str
    text: str
    start: int
    end: int
    quote: str = ""
    inner: int = 0
    inner_end: int = 0

    @property
    def closed(self) -> bool:
        return self.inner_end < self.end


class Lexer:
    """Reads a text from an offset on. `stack` has the brackets that are open there, and f-strings by their quotes."""

    def __init__(self, text: str, at: int, stack: tuple[str, ...] = ()) -> None:
        self.text = text
        self.at = at
        self.stack = list(stack)
        self._fresh = True
        """Whether a line has just begun."""

    def copy(self, at: int) -> Lexer:
        """Another one, from elsewhere, with the same brackets open."""
        return Lexer(self.text, at, tuple(self.stack))

    @property
    def _quote(self) -> str | None:
        """The quotes of the f-string whose text goes on here."""
        return self.stack[-1] if self.stack and self.stack[-1][0] in "\"'" else None

    def next(self) -> Token | None:
        """The next token; None at the end."""
        while self.at < len(self.text):
            if self._quote is not None:
                token = self._literal(self._quote)
            else:
                match = _TOKEN.match(self.text, self.at)
                assert match is not None
                if match.lastgroup == "space":
                    self.at = match.end()
                    continue
                token = self._code(match)
            if token is not None:
                return token
        return None

    def _code(self, match: re.Match[str]) -> Token | None:
        kind, start = match.lastgroup or "", match.start()
        if match["string"] is not None:
            if match["prefix"].lower() in _STRING_PREFIXES:
                return self._string(match)
            end = start + len(match["prefix"])  # a name that touches a string
            self.at = end
            return Token(NAME, self.text[start:end], start, end)
        self.at = match.end()
        if kind == NEWLINE:
            return self._newline(start)
        if kind == COMMENT:
            return Token(COMMENT, match.group(), start, self.at)
        if kind == NAME and self._fresh and match.group() in _STARTS:
            self.stack.clear()
        self._fresh = False
        if kind == OPERATOR:
            self._bracket(match.group())
        return Token(kind, match.group(), start, self.at)

    def _newline(self, start: int) -> Token | None:
        self._fresh = True
        while any(quote in self.stack for quote in ('"', "'")):
            self.stack.pop()  # no string of one line goes on
        return None if self.stack else Token(NEWLINE, "\n", start, self.at)

    def _bracket(self, char: str) -> None:
        if char in "([{":
            self.stack.append(char)
        elif char in _PAIRS and self.stack and self.stack[-1] in (_PAIRS[char], f"{_PAIRS[char]}f"):
            self.stack.pop()
        elif char == ":" and self.stack and self.stack[-1] == "{f":
            self.at = self._spec()

    def _spec(self) -> int:
        """The end of a format, if it is a plain one."""
        match = _SPEC.match(self.text, self.at)
        return match.end() if match is not None else self.at

    def _string(self, match: re.Match[str]) -> Token | None:
        prefix, quote, inner = match["prefix"].lower(), match["quote"], match.end()
        self._fresh = False
        if "f" in prefix or "t" in prefix:
            self.stack.append(quote)
            self.at = inner
            return Token(TEXT, quote, match.start(), inner)
        rest = _REST[quote].match(self.text, inner)
        end = rest.end() if rest is not None else inner
        self.at = end + len(quote) if self.text.startswith(quote, end) else end
        return Token(STRING, prefix, match.start(), self.at, quote, inner, end)

    def _literal(self, quote: str) -> Token | None:
        """What comes next of an f-string: text up to an expression or to its end."""
        start = self.at
        match = _LITERAL[quote].match(self.text, start)
        end = match.end() if match is not None else start
        if self.text.startswith("{", end):
            self.stack.append("{f")
            self.at = end + 1
            return Token(TEXT, quote, start, self.at, "{")
        if self.text.startswith(quote, end):
            self.stack.pop()
            self.at = end + len(quote)
        elif self.text.startswith("}", end):
            self.at = end + 1
        else:  # the line ends
            self.stack.pop()
            self.at = end
            return Token(TEXT, quote, start, end) if end > start else None
        return Token(TEXT, quote, start, self.at)


# --- what tokens mean --------------------------------------------------------------------------------------


def chain(tokens: list[Token]) -> tuple[str, ...] | None:
    """The dotted names that the tokens end with, if they are a whole expression."""
    names: list[str] = []
    at = len(tokens) - 1
    while at >= 0 and tokens[at].kind == NAME:
        names.insert(0, tokens[at].text)
        if at == 0 or tokens[at - 1].text != "." or tokens[at - 1].kind != OPERATOR:
            return tuple(names)
        at -= 2
    return None


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """The line, from 0, and the column of an offset, at Python's line ends."""
    before = text[:offset]
    if "\r" in before:
        before = before.replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n"), len(before) - before.rfind("\n") - 1


# --- where to begin ------------------------------------------------------------------------------------------

_STRINGS = re.compile(
    r"""\#[^\r\n]*|\"{3}(?:[^"\\]|\\.|"(?!""))*(?:\"{3}|\Z)|'{3}(?:[^'\\]|\\.|'(?!''))*(?:'{3}|\Z)"""
    r"""|"(?:[^"\\\r\n]|\\.)*"?|'(?:[^'\\\r\n]|\\.)*'?""",
    re.DOTALL,
)
_UNINDENTED = re.compile(r"\n(?=[^\W\d]|@)")
FEW = 4
"""So many lines that are not indented are read above a cursor."""
WINDOW = 6000
"""Characters to the left of a cursor that are read; a statement that is longer is not understood."""


def start_of_window(text: str, offset: int) -> int:
    """The start of a line some way above an offset that is in no string.

    Lines of a bracket or a block are indented where code is written as usual, so a few that are not are enough."""
    start = text.rfind("\n", 0, max(offset - WINDOW, 0)) + 1
    begins = [match.start() + 1 for match in _UNINDENTED.finditer(text, start, offset)]
    start = begins[-FEW] if len(begins) >= FEW else start
    if start and ('"""' in text or "'''" in text):
        for match in _STRINGS.finditer(text, 0, offset):
            if match.start() >= start:
                break
            if match.end() > start:
                return match.start()
    return start
