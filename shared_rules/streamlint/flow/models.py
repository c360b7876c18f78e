"""Values of Python itself: constants, lists, dicts, strings, and the builtins that code builds keys with."""

from __future__ import annotations

from collections.abc import Callable

from streamlint.facts import ir
from streamlint.findings import Place, Span
from streamlint.flow import methods, state
from streamlint.flow.machine import COMPARISONS, MAX_UNROLL, Machine
from streamlint.flow.tree import (
    AllT,
    AnyT,
    Arith,
    Bind,
    CellRef,
    Cmp,
    KeyVal,
    Lit,
    Part,
    Pattern,
    Present,
    Tag,
    Term,
    Touch,
    WidgetVal,
    negate,
)
from streamlint.flow.values import (
    Builtin,
    ClassV,
    Container,
    Containers,
    External,
    Func,
    Instance,
    Known,
    Late,
    Length,
    Library,
    Mapping,
    Member,
    Method,
    OneOf,
    Seq,
    State,
    StateView,
    Text,
    Value,
)

MUTATORS = frozenset({
    "append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "add", "discard", "update", "setdefault",
    "popitem", "appendleft", "popleft", "union_update", "difference_update",
})  # fmt: skip

BUILTINS = frozenset({
    "getattr", "hasattr", "setattr", "delattr", "list", "tuple", "set", "frozenset", "sorted", "reversed", "enumerate",
    "zip", "range", "len", "any", "all", "isinstance", "str", "bool", "dict", "iter", "next", "map", "filter", "print",
    "int", "float", "super", "type", "callable", "property", "staticmethod", "classmethod", "sum", "min", "max", "vars",
    "exit", "quit", "exec", "eval", "globals", "__import__", "repr", "format", "id", "abs", "round", "object",
})  # fmt: skip


def is_mutator(name: str) -> bool:
    return name in MUTATORS


def as_text(value: Value) -> str | None:
    """`str(value)`, if known."""
    match value:
        case Known(constant):
            return str(constant)
        case Member(cls, name, inner):
            texts = {"strenum": as_text(inner), "enum": f"{cls.qualname}.{name}"}
            return texts.get(cls.kind)
        case Seq("tuple", items, True, ()):
            parts = [repr(i.value) if isinstance(i, Known) else None for i in items]
            if any(p is None for p in parts):
                return None
            inside = ", ".join(p for p in parts if p is not None)
            return f"({inside},)" if len(parts) == 1 else f"({inside})"
        case _:
            return None


def may_be_empty(m: Machine, source: Value) -> bool:
    """Values that are empty or None on a first visit: of widgets, and of keys."""
    return isinstance(source, Late) and isinstance(m.origin(source.term), KeyVal | WidgetVal | Part | AllT)


def never_empty(source: Value) -> bool:
    return isinstance(source, Seq) and bool(source.items) and not source.only_if


def items_of(m: Machine, value: Value) -> list[Value] | None:
    """All items of a collection, if they are known and unconditional."""
    pairs = pairs_of(m, value)
    if pairs is None or any(condition is not None for _, condition in pairs):
        return None
    return [item for item, _ in pairs]


def pairs_of(m: Machine, value: Value) -> list[tuple[Value, Term | None]] | None:
    """The items of a collection with the condition each depends on; None if they are not known."""
    from streamlint.flow.objects import members

    match value:
        case Seq(items=items, exact=True):
            return [(item, value.condition(i)) for i, item in enumerate(items)]
        case Mapping(items, True):
            return [(key, None) for key, _ in items]
        case State():
            return _state_items(m, "keys")
        case StateView(kind):
            return _state_items(m, kind)
        case Known(str() as text) if len(text) <= 40:
            return [(Known.of(c), None) for c in text]
        case ClassV(kind="enum" | "strenum" | "odd enum"):
            return [(member, None) for member in members(m, value)]
        case _:
            return None


def _state_items(m: Machine, kind: str) -> list[tuple[Value, Term | None]]:
    """Iterating over the state: each key the app knows, if it is present."""
    m.iterates_state = True
    found: list[tuple[Value, Term | None]] = []
    for key in sorted(m.app_keys):
        name = Known.of(key)
        item: Value = name
        if kind == "items":
            item = Seq("tuple", (name, Late(KeyVal(key, Lit(None)), key)))
        elif kind == "values":
            item = Late(KeyVal(key, Lit(None)), key)
        found.append((item, Present(key)))
    return found


