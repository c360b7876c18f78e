"""Attributes, functions, classes, instances and modules of the project."""

from __future__ import annotations

from streamlint.facts import ir
from streamlint.findings import Place, Span
from streamlint.flow import editors, models, params, scoped, shared, state, streamlit_calls
from streamlint.flow.frames import Frame
from streamlint.flow.machine import Machine
from streamlint.flow.tree import CallN, CellRef, Cmp, KeyVal, Part, Spec, Sym
from streamlint.flow.values import (
    Builtin,
    ClassV,
    Container,
    Element,
    External,
    Func,
    Instance,
    Known,
    Late,
    Library,
    Mapping,
    Member,
    Method,
    ModuleV,
    Navigation,
    OneOf,
    PageV,
    Seq,
    State,
    StateView,
    Super,
    Value,
)


def module_name(m: Machine) -> str:
    """`__name__` of the module the current frame belongs to: "__main__" in scripts that Streamlit runs. Pages were
    called "__page__" from 1.36 to 1.43 (measured)."""
    path = m.frame.module.path
    if path not in m.modules:  # a script, not an import
        is_page = path != m.main_script
        return "__page__" if is_page and (1, 36) <= m.version <= (1, 43) else "__main__"
    return "imported"


# --- functions -----------------------------------------------------------------------------------------------


def make_function(
    m: Machine, index: int, defaults: tuple[ir.Expr, ...], kw_defaults: tuple[tuple[str, ir.Expr], ...]
) -> Func:
    """The function object a `def` or `lambda` makes in the current frame."""
    from streamlint.flow.expressions import evaluate

    function = m.project.facts(m.frame.path).functions[index]
    names = [*function.positional_only, *function.params]
    values = [evaluate(m, expr) for expr in defaults]
    pairs = list(zip(names[len(names) - len(values) :], values, strict=False))
    pairs += [(name, evaluate(m, expr)) for name, expr in kw_defaults]
    return Func(m.frame.path, index, m.frame, tuple(pairs))


# --- attributes ----------------------------------------------------------------------------------------------


def get_attribute(m: Machine, owner: Value, name: str, place: Place) -> Value:
    """`owner.name`."""
    match owner:
        case State():
            if name in state.METHODS:
                return Method(owner, name)
            return state.read(m, Known.of(name), True, place)
        case StateView() | Seq() | Mapping() | Known():
            return Method(owner, name)
        case ModuleV():
            return module_attribute(m, owner, name)
        case External(dotted):
            return streamlit_calls.external_attribute(m, dotted, name)
        case Element() | Container():
            return streamlit_calls.attribute(m, owner, name)
        case ClassV():
            return class_attribute(m, owner, name, place)
        case Instance(_, cls):
            return instance_attribute(m, owner, cls, name, place)
        case Member(_, member_name, value):
            return {"value": value, "name": Known.of(member_name)}.get(name) or m.unknown()
        case Super(cls, instance):
            return super_attribute(m, cls, instance, name, place)
        case Library(key, attribute) if name == attribute:
            return state.get(m, Known.of(key), Known.of(None))
        case Navigation() | PageV() | Library():
            return Method(owner, name)
        case Func() if name == "__name__":
            return Known.of(m.function(owner).name)
        case Late(_, str() as alias) if (held := stored_object(m, owner)) is not None:
            return _of_stored(m, owner, held, name, place)
        case Late(term, alias):
            m.state_of_context = m.state_of_context or name == "session_state"
            return Method(owner, name) if alias is not None or models.is_mutator(name) else _derived(m, term, name)
        case _:
            return Method(owner, name)


def stored_object(m: Machine, value: Late) -> Instance | None:
    """The object of an app's class that a key holds whenever it holds something."""
    held = m.types.get(value.alias or "")
    return held if isinstance(held, Instance) and isinstance(m.origin(value.term), KeyVal) else None


def _of_stored(m: Machine, owner: Value, held: Instance, name: str, place: Place) -> Value:
    """An attribute of an object that was made in an earlier run: a method, a constant, or nothing known."""
    found = find_in_class(m, held.cls, name)
    if isinstance(found, Func):
        return bind_method(m, found, held, held.cls, place)
    if name in m.set_outside:
        return Method(owner, name)
    own = m.read_heap(held.id, name)
    if isinstance(own, Known | Func | Instance | State) or (own is None and isinstance(found, Known)):
        return own or found or m.unknown()
    return m.unknown(blurred=True)


