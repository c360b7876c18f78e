"""What an element claims for itself: its key, or the identity that Streamlit computes where it has none.

Two elements of one run must not claim the same. An identity is the element's name, its arguments, its form and, since
1.46, whether it stands in the sidebar. What the analysis cannot tell apart from run to run claims nothing.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from streamlint.findings import Place
from streamlint.flow.machine import Machine
from streamlint.flow.models import as_text
from streamlint.flow.tree import (
    CellId,
    CellRef,
    Claim,
    Forbidden,
    Shown,
    Sym,
    WidgetInfo,
)
from streamlint.flow.values import Container, Element, Func, Known, Late, Mapping, Seq, Value
from streamlint.streamlit_api import Element as Facts

SIDEBAR_APART = (1, 46)
"""Since this version an element in the sidebar or in a dialog is never the same as one outside."""
FRAGMENTS_CLOSED = ((1, 37), (1, 58))
"""The versions in which a fragment must not write to containers around it."""
NOT_IDENTITY = frozenset({
    "key", "disabled", "label_visibility", "on_change", "on_click", "on_submit", "args", "kwargs", "bind",
    "persist_state",
})  # fmt: skip
"""Parameters that take no part in the identity of any element."""
SUBMIT = "form_submit_button"
UNKNOWN_FORM = "\0form"
"""How the name of a form begins whose key is not known."""


# --- where an element is drawn -------------------------------------------------------------------------------


def container_of(m: Machine, func: Element) -> Container | None:
    """The container that a call draws into; None for the page itself."""
    if func.within is not None:
        return func.within
    return m.within[-1] if m.within else None


def level_of(m: Machine, func: Element) -> int | None:
    """The number of fragments around a container that the call makes, as far as the checks need it."""
    container = container_of(m, func)
    return len(m.fragments) if container is None else container.level


def region_of(m: Machine, func: Element) -> str:
    """`main`, `sidebar` or `dialog`."""
    container = container_of(m, func)
    return container.where if container is not None else "main"


def check_fragment(m: Machine, func: Element, facts: Facts, place: Place, is_widget: bool) -> None:
    """Notes what a fragment draws outside itself, where this version minds."""
    container = container_of(m, func)
    first, last = FRAGMENTS_CLOSED
    if not m.fragments or container is None or not first <= m.version <= last:
        return
    if container.level is None or container.level >= len(m.fragments):
        return
    if is_widget:
        m.emit(Forbidden(("forbidden", m.fresh()), "outside", func.name, place))
    elif container.kind == "sidebar" and not facts.is_container and facts.kinds & {"display", "chart"}:
        m.emit(Forbidden(("forbidden", m.fresh()), "sidebar", func.name, place))


# --- claims --------------------------------------------------------------------------------------------------


def claim_widget(
    m: Machine, info: WidgetInfo, given: dict[str, Value], facts: Facts, region: str, has_key: bool
) -> tuple[Claim, ...]:
    """What a widget claims. `given` are its arguments by parameter."""
    if has_key:
        return () if info.key is None else (key_claim(info.key),)
    if info.element == SUBMIT:
        return _submit_claim(info, given)
    claim = identity(m, info.element, info.form, given, facts, region)
    return () if claim is None else (claim,)


def key_claim(key: str) -> Claim:
    return Claim("key", key)


def _submit_claim(info: WidgetInfo, given: dict[str, Value]) -> tuple[Claim, ...]:
    """Submit buttons without a key get one of their form and their label."""
    label = given.get("label")
    text = "Submit" if label is None else label.value if isinstance(label, Known) else None
    if text is None or info.form is None or info.form.startswith(UNKNOWN_FORM):
        return ()
    return (Claim("id", (SUBMIT, info.form, text)),)


def show(m: Machine, func: Element, facts: Facts, given: dict[str, Value], form: str | None, place: Place) -> None:
    """An element without state whose key must be its own all the same: a container, a form, a chart."""
    key = given.get("key")
    name = as_text(key) if key is not None and not (isinstance(key, Known) and key.value is None) else None
    claims: tuple[Claim, ...] = ()
    if facts.keys == "form":
        claims = (Claim("form", name),) if name is not None else ()
    elif not facts.plain.unique_key and not facts.plain.unique_id:
        return
    elif name is not None:
        claims = (key_claim(name),) if facts.plain.unique_key else ()
    elif key is None and facts.plain.unique_id:
        claim = identity(m, func.name, form, given, facts, region_of(m, func))
        claims = () if claim is None else (claim,)
    if claims:
        locks = name if facts.keys == "form" else None
        m.emit(Shown(("shown", m.fresh()), func.name, claims, locks, place))


def identity(
    m: Machine, element: str, form: str | None, given: dict[str, Value], facts: Facts, region: str
) -> Claim | None:
    """The identity of an element without a key; None if it is not known well enough."""
    if not facts.plain.unique_id and (facts.active is None or not facts.active.unique_id):
        return None
    if form is not None and form.startswith(UNKNOWN_FORM):
        return None
    cells: list[CellId] = []
    parts: list[Hashable] = []
    for parameter in facts.parameters:
        if parameter.name in NOT_IDENTITY or (element == "download_button" and parameter.name == "data"):
            continue
        value = given.get(parameter.name)
        part = parameter.default if value is None else _part(value, cells)
        if m.version >= (1, 40) and (element, parameter.name, part) == ("multiselect", "default", ("items", ())):
            part = parameter.default  # nothing chosen, said in another way (told apart in 1.28, no more in 1.40)
        if part is None and value is not None:
            return None
        parts.append(part)
    where = region if m.version >= SIDEBAR_APART else ""
    return Claim("id", (element, form, where, tuple(parts)), tuple(cells))


def _part(value: Value, cells: list[CellId]) -> Hashable:
    """An argument in the identity; None if it may differ between two evaluations that look alike. Where it is the value
    of a cell, the cell is noted instead: two such arguments are the same if their values are."""
    match value:
        case Known(constant):
            return repr(constant)
        case Seq(items=items, exact=True, only_if=()):
            parts = tuple(_part(item, cells) for item in items)
            return None if None in parts else ("items", parts)
        case Mapping(items, True):
            pairs = tuple((_part(k, cells), _part(v, cells)) for k, v in items)
            return None if any(None in pair for pair in pairs) else ("pairs", pairs)
        case Func():
            return ("function", replace(value, role=""))
        case Late(CellRef(cell)):
            cells.append(cell)
            return ("value",)
        case Late(Sym(tuple() as name)):
            return ("outside", _rooted(name, cells))
        case _:
            return None


def _rooted(name: tuple[Hashable, ...], cells: list[CellId]) -> Hashable:
    """A name like `frame.columns` without the cell that it begins with."""
    if name[0] == "attr":
        cells.append(name[1])
        return ("attr", *name[2:])
    if isinstance(name[0], tuple):
        return (_rooted(name[0], cells), *name[1:])
    return name
