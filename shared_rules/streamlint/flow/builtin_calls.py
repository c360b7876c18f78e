"""Calls of Python's builtin functions that code builds keys and conditions with."""

from __future__ import annotations

from collections.abc import Callable

from streamlint.findings import Place
from streamlint.flow import dates, editors, methods, scoped, state
from streamlint.flow.machine import MAX_UNROLL, Machine
from streamlint.flow.models import MAX_TABLE, an_item, as_text, items_of, pairs_of
from streamlint.flow.tree import (
    AllT,
    AnyT,
    Bind,
    CellRef,
    Cmp,
    Lit,
    Pattern,
    Term,
    negate,
)
from streamlint.flow.values import (
    Builtin,
    ClassV,
    Containers,
    External,
    Known,
    Late,
    Length,
    Mapping,
    Method,
    Seq,
    State,
    StateView,
    Text,
    Value,
)

BUILTINS = frozenset({
    "getattr", "hasattr", "setattr", "delattr", "list", "tuple", "set", "frozenset", "sorted", "reversed", "enumerate",
    "zip", "range", "len", "any", "all", "isinstance", "str", "bool", "dict", "iter", "next", "map", "filter", "print",
    "int", "float", "super", "type", "callable", "property", "staticmethod", "classmethod", "sum", "min", "max", "vars",
    "exit", "quit", "exec", "eval", "globals", "__import__", "repr", "format", "id", "abs", "round", "object",
})  # fmt: skip