def _derived(m: Machine, term: object, name: str) -> Value:
    """An attribute of an unknown value: the same attribute of the same value is the same within a run."""
    if isinstance(term, Sym):
        return Late(Sym((term.name, name)))
    if isinstance(term, CellRef):
        return Late(Sym(("attr", term.cell, name)))
    return m.unknown()


def super_attribute(m: Machine, cls: ClassV, instance: Value, name: str, place: Place) -> Value:
    for base in cls.bases:
        if isinstance(base, ClassV) and (found := find_in_class(m, base, name)) is not None:
            return bind_method(m, found, instance, base, place)
    return Builtin("noop")


def module_attribute(m: Machine, module: ModuleV, name: str) -> Value:
    """A name in a project module; its body has been walked, or is walked now."""
    if module.path is not None:
        walked = m.modules.get(module.path)
        frame = walked[0] if walked is not None else import_module(m, module.path, Place(module.path, Span(0, 0)))
        m.note_read(frame, name, frame.env.get(name))
        if name in frame.env:
            return frame.env[name]
    sub = m.project.submodule(module.module, name)
    if sub is not None:
        return ModuleV(sub)
    return Late(Sym(("module", module.path, name)))


def class_attribute(m: Machine, cls: ClassV, name: str, place: Place) -> Value:
    if name == "__members__" and cls.kind in ENUM_KINDS:
        return Mapping(tuple((Known.of(v.name), v) for v in members(m, cls)))
    found = find_in_class(m, cls, name)
    if found is None:
        if name == "__name__":
            return Known.of(cls.name)
        return Late(Sym(("class", cls.id, name)))
    if isinstance(found, Func):
        if found.role == "class":
            return _bound(found, cls)
        return found
    return found


def _bound(func: Func, first: Value) -> Func:
    from dataclasses import replace

    return replace(func, bound=first)


def members(m: Machine, cls: ClassV) -> list[Member]:
    """The members of an Enum, in order of definition."""
    return [v for (owner, _), v in m.heap.items() if owner == cls.id and isinstance(v, Member)]


def find_in_class(m: Machine, cls: ClassV, name: str, depth: int = 0) -> Value | None:
    """The attribute as found along the bases (depth first, which is Python's order without diamonds)."""
    found = m.read_heap(cls.id, name)
    if found is not None or depth > 20:
        return found
    for base in cls.bases:
        if isinstance(base, ClassV) and (inherited := find_in_class(m, base, name, depth + 1)) is not None:
            return inherited
    return None


def bind_method(m: Machine, found: Value, instance: Value, cls: ClassV, place: Place) -> Value:
    """What an attribute found in the class becomes when reached through an instance."""
    from streamlint.flow.calls import call_function

    if isinstance(found, Func):
        if found.role == "static":
            return found
        if found.role == "class":
            return _bound(found, cls)
        if found.role == "property":
            return call_function(m, _bound(found, instance), [], {}, place)
        return _bound(found, instance)
    getter = find_in_class(m, found.cls, "__get__") if isinstance(found, Instance) else None
    if isinstance(getter, Func):
        return call_function(m, _bound(getter, found), [instance, cls], {}, place)
    return found


def instance_attribute(m: Machine, owner: Instance, cls: ClassV, name: str, place: Place) -> Value:
    from streamlint.flow.calls import call_function

    found = find_in_class(m, cls, name)
    if isinstance(found, Func) and found.role == "property":
        return bind_method(m, found, owner, cls, place)
    if isinstance(found, Instance) and find_in_class(m, found.cls, "__get__") is not None:
        return bind_method(m, found, owner, cls, place)
    own = m.read_heap(owner.id, name)
    if own is not None:
        return own
    if found is not None:
        return bind_method(m, found, owner, cls, place)
    if name == "__class__":
        return cls
    fallback = find_in_class(m, cls, "__getattr__")
    if isinstance(fallback, Func):
        return call_function(m, _bound(fallback, owner), [Known.of(name)], {}, place)
    if any(isinstance(base, External) and base.name in MAPPINGS for base in cls.bases):
        return Method(owner, name)  # inherited code calls the methods that the class defines
    return Late(Sym(("instance", owner.id, name)))


MAPPINGS = frozenset({
    "collections.abc.MutableMapping", "collections.abc.Mapping", "typing.MutableMapping", "collections.UserDict",
})  # fmt: skip


