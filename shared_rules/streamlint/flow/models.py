"""Values of Python itself: constants, lists, dicts, strings, and what their methods and operators give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from streamlint.facts import ir
from streamlint.findings import Place, Span
from streamlint.flow import methods, origins, scoped, state
from streamlint.flow.machine import Machine
from streamlint.flow.tree import (
    AllT,
    Arith,
    CellRef,
    KeyVal,
    Lit,
    Part,
    Pattern,
    Present,
    Term,
    Touch,
    WidgetVal,
    negate,
)
from streamlint.flow.values import (
    ClassV,
    Container,
    Containers,
    Func,
    Instance,
    Known,
    Late,
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
    from streamlint.flow.objects import field_values, members

    match value:
        case Instance(cls=ClassV(kind="namedtuple")):
            held = field_values(m, value)
            return None if held is None else [(item, None) for _, item in held]
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
    m.reads.note(None)
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
    before = len(m.unmade)
    return origins.made(m, _an_item(m, source), [source], before)


def _an_item(m: Machine, source: Value) -> Value:
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
        case ("+", Late(), Seq()) | ("+", Seq(), Late()):
            return longer(m, m.unknown())
        case _:
            return m.unknown()


def longer(m: Machine, value: Value) -> Value:
    """Notes that the value is a list made of two."""
    if isinstance(value, Late) and isinstance(value.term, CellRef):
        m.longer.add(value.term.cell)
    return value


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
    methods.given(m, method.name, args, place)
    if method.name == "get" and args:
        scoped.looked_up(m, method.owner, args[0], place, fails=False)
    match method.owner:
        case State():
            return state.call_method(m, method.name, args, kwargs, place)
        case Instance():
            state.escapes(m, place)
            return m.unknown(called=True)
        case Library(key):
            m.emit(Touch(key, place, method.name))
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
                state.touch(m, method.owner, place, method.name, [*args, *kwargs.values()])
            else:
                state.changed(m, method.owner)
            given = m.unknown(called=True)
            return m.quickly(given) if is_mutator(method.name) else given


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
            return replace(owner)
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
            return replace(owner)
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
