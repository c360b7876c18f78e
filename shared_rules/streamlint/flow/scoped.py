"""Objects of classes that each run defines anew: the entrypoint and the pages are executed in every run, so an object
that an earlier run has stored is of another class than the one that has the same name now. It is equal to nothing of
this run, and no instance of its class."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from streamlint.facts import ir
from streamlint.findings import Place
from streamlint.flow.faults import emit
from streamlint.flow.machine import Machine
from streamlint.flow.tree import KeyVal, Tag
from streamlint.flow.values import ClassV, External, Instance, Known, Late, Mapping, Member, Seq, Value

PLAIN_ENUMS = frozenset({"enum.Enum", "enum.Flag"})
"""Enums whose members are compared by identity. Those that are texts or numbers too are compared as such."""
HOOKED = frozenset({"typing.Protocol", "typing_extensions.Protocol"})
"""Bases by which `isinstance` asks something else than the class."""
KIND = "scoped class"
CACHED = frozenset({"cached", "cached data", "cached resource"})
"""Roles of functions that Streamlit calls once."""


def note_class(m: Machine, cls: ClassV, node: ir.ClassDef) -> None:
    """A class is defined. Once only in a module that is imported, or in a function that Streamlit calls once."""
    cached = any(isinstance(key, tuple) and not CACHED.isdisjoint(key) for key in m.active)
    if not m.importing and not cached and not node.keywords:
        m.scoped_classes.add(cls.id)


def compared(m: Machine, op: str, left: Value, right: Value, place: Place) -> None:
    """`left op right`, either of which may be a member and the other what an earlier run has stored."""
    if op in ("==", "!=", "is", "is not"):
        for stored, other in ((left, right), (right, left)):
            if isinstance(other, Member):
                _among(m, stored, (other,), "compares", place)
            elif isinstance(other, Instance) and other.cls.kind == "dataclass" and op in ("==", "!="):
                _equal(m, stored, other, place)
    elif op in ("in", "not in"):
        if isinstance(right, Seq) and not right.only_if:
            _among(m, left, right.items, "searches", place)
        elif isinstance(right, Mapping):
            _among(m, left, tuple(key for key, _ in right.items), "searches", place)


def looked_up(m: Machine, owner: Value, index: Value, place: Place, *, fails: bool) -> None:
    """`owner[index]` or `owner.get(index)` of a dict with members as keys."""
    if isinstance(owner, Mapping):
        keys = tuple(key for key, _ in owner.items)
        _among(m, index, keys, "looks up", place, ("KeyError", "LookupError") if fails else ())


def asked(m: Machine, stored: Value, classes: Value, place: Place) -> None:
    """`isinstance(stored, classes)`."""
    given = classes.items if isinstance(classes, Seq) else (classes,)
    if not all(isinstance(cls, ClassV) and cls.id in m.scoped_classes and _asks_the_class(cls) for cls in given):
        return
    ids = {cls.id for cls in given if isinstance(cls, ClassV)}

    def is_one(held: object) -> bool:
        return isinstance(held, Instance | Member) and not ids.isdisjoint(_line(held.cls))

    _emit(m, stored, given[0], "asks for the class of", place, is_one)


# --- what is stored ------------------------------------------------------------------------------------------


def _among(
    m: Machine, stored: Value, items: tuple[Value, ...], use: str, place: Place, errors: tuple[str, ...] = ()
) -> None:
    members = [item for item in items if isinstance(item, Member)]
    ours = [member for member in members if member.cls.id in m.scoped_classes and _is_plain(m, member.cls)]
    if not ours or len(members) != len(ours):
        return
    wanted = {(member.cls.id, member.name) for member in ours}

    def is_one(held: object) -> bool:
        return isinstance(held, Member) and (held.cls.id, held.name) in wanted

    _emit(m, stored, ours[0].cls, use, place, is_one, errors)


def _equal(m: Machine, stored: Value, other: Instance, place: Place) -> None:
    from streamlint.flow.objects import field_values, find_in_class

    cls = other.cls
    if cls.id not in m.scoped_classes or cls.bases or find_in_class(m, cls, "__eq__") is not None:
        return
    fields = field_values(m, other)

    def is_same(held: object) -> bool:
        same = isinstance(held, Instance) and held.cls.id == cls.id and field_values(m, held) == fields
        return same and fields is not None and all(isinstance(value, Known) for _, value in fields)

    _emit(m, stored, cls, "compares", place, is_same)


def _emit(
    m: Machine,
    stored: Value,
    cls: Value,
    use: str,
    place: Place,
    is_one: Callable[[object], bool],
    errors: tuple[str, ...] = (),
) -> None:
    """Where a key holds such an object of an earlier run, the answer is wrong."""
    if not isinstance(stored, Late) or stored.alias is None or not isinstance(cls, ClassV):
        return
    origin = m.origin(stored.term)
    if not isinstance(origin, KeyVal) or origin.key != stored.alias:
        return

    def refuses(held: Hashable) -> str | None:
        return KIND if isinstance(held, Tag) and is_one(held.name) else None

    step = f"{use} `{stored.alias}`, which holds an object of the `{cls.name}` of an earlier run"
    about = (step, stored.alias, cls.name, use)
    emit(m, KIND, place, errors, about, subject=stored.alias, refuses=refuses, stale=True)


# --- classes -------------------------------------------------------------------------------------------------


def _is_plain(m: Machine, cls: ClassV) -> bool:
    """An Enum whose members are equal to themselves only."""
    from streamlint.flow.objects import find_in_class

    if find_in_class(m, cls, "__eq__") is not None or find_in_class(m, cls, "_missing_") is not None:
        return False
    return bool(cls.bases) and all(
        _is_plain(m, base) if isinstance(base, ClassV) else isinstance(base, External) and base.name in PLAIN_ENUMS
        for base in cls.bases
    )


def _asks_the_class(cls: Value) -> bool:
    return isinstance(cls, ClassV) and all(
        isinstance(base, ClassV) or not isinstance(base, External) or base.name not in HOOKED for base in cls.bases
    )


def _line(cls: ClassV) -> set[Hashable]:
    """The class and those it inherits from."""
    return {cls.id}.union(*(_line(base) for base in cls.bases if isinstance(base, ClassV)))