def set_attribute(m: Machine, owner: Value, name: str, value: Value, place: Place, adds: bool = False) -> None:
    """`owner.name = value`; `adds`: the value is made of the old one."""
    from streamlint.flow.calls import call_function

    shared.note_key(m, owner, place)
    params.note_store(m, owner, Known.of(name), value, place)
    match owner:
        case State():
            state.write(m, Known.of(name), value, place)
        case Instance(instance_id, cls):
            found = find_in_class(m, cls, name)
            if isinstance(found, Instance) and isinstance(setter := find_in_class(m, found.cls, "__set__"), Func):
                call_function(m, _bound(setter, found), [owner, value], {}, place)
                return
            special = find_in_class(m, cls, f"{name}.setter")
            if isinstance(special, Func):
                call_function(m, _bound(special, owner), [value], {}, place)
                return
            hook = find_in_class(m, cls, "__setattr__")
            if isinstance(hook, Func) and not m.active_in(hook):
                call_function(m, _bound(hook, owner), [Known.of(name), value], {}, place)
                return
            shared.attribute_set(m, owner, name, value, place, adds)
            m.write_heap(instance_id, name, value)
        case ClassV(class_id):
            shared.attribute_set(m, owner, name, value, place, adds)
            m.write_heap(class_id, name, value)
        case ModuleV() if owner.path in m.modules:
            shared.attribute_set(m, owner, name, value, place, adds)
            m.assign(m.modules[owner.path][0], name, value)
        case OneOf():
            m.each_do(owner, lambda o: set_attribute(m, o, name, value, place, adds), place)
        case _:
            shared.attribute_set(m, owner, name, value, place, adds)
            m.set_outside.add(name)
            state.touch(m, owner, place, ".", [value], name)


def delete_attribute(m: Machine, owner: Value, name: str, place: Place) -> None:
    if isinstance(owner, State):
        state.delete(m, Known.of(name), True, place)
    else:
        state.touch(m, owner, place, "del")


# --- items ---------------------------------------------------------------------------------------------------


def get_item(m: Machine, owner: Value, index: Value, place: Place) -> Value:
    from streamlint.flow.calls import call_function

    editors.check_item(m, owner, index, place)
    match owner:
        case Instance(_, cls) if isinstance(method := find_in_class(m, cls, "__getitem__"), Func):
            return call_function(m, _bound(method, owner), [index], {}, place)
        case ClassV(kind="enum" | "strenum" | "odd enum") if isinstance(index, Known):
            return next((v for v in members(m, owner) if v.name == index.value), None) or m.unknown()
        case Late(term, str() as alias) if isinstance(index, Known):
            return m.keep(Part(term, index.value), alias)
        case Late(term) if isinstance(index, Known):
            return _derived(m, term, f"[{index.value!r}]")
        case _:
            return m.unknown()


def contains(m: Machine, item: Value, box: Value) -> Value:
    from streamlint.flow.calls import call_function

    if isinstance(box, Instance) and isinstance(method := find_in_class(m, box.cls, "__contains__"), Func):
        return call_function(m, _bound(method, box), [item], {}, Place(m.frame.path, Span(0, 0)))
    if isinstance(box, Late) and box.alias is not None:
        return Late(Cmp("in", m.term(item), box.term))
    return m.unknown()


def set_item(m: Machine, owner: Value, index: Value, value: Value, place: Place) -> None:
    """`owner[index] = value`."""
    from streamlint.flow.calls import call_function

    params.note_store(m, owner, index, value, place)
    match owner:
        case State():
            m.each_do(index, lambda k: state.write(m, k, value, place), place)
        case Instance(_, cls) if isinstance(method := find_in_class(m, cls, "__setitem__"), Func):
            call_function(m, _bound(method, owner), [index, value], {}, place)
        case OneOf():
            m.each_do(owner, lambda o: set_item(m, o, index, value, place), place)
        case _:
            state.touch(m, owner, place, "[]", [index, value])


def delete_item(m: Machine, owner: Value, index: Value, place: Place, how: str = "del") -> None:
    """`del owner[index]`; `how` is what a stored list is noted to have gone through, see `tree.Touch`."""
    from streamlint.flow.calls import call_function

    match owner:
        case State():
            m.each_do(index, lambda k: state.delete(m, k, False, place), place)
        case Instance(_, cls) if isinstance(method := find_in_class(m, cls, "__delitem__"), Func):
            call_function(m, _bound(method, owner), [index], {}, place)
        case _:
            state.touch(m, owner, place, how)


