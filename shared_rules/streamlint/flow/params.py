"""What code does to single parameters of the page's address (`st.query_params`): noted while it is walked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streamlint.facts import ir
from streamlint.findings import Place
from streamlint.flow.tree import Sym
from streamlint.flow.values import Known, Late, Value

if TYPE_CHECKING:
    from streamlint.flow.machine import Machine

QUERY = Sym(("st", "query_params"))
READING = frozenset({"get", "get_all"})


def is_query(value: Value | None) -> bool:
    """Whether a value is `st.query_params`."""
    return isinstance(value, Late) and value.term == QUERY


def note_store(m: Machine, owner: Value, name: Value, value: Value, place: Place) -> None:
    """`owner[name] = value`, or the same as an attribute."""
    if is_query(owner) and isinstance(name, Known) and isinstance(name.value, str):
        m.params.stored[place] = (name.value, value)


def note_read(m: Machine, owner: Value, node: ir.Attr | ir.Sub) -> None:
    """`owner.name` or `owner["name"]`."""
    if is_query(owner):
        name = (
            node.name if isinstance(node, ir.Attr) else node.index.value if isinstance(node.index, ir.Const) else None
        )
        m.params.read |= {name} if isinstance(name, str) else set()


def note_get(m: Machine, node: ir.Call) -> None:
    """`owner.get("name", ...)`."""
    from streamlint.flow.guards import look

    match node:
        case ir.Call(ir.Attr(owner, method), (ir.Const(str() as name), *_)) if method in READING:
            if is_query(look(m, owner)):
                m.params.read.add(name)
        case _:
            pass
