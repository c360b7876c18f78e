"""Completion of keys."""

from __future__ import annotations

import asyncio

from lsprotocol import types as t
from streamlint.facts.names import StateNames, names_of_broken
from streamlint.findings import Span
from streamlint.records import immutable
from streamlint.streamlit_api import element

from streamlint_lsp import keys, tables
from streamlint_lsp.cursor import ATTRIBUTE, BARE, Typed, typed
from streamlint_lsp.life import life
from streamlint_lsp.markup import markup
from streamlint_lsp.tables import KeyInfo, is_subsequence
from streamlint_lsp.view import View

MANY = 100
"""So many keys are offered at once; of more only those that look like what is typed."""
AT_ONCE = 50
"""So many are told of in full to clients that do not say that they would ask. (By the protocol all may ask.)"""
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"})


@immutable
class Abilities:
    """What the client can do with an item."""

    label_details: bool = False
    resolves: bool = False
    markdown: bool = False
    markup: bool = False

    @staticmethod
    def of(capabilities: t.ClientCapabilities) -> Abilities:
        text = capabilities.text_document
        item = text.completion.completion_item if text and text.completion else None
        if item is None:
            return Abilities()
        lazy = item.resolve_support.properties if item.resolve_support else ()
        return Abilities(
            bool(item.label_details_support),
            "documentation" in lazy,
            t.MarkupKind.Markdown in (item.documentation_format or ()),
            bool(item.documentation_format),
        )


async def complete(view: View, position: t.Position, can: Abilities) -> t.CompletionList | None:
    """The keys that may be meant at a position."""
    what = typed(view.document.text, view.offset(position))
    if what is None or not await _is_asked_for(view, what):
        return None
    typed_so_far = view.document.text[what.span.start : view.offset(position)]
    chosen, whole = _chosen(view, what, typed_so_far)
    told = not can.resolves and len(chosen) <= AT_ONCE
    range_ = view.positions.range(what.span)
    items = [item for info in chosen if (item := _item(view, what, info, can, range_)) is not None]
    for item in items if told else ():
        item.documentation = _documentation(view, item.label, can)
    return t.CompletionList(is_incomplete=not whole, items=items)


def resolve(view: View | None, item: t.CompletionItem, can: Abilities) -> t.CompletionItem:
    """The item with what is told of its key."""
    key = item.data.get("key") if isinstance(item.data, dict) else None
    if view is not None and isinstance(key, str):
        item.documentation = _documentation(view, key, can)
    return item


# --- whose key it is -----------------------------------------------------------------------------------------


async def _is_asked_for(view: View, what: Typed) -> bool:
    """Whether what is typed is a key of the session state or of a widget."""
    names, line = await _names(view, what)
    if what.owner is not None:
        written = ".".join(what.owner)
        return names.is_state(what.owner, line, what.indent) if names else written == "st.session_state"
    facts = element(what.callee[-1], view.answer.target)
    if facts is None or facts.parameter("key") is None or facts.keys != "widget":
        return _is_drawn(view, ".".join(what.callee))
    return names is None or names.is_element(what.callee, line, what.indent)


def _is_drawn(view: View, callee: str) -> bool:
    """Whether a call of this draws a widget elsewhere in the file."""
    text = view.answer.source.text
    drawn = (a.place.span.start for each in view.maps for a in each.within(view.path) if a.use == "draws")
    return any(text.startswith(f"{callee}(", start) for start in drawn)


async def _names(view: View, what: Typed) -> tuple[StateNames | None, float]:
    """What names mean in the statement of the cursor, and the line that it has there.

    What is known of an older text will do if nothing was changed since that could give names another meaning, beside
    the statement itself."""
    names = view.answer.names
    if names is None:
        return None, what.line + 1
    root = (what.owner or what.callee)[0]
    change = names.change(view.document.text)
    if not change.matters(root, range(what.line, what.last + 1)):
        return names, change.line_before(what.line)
    statement = range(what.line, what.last + 1)
    fresh = await asyncio.to_thread(names_of_broken, view.document.text, statement)
    if fresh is None:
        return names, change.line_before(what.line)
    return fresh.with_known(names.known), what.line + 1


