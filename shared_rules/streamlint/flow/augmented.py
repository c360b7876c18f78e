"""Augmented assignments: `total += price`."""

from __future__ import annotations

from streamlint.facts import ir
from streamlint.flow import methods, models, objects, origins, shared, state
from streamlint.flow.expressions import evaluate, owner_of
from streamlint.flow.frames import Frame
from streamlint.flow.machine import Machine
from streamlint.flow.tree import Arith
from streamlint.flow.values import Known, Late, Mapping, Method, Seq, State, Value


def assign(m: Machine, node: ir.AugAssign) -> None:
    """`target op= value`: the target is read first."""
    match node.target:
        case ir.Name():
            _to_name(m, node, node.target)
        case ir.Attr():
            _to_attribute(m, node, node.target)
        case ir.Sub():
            _to_item(m, node, node.target)
        case _:
            evaluate(m, node.value)


def home_of(m: Machine, name: str) -> Frame:
    """The frame an assignment to `name` binds in."""
    func = m.frame.func
    if func is not None and name in func.globals:
        return m.frame.module
    if func is not None and name in func.nonlocals and m.frame.parent is not None:
        return m.frame.parent.home(name) or m.frame
    return m.frame


def _to_name(m: Machine, node: ir.AugAssign, target: ir.Name) -> None:
    old = evaluate(m, target)
    value = evaluate(m, node.value)
    place, home = m.place(node.span), home_of(m, target.id)
    state.touch(m, old, place, "+=", [value])
    if node.op == "|" and isinstance(old, State):
        return
    new = _added(m, node.op, old, value)
    if isinstance(old, Seq | Mapping):
        shared.changed(m, old, "put", (value,), place, None, "adds to `{}`")
        state.mutated(m, old, new, place, "+=", [value])
    elif home is not m.frame:
        new = shared.name_added(m, home, target.id, new, place)
    m.assign(home, target.id, new)


def _to_attribute(m: Machine, node: ir.AugAssign, target: ir.Attr) -> None:
    owner = owner_of(m, target)
    name, place = target.name, m.place(node.span)
    if isinstance(owner, State) and name in methods.NAMES:
        old: Value = Method(owner, name)
        methods.used(m, old, "adds to", place)
    elif isinstance(owner, State):
        old = state.read(m, Known.of(name), True, place, "updates")
    else:
        old = objects.get_attribute(m, owner, name, m.place(target.span))
    value = evaluate(m, node.value)
    new = shared.added(m, owner, old, value, _added(m, node.op, old, value), place)
    objects.set_attribute(m, owner, name, new, place, adds=True)


def _to_item(m: Machine, node: ir.AugAssign, target: ir.Sub) -> None:
    owner, at = owner_of(m, target), evaluate(m, target.index)
    place = m.place(node.span)
    old: Value = m.unknown()
    if isinstance(owner, State):
        old = m.each(at, lambda k: state.read(m, k, False, place, "updates"), place)
    value = evaluate(m, node.value)
    new = _added(m, node.op, old, value)
    shared.item_added(m, owner, at, old, value, new, place)
    objects.set_item(m, owner, at, new, place)


def _added(m: Machine, op: str, old: Value, value: Value) -> Value:
    """`old op value`, for an assignment."""
    before = len(m.unmade)
    return origins.made(m, _combine(m, op, old, value), [old, value], before)


def _stored(m: Machine) -> Value:
    return m.unknown(free=True, not_none=True)


def _combine(m: Machine, op: str, old: Value, value: Value) -> Value:
    if isinstance(old, Seq) and op == "+" and (more := models.mutate(m, old, "extend", [value])) is not None:
        return more
    if isinstance(old, Late):
        number = op in ("+", "-") and isinstance(value, Known) and isinstance(value.value, int)
        if number:
            return Late(Arith(op, old.term, m.term(value)))
        return models.longer(m, _stored(m)) if op == "+" and isinstance(value, Seq) else _stored(m)
    return models.arithmetic(m, op, old, value)
