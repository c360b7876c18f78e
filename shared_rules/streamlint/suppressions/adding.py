"""Writing comments for findings that are to stay: `# noqa` on their lines, or one for the file."""

from __future__ import annotations

import re
import token as kinds
from collections.abc import Iterable
from dataclasses import replace

from streamlint.findings import Edit, Finding, Span
from streamlint.records import immutable
from streamlint.source import SourceText
from streamlint.suppressions.directives import Action, parse_comment
from streamlint.suppressions.layout import Layout, Token
from streamlint.suppressions.matching import Suppressions

_COOKIE = re.compile(r"[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+")
_OF_COMMENTS = "STL901"


def add_noqa(source: SourceText, findings: Iterable[Finding]) -> str:
    """The text with a `# noqa` for each finding in it that is not suppressed yet.

    A comment that is there keeps every character: codes are added to its list, or a `# noqa` behind it. Where no
    comment can stand, as in text that Python cannot tokenize, the finding is left. Line ends stay as they are.
    """
    suppressions = Suppressions.from_source(source)
    wanted: dict[int, set[str]] = {}
    for finding in findings:
        span = finding.place.span
        if not suppressions.suppressed(finding.code, finding.name, span):
            wanted.setdefault(suppressions.noqa_row(span), set()).add(finding.code)
    additions = [_Addition(suppressions.layout, row, tuple(sorted(codes))) for row, codes in sorted(wanted.items())]
    return _applied(source, additions)


def line_edit(source: SourceText, finding: Finding) -> Edit | None:
    """A `# noqa` for the finding, on its line; None where no comment can stand or none would help."""
    suppressions = Suppressions.from_source(source)
    row = suppressions.noqa_row(finding.place.span)
    edit = _Addition(suppressions.layout, row, (finding.code,)).edit()
    return edit if _is_silenced(source, finding, edit) else None


def file_edit(source: SourceText, finding: Finding) -> Edit | None:
    """The finding's code in a comment for the file: in one that is there, else on a line of its own behind what has to
    come first, and behind the docstring. None where none would help."""
    layout = Suppressions.from_source(source).layout
    edit = _into_file_codes(layout, finding.code) or _on_own_line(layout, finding.code)
    return edit if _is_silenced(source, finding, edit) else None


def _is_silenced(source: SourceText, finding: Finding, edit: Edit) -> bool:
    """Whether the finding is suppressed once the edit is made."""
    span = finding.place.span
    moved = len(edit.text) - (edit.end - edit.start) if edit.end <= span.start else 0
    after = Suppressions.from_source(replace(source, text=_edit(source.text, [edit])))
    span = Span(span.start + moved, span.end + moved)
    code = finding.code if finding.code != _OF_COMMENTS else ""  # which no comment suppresses
    return bool(code) and after.suppressed(code, finding.name, span)


def _into_file_codes(layout: Layout, code: str) -> Edit | None:
    """The code behind those of a comment of ours that is about the file."""
    for comment in layout.comments:
        text = layout.source.text[comment.start : comment.end]
        indent = layout.indent_before(comment.start)
        for directive in parse_comment(text):
            ours = "streamlint" in text[directive.start : directive.codes_end]
            whole = directive.action in (Action.FILE_NOQA, Action.FILE_IGNORE)
            if whole and ours and directive.codes and indent == "":
                end = comment.start + directive.codes_end
                return Edit(end, end, f", {code}")
    return None


def _on_own_line(layout: Layout, code: str) -> Edit:
    source = layout.source
    line = f"# streamlint: noqa: {code}"
    first = next((t for t in layout.tokens if t.kind not in (kinds.COMMENT, kinds.NL)), None)
    if first is not None and first.kind == kinds.STRING and _ends_statement(layout, first):
        end = source.line_end(first.last_line)
        return Edit(end, end, source.newline + line)
    row = 1
    while row <= min(2, source.line_count) and _comes_first(source.line_text(row), row):
        row += 1
    if row > source.line_count:
        return Edit(len(source.text), len(source.text), source.newline + line)
    start = source.line_start(row)
    return Edit(start, start, line + source.newline)


def _comes_first(line: str, row: int) -> bool:
    """Whether a line means something only at the top: how the file is run, and its encoding."""
    return (row == 1 and line.startswith("#!")) or bool(_COOKIE.match(line))


def _ends_statement(layout: Layout, token: Token) -> bool:
    """Whether a docstring is all that its lines have."""
    after = layout.tokens[layout.tokens.index(token) + 1 :]
    following = next((each for each in after if each.kind != kinds.COMMENT), None)
    return following is None or following.kind == kinds.NEWLINE


@immutable
class _Addition:
    layout: Layout
    row: int
    codes: tuple[str, ...]

    def edit(self) -> Edit:
        comment = self.layout.comment_on(self.row)
        return self._into_codes(comment) or self._behind_line()

    def _into_codes(self, comment: Token | None) -> Edit | None:
        if comment is None:
            return None
        for directive in parse_comment(self.layout.source.text[comment.start : comment.end]):
            if directive.action is Action.NOQA and directive.codes:
                end = comment.start + directive.codes_end
                return Edit(end, end, ", " + ", ".join(self.codes))
        return None

    def _behind_line(self) -> Edit:
        source = self.layout.source
        line = source.line_text(self.row)
        end = source.line_start(self.row) + len(line.rstrip(" \t\f"))
        return Edit(end, source.line_end(self.row), f"  # noqa: {', '.join(self.codes)}")


def _applied(source: SourceText, additions: list[_Addition]) -> str:
    """The text with those additions that are comments in it: what looks like one may have become part of a string,
    or follow a backslash."""
    text = _edit(source.text, [addition.edit() for addition in additions])
    if not additions:
        return text
    after = Layout(replace(source, text=text))
    kept = [addition for addition in additions if _has_codes(after, addition)]
    return text if kept == additions else _edit(source.text, [addition.edit() for addition in kept])


def _has_codes(layout: Layout, addition: _Addition) -> bool:
    comment = layout.comment_on(addition.row)
    if comment is None:
        return False
    directives = parse_comment(layout.source.text[comment.start : comment.end])
    return any(directive.action is Action.NOQA and {*addition.codes} <= {*directive.codes} for directive in directives)


def _edit(text: str, edits: Iterable[Edit]) -> str:
    parts: list[str] = []
    done = 0
    for edit in sorted(edits):
        parts += [text[done : edit.start], edit.text]
        done = edit.end
    return "".join([*parts, text[done:]])
