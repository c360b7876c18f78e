"""The output formats that people read, as styled pieces of text; `streamlint_cli.terminal` colours and prints them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from streamlint.findings import Severity

from streamlint_cli.entries import Entry, Location, Note, shown_path
from streamlint_cli.machine import one_line

if TYPE_CHECKING:
    from streamlint.lint import Report

Piece: TypeAlias = tuple[str, str]
"""A text and its style: a style of rich, or "" for plain."""

STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.HINT: "bold cyan"}
RULER = "bold blue"
PATH = "bold"
TAB_SIZE = 4
# Source lines are untrusted text: an escape sequence in one must not reach the terminal.
VISIBLE = {code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A)} | {0x7F: 0x2421, 0x9B: 0xFFFD}


def concise(entries: Sequence[Entry], report: Report) -> Iterator[Piece]:
    """One line a row: `path:line:col: CODE message`."""
    for entry in entries:
        where = entry.location
        yield visible(where.shown), PATH
        yield f":{where.start.row}:{where.start.column}: ", ""
        yield from _headline(entry)


def grouped(entries: Sequence[Entry], report: Report) -> Iterator[Piece]:
    """The rows of each file under its name."""
    for shown, group in groupby(entries, key=lambda entry: entry.location.shown):
        rows = [(f"{e.location.start.row}:{e.location.start.column}", e) for e in group]
        width = max(len(where) for where, _ in rows)
        yield visible(shown), "underline"
        yield ":\n", ""
        for where, entry in rows:
            yield f"  {where.ljust(width)} ", ""
            yield from _headline(entry)
        yield "\n", ""


def _headline(entry: Entry) -> Iterator[Piece]:
    yield entry.label, STYLES[entry.severity]
    yield from _mark(entry)
    yield f" {one_line(visible(entry.message))}\n", ""


def _mark(entry: Entry) -> Iterator[Piece]:
    if entry.fixable:
        yield " [", ""
        yield "*", "cyan"
        yield "]", ""


def full(entries: Sequence[Entry], report: Report) -> Iterator[Piece]:
    """Code, name and message, the source with a caret, the run that proves the finding, help, fix and link."""
    from streamlint_cli.fixes import shown

    for entry in entries:
        yield entry.label, STYLES[entry.severity]
        yield from _mark(entry)
        if entry.finding:
            yield f" {entry.name}:", "bold"
        yield f" {visible(entry.message)}\n", ""
        yield from _excerpt(entry.location, report, STYLES[entry.severity])
        yield from _witness(entry.witness)
        for note in entry.related:
            yield "note", "bold cyan"
            yield f": {visible(note.text)} ({visible(str(note.location))})\n", ""
        if entry.help:
            yield "help", "bold green"
            yield f": {visible(entry.help)}\n", ""
        yield from shown(entry, report)
        if entry.url:
            yield f"docs: {entry.url}\n", "dim"
        yield "\n", ""


def _witness(steps: Sequence[Note]) -> Iterator[Piece]:
    if not steps:
        return
    yield "how it happens", "bold cyan"
    yield ":\n", ""
    width = len(str(len(steps)))
    for number, step in enumerate(steps, 1):
        yield f"  {number:>{width}}. ", RULER
        if step.location:
            yield f"{visible(step.location.shown)}:{step.location.start.row}", PATH
            yield ": ", ""
        yield f"{visible(step.text)}\n", ""


def _excerpt(where: Location, report: Report, style: str) -> Iterator[Piece]:
    """The line of the finding with up to two lines before it, and carets below the range (its first line)."""
    row = where.start.row
    lines = _lines(where, report, max(1, row - 2), row)
    gutter = len(str(row))
    yield f"{' ' * gutter}--> ", RULER
    yield f"{visible(str(where))}\n", ""
    if not lines:
        return
    yield f"{' ' * gutter} |\n", RULER
    for number, line in lines:
        yield f"{number:>{gutter}} | ", RULER
        yield f"{visible(line.expandtabs(TAB_SIZE))}".rstrip() + "\n", ""
    yield f"{' ' * gutter} | ", RULER
    yield _carets(where, lines[-1][1]) + "\n", style
    yield f"{' ' * gutter} |\n", RULER


def _lines(where: Location, report: Report, first: int, last: int) -> list[tuple[int, str]]:
    try:
        source = report.sources(where.path)
        found = [(number, source.line_text(number)) for number in range(first, last + 1)]
    except (OSError, ValueError, LookupError):
        return []  # the file that cannot be read is what the row is about
    while len(found) > 1 and not found[0][1].strip():
        del found[0]
    return found


def _carets(where: Location, line: str) -> str:
    start = where.start.column - 1
    end = where.end.column - 1 if where.end.row == where.start.row else len(line)
    before = _width(line[:start])
    return " " * before + "^" * max(1, _width(line[:end]) - before)


def _width(line: str) -> int:
    from streamlint.source import display_width

    return display_width(visible(line.expandtabs(TAB_SIZE)))


def visible(text: str) -> str:
    """The text with control characters replaced by their pictures."""
    return text if text.isprintable() else text.translate(VISIBLE)


def over_budget(report: Report) -> Iterator[Piece]:
    """Which keys the analysis gave up on, so that their silence is no proof."""
    keys = report.statistics.over_budget
    if keys:
        yield f"{len(keys)} of {report.statistics.keys} keys ran into the analysis budget: ", ""
        yield f"{visible(', '.join(keys))}\n", ""


def files(report: Report) -> Iterator[Piece]:
    """The files that were looked at, one a line."""
    return ((f"{shown_path(path)}\n", "") for path in report.files)


FORMATS: dict[str, Callable[[Sequence[Entry], Report], Iterator[Piece]]] = {
    "full": full,
    "concise": concise,
    "grouped": grouped,
}
