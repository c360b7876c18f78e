"""Completion of keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lsprotocol import types as t
from streamlint.facts.names import StateNames, lines_of, names_of_broken
from streamlint.findings import Span
from streamlint.flow.spellings import can_be_attribute
from streamlint.statemap import WRITES, Access, StateMap
from streamlint.streamlit_api import element

from streamlint_lsp import keys
from streamlint_lsp.cursor import ATTRIBUTE, BARE, Typed, typed
from streamlint_lsp.life import life
from streamlint_lsp.markup import markup
from streamlint_lsp.view import View

_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"})


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the client can do with an item."""

    label_details: bool = False
    resolves: bool = False
    markdown: bool = False

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
        )


def complete(view: View, position: t.Position, can: Abilities) -> t.CompletionList | None:
    """The keys that may be meant at a position."""
    what = typed(view.document.text, view.offset(position))
    if what is None or not _is_asked_for(view, what):
        return None
    found = [key for key in _keys(view, what) if what.form != ATTRIBUTE or can_be_attribute(key)]
    items = [item for key in found if (item := _item(view, what, key, can)) is not None]
    return t.CompletionList(is_incomplete=False, items=sorted(items, key=lambda item: item.sort_text or ""))


def resolve(view: View | None, item: t.CompletionItem, can: Abilities) -> t.CompletionItem:
    """The item with what is told of its key."""
    key = item.data.get("key") if isinstance(item.data, dict) else None
    if view is not None and isinstance(key, str):
        item.documentation = _documentation(view, key, can)
    return item


# --- whose key it is -----------------------------------------------------------------------------------------


def _is_asked_for(view: View, what: Typed) -> bool:
    """Whether what is typed is a key of the session state or of a widget."""
    names, line = _names(view, what)
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


def _names(view: View, what: Typed) -> tuple[StateNames | None, int]:
    """What names mean in the statement of the cursor, and the line that it has there.

    What is known of an older text will do if nothing but the statement was changed since."""
    names = view.answer.names
    if names is None:
        return None, what.line + 1
    old, new = names.lines, lines_of(view.document.text)
    first = next((at for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), None)
    if first is None and len(old) == len(new):
        return names, what.line + 1
    first = min(len(old), len(new)) if first is None else first
    same = 0
    while same < min(len(old), len(new)) - first and old[-1 - same] == new[-1 - same]:
        same += 1
    beside = new[first : what.line] + new[what.last + 1 : len(new) - same]
    if not any(line.strip() for line in beside):
        return names, min(first, what.line) + 1
    fresh = names_of_broken(view.document.text, range(what.line, what.last + 1))
    return (fresh.with_known(names.known) if fresh is not None else names), what.line + 1


# --- which keys ----------------------------------------------------------------------------------------------


def _keys(view: View, what: Typed) -> Iterator[str]:
    for key in sorted({key for each in view.maps for key in each.keys}):
        if key and any(not _is_typed(view, access, what.span) for access in keys.accesses(view.maps, key)):
            yield key


def _is_typed(view: View, access: Access, span: Span) -> bool:
    """Whether an access is the one that is being typed, as it was a moment ago."""
    if access.place.path != view.path or access.token is None:
        return False
    moved = view.moved(access.token)
    return moved is None or (moved.start <= span.end and span.start <= moved.end)


def _rank(view: View, what: Typed, key: str) -> int:
    """The smaller, the likelier."""
    if what.owner is None:
        drawn = any(each.widgets(key) for each in view.maps)
        read = any(access.reads or access.use == "asks" for access in keys.accesses(view.maps, key))
        return 3 if drawn else 0 if read else 1
    if any(_is_of_page(view, access) for access in keys.initialisers(view.maps, key) if access.use in WRITES):
        return 0
    return 1 if any(each.widgets(key) for each in view.maps) else 2


def _is_of_page(view: View, access: Access) -> bool:
    return access.place.path == view.path or view.path in access.pages


# --- how they are shown --------------------------------------------------------------------------------------


def _item(view: View, what: Typed, key: str, can: Abilities) -> t.CompletionItem | None:
    new = _spelled(view, what, key)
    if new is None:
        return None
    type_ = keys.type_of(view.maps, key)
    set_at = next(iter(keys.initialisers(view.maps, key)), None)
    place = keys.place_name(view, set_at) if set_at is not None else None
    item = t.CompletionItem(
        label=key,
        kind=t.CompletionItemKind.Variable,
        detail=type_ if can.label_details else " · ".join(filter(None, (type_, place))) or None,
        sort_text=f"{_rank(view, what, key)}{key}",
        filter_text=new if what.form == BARE else key,
        text_edit=t.TextEdit(view.positions.range(what.span), new),
        insert_text_format=t.InsertTextFormat.PlainText,
        data={"uri": view.document.uri, "key": key},
    )
    if can.label_details:
        label = f": {type_}" if type_ else None
        item.label_details = t.CompletionItemLabelDetails(detail=label, description=place)
    if not can.resolves:
        item.documentation = _documentation(view, key, can)
    return item


def _documentation(view: View, key: str, can: Abilities) -> t.MarkupContent:
    """The life of a key in the apps that run the file."""
    page = markup(can.markdown)
    known: list[StateMap] = [each for each in view.maps if key in each.keys]
    return page.content([line for each in known[:1] for line in life(view, each, key, page)])


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
