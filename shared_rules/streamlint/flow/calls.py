"""Calls: of project functions (specialised and shared), of everything else."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from streamlint.facts import ir
from streamlint.findings import Place
from streamlint.flow import (
    builtin_calls,
    callbacks,
    defaults,
    eager,
    editors,
    forms,
    imports,
    methods,
    models,
    objects,
    process,
    shared,
    state,
    streamlit_calls,
    submits,
    threads,
    volatile,
)
from streamlint.flow.frames import Frame
from streamlint.flow.machine import MAX_DEPTH, MAX_NESTING, MAX_SPECS, Context, Machine, Memo, Shared
from streamlint.flow.tree import Bind, CallN, CellRef, Choice, Havoc, Pattern, Some, Spec, Write
from streamlint.flow.values import (
    Builtin,
    ClassV,
    Container,
    ContextCall,
    Element,
    External,
    Func,
    Instance,
    Known,
    Late,
    Length,
    Library,
    Mapping,
    Method,
    Navigation,
    OneOf,
    PageV,
    Pending,
    Seq,
    State,
    Super,
    Text,
    Value,
)
from streamlint.interrupt import checkpoint
from streamlint.streamlit_api.libraries import library_state_keyword


def evaluate_call(m: Machine, expr: ir.Call) -> Value:
    """`func(*args, **kwargs)`, evaluated in Python's order."""
    from streamlint.flow.expressions import evaluate

    place = m.place(expr.span)
    if isinstance(expr.func, ir.Name) and expr.func.id == "super" and not expr.args and m.lookup("super") is None:
        return _super(m)
    discarded = expr is m.discarded
    func = evaluate(m, expr.func)
    args, kwargs, unknown = _arguments(m, expr)
    callbacks.check_called(m, func, expr, args, kwargs)
    volatile.check_key(m, func, expr, kwargs, discarded)
    volatile.check_identity(m, func, expr, kwargs)
    defaults.check_call(m, expr.func, func, place)
    if isinstance(expr.func, ir.Attr):
        shared.called(m, func, args, kwargs, place)
        eager.check_call(m, expr, func, args)
    if isinstance(expr.func, ir.Attr) and (mutated := _mutation(m, expr.func, func, args, place)):
        shared.taken(m, func, args, mutated)
        return mutated
    result = m.each(func, lambda f: _call_one(m, func, f, args, kwargs, place, unknown), place)
    if discarded and isinstance(result, Late) and isinstance(result.term, CellRef):
        m.unused.add(result.term.cell)
    shared.taken(m, func, args, result)
    threads.check_call(m, expr, func, args, kwargs, result, place)
    return result


def _call_one(
    m: Machine, func: Value, one: Value, args: list[Value], kwargs: dict[str, Value], place: Place, unknown: bool
) -> Value:
    """Calls what a name may mean. Where it is a project function or else something that is not to be found (`except
    ImportError: def load(): ...`), the other may do to the state what the function does."""
    if isinstance(one, External) and isinstance(func, OneOf) and any(isinstance(o, Func) for o in func.options):
        state.escapes(m, place)
    return call_value(m, one, args, kwargs, place, unknown)


def force(m: Machine, value: Value, place: Place) -> Value:
    """What iterating over a value gives; the body of a generator runs now."""
    if isinstance(value, OneOf) and any(isinstance(o, Pending) for o in value.options):
        return m.each(value, lambda v: force(m, v, place), place)
    if not isinstance(value, Pending):
        return value
    call_function(m, value.func, list(value.args), dict(value.kwargs), place, iterated=True)
    return m.unknown(called=True)


def _settled(m: Machine, value: Value, place: Place) -> Value:
    """An argument: generators run, since whoever gets one iterates over it."""
    return Late(value.term) if isinstance(value, Length) else force(m, value, place)


