"""What means the session state at a place of a file, whether or not the line there is finished.

`scopes` of a file that parses say it; one that does not is repaired line by line until it does.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Collection, Sequence
from functools import cached_property, lru_cache

from streamlint.facts.scopes import ELEMENT, IMPORT, STATE, STREAMLIT, Scope, scopes
from streamlint.fixes.syntax import Syntax
from streamlint.records import immutable
from streamlint.source import SourceText

_ATTEMPTS = 8


_SCOPING = ("def ", "class ", "import ", "global ", "nonlocal ")
"""What lines have that give names another meaning, or begin or end what they are known in."""


@immutable
class Change:
    """How lines have changed: those from `first` up to `old_end` became those up to `new_end`, counted from 0."""

    old: Sequence[str]
    new: Sequence[str]
    first: int
    old_end: int
    new_end: int

    def matters(self, name: str | None = None, but: range = range(0)) -> bool:
        """Whether a change may give names another meaning, this one at least; `but` are new lines to leave out."""
        new = [self.new[at] for at in range(self.first, self.new_end) if at not in but]
        old = self.old[self.first : self.old_end]
        words = any(word in line for line in (*old, *new) for word in _SCOPING)
        return words or (name is not None and any(name in line for line in new))

    def line_before(self, line: int) -> float:
        """Where a new line, counted from 0, was before, counted from 1; one that is new lies between two."""
        if line < self.first:
            return line + 1
        if line >= self.new_end:
            return line + 1 + self.old_end - self.new_end
        return self.first + (1 if self.old_end > self.first else 0.5)


class StateNames:
    """The names of one text. `known` are expressions that mean the state in functions, by the functions' qualified
    names ("" for the module): what a walk of the app knows besides."""

    def __init__(self, text: str, found: Sequence[Scope], known: Collection[tuple[str, str]] = ()) -> None:
        self.text = text
        self._scopes = found
        self._known = frozenset(known)

    @cached_property
    def lines(self) -> list[str]:
        return lines_of(self.text)

    def change(self, text: str) -> Change:
        """How the lines have changed since."""
        old, new = self.lines, lines_of(text)
        least = min(len(old), len(new))
        first = next((at for at in range(least) if old[at] != new[at]), least)
        same = 0
        while same < least - first and old[-1 - same] == new[-1 - same]:
            same += 1
        return Change(old, new, first, len(old) - same, len(new) - same)

    def of_text(self, text: str) -> StateNames:
        """The same for a text with the same lines, some of them broken."""
        return StateNames(text, self._scopes, self._known)

    def with_known(self, known: Collection[tuple[str, str]]) -> StateNames:
        return StateNames(self.text, self._scopes, known)

    @property
    def known(self) -> frozenset[tuple[str, str]]:
        return self._known

    def is_state(self, expression: Sequence[str], line: float, indent: int) -> bool:
        """Whether dotted names mean the session state in a statement at a line (from 1) and column."""
        if not expression:
            return False
        here = self._at(line, indent)
        root = self._meaning(here, expression[0])
        if len(expression) == 1 and root == STATE:
            return True
        if len(expression) == 2 and root == STREAMLIT and expression[1] == "session_state":
            return True
        written = ".".join(expression)
        return any(text == written and self._same(here, function, expression) for function, text in self._known)

    def is_element(self, expression: Sequence[str], line: float, indent: int) -> bool:
        """Whether dotted names that end in the name of an element may mean the element."""
        if not expression:
            return False
        meaning = self._meaning(self._at(line, indent), expression[0])
        if len(expression) == 1:
            return meaning == ELEMENT
        return meaning not in (None, IMPORT, STATE)

    # --- scopes ----------------------------------------------------------------------------------------------

    def _at(self, line: float, indent: int) -> int:
        """The index of the innermost scope that a statement belongs to: what is typed below a function's last line
        belongs to it if it is indented as its body is."""
        best = 0
        for index, scope in enumerate(self._scopes):
            inside = scope.first < line <= scope.last or scope.first == line == scope.last
            below = line > scope.last and indent >= scope.indent and (scope.until is None or line < scope.until)
            if index and (inside or below) and scope.first >= self._scopes[best].first:
                best = index
        return best

    def _home(self, index: int | None, name: str) -> int | None:
        """The scope that binds a name, seen from one."""
        start = index
        while index is not None:
            scope = self._scopes[index]
            if (index == start or not scope.is_class) and any(bound == name for bound, _ in scope.meanings):
                return index
            index = scope.outer
        return None

    def _meaning(self, index: int, name: str) -> str | None:
        home = self._home(index, name)
        return None if home is None else dict(self._scopes[home].meanings)[name]

    def _same(self, here: int, function: str, expression: Sequence[str]) -> bool:
        """Whether an expression means here what it means in a function."""
        there = next((index for index, scope in enumerate(self._scopes) if scope.name == function), None)
        if there is None:
            return False
        homes = self._home(here, expression[0]), self._home(there, expression[0])
        if homes[0] is not None and homes[0] == homes[1]:
            return True
        outer = self._scopes[here].outer
        of_one_class = outer is not None and outer == self._scopes[there].outer and self._scopes[outer].is_class
        return of_one_class and len(expression) > 1 and homes == (here, there)


def lines_of(text: str) -> list[str]:
    """The lines of a text, at Python's line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def names_of(syntax: Syntax) -> StateNames:
    """The names of a file that parses."""
    return StateNames(syntax.text, scopes(syntax))


