"""Keys that are called like a method of the session state: as an attribute they are the method, not the value."""

from __future__ import annotations

from streamlint.findings import Place
from streamlint.flow.faults import emit
from streamlint.flow.machine import Machine
from streamlint.flow.values import Method, OneOf, State, Value

ITERATING = frozenset({
    "len", "list", "tuple", "set", "frozenset", "sorted", "reversed", "enumerate", "zip", "sum", "min", "max", "any",
    "all", "iter", "map", "filter", "int", "float", "abs", "round", "join", "extend", "dict", "range",
})  # fmt: skip
"""Builtins, and methods of values that are known, that cannot be called with a function (`map` and `filter`: as second
argument)."""
ERRORS = {"AttributeError": ("AttributeError",), "TypeError": ("TypeError",), "ValueError": ("ValueError",)}
NAMES = frozenset({"clear", "get", "items", "keys", "pop", "popitem", "setdefault", "to_dict", "update", "values"})


def method_of(value: Value) -> str | None:
    """The method of the session state that the value is, if it is one."""
    match value:
        case Method(State(), name) if name in NAMES:
            return name
        case OneOf(options=options, open=False) if options and all(method_of(o) for o in options):
            return method_of(options[0])
        case _:
            return None


def used(m: Machine, value: Value, use: str, place: Place, error: str = "TypeError") -> None:
    """The value is used in a way that a method cannot be: `use` says how."""
    name = method_of(value)
    if name is not None:
        step = f"{use} `st.session_state.{name}`, which is a method: {error}"
        emit(m, "method", place, ERRORS[error], (step, name, use, error))


def given(m: Machine, builtin: str, args: list[Value], place: Place) -> None:
    """A builtin is called."""
    index = 1 if builtin in ("map", "filter") else 0
    if builtin in ITERATING and index < len(args):
        used(m, args[index], f"gives `{builtin}`", place)


def handed(m: Machine, function: str, args: list[Value], place: Place) -> None:
    """A function of a library is called: a few cannot take a method."""
    error = REFUSING.get(function)
    if error is not None and args:
        used(m, args[0], f"gives `{function}`", place, error)


REFUSING = {
    "json.dump": "TypeError", "json.dumps": "TypeError", "math.prod": "TypeError", "pandas.DataFrame": "ValueError",
    "random.choice": "TypeError", "random.sample": "TypeError", "random.shuffle": "TypeError",
    "statistics.mean": "TypeError", "statistics.median": "TypeError", "collections.Counter": "TypeError",
    "collections.deque": "TypeError",
}  # fmt: skip
"""Functions that fail on a method as first argument, and how."""


def seen(m: Machine, value: Value, use: str, place: Place) -> None:
    """The value is used in a way that no method should be, though nothing raises."""
    name = method_of(value)
    if name is not None:
        step = f"{use} `st.session_state.{name}`, which is a method and not the value of the key"
        emit(m, "method unnoticed", place, (), (step, name, use, ""))