def _arguments(m: Machine, expr: ir.Call) -> tuple[list[Value], dict[str, Value], bool]:
    """Positional and keyword arguments; the last result says that there may be more than could be listed."""
    from streamlint.flow.expressions import evaluate

    args: list[Value] = []
    unknown = False
    for part in expr.args:
        value = _settled(m, evaluate(m, part), m.place(expr.span))
        if not isinstance(part, ir.Star):
            args.append(value)
        elif (spread := models.items_of(m, value)) is not None:
            args += spread
        else:
            unknown = True
    kwargs: dict[str, Value] = {}
    for name, part in expr.kwargs:
        value = _settled(m, evaluate(m, part), m.place(expr.span))
        if name is None:
            methods.used(m, value, "spreads", m.place(expr.span))
            if isinstance(value, State):
                m.reads.note(None)
        if name is not None:
            kwargs[name] = value
        elif isinstance(value, Mapping) and value.exact:
            kwargs.update({str(k.value): v for k, v in value.items if isinstance(k, Known)})
        else:
            unknown = True
    return args, kwargs, unknown


def _mutation(m: Machine, func: ir.Attr, value: Value, args: list[Value], place: Place) -> Value | None:
    """`name.append(x)` or `self.items.append(x)` on a list the walk knows: from now on the variable or the attribute
    holds a longer list."""
    if not isinstance(value, Method) or not isinstance(func.obj, ir.Name | ir.Attr):
        return None
    changed = models.mutate(m, value.owner, value.name, args)
    if changed is None:
        return None
    if m.loops and isinstance(changed, Seq | Mapping):
        changed = replace(changed, exact=False)
    state.mutated(m, value.owner, changed, place, value.name, args)
    if isinstance(func.obj, ir.Name):
        home = m.frame.home(func.obj.id)
        if home is None:
            return None
        m.assign(home, func.obj.id, changed)
    else:
        holder = m.lookup(func.obj.obj.id) if isinstance(func.obj.obj, ir.Name) else None
        if not isinstance(holder, Instance | ClassV) or m.heap.get((holder.id, func.obj.name)) is None:
            return None
        m.write_heap(holder.id, func.obj.name, changed)
    return m.unknown() if value.name in ("pop", "setdefault") else Known.of(None)


def _super(m: Machine) -> Value:
    frame: Frame | None = m.frame
    while frame is not None and frame.owner is None:
        frame = frame.parent
    if frame is None or not isinstance(frame.owner, ClassV):
        return m.unknown()
    return Super(frame.owner, frame.first or Known.of(None))


def call_value(
    m: Machine, func: Value, args: list[Value], kwargs: dict[str, Value], place: Place, unknown: bool = False
) -> Value:
    """Calls a value."""
    if not m.alive:
        return Known.of(None)
    match func:
        case Func():
            return call_function(m, func, args, kwargs, place, unknown)
        case ClassV():
            return objects.instantiate(m, func, args, kwargs, place)
        case Instance(_, cls):
            method = objects.find_in_class(m, cls, "__call__")
            if isinstance(method, Func):
                return call_function(m, replace(method, bound=func), args, kwargs, place, unknown)
            return call_unknown(m, func, args, kwargs, place)
        case Method(Navigation() as navigation, "run"):
            streamlit_calls.run_page(m, navigation, place)
            return Known.of(None)
        case Method(PageV() as page, "run"):
            streamlit_calls.run_one_page(m, page, place)
            return Known.of(None)
        case Method():
            return models.call_method(m, func, args, kwargs, place)
        case Builtin("noop"):
            return Known.of(None)
        case Builtin("noop_decorator"):
            return args[0] if args else func
        case Builtin(name):
            if name in ("property", "staticmethod", "classmethod") and args and isinstance(args[0], Func):
                roles = {"property": "property", "staticmethod": "static", "classmethod": "class"}
                return replace(args[0], role=roles[name])
            if name in ("sorted", "min", "max"):
                models.apply(m, kwargs.pop("key", None), args, place)
            elif name == "filter" and len(args) == 2:
                models.apply(m, args[0], args[1:], place)
            result = builtin_calls.call_builtin(m, name, args, kwargs, place)
            return m.quickly(result) if name == "print" else result
        case Element():
            return streamlit_calls.call(m, func, args, kwargs, place, unknown)
        case External(name):
            return call_external(m, name, args, kwargs, place)
        case _:
            return call_unknown(m, func, args, kwargs, place)


