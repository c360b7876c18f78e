"""What an app does to the keys of its session state, and where: what editors and pictures show of it.

The walk notes each use when it comes there; the finished tree says which pages and callbacks lead to it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Place, Span
from streamlint.flow.reduce import blocks_of
from streamlint.flow.tree import Block, CallN, Draw, Lit, Pages, Spec, Tag, Term, WidgetInfo, WidgetVal
from streamlint.flow.values import (
    Func,
    Instance,
    Known,
    Late,
    Length,
    Mapping,
    Member,
    OneOf,
    Seq,
    Text,
    Value,
)
from streamlint.records import immutable, ordered
from streamlint.streamlit_api import element

if TYPE_CHECKING:
    from streamlint.flow.machine import Machine


@ordered
class Run:
    """What leads somewhere: the script of a page (its absolute path), or the callback of one of its widgets, by its
    name (else "") and the place of that name."""

    page: str
    callback: str
    place: Place


@immutable
class KeyUse:
    """One use of a key. `use` is a verb: initialises, sets, reads, updates, deletes, pops, asks, draws.

    `key` is the key; if not `exact`, only parts of it are known, with "…" between them. `runs` come here. `element` is
    the widget that is drawn."""

    key: str
    exact: bool
    use: str
    place: Place
    runs: tuple[Run, ...] = ()
    element: str | None = None
    lasting: bool = False
    """Whether a widget that is drawn keeps its value while it is not drawn (`persist_state`)."""


@immutable
class KeyUses:
    """What one app does to keys, in the order of places, and the types of what they hold, as far as that is known."""

    uses: tuple[KeyUse, ...] = ()
    types: tuple[tuple[str, tuple[str, ...]], ...] = ()
    parameters: tuple[tuple[str, str, str], ...] = ()
    """The parameters that are given the session state: file, qualified name of the function, name."""
    unknown: tuple[Place, ...] = ()
    """Where something is done to keys of which nothing is known."""
    keyless: frozenset[Place] = frozenset()
    """Where widgets are drawn without a key, or with one of which nothing is known."""
    titles: tuple[tuple[str, str], ...] = ()
    """The scripts that `st.navigation` offers, with the titles they are given there ("" for none)."""


def key_uses(m: Machine, scripts: Iterable[Spec]) -> KeyUses:
    """The uses that a walk has met."""
    reached, draws, titles = _reach(m, scripts)
    found: dict[tuple[str, str, Place], set[Run]] = {}
    for block, use, key, place in m.key_uses:
        if key is not None:
            found.setdefault((use, key if isinstance(key, str) else str(key), place), set()).update(
                reached.get(id(block), ())
            )
    fixed = {key for _, _, key, _ in m.key_uses if isinstance(key, str)}
    uses = [KeyUse(key, key in fixed, use, place, tuple(sorted(runs))) for (use, key, place), runs in found.items()]
    uses += _drawn(draws)
    unknown = {place for _, _, key, place in m.key_uses if key is None}
    keyless = {draw.place for draw, _ in draws.values() if draw.widget.key is None and draw.widget.pattern is None}
    uses.sort(key=lambda each: (each.place, each.key, each.use))
    types, parameters = tuple(_types(m, draws)), tuple(sorted(m.state_parameters))
    offered = tuple(sorted(titles.items()))
    return KeyUses(tuple(uses), types, parameters, tuple(sorted(unknown)), frozenset(keyless), offered)


def _drawn(draws: dict[int, tuple[Draw, set[Run]]]) -> Iterator[KeyUse]:
    """The widgets that have a key, one for each place and key."""
    found: dict[tuple[str, Place], tuple[Draw, set[Run]]] = {}
    for draw, runs in draws.values():
        key = draw.widget.key or (str(draw.widget.pattern) if draw.widget.pattern is not None else None)
        if key is not None and not key.startswith("FormSubmitter:"):
            found.setdefault((key, draw.place), (draw, set()))[1].update(runs)
    for (key, place), (draw, runs) in found.items():
        widget = draw.widget
        exact, lasts = widget.key is not None, widget.lasting == "session"
        yield KeyUse(key, exact, "draws", place, tuple(sorted(runs)), widget.element, lasts)


# --- who leads there -----------------------------------------------------------------------------------------


def _reach(
    m: Machine, scripts: Iterable[Spec]
) -> tuple[dict[int, set[Run]], dict[int, tuple[Draw, set[Run]]], dict[str, str]]:
    """Which runs come to each block (by identity), and to each widget that is drawn; and the scripts that are offered
    as pages, with their titles. A page that the entrypoint runs inside of itself counts for itself."""
    blocks: dict[int, set[Run]] = {}
    draws: dict[int, tuple[Draw, set[Run]]] = {}
    titles: dict[str, str] = {}
    pages = {spec.id: path for path, spec in m.scripts.items()}
    todo: list[tuple[Block, Run]] = [(spec.body, _script(pages.get(spec.id, spec.name))) for spec in scripts]
    while todo:
        block, run = todo.pop()
        known = blocks.setdefault(id(block), set())
        if run in known:
            continue
        known.add(run)
        for node in block:
            todo += ((nested, run) for nested in blocks_of(node))
            if isinstance(node, CallN):
                page = pages.get(node.spec.id)
                todo.append((node.spec.body, run if page is None else _script(page)))
            elif isinstance(node, Draw):
                draws.setdefault(id(node), (node, set()))[1].add(run)
                if node.widget.callback is not None:
                    todo.append((node.widget.callback.body, _callback(run.page, node.widget.callback)))
            elif isinstance(node, Pages):
                titles |= {arm.id: _title(arm.id, arm.title) for arm in node.offered if isinstance(arm.id, str)}
    return blocks, draws, titles


def _script(page: str) -> Run:
    return Run(page, "", Place(page, Span(0, 0)))


def _callback(page: str, callback: Spec) -> Run:
    """It is called like the function that it calls first."""
    called = next((node.spec for node in callback.body if isinstance(node, CallN)), None)
    return Run(page, called.name, called.place) if called is not None else Run(page, "a callback", callback.place)


def _title(path: str, title: str) -> str:
    """The title that a page is given; without one, the tree has the name of its file."""
    return "" if title == os.path.basename(path) else title


# --- types ---------------------------------------------------------------------------------------------------


def _types(m: Machine, draws: dict[int, tuple[Draw, set[Run]]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    widgets = {draw.widget.id: draw.widget for draw, _ in draws.values()}
    bound: dict[str, list[WidgetInfo]] = {}
    for widget in widgets.values():
        if widget.key is not None:
            bound.setdefault(widget.key, []).append(widget)

    def names(value: Value) -> Iterator[str]:
        term = m.origin(value.term) if isinstance(value, Late) else None
        if isinstance(term, WidgetVal) and term.widget in widgets:
            yield from _widget_types(m, widgets[term.widget])
        else:
            yield from _type_names(names, value, term)

    for key in sorted(m.values_of.keys() | bound.keys()):
        found = {name for value in m.values_of.get(key, ()) for name in names(value)}
        found |= {name for each in bound.get(key, ()) for name in _widget_types(m, each)}
        if found and (found != {"None"} or key not in bound):  # what else it may hold is not known
            yield key, tuple(sorted(found, key=lambda name: (name == "None", name)))


def _widget_types(m: Machine, widget: WidgetInfo) -> Iterator[str]:
    """What a widget can hold: one that begins with a literal keeps its type, unless it can be emptied."""
    facts = element(widget.element, m.version)
    if facts is None:
        return
    state = facts.plain if facts.plain.entry or facts.active is None else facts.active
    begins = m.origin(widget.default)
    literal = isinstance(begins, Lit) and begins.value is not None and not isinstance(begins.value, Tag)
    if literal and state.first not in (None, "None"):
        yield type(begins.value).__name__  # type: ignore[union-attr]
    elif "option" not in state.types:
        emptied = state.first in (None, "None") or (isinstance(begins, Lit) and begins.value is None)
        yield from ("dict" if name == "edits" else name for name in state.types if emptied or name != "None")


def _type_names(names: Callable[[Value], Iterator[str]], value: Value, term: Term | None) -> Iterator[str]:
    """The names of the types that a value may have; nothing where that is not known."""
    match value:
        case Known(None):
            yield "None"
        case Known(_, kind) if kind:
            yield kind
        case Text():
            yield "str"
        case Length():
            yield "int"
        case Seq(kind=kind, items=items):
            inner = {name for item in items for name in names(item)}
            yield f"{kind}[{inner.pop()}]" if len(inner) == 1 and kind != "tuple" else kind
        case Mapping():
            yield "dict"
        case Instance(_, cls) | Member(cls):
            yield cls.name
        case Func():
            yield "function"
        case OneOf(options=options):
            for option in options:
                yield from names(option)
        case Late() if isinstance(term, Lit) and not isinstance(term.value, Tag):
            yield "None" if term.value is None else type(term.value).__name__
        case _:
            pass
