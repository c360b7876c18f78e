"""Guarded initialisations: `if "k" not in st.session_state: st.session_state.k = value` and its relatives.

They are noted while statements are walked, which is when names mean something; nothing is emitted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from streamlint.facts import ir
from streamlint.findings import Place
from streamlint.flow import params, spellings
from streamlint.flow.tree import Pattern
from streamlint.flow.values import ClassV, Element, External, Instance, Known, Late, ModuleV, State, Text, Value
from streamlint.records import immutable

if TYPE_CHECKING:
    from streamlint.flow.machine import Machine

EMPTY_COLLECTIONS = frozenset({"dict", "list", "set", "tuple", "str", "int", "float", "bool"})
"""Builtins whose call without arguments costs nothing."""


@immutable
class Guard:
    """A statement that initialises keys which are not set.

    `form` says what the test takes for not set: "absent", "none" (or holds None) or "falsy". `plain`: the values are
    literals, containers of literals, and names. `several`: one test guards more than one key; `together`: and these are
    all set or none, whenever a run comes here."""

    place: Place
    keys: tuple[str, ...]
    form: str
    plain: bool
    several: bool
    together: bool = False


@immutable
class _Test:
    """A test whether a key is set: `missing` is the truth of the test if it is not."""

    state: ir.Expr
    key: ir.Expr
    form: str
    missing: bool


def note(m: Machine, node: ir.If) -> None:
    """Remembers the statement if it is a guarded initialisation."""
    test = _test(node.test, True)
    if test is None:
        return
    absent, present = (node.body, node.orelse) if test.missing else (node.orelse, node.body)
    writes = list(absent)
    if not writes or not all(isinstance(write, ir.Assign) for write in writes):
        return
    if not _is_state(m, test.state):
        return
    key = _key(m, test.key)
    found = _initialised(m, absent, present)
    if found is None or key not in found[0]:
        return
    keys, plain = found
    if any(isinstance(each, Pattern) or each is None for each in keys):
        return
    place = m.place(node.span)
    for each, write in zip(keys, writes, strict=True):
        if isinstance(write, ir.Assign) and spellings.is_literal(write.value):
            spellings.note_init(m, str(each), spellings.Init(place, write.value))
    guard = Guard(place, tuple(str(each) for each in keys), test.form, plain, len(keys) > 1)
    known = m.guards.get(place)
    if known is not None:
        guard = replace(guard, keys=tuple(dict.fromkeys((*known.keys, *guard.keys))))
    m.guards[place] = guard


# --- tests ---------------------------------------------------------------------------------------------------


def _test(expr: ir.Expr, missing: bool) -> _Test | None:
    match expr:
        case ir.Not(inner):
            return _test(inner, not missing) if not _is_get(inner) else _of_get(inner, "falsy", missing)
        case ir.Compare(key, ("in" | "not in") as op, box):
            return _Test(_without_keys(box), key, "absent", missing is (op == "not in"))
        case ir.Call(ir.Name("hasattr"), (state, key), ()):
            return _Test(state, key, "absent", not missing)
        case ir.Compare(ir.Call() as call, ("is" | "is not") as op, ir.Const(None)) if _is_get(call):
            return _of_get(call, "none", missing is (op == "is"))
        case _:
            return None


def _is_get(expr: ir.Expr) -> bool:
    match expr:
        case ir.Call(ir.Attr(_, "get"), (_,), ()) | ir.Call(ir.Attr(_, "get"), (_, ir.Const(None)), ()):
            return True
        case _:
            return False


def _of_get(call: ir.Expr, form: str, missing: bool) -> _Test | None:
    if isinstance(call, ir.Call) and isinstance(call.func, ir.Attr):
        return _Test(call.func.obj, call.args[0], form, missing)
    return None


def _without_keys(box: ir.Expr) -> ir.Expr:
    match box:
        case ir.Call(ir.Attr(state, "keys"), (), ()):
            return state
        case _:
            return box


# --- what the arms do ----------------------------------------------------------------------------------------


def _initialised(m: Machine, absent: ir.Block, present: ir.Block) -> tuple[list[str | Pattern | None], bool] | None:
    """The keys that the arm of the missing key sets, and whether their values are plain; None where the statement does
    anything else."""
    if present:
        return None
    keys: list[str | Pattern | None] = []
    plain = True
    for write in absent:
        if not isinstance(write, ir.Assign) or len(write.targets) != 1:
            return None
        cost = _cost(m, write.value)
        target = _target(m, write.targets[0])
        if target is None or cost is None:
            return None
        keys.append(_key(m, target))
        plain &= cost
    return (keys, plain) if len(set(keys)) == len(keys) else None


def _target(m: Machine, target: ir.Expr) -> ir.Expr | None:
    match target:
        case ir.Attr(state, name) if _is_state(m, state):
            return ir.Const(name)
        case ir.Sub(state, index) if _is_state(m, state) and not isinstance(index, ir.Slice):
            return index
        case _:
            return None


def _cost(m: Machine, value: ir.Expr) -> bool | None:
    """True for what costs nothing and does nothing, False for what costs nearly nothing, None for all else: the
    default of `setdefault` is evaluated in every run."""
    match value:
        case ir.Const() | ir.Opaque((), _, ()):
            return True
        case ir.Name():
            return None if _is_state(m, value) else True
        case ir.Inferred(expr):
            return _cost(m, expr)
        case ir.Display(items=items):
            return _all(m, items)
        case ir.DictDisplay(items=pairs):
            parts = [part for pair in pairs for part in pair]
            return None if None in parts else _all(m, tuple(part for part in parts if part is not None))
        case ir.Attr(obj):
            return None if _mentions_state(m, value) or _cost(m, obj) is None else False
        case ir.BinOp(_, left, right):
            inner = _all(m, (left, right))
            constant = isinstance(left, ir.Const | ir.BinOp) and isinstance(right, ir.Const | ir.BinOp)
            return inner if constant else None if inner is None else False
        case ir.Call(ir.Name(name), (), ()) if name in EMPTY_COLLECTIONS and m.lookup(name) is None:
            return False
        case _:
            return None


def _all(m: Machine, parts: tuple[ir.Expr, ...]) -> bool | None:
    costs = [_cost(m, part) for part in parts]
    return None if None in costs else all(costs)


def _mentions_state(m: Machine, expr: ir.Expr) -> bool:
    while isinstance(expr, ir.Attr):
        if _is_state(m, expr):
            return True
        expr = expr.obj
    return _is_state(m, expr)


# --- meaning -------------------------------------------------------------------------------------------------


def _is_state(m: Machine, expr: ir.Expr) -> bool:
    return isinstance(look(m, expr), State)


def look(m: Machine, expr: ir.Expr) -> Value | None:
    """The value of a name or of an attribute of one, without doing anything."""
    from streamlint.flow.streamlit_calls import external_attribute

    if isinstance(expr, ir.Name):
        return m.lookup(expr.id)
    owner = look(m, expr.obj) if isinstance(expr, ir.Attr) else None
    if owner is None or not isinstance(expr, ir.Attr):
        return None
    match owner:
        case Element("") if expr.name == "session_state":
            return State()
        case Element("") if expr.name == "query_params":
            return Late(params.QUERY)
        case External(dotted):
            return external_attribute(m, dotted, expr.name)
        case Instance(identity) | ClassV(identity):
            return m.heap.get((identity, expr.name))
        case ModuleV() if owner.path in m.modules:
            return m.modules[owner.path][0].env.get(expr.name)
        case _:
            return None


def _key(m: Machine, expr: ir.Expr) -> str | Pattern | None:
    from streamlint.flow.state import key_of

    match expr:
        case ir.Const(constant) | ir.Inferred(_, constant):
            return str(constant)
        case ir.Name() | ir.Attr():
            value = look(m, expr)
            return key_of(value) if isinstance(value, Known | Text) else None
        case _:
            return None


def settable(m: Machine) -> Iterator[Guard]:
    """The guards met, in the order of the text, without those of keys that no code may set."""
    for place in sorted(m.guards):
        guard = m.guards[place]
        if not any(_refused(m, key) for key in guard.keys):
            yield guard


def _refused(m: Machine, key: str) -> bool:
    return any(each.matches(key) if isinstance(each, Pattern) else each == key for each in m.unsettable)