# --- classes -------------------------------------------------------------------------------------------------

ENUM_KINDS = ("enum", "strenum", "odd enum")
ENUMS = {"enum.Enum": "enum", "enum.IntEnum": "enum", "enum.Flag": "enum", "enum.StrEnum": "strenum"}


def define_class(m: Machine, node: ir.ClassDef) -> ClassV:
    """Runs a class body and makes the class."""
    from streamlint.flow.calls import call_function
    from streamlint.flow.expressions import evaluate
    from streamlint.flow.statements import execute

    bases = tuple(evaluate(m, base) for base in node.bases)
    decorators = [evaluate(m, d) for d in node.decorators]
    facts = m.project.facts(m.frame.path).classes[node.cls]
    cls = ClassV(
        ("class", m.frame.path, node.cls, m.frame.id), node.name, facts.qualname, bases, _kind(bases, decorators)
    )
    scoped.note_class(m, cls, node)
    outer = m.frame
    m.frame = Frame(("f", m.fresh()), outer.path, {}, outer, None, outer.spec_id, is_class=True)
    try:
        execute(m, node.body)
        body = m.frame.env
    finally:
        m.frame = outer
    for name, value in body.items():
        if isinstance(value, Func):
            value = _owned(value, cls)
        elif cls.kind in ENUM_KINDS and not name.startswith("_"):
            value = Member(cls, name, value)
        m.heap[(cls.id, name)] = value
        m.note_write(cls.id, name, value)
    if cls.kind in RECORDS:
        set_fields(m, cls, facts.fields)
    for base in bases:
        hook = find_in_class(m, base, "__init_subclass__") if isinstance(base, ClassV) else None
        if isinstance(hook, Func):
            call_function(m, _bound(hook, cls), [], {}, m.place(node.span), unknown=bool(node.keywords))
    if cls.kind == "enum" and isinstance(find_in_class(m, cls, "__str__"), Func):
        cls = _with_texts(m, cls)
    for name, value in body.items():
        if isinstance(value, Instance) and isinstance(hook := find_in_class(m, value.cls, "__set_name__"), Func):
            call_function(m, _bound(hook, value), [cls, Known.of(name)], {}, m.place(node.span))
    return cls


def _with_texts(m: Machine, cls: ClassV) -> ClassV:
    """An Enum with a `__str__` of its own: its members' texts are their values, or we do not know them."""
    from dataclasses import replace

    from streamlint.flow.calls import call_function

    method = find_in_class(m, cls, "__str__")
    assert isinstance(method, Func)
    old = members(m, cls)
    with m.block():
        texts = [call_function(m, _bound(method, member), [], {}, Place(cls.name, Span(0, 0))) for member in old]
    kind = "strenum" if all(text == member.value for text, member in zip(texts, old, strict=True)) else "odd enum"
    cls = replace(cls, kind=kind)
    for member in old:
        m.heap[(cls.id, member.name)] = Member(cls, member.name, member.value)
        m.note_write(cls.id, member.name, m.heap[(cls.id, member.name)])
    return cls


def _owned(func: Func, cls: ClassV) -> Func:
    from dataclasses import replace

    return replace(func, owner=cls)


def _kind(bases: tuple[Value, ...], decorators: list[Value]) -> str:
    for base in bases:
        if isinstance(base, External) and base.name in ENUMS:
            return ENUMS[base.name]
        if isinstance(base, ClassV) and base.kind:
            return base.kind
    if any(isinstance(d, External) and d.name in DATACLASSES for d in decorators):
        return "dataclass"
    if any(isinstance(b, External) and b.name == "typing.NamedTuple" for b in bases):
        return "namedtuple"
    if any(isinstance(b, External) and b.name in ("pydantic.BaseModel", "sqlmodel.SQLModel") for b in bases):
        return "dataclass"
    return ""


DATACLASSES = frozenset({
    "dataclasses.dataclass", "attr.s", "attr.define", "attr.frozen", "attrs.define", "attrs.frozen", "attrs.mutable",
    "pydantic.dataclasses.dataclass",
})  # fmt: skip
"""Decorators that make a class a record."""
RECORDS = ("dataclass", "namedtuple")
FIELDS = "__match_args__"
"""Where Python keeps the names of a record's fields in order."""


