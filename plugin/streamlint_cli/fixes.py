"""`--fix`, `--diff` and their relatives: what is fixed, how it is written or shown, and what is said about it.

Words and exit codes are Ruff's.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO

import click
from streamlint.findings import Applicability
from streamlint.records import immutable

from streamlint_cli.entries import STDIN, Entry, public_path, shown_path

if TYPE_CHECKING:
    from streamlint.fixing import Fixed
    from streamlint.lint import Report
    from streamlint.source import SourceText

    from streamlint_cli.text import Piece

CONTEXT = 1
"""Lines around a change where a fix is shown with its finding."""


@immutable
class Plan:
    """What the flags say about fixes."""

    fix: bool
    diff: bool
    only: bool
    show: bool
    non_zero: bool
    least: Applicability

    @staticmethod
    def of(flags: Mapping[str, Any]) -> Plan:
        only = flags["fix_only"] or flags["diff"]
        return Plan(
            fix=flags["fix"] or only,
            diff=flags["diff"],
            only=only,
            show=flags["show_fixes"],
            non_zero=flags["exit_non_zero_on_fix"],
            least=Applicability.UNSAFE if flags["unsafe_fixes"] else Applicability.SAFE,
        )


@immutable
class Done:
    """What was fixed in all projects."""

    made: Sequence[Fixed] = ()

    @property
    def count(self) -> int:
        return sum(len(each.made) for each in self.made)


def write_out(done: Done, plan: Plan, stdin: SourceText | None) -> None:
    """Writes the changed files, or shows how they would change. Raises `click.ClickException`."""
    from streamlint.fixing import write

    if plan.diff:
        for fixed in done.made:
            for path, (before, after) in fixed.texts.items():
                _show_diff(public_path(path), before.text, after)
    elif stdin is not None:
        texts = [after for fixed in done.made for _, after in fixed.texts.values()]
        _binary(sys.stdout, stdin.to_bytes(*texts))
    else:
        try:
            for fixed in done.made:
                write(fixed)
        except OSError as error:
            raise click.ClickException(f"cannot write the fixes: {error}") from error
    for fixed in done.made:
        if not fixed.settled:
            click.echo("warning: the fixes undo each other: some were not made. This is a bug in streamlint.", err=True)


def _binary(stream: TextIO, data: bytes) -> None:
    stream.flush()
    buffer = getattr(stream, "buffer", None)
    if buffer is None:
        stream.write(data.decode("utf-8", "replace"))
    else:
        buffer.write(data)
        buffer.flush()


def _show_diff(path: str, before: str, after: str) -> None:
    from streamlint_cli.terminal import write

    write(_coloured(diff(path, before, after)), sys.stdout)


def diff(path: str, before: str, after: str, name: str | None = None) -> Iterator[str]:
    """A unified diff, in which the file is called `name`; of a text from stdin without the names."""
    from difflib import unified_diff

    shown = name or shown_path(path)
    lines = unified_diff(_lines(before), _lines(after), shown, shown, n=3)
    for line in lines:
        if path == STDIN and line.startswith(("--- ", "+++ ")):
            continue
        whole = line.endswith(("\n", "\r"))
        yield line if whole else f"{line}\n\\ No newline at end of file\n"
    yield "\n"


def _lines(text: str) -> list[str]:
    from streamlint.source import SourceText

    source = SourceText("", text)
    starts = [source.line_start(line) for line in range(1, source.line_count + 1)]
    lines = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    return [line.replace("\r\n", "\n") for line in lines if line]


def _coloured(lines: Iterator[str]) -> Iterator[Piece]:
    styles = {"-": "red", "+": "green", "@": "cyan"}
    for line in lines:
        yield line, "bold" if line.startswith(("--- ", "+++ ")) else styles.get(line[0], "")


# --- what is said --------------------------------------------------------------------------------------------


def summary(rows: Sequence[Entry], done: Done, plan: Plan, known: int = 0) -> Iterator[Piece]:
    """The last lines: how many were found, fixed and can be fixed, and how many are `known` from the baseline."""
    if plan.show and done.count:
        yield from _enumeration(done)
    if plan.only:
        yield from _of_fixes_only(rows, done, plan)
        return
    found, fixed = len(rows), done.count
    if fixed:
        total = found + fixed
        yield f"Found {total} error{_s(total)} ({fixed} fixed, {found} remaining).\n", ""
    elif found:
        yield f"Found {found} error{_s(found)}.\n", ""
    else:
        yield "All checks passed!\n", "bold green"
    yield from _offers(rows)
    if known:
        yield f"The baseline has {known} more finding{_s(known)}.\n", ""


def _offers(rows: Sequence[Entry]) -> Iterator[Piece]:
    fixable, hidden = sum(row.fixable for row in rows), sum(row.hidden for row in rows)
    offer = f"{hidden} unsafe fix{_es(hidden)} available with `--fix --unsafe-fixes`"
    if fixable:
        yield "[", ""
        yield "*", "cyan"
        yield f"] {fixable} fixable with `--fix`" + (f" ({offer})" if hidden else "") + ".\n", ""
    elif hidden:
        yield f"{offer}.\n", ""


def _of_fixes_only(rows: Sequence[Entry], done: Done, plan: Plan) -> Iterator[Piece]:
    fixed, hidden = done.count, sum(row.hidden for row in rows)
    more = f" ({hidden} additional fix{_es(hidden)} available with `--unsafe-fixes`)" if hidden else ""
    if fixed:
        yield f"{'Would fix' if plan.diff else 'Fixed'} {fixed} error{_s(fixed)}{more}.\n", ""
    elif hidden:
        verb = "would be fixed" if plan.diff else "fixed"
        yield f"No errors {verb} ({hidden} fix{_es(hidden)} available with `--unsafe-fixes`).\n", ""


def _enumeration(done: Done) -> Iterator[Piece]:
    yield f"\nFixed {done.count} error{_s(done.count)}:\n", ""
    width = max(len(str(n)) for fixed in done.made for counts in fixed.counts.values() for n in counts.values())
    for fixed in done.made:
        for path, counts in fixed.counts.items():
            yield f"- {shown_path(public_path(path))}:\n", ""
            for (code, name), number in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
                yield f"    {number:>{width}} × {code} ({name})\n", ""
    yield "\n", ""


def _s(number: int) -> str:
    return "" if number == 1 else "s"


def _es(number: int) -> str:
    return "" if number == 1 else "es"


def exit_code(otherwise: int, done: Done, plan: Plan, exit_zero: bool) -> int:
    """Ruff's: a diff is a failure if there is one, and what `--fix-only` leaves is none. What could not be done at all
    (2) stays that."""
    if otherwise == 2 or exit_zero:
        return otherwise
    if plan.diff:
        return int(done.count > 0)
    if plan.non_zero and done.count:
        return 1
    return 0 if plan.only else otherwise


# --- with a finding ------------------------------------------------------------------------------------------


def shown(entry: Entry, report: Report) -> Iterator[Piece]:
    """The fix of a row: its title, and the lines that it changes, as Ruff shows them."""
    from streamlint.fixes.building import applied

    from streamlint_cli.text import RULER, visible

    finding = entry.finding
    if finding is None or finding.fix is None:
        return
    yield "fix", "bold green"
    yield f": {visible(finding.fix.title)}\n", ""
    for each in finding.fix.by_file(finding.place.path):
        before = report.sources(each.path).text
        if each.path != finding.place.path:
            yield f"  --> {visible(shown_path(public_path(each.path)))}\n", RULER
        yield from _frame(_lines(before), _lines(applied(before, each.edits)))
    if finding.fix.applicability is Applicability.UNSAFE:
        yield "note", "bold yellow"
        yield ": This is an unsafe fix and may change runtime behavior\n", ""
    elif finding.fix.applicability is Applicability.DISPLAY:
        yield "note", "bold yellow"
        yield ": This is a display-only fix and is likely to be incorrect\n", ""


def _frame(before: list[str], after: list[str]) -> Iterator[Piece]:
    from difflib import SequenceMatcher

    from streamlint_cli.text import RULER, TAB_SIZE, visible

    matcher = SequenceMatcher(None, before, after, autojunk=False)
    groups = list(matcher.get_grouped_opcodes(CONTEXT))
    gutter = max((len(str(group[-1][4])) for group in groups), default=1)
    for number, group in enumerate(groups):
        yield f"{' ' * gutter} |\n" if number == 0 else "-" * gutter + "-|\n", RULER
        for tag, start, end, first, last in group:
            if tag == "equal":
                rows = [(str(first + i + 1), "| ", line, "") for i, line in enumerate(after[first:last])]
            else:
                rows = [("", "- ", line, "red") for line in before[start:end]]
                rows += [(str(first + i + 1), "+ ", line, "green") for i, line in enumerate(after[first:last])]
            for row, sign, line, style in rows:
                bare = visible(line.rstrip("\r\n").expandtabs(TAB_SIZE))
                yield f"{row:<{gutter}} ", RULER
                yield f"{sign}{bare}".rstrip() + "\n", style
    if groups:
        yield f"{' ' * gutter} |\n", RULER