def an_item(m: Machine, source: Value) -> Value:
    """Some item of a collection whose items are not listed."""
    match source:
        case Containers(item):
            return item
        case Seq(items=items) if items and all(i == items[0] for i in items):
            return items[0]
        case _:
            return m.unknown()


def slice_of(m: Machine, owner: Value, bounds: list[Value]) -> Value:
    """`owner[lower:upper:step]` of a list, tuple, string or list of containers."""
    numbers = [b.value for b in bounds if isinstance(b, Known) and isinstance(b.value, int | None)]
    if isinstance(owner, Containers):
        return owner
    if len(numbers) != len(bounds) or numbers[2] == 0:
        return m.unknown()
    match owner:
        case Seq(kind, items, True, ()):
            return Seq(kind, items[slice(*numbers)], True, (), m.fresh())
        case Known(str() as text):
            return Known.of(text[slice(*numbers)])
        case _:
            return m.unknown()


def apply(m: Machine, func: Value | None, args: list[Value], place: Place) -> None:
    """A builtin calls a function for each item of its first argument: `sorted(rows, key=func)`."""
    from streamlint.flow.calls import call_value
    from streamlint.flow.expressions import for_each

    if not isinstance(func, Func) or not args:
        return

    def step(value: Value, condition: Term | None) -> bool:
        call_value(m, func, [value], {}, place)
        return True

    for_each(m, args[0], step, place)


def bind_target(m: Machine, target: ir.Target, value: Value) -> None:
    from streamlint.flow.statements import assign_target

    assign_target(m, target, value, None)


def target_names(target: ir.Target) -> list[str]:
    """The plain names a target binds."""
    match target:
        case ir.Name(name):
            return [name]
        case ir.Star(ir.Name(name)):
            return [name]
        case ir.Display(items=items):
            return [n for item in items if isinstance(item, ir.Name | ir.Display | ir.Star) for n in target_names(item)]
        case _:
            return []


def item(m: Machine, owner: Value, index: Value) -> Value:
    """`owner[index]` of a list, dict, string or list of containers."""
    match owner, index:
        case Containers(container), _:
            return container
        case Seq(items=items, exact=True, only_if=()), Known(int() as i) if -len(items) <= i < len(items):
            return items[i]
        case Seq(items=items), _ if items and all(isinstance(i, Container) for i in items):
            return items[0]
        case Mapping(), Known() | Member() if (found := owner.get(index)) is not None:
            return found
        case Mapping(items, True), Late(term) if _is_table(owner):
            return _select(m, owner, term, None)
        case Known(str() as text), Known(int() as i) if -len(text) <= i < len(text):
            return Known.of(text[i])
        case _:
            return m.unknown()


def _is_table(owner: Mapping) -> bool:
    return 0 < len(owner.items) <= MAX_TABLE and all(isinstance(key, Known) for key, _ in owner.items)


def _select(m: Machine, owner: Mapping, term: Term, default: Value | None) -> Value:
    """A lookup in a dispatch table by a value of the run: a test of that value."""
    kept = m.keep(term).term
    if not isinstance(kept, CellRef):
        return m.unknown()
    keys = tuple(key for key, _ in owner.items)
    values = dict(owner.items)
    table = OneOf(kept.cell, keys, default is not None)
    return m.each(table, lambda key: values.get(key, default or Known.of(None)), Place(m.frame.path, NOWHERE))


NOWHERE = Span(0, 0)
MAX_TABLE = 12
"""A lookup in a larger dict by an unknown key is not taken apart."""


