"""Callbacks that are called where they should be passed: `on_click=save()`."""

from __future__ import annotations

from streamlint.facts import ir
from streamlint.flow.faults import emit
from streamlint.flow.machine import Machine
from streamlint.flow.values import Element, Known, Value
from streamlint.streamlit_api import element as catalogue_element


def check_called(m: Machine, func: Value, expr: ir.Call, args: list[Value], kwargs: dict[str, Value]) -> None:
    """A widget is given the result of a call as its callback, and the result is None."""
    if not isinstance(func, Element) or not m.alive:
        return
    facts = catalogue_element(func.name, m.version) or catalogue_element(func.name)
    if facts is None or facts.callback is None:
        return
    given: ir.Expr | None = dict(expr.kwargs).get(facts.callback)
    value = kwargs.get(facts.callback)
    index = facts.argument_index(facts.callback)
    if given is None and index is not None and index < len(expr.args) == len(args):
        given, value = expr.args[index], args[index]
    if isinstance(given, ir.Call) and value == Known.of(None):
        about = (f"calls `{given.text}` in every run, and not at the event", func.name, facts.callback, given.text)
        emit(m, "callback called", m.place(given.span), (), about, everywhere=True)
