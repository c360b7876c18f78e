"""Ranges of `st.date_input`: while the user has picked one date only, they hold one.

The walk marks what such a widget returns by an alias of its own; what is stored under a key is marked by its key.
"""

from __future__ import annotations

from dataclasses import replace

from streamlint.findings import Place
from streamlint.flow.faults import emit
from streamlint.flow.machine import Machine
from streamlint.flow.tree import COMPLETE, FILLED, AllT, Lit, Part, Tag, Term, WidgetInfo, negate
from streamlint.flow.values import Func, Known, Late, Length, Seq, Value

RANGE = "\0range"
"""What the alias of a range begins with that is under no key yet."""


def note(m: Machine, info: WidgetInfo, value: Value | None) -> str | None:
    """The alias of what a widget returns, if that is a range of dates."""
    if info.element != "date_input":
        return None
    if value is None and info.key is not None and m.range_seeds.get(info.key):
        if info.key not in m.date_keys:
            m.seeded_ranges.add(info.key)
            m.date_keys.add(info.key)
        return info.key
    if not isinstance(value, Seq) or not _may_be_range(value):
        return None
    shown = replace(value, kind="tuple")
    info.default = Lit(Tag(shown, bool(shown.items)))
    if info.key is not None:
        m.date_keys.add(info.key)
    return f"{RANGE}{info.id}"


def stored(m: Machine, key: str, value: Value) -> None:
    """A key gets a value: it holds a range if that is one, and may if that could be one."""
    if isinstance(value, Late) and _is_range(m, value.alias):
        m.date_keys.add(key)
        return
    fits = isinstance(value, Seq) and _may_be_range(value)
    m.range_seeds[key] = fits and m.range_seeds.get(key, True)
    if not fits and key in m.seeded_ranges:
        m.date_keys.discard(key)


def _may_be_range(value: Seq) -> bool:
    return value.exact and not value.only_if and len(value.items) <= 2


def _is_range(m: Machine, alias: str | None) -> bool:
    return alias is not None and (alias.startswith(RANGE) or alias in m.date_keys)


def unpacked(m: Machine, value: Value, count: int, place: Place) -> None:
    """`a, b = value`."""
    if isinstance(value, Late) and value.alias is not None and count == 2:
        _emit(
            m,
            value.alias,
            Part(value.term, COMPLETE),
            "unpacks two dates of a range that holds fewer: ValueError",
            place,
        )


def indexed(m: Machine, value: Value, index: Value, place: Place) -> None:
    """`value[index]`."""
    if not isinstance(value, Late) or value.alias is None or not isinstance(index, Known):
        return
    if index.value in (1, -2) and not isinstance(index.value, bool):
        step = "takes the second date of a range that holds one: IndexError" if index.value == 1 else NO_DATE
        _emit(m, value.alias, Part(value.term, COMPLETE), step, place)
    elif index.value in (0, -1) and not isinstance(index.value, bool):
        _emit(m, value.alias, Part(value.term, FILLED), NO_DATE, place)


def mapped(m: Machine, source: Value) -> Value | None:
    """What `[f(day) for day in source]` gives: of a range, as many items as it holds."""
    return source if isinstance(source, Late) and _is_range(m, source.alias) else None


def converted(m: Machine, builtin: str, args: list[Value]) -> Value | None:
    """What `list(value)` and the like give: of a range, as many items as it holds."""
    index = {"list": 0, "tuple": 0, "sorted": 0, "map": 1}.get(builtin)
    if index is None or index >= len(args):
        return None
    value = args[index]
    if builtin == "map" and isinstance(args[0], Func):
        return None  # its calls have effects
    return value if isinstance(value, Late) and _is_range(m, value.alias) else None


NO_DATE = "takes a date of a range that holds fewer: IndexError"


def _emit(m: Machine, alias: str, enough: Term, step: str, place: Place) -> None:
    own = alias.startswith(RANGE)
    error = step.rsplit(": ", 1)[1]
    errors = (error, "LookupError") if error == "IndexError" else (error,)
    kind = "range" if own else "range of key"
    emit(m, kind, place, errors, (step, "" if own else alias), unless=enough, rests_on=None if own else alias)


def length(m: Machine, op: str, value: Length, number: object) -> Term | None:
    """`len(value) op number` of a range, as far as it says whether one date or both are picked."""
    if not _is_range(m, value.alias):
        return None
    both = Part(value.term, COMPLETE)
    one = AllT((Part(value.term, FILLED), negate(both)))
    if (op, number) in (("==", 2), (">", 1), (">=", 2), ("is", 2)):
        return both
    if (op, number) in (("!=", 2), ("<", 2), ("<=", 1), ("is not", 2)):
        return negate(both)
    if (op, number) in (("==", 1), ("is", 1)):
        return one
    return negate(one) if (op, number) in (("!=", 1), ("is not", 1)) else None