def arithmetic(m: Machine, op: str, left: Value, right: Value) -> Value:
    """`left op right`."""
    from streamlint.flow.expressions import concatenate

    match op, left, right:
        case "+", (Known(str()) | Text()), (Known(str()) | Text() | Late()):
            return concatenate([left, right])
        case "+", Late(), (Known(str()) | Text()):
            return concatenate([left, right])
        case "+", Seq(), Seq() if left.exact and right.exact and not left.only_if and not right.only_if:
            return Seq(left.kind, left.items + right.items, True, (), m.fresh())
        case "%", Known(str() as text), _:
            return _percent(text, right)
        case (("+" | "-"), Late(term), Known(int() as number)):
            return m.keep(Arith(op, term, Lit(number)))
        case "|", Mapping(), Mapping():
            return Mapping(left.items + right.items, left.exact and right.exact)
        case (("-" | "&"), Seq(items=a, exact=True), Seq(items=b, exact=True)):
            keep = [i for i in a if (i in b) is (op == "&")]
            return Seq(left.kind, tuple(keep), True, (), m.fresh())
        case "-", Seq(items=wanted, exact=True, only_if=()), StateView() | State():
            conditions = tuple(negate(m.term(state.contains(m, i))) for i in wanted)
            return Seq("set", wanted, True, tuple(m.keep(c).term for c in conditions), m.fresh())
        case _, Known(a), Known(b):
            return _constant(m, op, a, b)
        case _:
            return m.unknown()


def _constant(m: Machine, op: str, a: object, b: object) -> Value:
    operations: dict[str, Callable[[object, object], object]] = {
        "+": lambda x, y: x + y,  # type: ignore[operator]
        "-": lambda x, y: x - y,  # type: ignore[operator]
        "*": lambda x, y: x * y if not isinstance(x, str) or (isinstance(y, int) and y < 1000) else None,  # type: ignore[operator]
        "//": lambda x, y: x // y,  # type: ignore[operator]
        "%": lambda x, y: x % y,  # type: ignore[operator]
    }
    if op not in operations or (op == "*" and not all(isinstance(x, int | float | str) for x in (a, b))):
        return m.unknown()
    try:
        return Known.of(operations[op](a, b))
    except Exception:  # arithmetic on constants fails in the app as it does here
        return m.unknown()


def _percent(text: str, right: Value) -> Value:
    values = right.items if isinstance(right, Seq) and right.kind == "tuple" else (right,)
    known = [as_text(v) for v in values]
    try:
        if all(k is not None for k in known):
            return Known.of(text % tuple(v.value if isinstance(v, Known) else as_text(v) for v in values))
    except (TypeError, ValueError):
        pass
    return Text(Pattern((None,)))


# --- methods -------------------------------------------------------------------------------------------------