@lru_cache(maxsize=4)
def names_of_broken(text: str, blank: range | None = None) -> StateNames | None:
    """The names of a text that may not parse, by its own lines; None for one that cannot be repaired. `blank` are lines
    (from 0) that are certainly unfinished."""
    whole = repaired(text, blank)
    if whole is None:
        return None
    return names_of(Syntax(SourceText("", whole))).of_text(text)


# --- repair --------------------------------------------------------------------------------------------------


def repaired(text: str, blank: range | None = None) -> str | None:
    """A text that parses and has the same lines, but for those that nothing can be made of; None if that fails."""
    lines = lines_of(text)
    for index in blank or ():
        if index < len(lines):
            lines[index] = _instead(lines, index) if index == (blank or (0,))[0] else ""
    for _ in range(_ATTEMPTS):
        joined = "\n".join(lines)
        try:
            _parse(joined)
        except SyntaxError as error:
            if error.lineno is None or not _mend(lines, min(max(error.lineno, 1), len(lines)) - 1, error):
                return None
        except (ValueError, RecursionError, MemoryError):
            return None
        else:
            return joined
    return None


def _parse(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ast.parse(text)


def _mend(lines: list[str], index: int, error: SyntaxError) -> bool:
    """Changes a line with an error, or what it is about; says whether there was something to change."""
    before = list(lines)
    message = error.msg or ""
    if isinstance(error, IndentationError) and message.startswith("expected"):
        _give_body(lines, index)
    elif isinstance(error, IndentationError):
        lines[index] = ""
    elif message.startswith("expected 'except'"):
        start = next((at for at in range(index, -1, -1) if lines[at].lstrip().startswith("try")), index)
        lines[start] = _instead(lines, start)
    else:
        new = _instead(lines, index)
        lines[index] = new if new != lines[index] else ""
    return lines != before


def _give_body(lines: list[str], index: int) -> None:
    """The statement above a line lacks its block."""
    above = next((at for at in range(index, -1, -1) if _opens(lines[at])), None)
    if above is not None:
        lines[above] += " 0"
    else:
        lines[index] = ""


def _opens(line: str) -> bool:
    stripped = line.strip()
    return stripped.endswith(":") and not stripped.startswith("#")


def _instead(lines: list[str], index: int) -> str:
    """A statement for the place of a line: one that has a block where the lines below belong to one."""
    line = lines[index]
    indent = line[: len(line) - len(line.lstrip())]
    below = next((each for each in lines[index + 1 :] if each.strip()), "")
    deeper = len(below) - len(below.lstrip()) > len(indent)
    return f"{indent}if 1:" if deeper else f"{indent}0"