# --- which keys ----------------------------------------------------------------------------------------------


def _chosen(view: View, what: Typed, so_far: str) -> tuple[list[KeyInfo], bool]:
    """The keys that are offered, the likeliest ones first, and whether these are all."""
    new = _new(view, what.span)
    found = [info for info in view.answer.table if info.key and info.key not in new]
    if what.form == ATTRIBUTE:
        found = [info for info in found if info.attribute]
    whole = len(found) <= MANY
    if not whole and so_far:
        found = [info for info in found if is_subsequence(so_far, info.key)]
    return sorted(found, key=lambda info: _rank(what, info))[:MANY], whole  # the table is sorted by key


def _new(view: View, span: Span) -> set[str]:
    """The keys that are spelled nowhere but where somebody types."""
    around = view.before(span)
    typed_now = {
        (access.place, access.token): access.key
        for each in view.maps
        for access in each.within(view.path)
        if access.token is not None
        and access.token.start <= around.end
        and around.start <= access.token.end
        and _is_typed(view, access.token, span)
    }
    return {
        key
        for key in typed_now.values()
        if all((access.place, access.token) in typed_now for access in tables.accesses(view.maps, key))
    }


def _is_typed(view: View, token: Span, span: Span) -> bool:
    """Whether a token of the file is the one that is being typed, as it was a moment ago."""
    moved = view.moved(token)
    return moved is None or (moved.start <= span.end and span.start <= moved.end)


def _rank(what: Typed, info: KeyInfo) -> int:
    """The smaller, the likelier."""
    if what.owner is None:
        return 3 if info.drawn else 0 if info.read else 1
    return 0 if info.begun_here else 1 if info.drawn else 2


# --- how they are shown --------------------------------------------------------------------------------------


def _item(view: View, what: Typed, info: KeyInfo, can: Abilities, range_: t.Range) -> t.CompletionItem | None:
    key, type_ = info.key, info.type
    new = _spelled(view, what, key)
    if new is None:
        return None
    place = keys.place_name(view, info.first) if info.first is not None else None
    item = t.CompletionItem(
        label=key,
        kind=t.CompletionItemKind.Variable,
        detail=type_ if can.label_details else " · ".join(filter(None, (type_, place))) or None,
        sort_text=f"{_rank(what, info)}{key}",
        filter_text=new if what.form == BARE else key,
        text_edit=t.TextEdit(range_, new),
        insert_text_format=t.InsertTextFormat.PlainText,
        data={"uri": view.document.uri, "key": key},
    )
    if can.label_details:
        label = f": {type_}" if type_ else None
        item.label_details = t.CompletionItemLabelDetails(detail=label, description=place)
    return item


def _documentation(view: View, key: str, can: Abilities) -> t.MarkupContent | str:
    """The life of a key in the apps that run the file; a mere text for clients that name no kinds of markup."""
    page = markup(can.markdown)
    known = [each for each in view.maps if key in each.keys]
    found = page.content([line for each in known[:1] for line in life(view, each, key, page)])
    return found if can.markup else found.value


def _spelled(view: View, what: Typed, key: str) -> str | None:
    """What is typed for a key; None if it cannot be."""
    if what.form == ATTRIBUTE:
        return key
    if what.form == BARE:
        quote = "'" if view.document.text.count("'") > view.document.text.count('"') else '"'
        return f"{quote}{_escaped(key, quote)}{quote}{what.closers}"
    escaped = _escaped(key, what.quote)
    return None if what.raw and escaped != key else escaped + what.closers


def _escaped(key: str, quote: str) -> str:
    return key.translate(_ESCAPES).replace(quote, f"\\{quote}")
