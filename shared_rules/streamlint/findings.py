"""What the engine reports: findings, the witness that proves them, and the fixes that repair them.

All values are frozen and plain. Every place is a half-open range of *character offsets* (code points) into the
text of one file; a front end converts them to its own columns with `streamlint.source.SourceText`.
"""

from __future__ import annotations

from dataclasses import field
from enum import Enum, IntEnum
from itertools import pairwise

from streamlint.records import immutable, ordered

DOCS_URL = "https://streamlint.readthedocs.io/rules/"


class Severity(Enum):
    """The consequence of a bug, which is also the hundred of its code (design decision D9)."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class Confidence(IntEnum):
    """How much a witness assumes: `CERTAIN` needs no assumption, `POSSIBLE` names the ones it makes."""

    POSSIBLE = 1
    CERTAIN = 2


class Applicability(IntEnum):
    """How far a fix may be trusted, ordered, so that "may be applied" is one comparison."""

    DISPLAY = 1
    UNSAFE = 2
    SAFE = 3


@ordered
class Span:
    """A half-open range of character offsets; `start <= end`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a range: {self.start}..{self.end}")


@ordered
class Place:
    """A range in a file; `path` is absolute."""

    path: str
    span: Span


@immutable
class Step:
    """One step of a witness. Steps that stand for something outside the code (a click) have no place."""

    text: str
    place: Place | None = None


@immutable
class Related:
    """Another place that explains a finding: the initialiser, the widget, the other page."""

    text: str
    place: Place


@ordered
class Edit:
    """Replace the characters `start..end` by `text`. An edit that changes nothing is not an edit."""

    start: int
    end: int
    text: str

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end or (self.start == self.end and not self.text):
            raise ValueError(f"not an edit: {self.start}..{self.end} {self.text!r}")


def _check_disjoint(edits: tuple[Edit, ...]) -> None:
    for before, after in pairwise(edits):
        if before.end > after.start:
            raise ValueError("edits must be sorted and disjoint")


@immutable
class FileEdits:
    """Edits to one file: sorted, disjoint, at least one; `path` is absolute."""

    path: str
    edits: tuple[Edit, ...]

    def __post_init__(self) -> None:
        if not self.edits:
            raise ValueError("no edits to a file are no edits")
        _check_disjoint(self.edits)


@immutable
class Fix:
    """Edits that belong together: sorted, disjoint, at least one. `edits` are those to the file of the finding,
    `elsewhere` those to other files."""

    title: str
    edits: tuple[Edit, ...]
    applicability: Applicability
    elsewhere: tuple[FileEdits, ...] = ()

    def __post_init__(self) -> None:
        if not self.edits and not self.elsewhere:
            raise ValueError("a fix needs an edit")
        _check_disjoint(self.edits)

    def by_file(self, path: str) -> tuple[FileEdits, ...]:
        """All edits, for a finding in the file `path`."""
        own = (FileEdits(path, self.edits),) if self.edits else ()
        return (*own, *self.elsewhere)


@immutable
class Finding:
    """One bug. `message` says what happens and why, `help` what to do."""

    code: str
    name: str
    message: str
    help: str
    place: Place
    severity: Severity
    confidence: Confidence = Confidence.CERTAIN
    witness: tuple[Step, ...] = ()
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    key: str | None = field(default=None)
    """The session-state key the finding is about, where there is one."""
    repair: tuple[str, ...] = ()
    """What the rule has to know besides to build the fix."""

    @property
    def url(self) -> str:
        """The page that documents the rule."""
        return f"{DOCS_URL}{self.name}"

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Findings are ordered by place and code, whatever order they were found in."""
        return (self.place.path, self.place.span.start, self.place.span.end, self.code, self.message)
