"""Writing `# noqa` comments for findings that are to stay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from streamlint.findings import Edit, Finding
from streamlint.records import immutable
from streamlint.source import SourceText
from streamlint.suppressions.directives import Action, parse_comment
from streamlint.suppressions.layout import Layout, Token
from streamlint.suppressions.matching import Suppressions


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
