"""What all sessions of a process have in common: the objects that imported modules and cached functions make.

The walk notes which objects these are (`share`), what is put into them and which keys they are stored under; when the
tree is whole, `Leaks` says which of that shows one user's data to others.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from streamlint.facts import ir
from streamlint.findings import Place, Related, Span
from streamlint.flow import faults, process
from streamlint.flow.machine import Machine, Shared
from streamlint.flow.origins import made
from streamlint.flow.tree import CellId, CellRef, KeyVal, Term, cell_of
from streamlint.flow.values import (
    ClassV,
    Func,
    Instance,
    Known,
    Late,
    Mapping,
    Method,
    ModuleV,
    OneOf,
    Seq,
    State,
    Text,
    Value,
)
from streamlint.records import immutable

if TYPE_CHECKING:
    from streamlint.flow.frames import Frame

GROWING = frozenset({"append", "appendleft", "extend", "extendleft", "insert", "add", "update", "setdefault"})
SHRINKING = frozenset({"pop", "popitem", "popleft", "remove", "discard", "clear", "sort", "reverse"})
PUTTING = frozenset({
    "heapq.heappush", "heapq.heappushpop", "heapq.heapreplace", "bisect.insort", "bisect.insort_left",
    "bisect.insort_right",
})  # fmt: skip
ROWS = frozenset({"loc", "iloc", "at", "iat"})
"""What items of a table are set by."""
BOXES = (
    "collections.deque", "collections.defaultdict", "collections.Counter", "collections.OrderedDict",
    "pandas.DataFrame", "pandas.Series", "pandas.read_", "numpy.zeros", "numpy.ones", "numpy.array", "numpy.full",
)  # fmt: skip
"""Functions outside the project that make collections of this process (and no connections to a database)."""
MAX_DEPTH = 5


@immutable
class Change:
    """Something was put into a shared object: what, and under which index if it was one. `how`: "put" into a
    collection, "set" (a variable or an attribute), "add" (to a number)."""

    shared: Shared
    how: str
    inputs: tuple[Value, ...]
    index: Value | None = None
    cell: CellId | None = None


@immutable
class Store:
    """A shared object was stored under a key."""

    shared: Shared
    key: str
    place: Place
    is_box: bool
    copied: bool = False
    """Whether it was a copy, with the same items."""


# --- which objects are shared --------------------------------------------------------------------------------


def share_module(m: Machine, path: str, frame: Frame) -> None:
    """The body of an imported module has run: what it made is there once for the process."""
    body = m.project.facts(path).body
    for name, (span, _) in definitions(body).items():
        if name in frame.env:
            m.shared_cells.setdefault((frame.id, name), Shared(name, Place(path, span)))
            share(m, frame.env[name], Shared(name, Place(path, span)))


def definitions(body: ir.Block) -> dict[str, tuple[Span, ir.Block]]:
    """The names that statements bind, with where; of a class its body too."""
    found: dict[str, tuple[Span, ir.Block]] = {}
    for node in body:
        match node:
            case ir.Assign(targets, _, span):
                found.update({target.id: (span, ()) for target in targets if isinstance(target, ir.Name)})
            case ir.ClassDef(name=name, body=inner, span=span):
                found[name] = (span, inner)
            case ir.FuncDef(name=name, span=span):
                found[name] = (span, ())
            case ir.If(body=inner, orelse=rest) | ir.For(body=inner, orelse=rest):
                found.update({**definitions(rest), **definitions(inner)})
            case ir.Try(body=inner, final=rest):
                found.update({**definitions(rest), **definitions(inner)})
            case ir.With(body=inner):
                found.update(definitions(inner))
            case _:
                pass
    return found


def share(m: Machine, value: Value, shared: Shared, depth: int = 0) -> None:
    """The value and what it holds is there once for the process."""
    if depth > MAX_DEPTH:
        return
    match value:
        case Seq() | Mapping():
            if id(value) in m.shared or (isinstance(value, Seq) and value.kind == "tuple" and not value.items):
                return
            if not (isinstance(value, Seq) and value.kind == "tuple"):
                m.shared[id(value)] = (value, shared)
            inner = value.items if isinstance(value, Seq) else tuple(item for _, item in value.items)
            for item in inner:
                share(m, item, shared, depth + 1)
        case Late(CellRef(cell)):
            m.shared_cells.setdefault(cell, shared)
        case ClassV(owner) | Instance(owner):
            elsewhere = isinstance(value, ClassV) and (_path_of(value) != shared.place.path or value.kind != "")
            if owner in m.shared_owners or elsewhere:
                return
            m.shared_owners[owner] = shared
            _share_attributes(m, owner, shared, depth)
        case Func(path=path, defaults=defaults) if path == shared.place.path:
            for name, default in defaults:
                share(m, default, replace(shared, name=f"{name}={_written(default)}"), depth + 1)
        case OneOf(options=options):
            for option in options:
                share(m, option, shared, depth + 1)
        case _:
            pass


def _written(default: Value) -> str:
    return "{}" if isinstance(default, Mapping) else "[]" if isinstance(default, Seq) else "..."


def _path_of(cls: ClassV) -> object:
    return cls.id[1] if isinstance(cls.id, tuple) and len(cls.id) > 1 else None


def _share_attributes(m: Machine, owner: Hashable, shared: Shared, depth: int) -> None:
    for (holder, name), held in list(m.heap.items()):
        if holder == owner:
            part = replace(shared, name=f"{shared.name}.{name}")
            m.shared_cells.setdefault(("heap", owner, name), part)
            share(m, held, part, depth + 1)


def find(m: Machine, value: Value) -> Shared | None:
    """What the value is, if it is shared."""
    match value:
        case Seq() | Mapping():
            return m.shared.get(id(value), (value, None))[1]
        case Instance(owner) | ClassV(owner):
            return m.shared_owners.get(owner)
        case Late(term):
            return next((m.shared_cells[c] for c in copies(m, term) if c in m.shared_cells), None)
        case _:
            return None


def find_part(m: Machine, part: Value | Term) -> Place | None:
    """Where the value, or what the term is, is kept, if it is shared."""
    found = find(m, Late(part)) if isinstance(part, Term) else find(m, part)
    return found.place if found is not None else None


def copies(m: Machine, term: Term) -> Iterator[CellId]:
    """The cell of the term, and those it was copied from."""
    for _ in range(8):
        cell = cell_of(term)
        if cell is None:
            return
        yield cell
        if cell not in m.bound:
            return
        term = m.bound[cell]


def is_box(m: Machine, value: Value) -> bool:
    """Whether the value is certainly a collection or an object of the project that lives in this process."""
    return not isinstance(value, Late) or any(cell in m.boxes for cell in copies(m, value.term))


def note_made(m: Machine, name: str, value: Value) -> None:
    """A function outside the project has made a value."""
    if isinstance(value, Late) and isinstance(value.term, CellRef) and name.startswith(BOXES):
        m.boxes.add(value.term.cell)


def copied(m: Machine, value: Value, deep: bool, place: Place) -> Value:
    """A copy of the value: as equal as can be, but another object."""
    match value:
        case Seq(items=items):
            return replace(value, items=tuple(copied(m, i, deep, place) for i in items) if deep else items)
        case Mapping(items):
            return replace(value, items=tuple((k, copied(m, v, deep, place)) for k, v in items) if deep else items)
        case Instance(owner) if owner in m.shared_owners:
            made = replace(value, id=("copy", owner, place, m.frame.id, m.round))
            for (holder, name), held in list(m.heap.items()):
                if holder == owner:
                    m.write_heap(made.id, name, copied(m, held, deep, place) if deep else held)
            return made
        case Late(term, str()):
            return Late(term)
        case Late() if find(m, value) is not None:
            return m.unknown()
        case _:
            return value


# --- what is put into them -----------------------------------------------------------------------------------


def called(m: Machine, func: Value, args: list[Value], kwargs: dict[str, Value], place: Place) -> None:
    """`owner.append(...)` and its like."""
    for method in _options(func):
        if not isinstance(method, Method) or method.name not in GROWING | SHRINKING:
            continue
        for owner in _options(method.owner):
            note_key(m, owner, place)
            if method.name not in GROWING or not is_box(m, owner):
                continue
            index, inputs = _what(method.name, args, kwargs)
            changed(m, owner, "put", inputs, place, index, f"puts something into `{{}}` by `.{method.name}`")


def taken(m: Machine, func: Value, args: list[Value], result: Value) -> None:
    """What `owner.setdefault(key, [])` gives is in the owner, too."""
    if isinstance(func, Method) and func.name == "setdefault" and (shared := find(m, func.owner)) is not None:
        share(m, result, shared)
        if isinstance(result, Late) and len(args) > 1 and isinstance(args[1], Seq | Mapping):
            m.boxes |= set(copies(m, result.term))


def handed(m: Machine, name: str, args: list[Value], place: Place) -> None:
    """A function outside the project that puts something into a list."""
    if name in PUTTING and len(args) > 1:
        changed(m, args[0], "put", tuple(args[1:]), place, None, f"puts something into `{{}}` by `{name}`")


def _what(name: str, args: list[Value], kwargs: dict[str, Value]) -> tuple[Value | None, tuple[Value, ...]]:
    """The index and the values that a growing method takes."""
    values = (*args, *kwargs.values())
    if name in ("setdefault", "insert") and len(args) == 2:
        return (args[0] if name == "setdefault" else None), (args[1],)
    if name == "update" and len(args) == 1 and isinstance(args[0], Mapping) and not kwargs:
        return Seq("tuple", tuple(k for k, _ in args[0].items)), tuple(v for _, v in args[0].items)
    return None, values


def item_set(m: Machine, owner: Value, index: Value | None, value: Value, place: Place) -> None:
    """`owner[index] = value`; None if many items are set."""
    process.item_set(m, owner, index, value, place)
    for one in _options(owner):
        note_key(m, one, place)
        table = one.owner if isinstance(one, Method) and one.name in ROWS else one
        if is_box(m, table):
            changed(m, table, "put", (value,), place, index, "puts something into `{}`")


def attribute_set(m: Machine, owner: Value, name: str, value: Value, place: Place, adds: bool) -> None:
    """`owner.name = value`, which no method of the owner takes."""
    process.attribute_set(m, owner, name, value, place)
    if isinstance(owner, Instance | ClassV) and (shared := find(m, owner)) is not None:
        part = replace(shared, name=f"{shared.name}.{name}")
        cell = ("heap", owner.id, name)
        _changed(m, part, "add" if adds else "set", (value,), place, None, "sets `{}`", cell)
        share(m, value, part)
    elif isinstance(owner, ModuleV) and owner.path in m.modules:
        name_set(m, m.modules[owner.path][0], name, value, place, adds)
    elif isinstance(owner, Func) and _is_module(m, owner.frame):
        kept = Shared(f"{m.function(owner).name}.{name}", place)
        _changed(m, kept, "set", (value,), place, None, "sets `{}`", None)
    elif isinstance(owner, Late) and (shared := find(m, owner)) is not None:
        part = replace(shared, name=f"{shared.name}.{name}", kind=f"client of a {shared.kind}")
        _changed(m, part, "set", (value,), place, None, "sets `{}`", None)


def added(m: Machine, owner: Value, old: Value, value: Value, new: Value, place: Place) -> Value:
    """`owner.name += value`: the new value, of which nothing is known if others may have changed it before."""
    if isinstance(owner, State):
        note_key(m, old, place)
    elif isinstance(old, Seq | Mapping):
        changed(m, old, "put", (value,), place, None, "adds to `{}`")
    elif not m.importing and find(m, owner) is not None and isinstance(new, Known):
        return _any_number(m, new)
    return new


def _any_number(m: Machine, new: Value) -> Value:
    before = len(m.unmade)
    return made(m, m.unknown(not_none=True), [new], before)


def name_added(m: Machine, frame: Frame, name: str, new: Value, place: Place) -> Value:
    """`name += value` of a variable of another frame: the new value, as for `added`."""
    if _is_module(m, frame) and isinstance(new, Known):
        new = _any_number(m, new)
    name_set(m, frame, name, new, place, adds=True)
    return new


def _is_module(m: Machine, frame: Frame) -> bool:
    """Whether these are the variables of an imported module, which has run."""
    return not m.importing and frame.path in m.modules and m.modules[frame.path][0] is frame


def item_added(m: Machine, owner: Value, index: Value, old: Value, value: Value, new: Value, place: Place) -> None:
    """`owner[index] += value`."""
    if isinstance(owner, State):
        note_key(m, old, place)
    elif not isinstance(value, Known):
        item_set(m, owner, index, new, place)
    else:
        note_key(m, owner, place)
        if is_box(m, owner):
            changed(m, owner, "add", (value,), place, index, "adds to an item of `{}`")


def name_set(m: Machine, frame: Frame, name: str, value: Value, place: Place, adds: bool = False) -> None:
    """A variable of an imported module is bound by code that runs later."""
    if not _is_module(m, frame):
        return
    span = definitions(m.project.facts(frame.path).body).get(name)
    shared = Shared(name, Place(frame.path, span[0]) if span else place)
    _changed(m, shared, "add" if adds else "set", (value,), place, None, "sets `{}`", (frame.id, name))
    share(m, value, shared)


def stored(m: Machine, key: str, value: Value, place: Place) -> None:
    """`st.session_state[key] = value`."""
    if m.importing:
        return
    for one in _options(value):
        shared = find(m, one) if isinstance(one, Seq | Mapping | Instance | Late) else None
        inner = None if shared is not None else _shared_item(m, one)
        kept = shared or inner
        if kept is not None:
            step = f"stores `{kept.name}` itself under `{key}`, and no copy of it"
            if inner is not None:
                step = f"stores a copy of `{kept.name}` under `{key}`, with the same items in it"
            fault = faults.mark(m, "shared default", place, (step, key, kept.name, kept.kind))
            m.stores[fault] = Store(kept, key, place, is_box(m, one), inner is not None)
            m.related[fault] = _definition(kept, place)


def _shared_item(m: Machine, value: Value) -> Shared | None:
    """What a collection that is not shared has of one that is: a shallow copy."""
    items = value.items if isinstance(value, Seq) else ()
    if isinstance(value, Mapping):
        items = tuple(item for _, item in value.items)
    found = (find(m, item) for item in items if isinstance(item, Seq | Mapping | Instance))
    return next((shared for shared in found if shared is not None), None)


def changed(
    m: Machine, owner: Value, how: str, inputs: tuple[Value, ...], place: Place, index: Value | None, text: str
) -> None:
    """Something is put into an object, which may be a shared one."""
    shared = find(m, owner)
    if shared is not None:
        _changed(m, shared, how, inputs, place, index, text, None)
        if index is None or isinstance(index, Known):
            for value in inputs:
                share(m, value, shared)


def _changed(
    m: Machine,
    shared: Shared,
    how: str,
    inputs: tuple[Value, ...],
    place: Place,
    index: Value | None,
    text: str,
    cell: CellId | None,
) -> None:
    if m.importing or not m.alive:
        return
    about = (text.format(shared.name), shared.name, shared.kind)
    fault = faults.mark(m, "shared object", place, about)
    m.changes[fault] = Change(shared, how, tuple(_content(m, inputs)), index, cell)
    m.related[fault] = _definition(shared, place)


def _content(m: Machine, values: Iterable[Value]) -> Iterator[Value]:
    """The values; of an object of the app what it holds now: what is put into it later is a change of its own."""
    for value in values:
        if isinstance(value, Instance):
            yield from (held for (owner, _), held in m.heap.items() if owner == value.id)
        else:
            yield value


def _definition(shared: Shared, place: Place) -> tuple[Related, ...]:
    return (Related(f"`{shared.name}` is made here", shared.place),) if shared.place != place else ()


def _options(value: Value) -> Iterator[Value]:
    if isinstance(value, OneOf):
        yield from value.options
    else:
        yield value


def note_key(m: Machine, owner: Value, place: Place) -> None:
    """What a key holds is changed in place, or something in it."""
    if isinstance(owner, Method):
        note_key(m, owner.owner, place)
    elif isinstance(owner, Late) and owner.alias is not None:
        m.changed_keys.setdefault(owner.alias, place)
        if not any(isinstance(m.bound.get(cell), KeyVal) for cell in copies(m, owner.term)):
            m.changed_parts.setdefault(owner.alias, place)


def is_plain(value: Value, items: bool) -> bool:
    """A constant that says something: no flag, and nothing empty; with `items` also a list or dict of constants."""
    if isinstance(value, Text):
        return True
    from streamlint.flow.state import is_constant

    if isinstance(value, Known):
        return bool(value.value) and not isinstance(value.value, bool)
    return items and is_constant(value) and bool(getattr(value, "items", ()))
