"""Evaluating expressions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from streamlint.facts import ir
from streamlint.findings import Place, Span
from streamlint.flow import (
    builtin_calls,
    calls,
    dates,
    editors,
    methods,
    models,
    objects,
    origins,
    scoped,
    spellings,
    state,
    variables,
)
from streamlint.flow.machine import MAX_UNROLL, Machine, compare
from streamlint.flow.tree import AllT, AnyT, Bind, CellRef, Cmp, Lit, Loop, Needs, Pattern, Sym, Tag, Term, negate
from streamlint.flow.values import (
    Builtin,
    Container,
    Containers,
    Func,
    Known,
    Late,
    Length,
    Mapping,
    Member,
    OneOf,
    Seq,
    State,
    StateView,
    Text,
    Value,
)

NOWHERE = Span(0, 0)


def evaluate(m: Machine, expr: ir.Expr) -> Value:
    """The value of an expression; its effects are emitted."""
    if type(expr) is ir.Const:
        return Known.of(expr.value)
    before = len(m.unmade)
    value: Value
    if type(expr) is ir.Name:  # has no parts that it could be made of
        value = _name(m, expr)
        del m.unmade[before:]
    else:
        m.inputs.append([])
        value = HANDLERS[type(expr)](m, expr)  # type: ignore[operator]
        value = origins.made(m, value, m.inputs.pop(), before)
    if not isinstance(value, Known):
        m.inputs[-1].append(value)
    return value


def _const(m: Machine, expr: ir.Const) -> Value:
    return Known.of(expr.value)


def _name(m: Machine, expr: ir.Name) -> Value:
    value = m.lookup(expr.id)
    variables.note(m, expr.id, expr.span)
    if value is not None:
        return value
    if expr.id == "__name__":
        return Known.of(objects.module_name(m))
    if expr.id == "__file__":
        return m.unknown(not_none=True)
    if expr.id in builtin_calls.BUILTINS:
        return Builtin(expr.id)
    return Late(Sym(("name", m.frame.module.path, expr.id)))


def owner_of(m: Machine, expr: ir.Attr | ir.Sub, use: str = "reads") -> Value:
    """What an attribute or an item is one of; the access is noted."""
    owner = evaluate(m, expr.obj)
    spellings.note(m, owner, expr, use)
    return owner


def _attr(m: Machine, expr: ir.Attr) -> Value:
    owner = owner_of(m, expr)
    place = m.place(expr.span)
    if not expr.name.startswith("__"):
        methods.used(m, owner, f"takes `.{expr.name}` of", place, "AttributeError")
        _needed(m, owner, "AttributeError")
    editors.check_attribute(m, owner, expr.name, place)
    return m.each(owner, lambda v: objects.get_attribute(m, v, expr.name, place), place)


def _place(m: Machine, expr: ir.Expr) -> Place:
    """Where an expression stands, if it is one that knows."""
    span = getattr(expr, "span", None)
    return m.place(span if isinstance(span, Span) else NOWHERE)


def _needed(m: Machine, owner: Value, exc: str) -> None:
    """What a key holds is asked for a part of it."""
    if isinstance(owner, Late) and owner.alias is not None:
        m.emit(Needs(owner.alias, exc))


def _sub(m: Machine, expr: ir.Sub) -> Value:
    owner = owner_of(m, expr)
    place = m.place(expr.span)
    methods.used(m, owner, "subscripts", place)
    _needed(m, owner, "TypeError")
    if isinstance(expr.index, ir.Slice):
        bounds = [evaluate(m, part) if part is not None else Known.of(None) for part in _bounds(expr.index)]
        return m.each(owner, lambda v: models.slice_of(m, v, bounds), place)
    index = evaluate(m, expr.index)
    dates.indexed(m, owner, index, place)
    scoped.looked_up(m, owner, index, place, fails=True)
    return m.each(owner, lambda v: get_item(m, v, index, place), place)


def _bounds(expr: ir.Slice) -> tuple[ir.Expr | None, ...]:
    return expr.lower, expr.upper, expr.step


def _slice(m: Machine, expr: ir.Slice) -> Value:
    for part in _bounds(expr):
        if part is not None:
            evaluate(m, part)
    return m.unknown()


def get_item(m: Machine, owner: Value, index: Value, place: Place) -> Value:
    """`owner[index]`."""
    match owner:
        case State():
            return m.each(index, lambda k: state.read(m, k, False, place), place)
        case StateView():
            return m.unknown()
        case Seq() | Mapping() | Containers() | Known(str()):
            return m.each(index, lambda i: models.item(m, owner, i), place)
        case _:
            return objects.get_item(m, owner, index, place)


def _star(m: Machine, expr: ir.Star) -> Value:
    value = evaluate(m, expr.value)
    methods.used(m, value, "spreads", _place(m, expr.value))
    return calls.force(m, value, Place(m.frame.path, NOWHERE))


def _boolop(m: Machine, expr: ir.BoolOp) -> Value:
    return _short_circuit(m, expr.values, expr.op == "and", expr.span)


def _short_circuit(m: Machine, values: tuple[ir.Expr, ...], is_and: bool, span: Span) -> Value:
    first = evaluate(m, values[0])
    if len(values) == 1 or not m.alive:
        return first
    verdict = m.truth(first)
    if verdict is not None:
        return _short_circuit(m, values[1:], is_and, span) if verdict is is_and else first
    term = m.term(first)
    with m.block() as trial:
        before = dict(m.frame.env)
        rest = _short_circuit(m, values[1:], is_and, span)
        pure = m.alive and not trial and not isinstance(rest, OneOf)
    if pure:
        return Late((AllT if is_and else AnyT)((term, m.term(rest))))
    after, alive = m.frame.env, m.alive
    m.frame.env, m.alive = m.join_env(m.frame, before, after) if alive else before, True
    result = ("tmp", m.fresh())
    kept = m.keep(term)
    m.emit(Bind(result, kept.term))
    if alive:
        trial.append(Bind(result, m.term(rest)))
    from streamlint.flow.tree import Branch

    arms = (trial, []) if is_and else ([], trial)
    m.emit(Branch(kept.term, arms[0], arms[1], m.place(span), ""))
    if not alive:
        return Late(CellRef(result))
    return m.join_value(result, Late(CellRef(result)) if isinstance(first, Late) else first, rest)


def _not(m: Machine, expr: ir.Not) -> Value:
    value = evaluate(m, expr.value)
    verdict = m.truth(value)
    return Known.of(not verdict) if verdict is not None else Late(negate(m.term(value)))


def _ifexp(m: Machine, expr: ir.IfExp) -> Value:
    test = evaluate(m, expr.test)
    result = ("tmp", m.fresh())
    found: list[Value] = []

    def arm(part: ir.Expr) -> Callable[[], None]:
        def run() -> None:
            value = evaluate(m, part)
            if m.alive:
                m.emit(Bind(result, m.term(value)))
                found.append(Late(CellRef(result), value.alias) if isinstance(value, Late) else value)

        return run

    m.branch(m.term(test), arm(expr.then), arm(expr.orelse), m.place(expr.span), "")
    return m.join_all(result, found)


def _compare(m: Machine, expr: ir.Compare) -> Value:
    left = evaluate(m, expr.left)
    right = evaluate(m, expr.right)
    place = m.place(expr.span)
    scoped.compared(m, expr.op, left, right, place)
    if expr.op in ("in", "not in"):
        methods.used(m, right, "searches", place)
    elif expr.op in ("<", "<=", ">", ">="):
        methods.used(m, left, "compares", place)
        methods.used(m, right, "compares", place)
    else:
        methods.seen(m, left, "compares", place)
        methods.seen(m, right, "compares", place)
    if expr.op in ("in", "not in"):
        found = m.each(right, lambda r: m.each(left, lambda x: contains(m, x, r, place), place), place)
        if expr.op == "in":
            return found
        verdict = m.truth(found)
        return Known.of(not verdict) if verdict is not None else Late(negate(m.term(found)))
    return relate(m, expr.op, left, right)


def relate(m: Machine, op: str, left: Value, right: Value) -> Value:
    """`left op right` for anything but membership."""
    if op in ("<=", "==", ">=") and (conjunction := _superset(m, op, left, right)) is not None:
        return conjunction
    if isinstance(left, Length) and isinstance(right, Known):
        picked = dates.length(m, op, left, right.value)
        return Late(picked) if picked is not None else _length(m, op, left.term, right.value)
    left, right = _mixed_in(left), _mixed_in(right)
    if isinstance(left, Known) and isinstance(right, Known):
        verdict = compare(op, left.value, right.value)
        return m.unknown() if verdict is None else Known.of(verdict)
    if op in ("==", "!=") and isinstance(left, Late) and isinstance(right, Seq | Mapping):
        plain = right.exact and not right.items  # `x == []`
        empty = negate(m.term(left))
        return m.unknown() if not plain else Late(empty if op == "==" else negate(empty))
    if op in ("is", "is not", "==", "!=") and _structured(left) and _structured(right):
        if isinstance(left, Seq | Mapping) and isinstance(right, Seq | Mapping):
            return m.unknown()
        return Known.of((left == right) is (op in ("is", "==")))
    return Late(Cmp(op, m.term(left), m.term(right)))


def _mixed_in(value: Value) -> Value:
    """Members of Enums that are a `str` or `int` too compare as their values."""
    if isinstance(value, Member) and any(isinstance(base, Builtin) for base in value.cls.bases):
        return value.value
    return value


def _length(m: Machine, op: str, term: Term, number: object) -> Value:
    """`len(x) op number`, as far as the truth of x decides it."""
    empty = negate(term)
    if (op, number) in ((">=", 0), ("<", 0)):
        return Known.of(op == ">=")
    if (op, number) in (("==", 0), ("<=", 0), ("<", 1), ("is", 0)):
        return Late(empty)
    if (op, number) in (("!=", 0), (">", 0), (">=", 1), ("is not", 0)):
        return Late(negate(empty))
    more = m.unknown().term
    return Late(AllT((term, more)) if op in ("==", ">", ">=") else AnyT((empty, more)))


def _structured(value: Value) -> bool:
    return not isinstance(value, Late | Length | OneOf | Text | Func)


def _superset(m: Machine, op: str, left: Value, right: Value) -> Value | None:
    """`{"a", "b"} <= set(ss)` is a conjunction of memberships."""
    small, large = (left, right) if op != ">=" else (right, left)
    if isinstance(small, Seq) and small.exact and not small.only_if and isinstance(large, StateView | State):
        terms = [m.term(state.contains(m, item)) for item in small.items]
        return Late(AllT(tuple(terms))) if terms and op != "==" else None
    return None


def contains(m: Machine, item: Value, box: Value, place: Place) -> Value:
    """`item in box`."""
    match box:
        case State() | StateView():
            return state.contains(m, item, place)
        case Seq(items=items, exact=True, only_if=()):
            return _among(m, item, items)
        case Mapping(items, True):
            return _among(m, item, tuple(key for key, _ in items))
        case Known(str() as text) if isinstance(item, Known) and isinstance(item.value, str):
            return Known.of(item.value in text)
        case Known(str() as text) if isinstance(item, Late):
            return Late(Cmp("in", item.term, Lit(text)))
        case _:
            return objects.contains(m, item, box)


def _among(m: Machine, item: Value, items: tuple[Value, ...]) -> Value:
    if item in items:
        return Known.of(True)
    known = isinstance(item, Known | Member)
    if known and all(isinstance(i, Known | Member) for i in items):
        return Known.of(False)
    if isinstance(item, Late) and items and all(isinstance(i, Known) for i in items):
        return Late(Cmp("in", item.term, Lit(tuple(i.value for i in items if isinstance(i, Known)))))
    return Known.of(False) if not items else m.unknown()


def _display(m: Machine, expr: ir.Display) -> Value:
    items: list[Value] = []
    exact = True
    for part in expr.items:
        value = evaluate(m, part)
        if not isinstance(part, ir.Star):
            items.append(value)
            continue
        spread = models.items_of(m, value)
        exact &= spread is not None
        items += spread or []
    return Seq(expr.kind, tuple(items), exact, (), m.fresh() if expr.kind == "list" else None)


def _dict(m: Machine, expr: ir.DictDisplay) -> Value:
    items: list[tuple[Value, Value]] = []
    exact = True
    for key, part in expr.items:
        name = evaluate(m, key) if key is not None else None
        value = evaluate(m, part)
        if name is None:
            methods.used(m, value, "spreads", _place(m, part))
            if isinstance(value, State):
                m.reads.note(None)
        if name is not None:
            items.append((name, value))
        elif isinstance(value, Mapping):
            items += value.items
            exact &= value.exact
        else:
            exact = False
    return Mapping(tuple(items), exact)


def _fmt(m: Machine, expr: ir.Fmt) -> Value:
    values = [evaluate(m, part) for part in expr.parts]
    for part, value in zip(expr.parts, values, strict=True):
        methods.seen(m, value, "shows", _place(m, part))
        if isinstance(value, State):
            m.reads.note(None)
    return concatenate(values)


def concatenate(values: list[Value]) -> Value:
    """The string that formatting the values one after the other gives, with unknown parts left open."""
    parts: list[str | None] = []
    for value in values:
        if isinstance(value, Text):
            parts += value.pattern.parts
        else:
            parts.append(models.as_text(value))
    joined: list[str | None] = []
    for part in parts:
        if part is not None and joined and joined[-1] is not None:
            joined[-1] += part
        elif part is not None or not joined or joined[-1] is not None:
            joined.append(part)
    if all(part is not None for part in joined):
        return Known.of("".join(part or "" for part in joined))
    return Text(Pattern(tuple(joined)))


def _binop(m: Machine, expr: ir.BinOp) -> Value:
    left = evaluate(m, expr.left)
    right = evaluate(m, expr.right)
    if not (expr.op == "%" and isinstance(left, Known | Text)):  # a text may show anything
        methods.used(m, left, "calculates with", _place(m, expr.left))
        methods.used(m, right, "calculates with", _place(m, expr.right))
    elif _takes_numbers(left):
        methods.used(m, right, "formats as a number", _place(m, expr.right))
    return m.each(left, lambda a: m.each(right, lambda b: models.arithmetic(m, expr.op, a, b), NO), NO)


def _takes_numbers(value: Value) -> bool:
    """A text with one field, which takes a number: `"%d items"`."""
    if not isinstance(value, Known) or not isinstance(value.value, str):
        return False
    _, *fields = value.value.replace("%%", "").split("%")
    return len(fields) == 1 and fields[0].lstrip("0123456789.+- #")[:1] in tuple("dioxXeEfFgG")


NO = Place("", NOWHERE)


def _lambda(m: Machine, expr: ir.Lambda) -> Value:
    return objects.make_function(m, expr.func, expr.defaults, expr.kw_defaults)


def _walrus(m: Machine, expr: ir.Walrus) -> Value:
    value = evaluate(m, expr.value)
    if isinstance(value, Late):
        value = m.keep(value.term, value.alias)
    m.assign(m.frame, expr.name, value)
    return m.frame.env[expr.name]


def _inferred(m: Machine, expr: ir.Inferred) -> Value:
    value = evaluate(m, expr.expr)
    return Known.of(expr.value) if isinstance(value, Late | Text) else value


def _opaque(m: Machine, expr: ir.Opaque) -> Value:
    values = [evaluate(m, part) for part in expr.parts]
    if not values and not expr.names:
        return m.unknown()
    deep = [m.lookup(name) for name in expr.names]
    if all(isinstance(v, Known) for v in deep) and not values:
        # Two long texts may look the same when cut: that lets them agree more often than they do, the silent side.
        return Late(Sym(("text", m.frame.path, expr.text)))
    return m.unknown(called=any(isinstance(v, Late) for v in values))


# --- comprehensions ------------------------------------------------------------------------------------------


def _comp(m: Machine, expr: ir.Comp) -> Value:
    found: list[tuple[Value, Value | None, Term | None]] = []
    saved = dict(m.frame.env)
    source = calls.force(m, evaluate(m, expr.generators[0].iter), m.place(expr.span))
    exact = _clauses(m, expr, expr.generators, [], found, source)
    bound = {n for g in expr.generators for n in models.target_names(g.target)}
    for name in bound:
        if name in saved:
            m.frame.env[name] = saved[name]
        else:
            m.frame.env.pop(name, None)
    if expr.kind == "dict":
        plain = exact and all(c is None for _, _, c in found)
        return Mapping(tuple((k, v) for v, k, _ in found if k is not None), plain)
    simple = len(expr.generators) == 1 and not expr.generators[0].tests and expr.kind != "set"
    if not exact and simple and (same := dates.mapped(m, source)) is not None:
        return same
    stored = None if exact else _stored_source(m, source)
    if stored is not None:
        return m.keep(AllT((stored, m.unknown(free=True).term)))
    conditions = tuple(c for _, _, c in found)
    kind = "list" if expr.kind == "generator" else expr.kind
    only_if = conditions if any(c is not None for c in conditions) else ()
    return Seq(kind, tuple(v for v, _, _ in found), exact, only_if, m.fresh())


def _stored_source(m: Machine, source: Value) -> Term | None:
    """The stored collection that a comprehension goes over first: where it is empty, so is what the comprehension
    makes."""
    return source.term if isinstance(source, Late) and models.may_be_empty(m, source) else None


def _clauses(
    m: Machine,
    expr: ir.Comp,
    generators: tuple[ir.Generator, ...],
    conditions: list[Term],
    found: list[tuple[Value, Value | None, Term | None]],
    first: Value | None = None,
) -> bool:
    """Walks the `for` clauses; True if `found` lists all the items there can be. `first` is what the first one goes
    over."""
    if not generators:
        key = evaluate(m, expr.key) if expr.key is not None else None
        value = evaluate(m, expr.value)
        if isinstance(value, Late):
            value = m.keep(value.term, value.alias)
        found.append((value, key, AllT(tuple(conditions)) if conditions else None))
        return True
    head, *tail = generators
    place = m.place(expr.span)
    source = calls.force(m, evaluate(m, head.iter), place) if first is None else first

    def step(item: Value, only_if: Term | None) -> bool:
        models.bind_target(m, head.target, item)
        mine = [*conditions, *([only_if] if only_if is not None else [])]
        return _tests(m, expr, head.tests, tuple(tail), mine, found, place)

    return for_each(m, source, step, place)


def _tests(
    m: Machine,
    expr: ir.Comp,
    tests: tuple[ir.Expr, ...],
    tail: tuple[ir.Generator, ...],
    conditions: list[Term],
    found: list[tuple[Value, Value | None, Term | None]],
    place: Place,
) -> bool:
    if not tests:
        return _clauses(m, expr, tail, conditions, found)
    value = evaluate(m, tests[0])
    verdict = m.truth(value)
    if verdict is not None:
        return True if not verdict else _tests(m, expr, tests[1:], tail, conditions, found, place)
    kept = m.keep(m.term(value)).term
    exact = [True]

    def inside() -> None:
        exact[0] = _tests(m, expr, tests[1:], tail, [*conditions, kept], found, place)

    m.branch(kept, inside, lambda: None, place, "")
    return exact[0]


def for_each(m: Machine, source: Value, step: Callable[[Value, Term | None], bool], place: Place) -> bool:
    """Runs `step` for each item of `source`: one by one if they are known, else in a `Loop`. Says which."""
    known = models.pairs_of(m, source)
    if known is not None and len(known) <= MAX_UNROLL:
        exact = True
        outer = m.round
        for number, (item, condition) in enumerate(known):
            if not m.alive:
                break
            m.round = (*outer, number)
            if condition is None:
                exact &= step(item, None)
            else:
                m.branch(condition, lambda i=item, c=condition: _into(step, i, c), lambda: None, place, "")  # type: ignore[misc]
        m.round = outer
        return exact and not (isinstance(source, Seq) and not source.exact)
    methods.used(m, source, "iterates over", place)
    m.loops += 1
    with m.block() as body:
        step(models.an_item(m, source), None)
    m.loops -= 1
    alive, m.alive = m.alive, True
    if body:
        emit_loop(m, source, body, place)
    m.alive = alive or not models.never_empty(source)
    return False


def _into(step: Callable[[Value, Term | None], bool], item: Value, condition: Term) -> None:
    step(item, condition)


def emit_loop(m: Machine, source: Value, body: list, place: Place) -> None:  # type: ignore[type-arg]
    """A loop over unknown items: at least one, unless the source is a value that can be empty in a run."""
    from streamlint.flow.tree import Branch

    loop = Loop(body, [], place)
    if isinstance(source, Late) and models.may_be_empty(m, source):
        m.emit(Branch(source.term, [loop], [], place, ""))
    else:
        m.emit(loop)


def _call(m: Machine, expr: ir.Call) -> Value:
    spellings.note_call(m, expr, statement=expr is m.discarded)
    return calls.evaluate_call(m, expr)


HANDLERS = {
    ir.Const: _const,
    ir.Name: _name,
    ir.Attr: _attr,
    ir.Sub: _sub,
    ir.Star: _star,
    ir.Call: _call,
    ir.BoolOp: _boolop,
    ir.Not: _not,
    ir.Compare: _compare,
    ir.IfExp: _ifexp,
    ir.Display: _display,
    ir.DictDisplay: _dict,
    ir.Fmt: _fmt,
    ir.BinOp: _binop,
    ir.Lambda: _lambda,
    ir.Comp: _comp,
    ir.Walrus: _walrus,
    ir.Slice: _slice,
    ir.Inferred: _inferred,
    ir.Opaque: _opaque,
}

__all__ = ["Container", "Tag", "contains", "evaluate", "for_each", "get_item", "relate", "replace"]
