"""What code does to `st.session_state`, emitted with resolved keys."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from streamlint.findings import Place
from streamlint.flow import dates, imports, shared
from streamlint.flow.machine import Machine
from streamlint.flow.tree import (
    NONE,
    Changed,
    Clear,
    Delete,
    Havoc,
    KeyVal,
    Lit,
    Pattern,
    Present,
    Read,
    Refresh,
    Some,
    Term,
    Touch,
    Use,
    Write,
    cell_of,
)
from streamlint.flow.values import Instance, Known, Late, Mapping, Method, OneOf, Seq, State, StateView, Text, Value


def key_of(value: Value) -> str | Pattern | None:
    """The key a value stands for, as Streamlit makes it a string; a pattern if only parts are known, None if nothing
    is."""
    from streamlint.flow import models

    if isinstance(value, Text):
        return value.pattern
    return models.as_text(value)


def read(m: Machine, key: Value, attribute: bool, place: Place, verb: str = "reads") -> Value:
    """A bare read of one key."""
    name = key_of(key)
    m.reads.note(name)
    m.note_use(verb, name, place)
    if not isinstance(name, str):
        return m.unknown(not_none=False)
    m.note_key(name)
    m.emit(Read(name, attribute, place, verb))
    m.emit(Use(name, place))
    imports.note_read(m, name)
    return m.keep(KeyVal(name, NONE), alias=name)


def get(m: Machine, key: Value, default: Value, place: Place | None = None) -> Value:
    """`.get(key, default)`."""
    name = key_of(key)
    m.reads.note(name)
    if place is not None:
        m.note_use("reads", name, place)
    if not isinstance(name, str):
        return m.unknown()
    m.note_key(name)
    if place is not None:
        m.emit(Use(name, place))
    imports.note_read(m, name)
    return m.keep(KeyVal(name, stored(m, default)), alias=name)


def contains(m: Machine, key: Value, place: Place | None = None) -> Value:
    """`key in st.session_state`. Of a key that is not known nothing is known, and no witness rests on it."""
    name = key_of(key)
    if place is not None:
        m.note_use("asks", name, place)
    if not isinstance(name, str):
        m.reads.note(name)
        return m.unknown(blurred=True)
    m.note_key(name)
    return Late(Present(name))


def write(m: Machine, key: Value, value: Value, place: Place, only_if_absent: bool = False) -> None:
    """Assigns one key, or any that matches. A write while a module is imported happens in one session only, so
    that nothing can be said about the key afterwards."""
    name = key_of(key)
    m.note_use("initialises" if only_if_absent else "sets", name, place)
    if not isinstance(name, str):
        m.emit(Havoc(name, place))
        return
    m.note_key(name)
    m.values_of.setdefault(name, []).append(value)
    dates.stored(m, name, value)
    shared.stored(m, name, value, place)
    if m.importing:
        imports.note_set(m, name, place)
        m.emit(Havoc(Pattern((name,)), place))
    else:
        if m.imports.unique:
            m.imports.stored.append(value)
        node = Write(name, stored(m, value), place, only_if_absent)
        m.given[node] = (value,)
        m.emit(node)
        m.stored.setdefault(name, set()).add(
            value if isinstance(value, Instance) else Known.of(value == Known.of(None))
        )
        m.holders.setdefault(id(value), (value, set()))[1].add(name)


def stored(m: Machine, value: Value) -> Term:
    """The term of a value that is stored: of a list or dict that is not made of constants only the truth is kept."""
    if isinstance(value, Seq | Mapping) and not is_constant(value):
        return Some(truthy=m.truth(value), not_none=True, free=True)
    return m.term(value)


def is_constant(value: Value) -> bool:
    """A constant, or a list or dict made of constants alone."""
    match value:
        case Known():
            return True
        case Seq(items=items, exact=True, only_if=()):
            return all(is_constant(item) for item in items)
        case Mapping(items, True):
            return all(is_constant(key) and is_constant(item) for key, item in items)
        case _:
            return False


def delete(m: Machine, key: Value, attribute: bool, place: Place, verb: str = "deletes") -> None:
    """`del ss[key]`: fails like a read."""
    name = key_of(key)
    m.note_use("deletes", name, place)
    if not isinstance(name, str):
        m.emit(Havoc(name, place, deletes=True))
        return
    m.note_key(name)
    m.emit(Read(name, attribute, place, verb))
    m.emit(Delete(name, place))


def pop(m: Machine, key: Value, default: Value | None, place: Place) -> Value:
    """`.pop(key)` or `.pop(key, default)`."""
    name = key_of(key)
    m.reads.note(name)
    m.note_use("deletes", name, place)
    if not isinstance(name, str):
        m.emit(Havoc(name, place, deletes=True))
        return m.unknown()
    m.note_key(name)
    if default is None:
        m.emit(Read(name, False, place, "pops"))
    value = m.keep(KeyVal(name, NONE if default is None else m.term(default)))
    m.emit(Delete(name, place))
    return value


def setdefault(m: Machine, key: Value, default: Value, place: Place) -> Value:
    write(m, key, default, place, only_if_absent=True)
    name = key_of(key)
    return m.keep(KeyVal(name, NONE), alias=name) if isinstance(name, str) else m.unknown()


def _write_value(m: Machine, value: Value, place: Place, key: Value) -> None:
    write(m, key, value, place)


def update(m: Machine, value: Value, place: Place) -> None:
    """`.update(value)` for a mapping or an iterable of pairs."""
    match value:
        case Mapping(items, exact):
            for key, item in items:
                m.each_do(key, partial(_write_value, m, item, place), place)
            if not exact:
                m.note_use("sets", None, place)
                m.emit(Havoc(None, place))
        case Seq(items=items, exact=True) if all(isinstance(i, Seq) and len(i.items) == 2 for i in items):
            for pair in items:
                assert isinstance(pair, Seq)
                write(m, pair.items[0], pair.items[1], place)
        case State() | StateView():
            m.emit(Refresh(place))
        case OneOf():
            m.each_do(value, lambda v: update(m, v, place), place)
        case _:
            m.note_use("sets", None, place)
            m.emit(Havoc(None, place))


def clear(m: Machine, place: Place) -> None:
    m.emit(Clear(place))


def escapes(m: Machine, place: Place) -> None:
    """The state was handed to code we cannot see: it may write anything."""
    m.reads.note(None)
    m.emit(Havoc(None, place))


def mutated(m: Machine, old: Value, new: Value, place: Place, how: str, given: Sequence[Value]) -> None:
    """A variable's list or dict has changed: so has what the keys hold that it was assigned to."""
    _, keys = m.holders.get(id(old), (old, set()))
    for key in sorted(keys):
        _touched(m, key, place, how, given)
    m.holders[id(new)] = (new, keys)
    if id(old) in m.shared:
        m.shared[id(new)] = (new, m.shared[id(old)][1])


