"""Parameters of the page's address that are kept in step with widgets by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.findings import Place
from streamlint.flow.origins import Origins
from streamlint.flow.params import QUERY
from streamlint.flow.planting import Tree
from streamlint.flow.tree import Draw, KeyVal, Sym, Term, WidgetVal, Write
from streamlint.flow.values import Value
from streamlint.records import immutable
from streamlint.streamlit_api import element as catalogue_element

if TYPE_CHECKING:
    from streamlint.flow.machine import Machine


@immutable
class Synced:
    """A parameter that is set from a widget which begins with it. `key` is the widget's, if it has one."""

    place: Place
    parameter: str
    element: str
    key: str | None
    widget: Place


def synced(m: Machine, tree: Tree) -> Iterator[Synced]:
    """The stores into parameters that only say what one widget holds, which begins with the parameter."""
    origins = Origins(m, tree)
    for place, (name, value) in sorted(m.params.stored.items()):
        sources = {s for s in origins.of(value, tests=False) if isinstance(s, KeyVal | WidgetVal)}
        draws = {draw.widget.id: draw for draw in tree.draws if name in m.params.read and _is_of(draw, sources)}
        draw = next(iter(draws.values()), None)
        if draw is not None and len(draws) == 1 and _can_bind(m, draw) and _begins_with(m, origins, draw):
            yield Synced(place, name, draw.widget.element, draw.widget.key, draw.place)


def _is_of(draw: Draw, sources: set[KeyVal | WidgetVal]) -> bool:
    widget = draw.widget
    if WidgetVal(widget.id) in sources:
        return True
    return widget.key is not None and any(isinstance(s, KeyVal) and s.key == widget.key for s in sources)


def _can_bind(m: Machine, draw: Draw) -> bool:
    facts = catalogue_element(draw.widget.element, m.version)
    takes = facts is not None and any(each.name == "bind" for each in facts.parameters)
    return takes and "bind" not in m.drawn_with.get(draw.widget.id, {})


def _begins_with(m: Machine, origins: Origins, draw: Draw) -> bool:
    """Whether an argument of the widget, or what the code stores under its key, is made of the parameters."""
    given: list[Value] = list(m.drawn_with.get(draw.widget.id, {}).values())
    for node, values in m.given.items():
        if isinstance(node, Write) and node.key == draw.widget.key:
            given += values
    return any(_is_query_in(origins.terms(value, tests=True)) for value in given)


def _is_query_in(terms: frozenset[Term]) -> bool:
    return any(_is_part(term.name) for term in terms if isinstance(term, Sym))


def _is_part(name: object) -> bool:
    """Whether a symbol is the parameters, or a part of them."""
    while isinstance(name, tuple) and name:
        if name == QUERY.name:
            return True
        name = name[0]
    return False
