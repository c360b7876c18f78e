"""Executing statements."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

from streamlint.facts import ir
from streamlint.findings import Span
from streamlint.flow import (
    augmented,
    dates,
    defaults,
    forms,
    guards,
    methods,
    models,
    objects,
    origins,
    scoped,
    shared,
    spellings,
    state,
    streamlit_calls,
    threads,
    variables,
    volatile,
)
from streamlint.flow.augmented import home_of
from streamlint.flow.calls import call_function, exception_name, force
from streamlint.flow.calm import is_calm
from streamlint.flow.decorators import decorate
from streamlint.flow.expressions import emit_loop, evaluate, owner_of, relate
from streamlint.flow.frames import Frame
from streamlint.flow.loops import assigned, counted_rounds, weight
from streamlint.flow.machine import MAX_UNROLL, Machine
from streamlint.flow.tree import (
    NONE,
    AnyT,
    Bind,
    Branch,
    CallN,
    Catch,
    CellRef,
    Lit,
    Loop,
    Pattern,
    Scope,
    Some,
    Spec,
    Sym,
    Term,
    TryN,
    Unrolled,
    negate,
)
from streamlint.flow.values import (
    Container,
    ContextCall,
    External,
    Func,
    Instance,
    Known,
    Late,
    Mapping,
    ModuleV,
    OneOf,
    Seq,
    State,
    Value,
)


def execute(m: Machine, block: ir.Block) -> None:
    """Runs a block; what follows an exit is not reached and not walked."""
    m.nesting += 1
    outer = m.statement
    for statement in block:
        if not m.alive:
            break
        m.statement = getattr(statement, "span", None)
        HANDLERS[type(statement)](m, statement)
    m.statement = outer
    m.nesting -= 1


# --- assignment ----------------------------------------------------------------------------------------------


def _assign(m: Machine, node: ir.Assign) -> None:
    value = evaluate(m, node.value)
    for target in node.targets:
        assign_target(m, target, value, node.span)
    volatile.note_assignment(m, node)


def assign_target(m: Machine, target: ir.Target, value: Value, span: Span | None) -> None:
    """Binds a target of an assignment, a loop, a `with` or a comprehension."""
    match target:
        case ir.Name(name, where):
            variables.note(m, name, where, binds=True)
            home = home_of(m, name)
            if home is not m.frame:
                shared.name_set(m, home, name, value, m.place(span or where))
            m.assign(home, name, value)
        case ir.Attr(obj, name, where):
            place = m.place(span or where)
            owner = owner_of(m, target, "sets")
            objects.set_attribute(m, owner, name, value, place)
        case ir.Sub(obj, index, where):
            owner = owner_of(m, target, "sets")
            place = m.place(span or where)
            at = evaluate(m, index)
            methods.used(m, owner, "assigns an item of", place)
            defaults.check_item(m, obj, owner, place)
            shared.item_set(m, owner, None if isinstance(index, ir.Slice) else at, value, place)
            if isinstance(owner, Mapping) and isinstance(obj, ir.Name) and isinstance(at, Known):
                m.assign(home_of(m, obj.id), obj.id, Mapping((*owner.items, (at, value)), owner.exact))
            elif isinstance(owner, Mapping | Seq) and isinstance(obj, ir.Name):
                inexact = Mapping(owner.items, False) if isinstance(owner, Mapping) else replace(owner, exact=False)
                m.assign(home_of(m, obj.id), obj.id, inexact)
            else:
                objects.set_item(m, owner, at, value, place)
        case ir.Star(inner):
            if isinstance(inner, ir.Name | ir.Attr | ir.Sub | ir.Display):
                assign_target(m, inner, m.unknown(), span)
        case ir.Display(items=parts):
            _unpack(m, parts, value, span)


def _unpack(m: Machine, parts: tuple[ir.Expr, ...], value: Value, span: Span | None) -> None:
    items = models.items_of(m, value) if not isinstance(value, State) else None
    stars = [i for i, part in enumerate(parts) if isinstance(part, ir.Star)]
    if span is not None:
        dates.unpacked(m, value, len(parts) - len(stars), m.place(span))
        methods.used(m, value, "unpacks", m.place(span))
    if items is not None and stars and len(items) >= len(parts) - 1:
        star, tail = stars[0], len(parts) - stars[0] - 1
        middle = Seq("list", tuple(items[star : len(items) - tail]), True, (), m.fresh())
        items = [*items[:star], middle, *items[len(items) - tail :]]
        parts = tuple(p.value if isinstance(p, ir.Star) else p for p in parts)
    for i, part in enumerate(parts):
        if items is not None and len(items) == len(parts):
            item: Value = items[i]
        else:
            before = len(m.unmade)
            item = models.an_item(m, value) if not isinstance(value, Seq) else m.unknown()
            item = origins.made(m, item, [value], before)
            if isinstance(item, Late) and isinstance(item.term, CellRef):
                m.part_of[item.term.cell] = i
        if isinstance(part, ir.Name | ir.Attr | ir.Sub | ir.Display | ir.Star):
            assign_target(m, part, item, span)


def _delete(m: Machine, node: ir.Delete) -> None:
    for target in node.targets:
        match target:
            case ir.Attr(_, name, span):
                objects.delete_attribute(m, owner_of(m, target, "deletes"), name, m.place(span))
            case ir.Sub(_, index, span):
                how = "cut" if isinstance(index, ir.Slice) and index.upper is None and index.step is None else "del"
                objects.delete_item(m, owner_of(m, target, "deletes"), evaluate(m, index), m.place(span), how)
            case ir.Name(name):
                m.frame.env.pop(name, None)


def _expression(m: Machine, node: ir.ExprStmt) -> None:
    m.discarded = node.value
    spellings.note_setdefault(m, node.value)
    evaluate(m, node.value)


# --- branches ------------------------------------------------------------------------------------------------


def _if(m: Machine, node: ir.If) -> None:
    guards.note(m, node)
    test = evaluate(m, node.test)
    methods.seen(m, test, "tests", m.place(node.span))
    if not m.alive:
        return
    verdict = m.truth(test)
    if verdict is not None:
        execute(m, node.body if verdict else node.orelse)
        return
    term = m.keep(m.term(test)).term
    m.branch(term, lambda: execute(m, node.body), lambda: execute(m, node.orelse), m.place(node.span), node.text)


def _match(m: Machine, node: ir.Match) -> None:
    subject = evaluate(m, node.subject)
    if isinstance(subject, Late):
        subject = m.keep(subject.term, subject.alias)
    _cases(m, node, subject, node.cases)


def _cases(m: Machine, node: ir.Match, subject: Value, cases: tuple[ir.Case, ...]) -> None:
    if not cases:
        return
    case, rest = cases[0], cases[1:]
    values = [evaluate(m, value) for value in case.values]
    for value in values:
        scoped.compared(m, "==", subject, value, m.place(node.span))
    tests = [m.term(relate(m, "==", subject, value)) for value in values]
    test: Term = Lit(True) if case.wild else AnyT(tuple(tests)) if tests else m.unknown().term

    def taken() -> None:
        for name in case.binds:
            m.assign(m.frame, name, subject if case.wild else m.unknown())
        if case.guard is None:
            execute(m, case.body)
            return
        guard = m.keep(m.term(evaluate(m, case.guard))).term
        m.branch(
            guard, lambda: execute(m, case.body), lambda: _cases(m, node, subject, rest), m.place(node.span), node.text
        )

    m.branch(test, taken, lambda: _cases(m, node, subject, rest), m.place(node.span), node.text)


def _assert(m: Machine, node: ir.Assert) -> None:
    term = m.keep(m.term(evaluate(m, node.test))).term
    place = m.place(node.span)
    m.branch(term, lambda: None, lambda: m.leave("raise", place, exc="AssertionError"), place, node.text)


# --- loops ---------------------------------------------------------------------------------------------------


def _widen(m: Machine, names: set[str]) -> None:
    """Before a loop whose iterations are not told apart: what the body binds may be anything it was or becomes."""
    for name in names:
        home = m.frame.home(name)
        value = home.env[name] if home is not None else None
        if home is None or value is None:
            continue
        match value:
            case Known() | Late():
                home.env[name] = Late(CellRef((home.id, name)))
            case Seq():
                home.env[name] = replace(value, exact=False)
            case Mapping(items):
                home.env[name] = Mapping(items, False)
            case _:
                pass


def _for(m: Machine, node: ir.For) -> None:
    source = force(m, evaluate(m, node.iter), m.place(node.span))
    methods.used(m, source, "iterates over", m.place(node.span))
    if not m.alive:
        return
    if isinstance(source, OneOf):
        m.each_do(source, lambda s: _for_over(m, node, s), m.place(node.span))
    else:
        _for_over(m, node, source)


def _for_over(m: Machine, node: ir.For, source: Value) -> None:
    pairs = models.pairs_of(m, source)
    inexact = isinstance(source, Seq) and not source.exact
    small = pairs is not None and len(pairs) * max(1, weight(node.body)) <= MAX_UNROLL * 25 and len(pairs) <= MAX_UNROLL
    if pairs is not None and small and not inexact:
        _unrolled(m, node, node.target, pairs)
        return
    if isinstance(source, Late):
        source = m.keep(source.term, source.alias)
    place = m.place(node.span)
    _widen(m, assigned(node.body, set()))
    before = dict(m.frame.env)
    m.loops += 1
    with m.block() as body:
        assign_target(m, node.target, models.an_item(m, source), None)
        execute(m, node.body)
    m.loops -= 1
    m.alive = True
    m.frame.env = m.join_env(m.frame, before, m.frame.env)
    with m.block() as orelse:
        execute(m, node.orelse)
    m.alive = True
    if body or orelse:
        loop = Loop(body, orelse, place)
        empty_possible = models.may_be_empty(m, source)
        m.emit(Branch(m.term(source), [loop], list(orelse), place, node.text) if empty_possible else loop)


def _unrolled(
    m: Machine, node: ir.For | ir.While, target: ir.Target | None, pairs: list[tuple[Value, Term | None]]
) -> None:
    """Each iteration by itself; the whole is one `Loop` that runs once, so that break and continue find their ends."""
    place = m.place(node.span)
    with m.block() as body:
        outer = m.round
        for number, (item, condition) in enumerate(pairs):
            if not m.alive:
                m.alive = True  # the exit before was a break or continue of an earlier iteration, or ends the block
            m.round = (*outer, number)
            _iteration(m, node, target, item, condition)
        m.round = outer
        ended = m.alive
    m.alive = True
    with m.block() as orelse:
        execute(m, node.orelse)
    if body or orelse:
        m.emit(Unrolled(body, orelse, place))
    m.alive = True
    if not ended and pairs and pairs[-1][1] is None and _always_leaves(body):
        m.alive = False


def _always_leaves(body: list) -> bool:  # type: ignore[type-arg]
    return False


def _iteration(
    m: Machine, node: ir.For | ir.While, target: ir.Target | None, item: Value, condition: Term | None
) -> None:
    def run() -> None:
        before = dict(m.frame.env)
        with m.block() as body:
            if target is not None:
                assign_target(m, target, item, None)
            execute(m, node.body)
        if not m.alive:
            m.frame.env = m.join_env(m.frame, before, m.frame.env)
            m.alive = True
        if body:
            m.emit(Scope(body, m.place(node.span)))

    if condition is None:
        run()
    else:
        m.branch(condition, run, lambda: None, m.place(node.span), "")


def _while(m: Machine, node: ir.While) -> None:
    place = m.place(node.span)
    count = counted_rounds(m, node)
    if count is not None:
        _unrolled(m, node, None, [(Known.of(None), None)] * count)
        return
    _widen(m, assigned(node.body, set()))
    before = dict(m.frame.env)
    m.loops += 1
    with m.block() as body:
        test = evaluate(m, node.test)
        verdict = m.truth(test)
        term = m.keep(m.term(test)).term
        if verdict is not True:
            m.branch(term, lambda: None, lambda: m.leave("break", place), place, node.text)
        execute(m, node.body)
    m.loops -= 1
    m.alive = True
    m.frame.env = m.join_env(m.frame, before, m.frame.env)
    with m.block() as orelse:
        execute(m, node.orelse)
    m.alive = True
    m.emit(Loop(body, orelse, place, endless=verdict is True))


def _break(m: Machine, node: ir.Break) -> None:
    m.leave("break", m.place(Span(0, 0)))


def _continue(m: Machine, node: ir.Continue) -> None:
    m.leave("continue", m.place(Span(0, 0)))


# --- functions, exits ----------------------------------------------------------------------------------------


def _return(m: Machine, node: ir.Return) -> None:
    value = evaluate(m, node.value) if node.value is not None else Known.of(None)
    if not m.alive:
        return
    frame = m.frame
    cell = (frame.id, "return")
    m.emit(Bind(cell, m.term(value)))
    frame.returns.append(Late(CellRef(cell), value.alias) if isinstance(value, Late) else value)
    m.leave("return", m.place(node.span), target=frame.spec_id)


def _raise(m: Machine, node: ir.Raise) -> None:
    if node.value is not None:
        evaluate(m, node.value)
    exc = node.exc.rsplit(".", 1)[-1] if node.exc else None
    m.leave("raise" if node.value is not None or node.exc else "reraise", m.place(node.span), exc=exc)


def _yield(m: Machine, node: ir.Yield) -> None:
    value = evaluate(m, node.value) if node.value is not None else Known.of(None)
    if node.is_from:
        value = force(m, value, m.place(node.span))
    hook = m.frame.on_yield
    if callable(hook):
        hook(value)


def _def(m: Machine, node: ir.FuncDef) -> None:
    func: Value = objects.make_function(m, node.func, node.defaults, node.kw_defaults)
    for expr in reversed(node.decorators):
        func = decorate(m, expr, func)
    if isinstance(func, Func) and func.role == "setter":
        m.assign(m.frame, f"{node.name}.setter", replace(func, role=""))
        return
    m.assign(m.frame, node.name, func)


def _class(m: Machine, node: ir.ClassDef) -> None:
    cls = objects.define_class(m, node)
    m.assign(m.frame, node.name, cls)


def _import(m: Machine, node: ir.Import) -> None:
    place = m.place(node.span)
    root = node.module.split(".", 1)[0]
    if node.level == 0 and root == "streamlit":
        streamlit_calls.import_streamlit(m, node)
        return
    module = m.project.resolve(m.frame.path, node.module, node.level, m.app.search)
    if module is None:
        _import_external(m, node)
        return
    if module.path is not None:
        objects.import_module(m, module.path, place)
    value = ModuleV(module)
    if node.attr is None:
        if node.binds_root and "." in node.module:
            top = m.project.resolve(m.frame.path, root, 0, m.app.search)
            value = ModuleV(top) if top is not None else value
        m.assign(m.frame, node.name, value)
    elif node.attr == "*":
        _import_star(m, module.path)
    else:
        m.assign(m.frame, node.name, objects.module_attribute(m, value, node.attr))


def _import_star(m: Machine, path: str | None) -> None:
    if path is None or path not in m.modules:
        return
    frame = m.modules[path][0]
    exported = frame.env.get("__all__")
    names = [i.value for i in exported.items if isinstance(i, Known)] if isinstance(exported, Seq) else None
    for name, value in list(frame.env.items()):
        if name in names if names is not None else not name.startswith("_"):
            m.assign(m.frame, name, value)


def _import_external(m: Machine, node: ir.Import) -> None:
    m.external_modules.add(node.module)
    root, _, last = node.module.partition(".")
    file = f"{last.rpartition('.')[2] or root}.py"
    others = [path for path in m.project.files_named(file, os.path.dirname(m.app.entry)) if path != m.frame.module.path]
    if node.level == 0 and others:
        # `sys.path` may have been changed: that file may be what is imported
        m.doubtful.add(root)
        state.escapes(m, m.place(node.span))
    if node.attr == "*":
        return
    if node.attr is None:
        name = node.module.split(".", 1)[0] if node.binds_root else node.module
        m.assign(m.frame, node.name, External(name))
    else:
        m.assign(m.frame, node.name, External(f"{node.module}.{node.attr}"))


# --- try and with --------------------------------------------------------------------------------------------


def _try(m: Machine, node: ir.Try) -> None:
    before = dict(m.frame.env)
    calm = is_calm(m, node.body)
    with m.block() as body:
        execute(m, node.body)
    body_env, body_alive = m.frame.env, m.alive
    m.alive = True
    with m.block() as orelse:
        if body_alive:
            execute(m, node.orelse)
    ends = [(m.frame.env, m.alive and body_alive)]
    handlers = []
    for handler in node.handlers:
        m.frame.env = m.join_env(m.frame, before, body_env)
        m.alive = True
        types = frozenset(_exception(m, t) for t in handler.types)
        with m.block() as caught:
            if handler.name:
                m.assign(m.frame, handler.name, m.unknown())
            execute(m, handler.body)
        ends.append((m.frame.env, m.alive))
        handlers.append(Catch(types, caught, m.place(handler.span)))
    living = [env for env, alive in ends if alive]
    m.frame.env = living[0] if living else m.join_env(m.frame, before, body_env)
    for env in living[1:]:
        m.frame.env = m.join_env(m.frame, m.frame.env, env)
    m.alive = True
    with m.block() as final:
        execute(m, node.final)
    m.emit(TryN(body, tuple(handlers), orelse, final, calm))
    m.alive = m.alive and bool(living)


def _exception(m: Machine, name: str) -> str:
    """The class an `except` names; a variable that holds a tuple of classes counts as any."""
    root = name.split(".", 1)[0]
    value = m.lookup(root)
    if value is None or "." in name:
        return name.rsplit(".", 1)[-1]
    return exception_name(value) if not isinstance(value, Seq) else "Exception"


def _with(m: Machine, node: ir.With) -> None:
    context = evaluate(m, node.context)
    if not m.alive:
        return
    m.each_do(context, lambda c: _with_value(m, node, c), m.place(node.span))


def _with_value(m: Machine, node: ir.With, context: Value) -> None:
    match context:
        case ContextCall(None, suppress=names):
            with m.block() as body:
                execute(m, node.body)
            m.alive = True
            m.emit(TryN(body, (Catch(names, [], m.place(node.span)),), [], []))
        case ContextCall(func) if func is not None:
            _with_generator(m, node, context)
        case Instance():
            _with_instance(m, node, context)
        case Container():
            form = forms.entered(context)
            m.forms += [form] if form is not None else []
            m.within.append(context)
            _enter(m, node, context)
            m.within.pop()
            if form is not None:
                m.forms.pop()
        case _:
            m.unsure_forms += 1
            _enter(m, node, context)
            m.unsure_forms -= 1


def _enter(m: Machine, node: ir.With, value: Value) -> None:
    if node.target is not None:
        given = value if isinstance(value, Container) else m.unknown(not_none=True)
        threads.entered(m, value, given)
        assign_target(m, node.target, given, None)
    execute(m, node.body)


def _with_instance(m: Machine, node: ir.With, context: Instance) -> None:
    place = m.place(node.span)
    enter = objects.find_in_class(m, context.cls, "__enter__")
    leave = objects.find_in_class(m, context.cls, "__exit__")
    value: Value = context
    if isinstance(enter, Func):
        value = call_function(m, replace(enter, bound=context), [], {}, place)
    if node.target is not None:
        assign_target(m, node.target, value, None)
    m.unsure_forms += 1
    with m.block() as body:
        execute(m, node.body)
    m.unsure_forms -= 1
    alive, m.alive = m.alive, True
    swallows: bool | None = False
    with m.block() as final:
        if isinstance(leave, Func):
            error = [m.unknown(free=True) for _ in range(3)]
            swallows = m.truth(call_function(m, replace(leave, bound=context), list(error), {}, place))
    handlers = () if swallows is False else (Catch(frozenset(), [], place),)
    m.emit(TryN(body, handlers, [], final))
    m.alive = m.alive and (alive or swallows is not False)


def _with_generator(m: Machine, node: ir.With, context: ContextCall) -> None:
    """A `@contextmanager` function: its body runs around the `with` body, which stands where it yields."""
    from streamlint.flow.calls import bind

    func = context.func
    assert func is not None
    facts = m.function(func)
    outer = m.frame
    spec = Spec(m.fresh(), facts.qualname, m.place(node.span))
    frame = Frame(("f", spec.id), func.path, {}, func.frame, facts, spec.id, func.owner)
    for name, value in bind(m, facts, func, list(context.args), dict(context.kwargs), False).items():
        frame.env[name] = value
        m.emit(Bind((frame.id, name), m.term(value)))

    def body(value: Value) -> None:
        inner, m.frame = m.frame, outer
        if node.target is not None:
            assign_target(m, node.target, value, None)
        execute(m, node.body)
        m.frame = inner

    frame.on_yield = body
    m.frame = frame
    try:
        with m.block() as nodes:
            execute(m, facts.body)
    finally:
        m.frame = outer
    spec.body, spec.done = nodes, True
    m.emit(CallN(spec, m.place(node.span)))


HANDLERS: dict[type, Callable[..., None]] = {
    ir.Assign: _assign,
    ir.AugAssign: augmented.assign,
    ir.Delete: _delete,
    ir.ExprStmt: _expression,
    ir.If: _if,
    ir.While: _while,
    ir.For: _for,
    ir.Try: _try,
    ir.With: _with,
    ir.Return: _return,
    ir.Raise: _raise,
    ir.Break: _break,
    ir.Continue: _continue,
    ir.Yield: _yield,
    ir.FuncDef: _def,
    ir.ClassDef: _class,
    ir.Import: _import,
    ir.Match: _match,
    ir.Assert: _assert,
}

__all__ = ["NONE", "Pattern", "Some", "Sym", "emit_loop", "execute", "negate"]