def touch(
    m: Machine, value: Value, place: Place, how: str = "", given: Sequence[Value] = (), name: str | None = None
) -> None:
    """The object behind `value` may have changed in place, and so has what a key holds if it is that; see `Touch`.
    `name` is the attribute that is assigned."""
    owner = value if name is None else Method(value, name)
    if isinstance(value, Late) and value.alias is not None:
        _touched(m, value.alias, place, how, given, owner)
    changed(m, value)
    if given and isinstance(value, Late) and value.alias is None and m.out and isinstance(m.out[-1], Changed):
        m.given[m.out[-1]] = tuple(given)
        m.inside[m.out[-1]] = owner


def _touched(m: Machine, key: str, place: Place, how: str, given: Sequence[Value], owner: Value | None = None) -> None:
    node = Touch(key, place, how)
    m.given[node] = tuple(given)
    if owner is not None:
        m.inside[node] = owner
    m.emit(node)


def changed(m: Machine, value: Value) -> None:
    """The object behind `value` may look different when it is drawn again."""
    if isinstance(value, Late):
        term = value.term
        cell = cell_of(term)
        if cell is not None:
            m.emit(Changed(cell))


def call_method(m: Machine, name: str, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    """A method of the session state."""
    first: Value = args[0] if args else kwargs.get("key", Known.of(None))
    second = args[1] if len(args) > 1 else kwargs.get("default")
    nothing = Known.of(None)
    match name:
        case "get":
            return m.each(first, lambda k: get(m, k, second or nothing, place), place)
        case "__getitem__":
            return m.each(first, lambda k: read(m, k, False, place), place)
        case "__setitem__":
            m.each_do(first, lambda k: write(m, k, second or nothing, place), place)
        case "__delitem__":
            m.each_do(first, lambda k: delete(m, k, False, place), place)
        case "__contains__":
            return m.each(first, lambda k: contains(m, k, place), place)
        case "setdefault":
            return m.each(first, lambda k: setdefault(m, k, second or nothing, place), place)
        case "pop":
            return m.each(first, lambda k: pop(m, k, second, place), place)
        case "clear":
            clear(m, place)
        case "update":
            for value in args:
                update(m, value, place)
            for key, value in kwargs.items():
                write(m, Known.of(key), value, place)
        case "keys" | "items" | "values":
            m.reads.note(None)
            return StateView(name)
        case "to_dict":
            m.reads.note(None)
            return StateView("dict")
        case "popitem":
            m.emit(Havoc(None, place, deletes=True))
            return m.unknown()
        case _:
            # not a method: the attribute is a key
            return m.unknown()
    return nothing


METHODS = frozenset({
    "get", "__getitem__", "__setitem__", "__delitem__", "__contains__", "setdefault", "pop", "clear", "update", "keys",
    "items", "values", "to_dict", "popitem",
})  # fmt: skip

__all__ = ["METHODS", "Lit", "call_method"]
