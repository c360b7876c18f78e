"""Changes of a default that is thrown away: `st.session_state.get("rows", []).append(row)`."""

from __future__ import annotations

from streamlint.facts import ir
from streamlint.findings import Place
from streamlint.flow.faults import emit
from streamlint.flow.machine import Machine
from streamlint.flow.tree import KeyVal, Present
from streamlint.flow.values import Builtin, Late, Method, State, Value

FRESH = frozenset({"list", "dict", "set"})
GROWING = frozenset({"append", "extend", "insert", "add", "update", "setdefault", "appendleft"})


def check_call(m: Machine, func: ir.Expr, value: Value, place: Place) -> None:
    """`<get with a fresh default>.append(...)`: where the key is not set, nothing keeps the default."""
    if isinstance(func, ir.Attr) and func.name in GROWING and isinstance(value, Method):
        _check(m, func.obj, value.owner, f".{func.name}(...)", place)


def check_item(m: Machine, obj: ir.Expr, owner: Value, place: Place) -> None:
    """`<get with a fresh default>[...] = ...`."""
    _check(m, obj, owner, "[...] = ...", place)


def _check(m: Machine, obj: ir.Expr, owner: Value, change: str, place: Place) -> None:
    if not isinstance(obj, ir.Call) or not isinstance(owner, Late) or owner.alias is None or not _gets(m, obj):
        return
    if not _is_fresh(m, obj.args[-1] if len(obj.args) > 1 else dict(obj.kwargs).get("default")):
        return
    held = m.origin(owner.term)
    if isinstance(held, KeyVal) and held.key == owner.alias:
        step = f"changes the default of `{owner.alias}`, which is not set: the change is lost"
        emit(m, "lost default", place, (), (step, owner.alias, change), unless=Present(owner.alias))


def _gets(m: Machine, call: ir.Call) -> bool:
    """Whether it is `.get` of the session state, or `getattr` of it."""
    match call.func:
        case ir.Attr(obj, "get"):
            return _is_state(m, obj)
        case ir.Name("getattr") if len(call.args) == 3:
            return m.lookup("getattr") in (None, Builtin("getattr")) and _is_state(m, call.args[0])
        case _:
            return False


def _is_state(m: Machine, expr: ir.Expr) -> bool:
    from streamlint.flow.expressions import evaluate

    match expr:
        case ir.Name(name):
            return isinstance(m.lookup(name), State)
        case ir.Attr(ir.Name(), "session_state"):
            return isinstance(evaluate(m, expr), State)
        case _:
            return False


def _is_fresh(m: Machine, default: ir.Expr | None) -> bool:
    """A list, dict or set made on the spot."""
    match default:
        case ir.Display(kind="list" | "set") | ir.DictDisplay() | ir.Comp(kind="list" | "set" | "dict"):
            return True
        case ir.Call(func=ir.Name(name)) if name in FRESH:
            return m.lookup(name) in (None, Builtin(name))
        case _:
            return False