# --- code outside the project --------------------------------------------------------------------------------

QUICK = frozenset({
    "streamlit.cache.clear", "streamlit.cache_data.clear", "streamlit.cache_resource.clear", "datetime.datetime.now",
    "datetime.date.today", "time.time", "uuid.uuid4", "json.dumps", "json.loads", "gc.collect",
})  # fmt: skip
"""Functions outside the project that take no time that a user could notice."""
IDENTITIES = frozenset({"functools.cache", "functools.lru_cache", "contextlib.closing"})


def call_external(m: Machine, name: str, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    """A call of something that is not part of the project."""
    methods.handed(m, name, args, place)
    if name == "pandas.DataFrame":
        editors.given(m, name, args, place)
    process.called(m, name, args, kwargs, place)
    shared.handed(m, name, args, place)
    if name == "time.sleep":
        m.sleeping.add(m.frame.path)
    m.seeded = m.seeded or name in volatile.SEEDS
    if name in ("copy.copy", "copy.deepcopy") and args:
        return shared.copied(m, args[0], name == "copy.deepcopy", place)
    if name in IDENTITIES and len(args) == 1 and isinstance(args[0], Func):
        return args[0]
    match name:
        case "functools.partial" if args and isinstance(args[0], Func):
            return replace(args[0], args=(*args[0].args, *args[1:]), kwargs=(*args[0].kwargs, *kwargs.items()))
        case "functools.lru_cache":
            return External(name)
        case "functools.wraps" | "functools.update_wrapper":
            return Builtin("noop_decorator")
        case "contextlib.contextmanager" if args and isinstance(args[0], Func):
            return replace(args[0], role="contextmanager")
        case "contextlib.suppress":
            return ContextCall(None, (), (), frozenset(exception_name(a) for a in args))
        case _ if (library := _library(m, name, args, kwargs, place)) is not None:
            return library
        case "sys.exit" | "os._exit":
            m.leave("stop", place)
            return Known.of(None)
        case "collections.OrderedDict" | "collections.defaultdict" | "types.MappingProxyType" if args:
            entries = next((a for a in args if isinstance(a, Mapping)), None)
            made: Value = replace(entries) if entries is not None else m.unknown()
            shared.note_made(m, name, made)
            return made
        case "types.SimpleNamespace":
            instance = Instance(("namespace", place, m.frame.id, m.round), NAMESPACE)
            for key, value in kwargs.items():
                m.write_heap(instance.id, key, value)
            return instance
        case "enum.auto":
            return Known.of(m.fresh())
        case "threading.Thread":
            _thread(m, kwargs.get("target"), place)
            return m.unknown()
        case "importlib.import_module" | "runpy.run_path" | "runpy.run_module":
            state.escapes(m, place)
            return m.unknown(called=True)
        case _ if name in objects.DATACLASSES and not args:
            return External(name)
        case "dataclasses.field":
            return _field(m, kwargs, place)
        case "dataclasses.asdict" if len(args) == 1 and isinstance(args[0], Instance):
            held = objects.field_values(m, args[0])
            return m.unknown(not_none=True) if held is None else Mapping(tuple((Known.of(n), v) for n, v in held))
        case "collections.namedtuple":
            return objects.named_tuple(m, args, kwargs, place)
        case _:
            if name.split(".", 1)[0] in m.doubtful:
                state.escapes(m, place)
            given = call_unknown(m, External(name), args, kwargs, place)
            shared.note_made(m, name, given)
            imports.note_made(m, name, given, place)
            return m.quickly(given) if name in QUICK or name.startswith("logging.") else given


def _field(m: Machine, kwargs: dict[str, Value], place: Place) -> Value:
    """`dataclasses.field(...)` in the body of a class: the default of the field."""
    factory = kwargs.get("default_factory")
    if factory is not None:
        importing, m.importing = m.importing, []  # it is called later, for each object
        made = call_value(m, factory, [], {}, place)
        m.importing = importing
        m.shared[id(made)] = (made, None)  # each object gets its own
        return made
    return kwargs.get("default") or m.unknown()


def _thread(m: Machine, target: Value | None, place: Place) -> None:
    """A thread runs outside the session, unless it was given the context: what it sets may be set."""
    from streamlint.flow.writers import writers_in

    if isinstance(target, Func):
        with m.block() as body:
            alive = m.alive
            call_function(m, target, [], {}, place, unknown=True)
            m.alive = alive
        found = writers_in([body])
        for key in found.keys:
            m.emit(Havoc(Pattern((key,)), place, supposed=True))
        for pattern in found.patterns:
            m.emit(Havoc(pattern, place, supposed=True))


def _library(m: Machine, name: str, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value | None:
    """A call that keeps its data under a key of its own; None if it is not known to."""
    module, _, called = name.rpartition(".")
    known = library_state_keyword(module, called)
    if known is None:
        return None
    given = kwargs.get(known.keyword)
    if given is None and known.position is not None and known.position < len(args):
        given = args[known.position]
    text = models.as_text(given) if given is not None else known.default
    if text is None:
        if given is not None:
            state.escapes(m, place)
        return None
    key = known.key(text)
    m.note_key(key)
    if known.attribute is None:
        m.emit(Havoc(Pattern((key,)), place))
        return None
    m.emit(Write(key, Some(truthy=False, not_none=True), place, only_if_absent=True))
    return Library(key, known.attribute)


NAMESPACE = ClassV(("namespace",), "SimpleNamespace", "SimpleNamespace", ())


def exception_name(value: Value) -> str:
    match value:
        case Builtin(name) | External(name):
            return name.rsplit(".", 1)[-1]
        case ClassV(name=name):
            return name
        case Late(Sym(tuple() as name)):
            return str(name[-1])
        case _:
            return "?"


def call_unknown(m: Machine, func: Value, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    """Code we cannot see: it may call the functions it gets, change the objects it gets, and with the session state
    in its hands it may do anything. A `key=` makes it a widget of unknown kind."""
    handed = dict(kwargs)
    if "key" in kwargs:
        for name in [n for n in kwargs if n.startswith("on_")]:
            streamlit_calls.component_callback(m, handed.pop(name), kwargs, place)
    values = [*args, *handed.values()]
    inner = [i for v in values if isinstance(v, Seq | Mapping) for i in _inside(v)]
    if any(isinstance(v, State) for v in [*values, *inner]) or any(_holds_state(m, v) for v in values):
        state.escapes(m, place)
    submits.note_unknown(m, func, values)
    for value in values:
        state.touch(m, value, place)
    state.changed(m, func)
    for value in [*values, *inner]:
        if isinstance(value, Func):
            _may_call(m, value, place, _named(func))
    streamlit_calls.third_party_keys(m, func, args, kwargs, place)
    return m.unknown(called=True)


def _inside(value: Seq | Mapping) -> list[Value]:
    return list(value.items) if isinstance(value, Seq) else [v for _, v in value.items]


def _holds_state(m: Machine, value: Value) -> bool:
    return isinstance(value, Instance) and any(
        owner == value.id and isinstance(held, State) for (owner, _), held in m.heap.items()
    )


CALL_AT_ONCE = frozenset({
    "agg", "aggregate", "apply", "applymap", "assign", "filter", "groupby", "map", "pipe", "reduce", "transform",
})  # fmt: skip
"""Functions and methods (of pandas, functools and their like) that call what they are given before they return."""


def _named(func: Value) -> str:
    return f"`{func.name}`" if isinstance(func, External | Method | Element) else "the callee"


def _may_call(m: Machine, func: Func, place: Place, text: str) -> None:
    """A function handed to unknown code may be called, with arguments we do not know."""
    m.unsure_forms += 1
    with m.block() as body:
        alive = m.alive
        call_function(m, func, [], {}, place, unknown=True)
        m.alive = alive
    m.unsure_forms -= 1
    if body:
        m.emit(Choice((body, []), place, text.strip("`"), text.strip("`").rpartition(".")[2] in CALL_AT_ONCE))


# --- project functions ---------------------------------------------------------------------------------------


def call_function(
    m: Machine,
    func: Func,
    args: list[Value],
    kwargs: dict[str, Value],
    place: Place,
    unknown: bool = False,
    iterated: bool = False,
) -> Value:
    """Calls a project function: its body specialised to what is known of the arguments. `iterated`: the body of a
    generator runs too."""
    facts = m.function(func)
    given = list(func.args) + args
    if func.bound is not None:
        given.insert(0, func.bound)
    named = {**dict(func.kwargs), **kwargs}
    if func.role == "contextmanager":
        return ContextCall(replace(func, args=(), kwargs=(), bound=None, role=""), tuple(given), tuple(named.items()))
    if facts.is_generator and not iterated:
        return Pending(replace(func, args=(), kwargs=(), bound=None), tuple(given), tuple(named.items()))
    bound = bind(m, facts, func, given, named, unknown)
    m.state_parameters |= {(func.path, facts.qualname, name) for name in bound if isinstance(bound[name], State)}
    if len(m.active) > MAX_DEPTH or m.nesting > MAX_NESTING:
        return m.unknown(called=True)
    return _specialise(m, func, facts, bound, place)


def bind(
    m: Machine, facts: ir.Function, func: Func, args: list[Value], kwargs: dict[str, Value], unknown: bool
) -> dict[str, Value]:
    """Parameters with their values. What is not given and has no default is unknown."""
    bound: dict[str, Value] = {}
    names = [*facts.positional_only, *facts.params]
    for name, value in zip(names, args, strict=False):
        bound[name] = value
    rest = dict(kwargs)
    for name in [*names, *facts.keyword_only]:
        if name in rest and name not in facts.positional_only:
            bound[name] = rest.pop(name)
    defaults = dict(func.defaults)
    for name in [*names, *facts.keyword_only]:
        if name not in bound:
            known = not unknown and name in defaults
            bound[name] = defaults[name] if known else m.unknown(called=True)
    if facts.vararg:
        bound[facts.vararg] = Seq("tuple", tuple(args[len(names) :]), not unknown)
    if facts.kwarg:
        bound[facts.kwarg] = Mapping(tuple((Known.of(k), v) for k, v in rest.items()), not unknown)
    return bound


def _specialise(m: Machine, func: Func, facts: ir.Function, bound: dict[str, Value], place: Place) -> Value:
    counted = (func.path, func.index)
    crowded = m.spec_counts.get(counted, 0) >= MAX_SPECS
    frozen = {name: _shape(value, crowded) for name, value in bound.items()}
    key: Hashable = (
        func.path, func.index, func.frame, tuple(sorted(frozen.items(), key=lambda p: p[0])),
        tuple(m.forms), tuple(m.within[-1:]), tuple(m.fragments), bool(m.importing), func.role, bool(m.unsure_forms),
    )  # fmt: skip
    if key in m.active:
        return m.unknown(called=True)  # recursion is cut
    memo = next((memo for memo in m.memos.get(key, ()) if _valid(m, memo)), None)
    if memo is None:
        m.spec_counts[counted] = m.spec_counts.get(counted, 0) + 1
        memo = _walk(m, func, facts, bound, frozen, key)
        m.memos.setdefault(key, []).append(memo)
    else:
        _replay(m, memo)
    frame_id = ("f", memo.spec.id)
    for name, value in bound.items():
        if frozen[name] != value:
            m.parameters.add((frame_id, name))
            m.emit(Bind((frame_id, name), m.term(value)))
    m.emit(CallN(memo.spec, place))
    if not memo.spec.completes:
        m.alive = False
        return Known.of(None)
    return _result(m, memo)


def _shape(value: Value, crowded: bool) -> Value:
    """What of an argument makes a specialisation of its own: everything known; unknown values are all alike."""
    if isinstance(value, Late):
        return Late(UNKNOWN, value.alias)
    if crowded and isinstance(value, Known | Text | Seq | Mapping | OneOf):
        return Late(UNKNOWN, None)
    return value


from streamlint.flow.tree import Sym  # noqa: E402

UNKNOWN = Sym("argument")
KEPT = frozenset({"cached resource", "lru"})
"""Roles of functions that give all sessions the same object."""
FOR_ALL = KEPT | {"cached data"}
"""Roles of functions whose results are kept for all sessions."""


def _valid(m: Machine, memo: Memo) -> bool:
    return all(m.current(owner, name) == value for (owner, name), value in memo.context.reads.items())


def _replay(m: Machine, memo: Memo) -> None:
    """What the walk of this specialisation read and wrote outside its own frame, once more."""
    for (owner, name), value in memo.context.reads.items():
        m.note_read(owner, name, value)
    for owner, name, value in memo.context.writes:
        if isinstance(owner, Frame):
            owner.env[name] = value
        else:
            m.heap[(owner, name)] = value
        m.note_write(owner, name, value)


def _walk(
    m: Machine, func: Func, facts: ir.Function, bound: dict[str, Value], frozen: dict[str, Value], key: Hashable
) -> Memo:
    from streamlint.flow.statements import execute

    checkpoint()
    spec = Spec(m.fresh(), facts.qualname, Place(func.path, facts.name_span))
    frame = Frame(("f", spec.id), func.path, {}, func.frame, facts, spec.id, func.owner)
    names = [*facts.positional_only, *facts.params]
    frame.first = bound.get(names[0]) if names else None
    context = Context(spec.id)
    outer, out_alive = m.frame, m.alive
    m.active.append(key)
    m.contexts.append(context)
    m.frame, m.alive = frame, True
    is_fragment = func.role in ("fragment", "dialog")
    if is_fragment:
        around = m.within[-1].where if m.within else "main"
        region = "dialog" if func.role == "dialog" else around
        m.fragments.append(spec)
        m.within.append(Container("fragment", region, None, len(m.fragments)))
    if func.role == "dialog":
        m.forms.append(forms.OUTSIDE)  # measured: a dialog is in no form
    m.inputs.append([])
    try:
        with m.block() as body:
            for name, value in bound.items():
                shaped = frozen[name]
                late = shaped != value or isinstance(shaped, Late)
                frame.env[name] = (
                    Late(CellRef((frame.id, name)), shaped.alias if isinstance(shaped, Late) else None)
                    if late
                    else value
                )
                if not late:
                    m.emit(Bind((frame.id, name), m.term(value)))
            execute(m, facts.body)
            if m.alive:
                m.emit(Bind((frame.id, "return"), m.term(Known.of(None))))
                frame.returns.append(Known.of(None))
        spec.body, spec.done, spec.completes = body, True, bool(frame.returns)
        spec.fragment = is_fragment
        if func.role in FOR_ALL:
            m.cached[spec.id] = func.role
    finally:
        m.frame, m.alive = outer, out_alive
        m.inputs.pop()
        m.active.pop()
        m.contexts.pop()
        if is_fragment:
            m.fragments.pop()
            m.within.pop()
        if func.role == "dialog":
            m.forms.pop()
    result = m.join_all((frame.id, "return"), frame.returns)
    if func.role in KEPT and not names:
        kept = Shared(f"{facts.name}()", spec.place, "resource")
        m.shared_cells.setdefault((frame.id, "return"), kept)
        shared.share(m, result, kept)
    return Memo(spec, result, context)


def _result(m: Machine, memo: Memo) -> Value:
    """The call's value for the caller, who must not see the callee's cell change under its hands."""
    cell = (("f", memo.spec.id), "return")
    result = memo.result
    if isinstance(result, OneOf) and result.cell == cell:
        mine = ("tmp", m.fresh())
        m.emit(Bind(mine, CellRef(cell)))
        return replace(result, cell=mine)
    if isinstance(result, Late):
        mine = ("tmp", m.fresh())
        m.emit(Bind(mine, CellRef(cell)))
        return Late(CellRef(mine), result.alias)
    return result


__all__ = ["Container", "Element", "Havoc", "call_function", "call_value", "evaluate_call"]
