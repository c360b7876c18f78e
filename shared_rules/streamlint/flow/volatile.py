"""Values that are different in every run: random numbers, the time. A widget with such a key is a new one each time."""

from __future__ import annotations

from streamlint.facts import ir
from streamlint.flow.claims import NOT_IDENTITY
from streamlint.flow.dotted import named
from streamlint.flow.faults import emit
from streamlint.flow.frames import Frame
from streamlint.flow.machine import Machine
from streamlint.flow.values import Builtin, Element, External, Func, Known, Value
from streamlint.streamlit_api import element as catalogue_element

CLOCKS = frozenset({
    "time.time", "time.time_ns", "time.perf_counter", "time.perf_counter_ns", "time.monotonic", "time.monotonic_ns",
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today",
})  # fmt: skip
RANDOM = frozenset({
    "random.random", "random.randint", "random.randrange", "random.uniform", "random.getrandbits", "random.randbytes",
    "numpy.random.rand", "numpy.random.randint", "numpy.random.random", "numpy.random.randn",
})  # fmt: skip
UNIQUE = frozenset({
    "uuid.uuid1", "uuid.uuid4", "secrets.token_hex", "secrets.token_urlsafe", "secrets.token_bytes",
    "secrets.randbelow", "os.urandom",
})  # fmt: skip
SEEDS = frozenset({"random.seed", "numpy.random.seed"})
COPYING = frozenset({"str", "int", "repr", "hash", "round", "float", "abs", "hex"})
KEEPING = frozenset({
    "hex", "isoformat", "timestamp", "replace", "split", "upper", "lower", "strip", "int", "bytes", "microsecond",
    "second", "fields", "time_low", "encode", "hexdigest",
})  # fmt: skip
"""Attributes and methods of such a value that are as different in every run as it is."""
FINE = ("%S", "%f", "%s", "%T", "%X", "%c")
"""What in the format of a time changes from run to run."""
HARMLESS = frozenset({"download_button", "link_button", "page_link"})
MAX_DEPTH = 6


def note_assignment(m: Machine, node: ir.Assign) -> None:
    """Remembers which variables hold such a value."""
    names = [target.id for target in node.targets if isinstance(target, ir.Name)]
    if names:
        source = source_of(m, node.value, m.frame)
        for name in names:
            if source is None:
                m.volatile.pop((m.frame.id, name), None)
            else:
                m.volatile[(m.frame.id, name)] = source


def source_of(m: Machine, expr: ir.Expr, frame: Frame, depth: int = 0) -> str | None:
    """The function that makes the expression's value another one in every run; None if there is none."""
    if depth > MAX_DEPTH:
        return None
    match expr:
        case ir.Name(name):
            home = frame.home(name)
            return m.volatile.get((home.id, name)) if home is not None else None
        case ir.Attr(obj, name) if name in KEEPING:
            return source_of(m, obj, frame, depth + 1)
        case ir.Sub(obj):
            return source_of(m, obj, frame, depth + 1)
        case ir.Fmt(parts):
            inner = [p for part in parts for p in (part.parts if isinstance(part, ir.Opaque) else (part,))]
            return _first(m, inner, frame, depth)
        case ir.BinOp(op, left, right) if op in ("+", "-", "*", "%"):
            return _first(m, [left, right], frame, depth)
        case ir.Call():
            return _of_call(m, expr, frame, depth)
        case _:
            return None


def _first(m: Machine, exprs: list[ir.Expr], frame: Frame, depth: int) -> str | None:
    found = (source_of(m, expr, frame, depth + 1) for expr in exprs)
    return next((source for source in found if source is not None), None)


def _of_call(m: Machine, call: ir.Call, frame: Frame, depth: int) -> str | None:
    func = named(m, call.func, frame)
    if isinstance(func, External):
        known = func.name in CLOCKS | UNIQUE or (func.name in RANDOM and not m.seeded)
        return f"{func.name}()" if known else None
    if isinstance(func, Func) and not func.role and func.bound is None:
        body = m.function(func).body
        last = body[-1] if body else None
        if isinstance(last, ir.Return) and last.value is not None and len(body) == 1:
            return source_of(m, last.value, func.frame, depth + 1)
        return None
    match call.func:
        case ir.Name(name) if name in COPYING and (func is None or isinstance(func, Builtin)):
            return _first(m, list(call.args), frame, depth)
        case ir.Attr(obj, "strftime"):
            wanted = call.args[0] if call.args else None
            fine = isinstance(wanted, ir.Const) and any(code in str(wanted.value) for code in FINE)
            return source_of(m, obj, frame, depth + 1) if fine else None
        case ir.Attr(obj, name) if name in KEEPING:
            return source_of(m, obj, frame, depth + 1)
        case ir.Attr(ir.Const(str()), "format"):
            return _first(m, [*call.args, *(value for _, value in call.kwargs)], frame, depth)
        case _:
            return None


def check_key(m: Machine, func: Value, expr: ir.Call, kwargs: dict[str, Value], discarded: bool) -> None:
    """A widget whose key is another one in every run, so that it forgets what the user does."""
    given = dict(expr.kwargs).get("key")
    if given is None or not isinstance(func, Element) or func.name in HARMLESS or not m.alive:
        return
    if _is_redrawn(m, func):
        return
    facts = catalogue_element(func.name, m.version)
    if facts is None or not facts.plain.entry or kwargs.get("disabled") == Known.of(True):
        return
    callback = facts.callback is not None and facts.callback in kwargs
    if discarded and not callback and not m.forms:
        return
    source = source_of(m, given, m.frame)
    if source is not None:
        step = f"draws `st.{func.name}` with a key that is new in every run"
        emit(m, "volatile key", m.place(expr.span), (), (step, func.name, source), everywhere=True)


COARSE = frozenset({"date_input", "time_input", "datetime_input"})
"""Elements that take of a time only the day or the minute."""


def check_identity(m: Machine, func: Value, expr: ir.Call, kwargs: dict[str, Value]) -> None:
    """A widget whose label or default is another one in every run, where that makes another widget of it."""
    if not isinstance(func, Element) or func.name in HARMLESS | COARSE or not m.alive or _is_redrawn(m, func):
        return
    facts = catalogue_element(func.name, m.version)
    if facts is None or not facts.plain.entry or kwargs.get("disabled") == Known.of(True):
        return
    names = [parameter.name for parameter in facts.parameters if parameter.position is not None]
    given = [*zip(names, expr.args, strict=False), *expr.kwargs]
    keyed = any(name == "key" and value != ir.Const(None) for name, value in given)
    rest = facts.identity if keyed else None
    for name, value in given:
        if name is None or name in NOT_IDENTITY or (rest is not None and name not in rest):
            continue
        source = source_of(m, value, m.frame)
        if source is not None:
            step = f"draws another `st.{func.name}` than the run before"
            emit(m, "volatile default", m.place(expr.span), (), (step, func.name, source, name), everywhere=True)
            return


def _is_redrawn(m: Machine, func: Element) -> bool:
    """Whether a loop draws the widget again and again in one place, as in an animation: there it only shows a value."""
    return func.within is not None and func.within.kind == "empty" and bool(m.loops or m.round)