def set_fields(m: Machine, cls: ClassV, own: tuple[str, ...]) -> None:
    """Notes the fields of a record: those of its bases come first."""
    inherited = [name for base in cls.bases if isinstance(base, ClassV) for name in fields_of(m, base)]
    names = tuple(Known.of(name) for name in dict.fromkeys([*inherited, *own]))
    m.heap[(cls.id, FIELDS)] = Seq("tuple", names)
    m.note_write(cls.id, FIELDS, m.heap[(cls.id, FIELDS)])


def fields_of(m: Machine, cls: ClassV) -> list[str]:
    """The names of a record's fields in order."""
    held = find_in_class(m, cls, FIELDS)
    return [str(i.value) for i in held.items if isinstance(i, Known)] if isinstance(held, Seq) else []


def field_values(m: Machine, record: Instance) -> list[tuple[str, Value]] | None:
    """The fields of a record with their values; None if one of them is not known to be there."""
    found: list[tuple[str, Value]] = []
    for name in fields_of(m, record.cls):
        value = m.read_heap(record.id, name)
        value = find_in_class(m, record.cls, name) if value is None else value
        if value is None:
            return None
        found.append((name, value))
    return found


def named_tuple(m: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    """`collections.namedtuple("Point", "x y")`: a class."""
    given = [*args, *([kwargs["field_names"]] if "field_names" in kwargs else [])]
    names = given[1] if len(given) > 1 else None
    fields: tuple[str, ...] | None = None
    if isinstance(names, Known) and isinstance(names.value, str):
        fields = tuple(names.value.replace(",", " ").split())
    elif isinstance(names, Seq) and names.exact and all(isinstance(i, Known) for i in names.items):
        fields = tuple(str(i.value) for i in names.items if isinstance(i, Known))
    if fields is None or kwargs.keys() - {"field_names"}:
        return m.unknown(not_none=True)
    cls = ClassV(("class", place, m.frame.id), "namedtuple", "namedtuple", (), "namedtuple")
    set_fields(m, cls, fields)
    return cls


def instantiate(m: Machine, cls: ClassV, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    """`cls(...)`."""
    from streamlint.flow.calls import call_function

    if cls.kind in ENUM_KINDS:
        return next((v for v in members(m, cls) if args and v.value == args[0]), None) or m.unknown()
    new = find_in_class(m, cls, "__new__")
    if isinstance(new, Func) and not m.active_in(new):
        made = call_function(m, new, [cls, *args], kwargs, place)
        if not isinstance(made, Instance):
            return Instance(("instance", cls.id, place, m.round), cls) if isinstance(made, Late) else made
    instance = Instance(("instance", cls.id, place, m.frame.id, m.round), cls)
    init = find_in_class(m, cls, "__init__")
    if isinstance(init, Func):
        call_function(m, _bound(init, instance), args, kwargs, place)
        return instance
    if cls.kind in RECORDS:
        given = dict(zip(fields_of(m, cls), args, strict=False))
        for name, value in {**given, **kwargs}.items():
            m.write_heap(instance.id, name, value)
        hook = find_in_class(m, cls, "__post_init__")
        if isinstance(hook, Func):
            call_function(m, _bound(hook, instance), [], {}, place)
    return instance


# --- modules -------------------------------------------------------------------------------------------------


def import_module(m: Machine, path: str, place: Place) -> Frame:
    """The frame of an imported module; walked when first met, and called in the tree where it is imported."""
    from streamlint.flow.statements import execute

    known = m.modules.get(path)
    if known is None:
        facts = m.project.facts(path)
        spec = Spec(m.fresh(), path, Place(path, Span(0, 0)), imported=True)
        frame = Frame(("f", m.fresh()), path, {}, None, None, spec.id)
        m.modules[path] = (frame, spec)
        outer, contexts = m.frame, m.contexts
        m.frame, m.contexts = frame, []
        m.importing.append(path)
        alive, m.alive = m.alive, True
        try:
            with m.block() as body:
                execute(m, facts.body)
            spec.body = body
            spec.done = True
        finally:
            m.frame, m.contexts, m.alive = outer, contexts, alive
            m.importing.pop()
        shared.share_module(m, path, frame)
        known = (frame, spec)
    if known[1].done and known[1].body:
        m.emit(CallN(known[1], place))
    return known[0]
