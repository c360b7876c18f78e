"""What is shown: findings and problems as rows with the columns that people and other tools read.

The engine speaks character offsets; this is the one module of the command line that turns them into rows and columns,
which are 1-based and count code points, as Ruff's do.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from streamlint.findings import Applicability, Edit, Finding, Place, Severity
from streamlint.records import immutable, ordered

if TYPE_CHECKING:
    from streamlint.lint import Problem, Report
    from streamlint.source import SourceText

PROBLEM_CODES = {"syntax": "invalid-syntax", "io": "io-error", "internal": "internal-error"}
STDIN = "-"
"""How a text from standard input without a file name is shown."""
NAMELESS = "<stdin>.py"
"""The file, in the working directory, as which the engine sees such a text."""


@ordered
class Position:
    """1-based row and column; columns count code points."""

    row: int
    column: int


@immutable
class Location:
    """A half-open range of a file. `path` is absolute, or `-`; `shown` is relative to the working directory."""

    path: str
    shown: str
    start: Position
    end: Position

    def __str__(self) -> str:
        return f"{self.shown}:{self.start.row}:{self.start.column}"


@immutable
class EditEntry:
    """An edit of a fix: replace `start..end` by `content`."""

    start: Position
    end: Position
    content: str


@immutable
class Note:
    """A witness step or a related place; steps outside the code have no location."""

    text: str
    location: Location | None


@immutable
class Entry:
    """One row of output. `finding` is None for a problem with the file or with streamlint itself."""

    code: str
    name: str
    message: str
    severity: Severity
    location: Location
    help: str = ""
    url: str | None = None
    noqa_row: int | None = None
    finding: Finding | None = None
    edits: tuple[EditEntry, ...] = ()
    elsewhere: tuple[tuple[str, tuple[EditEntry, ...]], ...] = ()
    """The edits of the fix to other files."""
    fixable: bool = False
    """Whether `--fix`, with the flags given, would make the fix."""
    witness: tuple[Note, ...] = ()
    related: tuple[Note, ...] = ()
    identify: Callable[[], str] | None = None
    """Gives what the finding is recognised by in other commits; costs a parse of the file."""

    @property
    def label(self) -> str:
        """The code as it stands in front of a message: Ruff puts a colon after words that are no codes."""
        return self.code if self.finding else f"{self.code}:"

    @property
    def hidden(self) -> bool:
        """Whether there is a fix that `--unsafe-fixes` would make besides."""
        fix = self.finding.fix if self.finding else None
        return fix is not None and not self.fixable and fix.applicability >= Applicability.UNSAFE


def entries(report: Report, *, noqa_rows: bool = True, least: Applicability = Applicability.SAFE) -> tuple[Entry, ...]:
    """Everything there is to show, sorted by file and position; `noqa_rows` cost a look at all tokens of a file. Fixes
    are made that are `least` sure."""
    from streamlint_cli.identities import Identities

    name = Identities(report).of
    found = [_finding_entry(report, finding, noqa_rows, least, name) for finding in report.findings]
    found += [_problem_entry(problem) for problem in report.problems]
    return tuple(sorted(found, key=lambda each: (each.location.path, each.location.start, each.code, each.message)))


def merged(reports: Sequence[Report]) -> Report:
    """The reports of several projects as one; not of none."""
    from streamlint.lint import Report, Statistics

    owners = {place.path: report.sources for report in reports for place in _places(report)}
    done = [report.statistics for report in reports]
    return Report(
        findings=tuple(finding for report in reports for finding in report.findings),
        problems=tuple(problem for report in reports for problem in report.problems),
        files=tuple(file for report in reports for file in report.files),
        sources=lambda path: owners.get(path, reports[0].sources)(path),
        statistics=Statistics(
            files=sum(each.files for each in done),
            apps=sum(each.apps for each in done),
            keys=sum(each.keys for each in done),
            over_budget=tuple(key for each in done for key in each.over_budget),
        ),
        suppressed=tuple(finding for report in reports for finding in report.suppressed),
        known=tuple(finding for report in reports for finding in report.known),
    )


def _places(report: Report) -> Iterator[Place]:
    for finding in report.findings:
        yield finding.place
        yield from (step.place for step in finding.witness if step.place is not None)
        yield from (related.place for related in finding.related)


def shown_path(path: str) -> str:
    """A path as people see it: relative to the working directory when it lies below it."""
    if path == STDIN:
        return path
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return path
    return path if relative.startswith("..") else relative


def public_path(path: str) -> str:
    """The name of a file for people and programs: that of a text from stdin without a name is `-`."""
    return STDIN if os.path.basename(path) == NAMELESS else path


def locate(report: Report, place: Place) -> Location:
    """The rows and columns of a place of the engine."""
    source = report.sources(place.path)
    start, end = _position(source, place.span.start), _position(source, place.span.end)
    path = public_path(place.path)
    return Location(path, shown_path(path), start, end)


def _position(source: SourceText, offset: int) -> Position:
    row, column = source.position(offset)
    return Position(row, column + 1)


def _edits(source: SourceText, edits: Sequence[Edit]) -> tuple[EditEntry, ...]:
    return tuple(EditEntry(_position(source, e.start), _position(source, e.end), e.text) for e in edits)


def _finding_entry(
    report: Report, finding: Finding, noqa_rows: bool, least: Applicability, name: Callable[[Finding], str]
) -> Entry:
    source = report.sources(finding.place.path)
    fix = finding.fix
    others = fix.elsewhere if fix else ()
    return Entry(
        code=finding.code,
        name=finding.name,
        message=finding.message,
        severity=finding.severity,
        location=locate(report, finding.place),
        help=finding.help,
        url=finding.url,
        noqa_row=report.noqa_row(finding) if noqa_rows else None,
        finding=finding,
        edits=_edits(source, fix.edits if fix else ()),
        elsewhere=tuple((public_path(each.path), _edits(report.sources(each.path), each.edits)) for each in others),
        fixable=fix is not None and fix.applicability >= least,
        witness=tuple(Note(s.text, locate(report, s.place) if s.place else None) for s in finding.witness),
        related=tuple(Note(r.text, locate(report, r.place)) for r in finding.related),
        identify=partial(name, finding),
    )


def _problem_entry(problem: Problem) -> Entry:
    start = Position(problem.line, problem.column)
    code = PROBLEM_CODES[problem.kind]
    path = public_path(problem.path)
    where = Location(path, shown_path(path), start, Position(problem.line, problem.column + 1))
    return Entry(code=code, name=code, message=problem.message, severity=Severity.ERROR, location=where)
