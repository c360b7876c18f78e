"""What an app does to the keys of its session state, and where: what editors and pictures show of it.

The walk notes each use when it comes there; the finished tree says which pages and callbacks lead to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from streamlint.findings import Place
from streamlint.flow.reduce import blocks_of
from streamlint.flow.tree import Block, CallN, Draw, Lit, Spec, Tag, Term, WidgetInfo, WidgetVal
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
from streamlint.records import immutable
from streamlint.streamlit_api import element

if TYPE_CHECKING:
    from streamlint.flow.machine import Machine

Root: TypeAlias = tuple[str, str | None]
"""The script of a page that leads somewhere, and the callback of one of its widgets if it is that."""


@immutable
class KeyUse:
    """One use of a key. `use` is a verb: initialises, sets, reads, updates, deletes, pops, asks, draws.

    `key` is the key; if not `exact`, only parts of it are known, with "…" between them. `pages` are the scripts
    (absolute paths) whose runs come here, `callbacks` the names of the callbacks that do. `element` is the widget that
    is drawn."""

    key: str
    exact: bool
    use: str
    place: Place
    pages: tuple[str, ...] = ()
    callbacks: tuple[str, ...] = ()
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


def key_uses(m: Machine, scripts: Iterable[Spec]) -> KeyUses:
    """The uses that a walk has met."""
    reached, draws = _reach(m, scripts)
    found: dict[tuple[str, str, Place], set[Root]] = {}
    for block, use, key, place in m.key_uses:
        if key is not None:
            found.setdefault((use, key if isinstance(key, str) else str(key), place), set()).update(
                reached.get(id(block), ())
            )
    fixed = {key for _, _, key, _ in m.key_uses if isinstance(key, str)}
    uses = [
        KeyUse(key, key in fixed, use, place, _pages(roots), _callbacks(roots))
        for (use, key, place), roots in found.items()
    ]
    uses += _drawn(draws)
    unknown = {place for _, _, key, place in m.key_uses if key is None}
    keyless = {draw.place for draw, _ in draws.values() if draw.widget.key is None and draw.widget.pattern is None}
    return KeyUses(
        tuple(sorted(uses, key=lambda each: (each.place, each.key, each.use))),
        tuple(_types(m, draws)),
        tuple(sorted(m.state_parameters)),
        tuple(sorted(unknown)),
        frozenset(keyless),
    )


def _pages(roots: Iterable[Root]) -> tuple[str, ...]:
    return tuple(sorted({page for page, _ in roots}))


def _callbacks(roots: Iterable[Root]) -> tuple[str, ...]:
    return tuple(sorted({callback for _, callback in roots if callback is not None}))


def _drawn(draws: dict[int, tuple[Draw, set[Root]]]) -> Iterator[KeyUse]:
    """The widgets that have a key, one for each place and key."""
    found: dict[tuple[str, Place], tuple[Draw, set[Root]]] = {}
    for draw, roots in draws.values():
        key = draw.widget.key or (str(draw.widget.pattern) if draw.widget.pattern is not None else None)
        if key is not None and not key.startswith("FormSubmitter:"):
            found.setdefault((key, draw.place), (draw, set()))[1].update(roots)
    for (key, place), (draw, roots) in found.items():
        widget = draw.widget
        exact, lasts = widget.key is not None, widget.lasting == "session"
        yield KeyUse(key, exact, "draws", place, _pages(roots), _callbacks(roots), widget.element, lasts)


# --- who leads there -----------------------------------------------------------------------------------------


def _reach(m: Machine, scripts: Iterable[Spec]) -> tuple[dict[int, set[Root]], dict[int, tuple[Draw, set[Root]]]]:
    """Which runs come to each block (by identity), and to each widget that is drawn. A page that the entrypoint runs
    inside of itself counts for itself."""
    blocks: dict[int, set[Root]] = {}
    draws: dict[int, tuple[Draw, set[Root]]] = {}
    pages = {spec.id: path for path, spec in m.scripts.items()}
    todo: list[tuple[Block, Root]] = [(spec.body, (pages.get(spec.id, spec.name), None)) for spec in scripts]
    while todo:
        block, root = todo.pop()
        known = blocks.setdefault(id(block), set())
        if root in known:
            continue
        known.add(root)
        for node in block:
            todo += ((nested, root) for nested in blocks_of(node))
            if isinstance(node, CallN):
                todo.append((node.spec.body, (pages.get(node.spec.id, root[0]), root[1])))
            elif isinstance(node, Draw):
                draws.setdefault(id(node), (node, set()))[1].add(root)
                if node.widget.callback is not None:
                    todo.append((node.widget.callback.body, (root[0], _name_of(node.widget.callback))))
    return blocks, draws


def _name_of(callback: Spec) -> str:
    """The function that a callback calls first."""
    called = next((node.spec.name for node in callback.body if isinstance(node, CallN)), None)
    return called or "a callback"


# --- types ---------------------------------------------------------------------------------------------------


def _types(m: Machine, draws: dict[int, tuple[Draw, set[Root]]]) -> Iterator[tuple[str, tuple[str, ...]]]:
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