def call_method(m: Machine, method: Method, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    """A method of a value modelled here."""
    match method.owner:
        case State():
            return state.call_method(m, method.name, args, kwargs, place)
        case Instance():
            state.escapes(m, place)
            return m.unknown(called=True)
        case Library(key):
            m.emit(Touch(key))
            return m.unknown(called=True)
        case StateView(kind):
            return _view_method(m, kind, method.name, args)
        case Known(str() as text):
            return _string(m, text, method.name, args, kwargs)
        case Mapping():
            return _mapping(m, method.owner, method.name, args)
        case Seq():
            return _sequence(m, method.owner, method.name, args)
        case Late(term, str() as alias) if method.name == "get" and args and isinstance(args[0], Known):
            default = args[1] if len(args) > 1 else Known.of(None)
            return m.keep(Part(term, args[0].value, state.stored(m, default)), alias)
        case _:
            if is_mutator(method.name):
                state.touch(m, method.owner)
            return m.unknown(called=True)


def _view_method(m: Machine, kind: str, name: str, args: list[Value]) -> Value:
    if name in ("keys", "items", "values"):
        return StateView(name)
    if name == "get" and args:
        return state.get(m, args[0], args[1] if len(args) > 1 else Known.of(None))
    if name == "copy":
        return StateView(kind)
    if name in ("issuperset", "issubset") and args:
        from streamlint.flow.expressions import relate

        return relate(m, "<=", args[0], StateView(kind)) if name == "issuperset" else m.unknown()
    return m.unknown()


STRING_METHODS = frozenset({
    "startswith", "endswith", "lower", "upper", "strip", "lstrip", "rstrip", "title", "capitalize", "replace", "split",
    "removeprefix", "removesuffix", "isdigit", "isidentifier", "zfill", "count", "find", "casefold", "partition",
})  # fmt: skip


def _string(m: Machine, text: str, name: str, args: list[Value], kwargs: dict[str, Value]) -> Value:
    from streamlint.flow.expressions import concatenate

    if name == "join" and args and (items := items_of(m, args[0])) is not None:
        parts: list[Value] = []
        for i, part in enumerate(items):
            parts += [Known.of(text), part] if i else [part]
        return concatenate(parts) if parts else Known.of("")
    if name == "format":
        return _format(text, args, kwargs)
    known = [_plain(a) for a in args]
    if name in STRING_METHODS and not kwargs and None not in known:
        try:
            result = getattr(text, name)(*[k[0] for k in known if k is not None])
        except (TypeError, ValueError):
            return m.unknown()
        if isinstance(result, list | tuple):
            return Seq("list", tuple(Known.of(r) for r in result), True, (), m.fresh())
        return Known.of(result)
    return m.unknown()


def _plain(value: Value) -> tuple[object] | None:
    match value:
        case Known(constant):
            return (constant,)
        case Seq("tuple", items, True, ()) if all(isinstance(i, Known) for i in items):
            return (tuple(i.value for i in items if isinstance(i, Known)),)
        case _:
            return None


def _format(text: str, args: list[Value], kwargs: dict[str, Value]) -> Value:
    positional = [as_text(a) for a in args]
    named = {k: as_text(v) for k, v in kwargs.items()}
    if None in positional or None in named.values():
        return Text(Pattern((None,)))
    try:
        return Known.of(text.format(*positional, **named))
    except (IndexError, KeyError, ValueError, AttributeError):
        return Text(Pattern((None,)))


def _mapping(m: Machine, owner: Mapping, name: str, args: list[Value]) -> Value:
    match name:
        case "items":
            return Seq("list", tuple(Seq("tuple", pair) for pair in owner.items), owner.exact)
        case "keys":
            return Seq("list", tuple(key for key, _ in owner.items), owner.exact)
        case "values":
            return Seq("list", tuple(value for _, value in owner.items), owner.exact)
        case "copy":
            return owner
        case "get" if args:
            if isinstance(args[0], Known | Member):
                found = owner.get(args[0])
                if found is not None or owner.exact:
                    return found or (args[1] if len(args) > 1 else Known.of(None))
            elif isinstance(args[0], Late) and owner.exact and _is_table(owner):
                return _select(m, owner, args[0].term, args[1] if len(args) > 1 else Known.of(None))
            return m.unknown()
        case _:
            return m.unknown()


def _sequence(m: Machine, owner: Seq, name: str, args: list[Value]) -> Value:
    match name:
        case "index":
            return m.unknown()
        case "copy":
            return owner
        case "issubset" if args:
            from streamlint.flow.expressions import relate

            return relate(m, "<=", owner, args[0])
        case "difference" if args:
            return arithmetic(m, "-", owner, args[0])
        case _:
            return m.unknown()


def mutate(m: Machine, owner: Value, name: str, args: list[Value]) -> Value | None:
    """The value of a list or dict after a mutating call, for the variable that holds it; None if it is no mutation."""
    match owner, name:
        case Seq(), "append" | "add" if args and owner.exact:
            conditions = (*owner.only_if, None) if owner.only_if else ()
            return Seq(owner.kind, (*owner.items, args[0]), True, conditions, owner.id)
        case Seq(), "extend" | "update" if args and owner.exact and (more := items_of(m, args[0])) is not None:
            conditions = (*owner.only_if, *[None] * len(more)) if owner.only_if else ()
            return Seq(owner.kind, (*owner.items, *more), True, conditions, owner.id)
        case Seq(), "insert" if len(args) == 2 and owner.exact and not owner.only_if:
            return Seq(owner.kind, (*owner.items, args[1]), True, (), owner.id)
        case Seq(), _ if is_mutator(name):
            return Seq(owner.kind, owner.items if name in ("append", "extend", "add") else (), False, (), owner.id)
        case Mapping(), "update" if args and isinstance(args[0], Mapping):
            return Mapping(owner.items + args[0].items, owner.exact and args[0].exact)
        case Mapping(), _ if is_mutator(name):
            return Mapping(owner.items, False)
        case _:
            return None


# --- builtins ------------------------------------------------------------------------------------------------


def call_builtin(m: Machine, name: str, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    """A call of a builtin function."""
    methods.given(m, name, args, place)
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
            return m.each(name, lambda k: state.get(m, k, args[2]), place)
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
        return m.each(args[1], lambda k: state.contains(m, k), place)
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


def _callable(m: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    return m.unknown()


def _identity(m: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    return args[0]


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
    "callable": _callable,
    "map": _map,
}

__all__ = ["COMPARISONS", "Cmp", "Instance", "Tag", "call_builtin", "call_method"]