def call_builtin(m: Machine, name: str, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    """A call of a builtin function."""
    methods.given(m, name, args, place)
    if name not in LOOKS_AT_NO_KEY and any(isinstance(value, State) for value in args):
        m.reads.note(None)
    if name == "len":
        editors.given(m, name, args, place)
    if (same := dates.converted(m, name, args)) is not None:
        return same
    handler = BUILTIN_CALLS.get(name)
    if handler is not None and args:
        return handler(m, args, kwargs, place)
    if name in ("list", "tuple", "set", "frozenset") and not args:
        return Seq("tuple" if name == "tuple" else "set" if "set" in name else "list", (), True, (), m.fresh())
    if name == "dict":
        return _dict(m, args, kwargs)
    if name in ("exec", "eval", "globals", "__import__"):
        state.escapes(m, place)  # any code may run
    if name in ("exit", "quit"):
        m.leave("stop", place)
    if any(isinstance(a, State) for a in args) and name not in ("print", "len", "id", "repr", "type", "str"):
        state.escapes(m, place)
    return m.unknown(called=name not in HARMLESS)


LOOKS_AT_NO_KEY = frozenset({
    "getattr", "hasattr", "setattr", "delattr", "len", "bool", "id", "type", "isinstance", "callable",
})  # fmt: skip
"""Builtins that read no key of the session state but the one they are given."""
HARMLESS = frozenset({"print", "repr", "id", "type", "isinstance", "len", "bool", "str", "range", "format", "vars"})
"""Builtins that do not fail on what apps give them."""


def _dict(m: Machine, args: list[Value], kwargs: dict[str, Value]) -> Value:
    named = tuple((Known.of(k), v) for k, v in kwargs.items())
    if not args:
        return Mapping(named)
    if isinstance(args[0], Mapping):
        return Mapping(args[0].items + named, args[0].exact)
    if isinstance(args[0], State | StateView):
        return StateView("dict")
    if (
        isinstance(args[0], Seq)
        and args[0].exact
        and all(isinstance(i, Seq) and len(i.items) == 2 for i in args[0].items)
    ):
        pairs = tuple((i.items[0], i.items[1]) for i in args[0].items if isinstance(i, Seq))
        return Mapping(pairs + named)
    return Mapping(named, False)


def _getattr(m: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    from streamlint.flow.objects import get_attribute

    owner, name = args[0], args[1] if len(args) > 1 else Known.of(None)
    if isinstance(owner, State):
        if isinstance(name, Known) and name.value in methods.NAMES:
            return Method(owner, str(name.value))
        if len(args) > 2:
            return m.each(name, lambda k: state.get(m, k, args[2], place), place)
        return m.each(name, lambda k: state.read(m, k, True, place), place)

    def one(n: Value) -> Value:
        return (
            get_attribute(m, owner, n.value, place)
            if isinstance(n, Known) and isinstance(n.value, str)
            else m.unknown()
        )

    return m.each(name, one, place)


def _hasattr(m: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    if isinstance(args[0], State) and len(args) > 1:
        return m.each(args[1], lambda k: state.contains(m, k, place), place)
    return m.unknown()


def _setattr(m: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    from streamlint.flow.objects import set_attribute

    if len(args) == 3:
        if isinstance(args[0], State):
            m.each_do(args[1], lambda k: state.write(m, k, args[2], place), place)
        elif isinstance(args[1], Known) and isinstance(args[1].value, str):
            set_attribute(m, args[0], args[1].value, args[2], place)
    return Known.of(None)


def _delattr(m: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    if isinstance(args[0], State) and len(args) > 1:
        state.delete(m, args[1], True, place)
    return Known.of(None)


def _collect(kind: str) -> Callable[[Machine, list[Value], dict[str, Value], Place], Value]:
    def run(m: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
        source = args[0]
        if isinstance(source, State | StateView):
            return source if isinstance(source, StateView) else StateView("keys")
        if isinstance(source, Containers):
            return source
        pairs = pairs_of(m, source)
        if pairs is None:
            return m.unknown()
        conditions = tuple(c for _, c in pairs)
        return Seq(kind, tuple(v for v, _ in pairs), True, conditions if any(conditions) else (), m.fresh())

    return run


def _enumerate(m: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    items = items_of(m, args[0])
    start = args[1] if len(args) > 1 else kwargs.get("start", Known.of(0))
    if isinstance(args[0], Containers):
        return Seq("list", (Seq("tuple", (m.unknown(), args[0].item)),), False)
    if items is None or not isinstance(start, Known) or not isinstance(start.value, int):
        return m.unknown()
    return Seq("list", tuple(Seq("tuple", (Known.of(i + start.value), v)) for i, v in enumerate(items)))


def _zip(m: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    columns = [items_of(m, a) for a in args]
    lengths = [len(c) for c in columns if c is not None]
    if not lengths:
        return m.unknown()
    length = min(lengths)
    rows = []
    for i in range(length):
        row = [c[i] if c is not None else an_item(m, a) for c, a in zip(columns, args, strict=True)]
        rows.append(Seq("tuple", tuple(row)))
    if all(c is not None or isinstance(a, Containers) for c, a in zip(columns, args, strict=True)):
        return Seq("list", tuple(rows))
    return m.unknown()


def _range(m: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    numbers = [a.value for a in args if isinstance(a, Known) and isinstance(a.value, int)]
    if len(numbers) != len(args):
        return m.unknown()
    try:
        numbers_range = range(*numbers)
    except ValueError:
        return m.unknown()
    if len(numbers_range) > MAX_UNROLL:
        return m.unknown()
    return Seq("list", tuple(Known.of(i) for i in numbers_range))


def _len(m: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    items = items_of(m, args[0])
    if items is not None and not isinstance(args[0], State | StateView):
        return Known.of(len(items))
    value = args[0]
    if isinstance(value, State | StateView) or (isinstance(value, Late) and value.alias is not None):
        return Length(m.term(value), value.alias if isinstance(value, Late) else None)
    if isinstance(value, Late) and isinstance(m.origin(value.term), AllT):
        return Length(value.term)
    return m.unknown()


def _sum(m: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    """The sum of stored numbers is zero where none is stored; what a sum of tests says is not known."""
    source = args[0]
    if isinstance(source, Late):
        return m.keep(AllT((source.term, m.unknown(free=True).term)))
    return m.unknown(blurred=isinstance(source, Seq) and any(isinstance(i, Late) for i in source.items))


def _next(m: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    """`next(items)` or `next(items, default)`: the first item whose condition holds."""
    pairs = pairs_of(m, args[0]) if isinstance(args[0], Seq) else None
    if pairs is None or len(pairs) > MAX_TABLE or (len(args) < 2 and all(c is not None for _, c in pairs)):
        return m.unknown(called=True)
    result = ("tmp", m.fresh())
    found: list[Value] = []

    def give(value: Value) -> None:
        m.emit(Bind(result, m.term(value)))
        found.append(Late(CellRef(result), value.alias) if isinstance(value, Late) else value)

    def ask(rest: list[tuple[Value, Term | None]]) -> None:
        if not rest:
            give(args[1] if len(args) > 1 else m.unknown())
            return
        (value, condition), *others = rest
        if condition is None:
            give(value)
        else:
            m.branch(condition, lambda: give(value), lambda: ask(others), place, "")

    ask(pairs)
    return m.join_all(result, found)


def _quantify(is_all: bool) -> Callable[[Machine, list[Value], dict[str, Value], Place], Value]:
    def run(m: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
        source = args[0]
        if not isinstance(source, Seq) or not source.exact:
            return m.unknown()
        terms: list[Term] = []
        for i, value in enumerate(source.items):
            condition, term = source.condition(i), m.term(value)
            if condition is not None:
                term = AnyT((negate(condition), term)) if is_all else AllT((condition, term))
            terms.append(term)
        if not terms:
            return Known.of(is_all)
        return Late(AllT(tuple(terms)) if is_all else AnyT(tuple(terms)))

    return run


def _isinstance(m: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    if len(args) == 2:
        scoped.asked(m, args[0], args[1], place)
    match args[0], args[1] if len(args) > 1 else None:
        case Known(str(), kind), Builtin(name):
            return Known.of(kind == name)
        case Late(term), Builtin() | ClassV() | External():
            return Late(AllT((Cmp("is not", term, Lit(None)), m.unknown().term)))
        case Seq(kind=kind), Builtin("list" | "tuple" | "set" | "dict" as name):
            return Known.of(kind == name)
        case Mapping(), Builtin("list" | "tuple" | "set" | "dict" | "str" as name):
            return Known.of(name == "dict")
        case _:
            return m.unknown()


def _str(m: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    if isinstance(args[0], Text):
        return args[0]
    text = as_text(args[0])
    return Known.of(text) if text is not None else Text(Pattern((None,)))


def _bool(m: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    verdict = m.truth(args[0])
    return Known.of(verdict) if verdict is not None else Late(negate(negate(m.term(args[0]))))


def _int(m: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    if isinstance(args[0], Known) and isinstance(args[0].value, str | int | float):
        try:
            return Known.of(int(args[0].value))
        except ValueError:
            return m.unknown(called=True)
    return m.unknown(called=True)


def _map(m: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    from streamlint.flow.calls import call_value
    from streamlint.flow.expressions import for_each

    if len(args) < 2:
        return m.unknown()
    found: list[Value] = []

    def step(value: Value, condition: Term | None) -> bool:
        found.append(call_value(m, args[0], [value], {}, place))
        return True

    exact = for_each(m, args[1], step, place)
    return Seq("list", tuple(found), exact) if exact else m.unknown()


BUILTIN_CALLS: dict[str, Callable[[Machine, list[Value], dict[str, Value], Place], Value]] = {
    "getattr": _getattr,
    "hasattr": _hasattr,
    "setattr": _setattr,
    "delattr": _delattr,
    "list": _collect("list"),
    "tuple": _collect("tuple"),
    "set": _collect("set"),
    "frozenset": _collect("set"),
    "sorted": _collect("list"),
    "reversed": _collect("list"),
    "iter": _collect("list"),
    "enumerate": _enumerate,
    "zip": _zip,
    "range": _range,
    "len": _len,
    "sum": _sum,
    "next": _next,
    "any": _quantify(False),
    "all": _quantify(True),
    "isinstance": _isinstance,
    "str": _str,
    "bool": _bool,
    "int": _int,
    "map": _map,
}
