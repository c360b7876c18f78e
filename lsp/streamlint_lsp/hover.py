"""What the mouse is told: the life of a key, and what a rule of a suppression comment is about."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types as t
from streamlint.findings import DOCS_URL, Finding, Span
from streamlint.rules import Rule, all_rules, page, rule
from streamlint.statemap import Access, StateMap
from streamlint.suppressions.directives import may_have_directives, parse_comment

from streamlint_lsp import keys
from streamlint_lsp.cursor import comment_at
from streamlint_lsp.life import life
from streamlint_lsp.markup import Plain, markup
from streamlint_lsp.view import View

MANY_KEYS = 5
"""More keys than this at one place are only named."""


def takes_markdown(capabilities: t.ClientCapabilities) -> bool:
    text = capabilities.text_document
    formats = text.hover.content_format if text and text.hover else None
    return t.MarkupKind.Markdown in (formats or ())


def hover(view: View, position: t.Position, markdown: bool) -> t.Hover | None:
    """What is to say of the key or the rule at a position."""
    form = markup(markdown)
    found = view.accesses(position)
    if found:
        return _of_keys(view, found, form)
    return _of_comment(view, position, form)


# --- keys ----------------------------------------------------------------------------------------------------


def _of_keys(view: View, found: list[tuple[StateMap, Access]], form: Plain) -> t.Hover:
    names = list(dict.fromkeys(access.key for _, access in found))
    lines = [_summary(names, found, form)] if len(names) > 1 or not found[0][1].exact else []
    if len(names) <= MANY_KEYS:
        for app, access in found:
            if access.exact:
                lines += [*_apart(lines), *life(view, app, access.key, form), *_findings(view, access.key, form)]
    token = found[0][1].token
    return t.Hover(form.content(lines), view.range(token) if token is not None else None)


def _apart(lines: list[str]) -> list[str]:
    return ["", "---", ""] if lines else []


def _summary(names: list[str], found: list[tuple[StateMap, Access]], form: Plain) -> str:
    """What one expression stands for."""
    shown = ", ".join(form.code(name) for name in names[:MANY_KEYS]) + (", …" if len(names) > MANY_KEYS else "")
    if len(names) > 1:
        return f"{len(names)} keys of session state: {shown}"
    return f"a key of session state that is made at run time: {shown}"


def _findings(view: View, key: str, form: Plain) -> Iterator[str]:
    everything = (*view.answer.findings, *view.answer.elsewhere)
    mine = [finding for finding in everything if finding.key == key]
    if mine:
        yield ""
        yield from (_finding(view, finding, form) for finding in mine)


def _finding(view: View, finding: Finding, form: Plain) -> str:
    location = view.location(finding.place)
    name = keys.relative(view, finding.place.path)
    place = f" ({name}:{location.range.start.line + 1})" if location is not None else f" ({name})"
    return f"- {form.link(f'{finding.code} {finding.name}', finding.url)}{place}: {form.escaped(finding.message)}"


# --- comments ------------------------------------------------------------------------------------------------


def _of_comment(view: View, position: t.Position, form: Plain) -> t.Hover | None:
    text, offset = view.document.text, view.offset(position)
    source = view.document.source
    if not may_have_directives(source.line_text(source.line_of(offset))):
        return None
    comment = comment_at(text, offset)
    word = _word(text, offset, comment) if comment is not None else None
    if comment is None or word is None:
        return None
    written = text[word.start : word.end]
    for directive in parse_comment(text[comment.start : comment.end]):
        inside = comment.start + directive.start <= word.start <= comment.start + directive.end
        if inside and {written, written.upper()} & {*directive.codes}:
            lines = _rules(written, form)
            return t.Hover(form.content(lines), view.positions.range(word)) if lines else None
    return None


def _word(text: str, offset: int, around: Span) -> Span | None:
    """The code or name around an offset."""
    start = end = offset
    while start > around.start and _is_part(text[start - 1]):
        start -= 1
    while end < around.end and _is_part(text[end]):
        end += 1
    return Span(start, end) if start < end else None


def _is_part(char: str) -> bool:
    return char.isalnum() or char in "-_"


def _rules(written: str, form: Plain) -> list[str]:
    """What the rule or the rules of a selector are about."""
    known = rule(written)
    if known is not None:
        return _rule(known, form)
    group = [each for each in all_rules() if each.code.startswith(written.upper())]
    if not written.upper().startswith("STL"):
        return []
    return [f"- {form.link(each.code, DOCS_URL + each.name)} {each.name}: {each.summary}" for each in group]


def _rule(known: Rule, form: Plain) -> list[str]:
    title = form.link(f"{known.code} {known.name}", DOCS_URL + known.name)
    return [f"{form.bold(title)} ({known.severity.value})", "", form.block(known.summary), "", *_first_section(known)]


def _first_section(known: Rule) -> list[str]:
    """The paragraphs of a rule's page that say what it does."""
    lines = page(known).splitlines()
    headings = [at for at, line in enumerate(lines) if line.startswith("## ")]
    if not headings:
        return []
    end = headings[1] if len(headings) > 1 else len(lines)
    return "\n".join(lines[headings[0] + 1 : end]).strip().splitlines()
