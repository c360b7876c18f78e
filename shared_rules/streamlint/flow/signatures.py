"""Whether a callback can be called with the arguments that its widget is given.

Streamlit calls `callback(*args, **kwargs)` before the run after the user's action; a false `args` or `kwargs` counts as
none. So what is wrong with them shows only at the click.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

from streamlint.facts import ir
from streamlint.findings import Place
from streamlint.flow import objects
from streamlint.flow.faults import API, emit
from streamlint.flow.machine import Machine
from streamlint.flow.tree import WidgetVal
from streamlint.flow.values import ClassV, Func, Instance, Known, Late, Mapping, Method, OneOf, Seq, State, Text, Value
from streamlint.records import immutable
from streamlint.streamlit_api import Element as Facts

VALIDATED = (1, 64)
"""Since when a callback that cannot be called is refused where the widget is drawn."""
STATE_METHODS = {
    "clear": (0, 0), "keys": (0, 0), "items": (0, 0), "values": (0, 0), "to_dict": (0, 0), "popitem": (0, 0),
    "get": (1, 2), "pop": (1, 2), "setdefault": (1, 2), "update": (0, 1),
}  # fmt: skip
"""How many arguments the methods of the session state take by position."""
LIST_METHODS = {"append": (1, 1), "extend": (1, 1), "remove": (1, 1), "insert": (2, 2), "clear": (0, 0), "pop": (0, 1)}
ONE_ARGUMENT = "one argument"
"""As last part of what is said about a call: a tuple around `args` repairs it."""
MAX_WRAPPERS = 4
"""Functions that hand their arguments on are followed so far."""


@immutable
class Signature:
    """The parameters that are left to be given; `needed` are those without a default. `many` and `any_keyword` say that
    there is a starred one."""

    name: str
    positional: tuple[str, ...]
    needed: frozenset[str]
    keywords: frozenset[str]
    """Parameters that can be given by keyword."""
    many: bool
    any_keyword: bool
    taken: frozenset[str] = frozenset()
    """Keywords that are given already."""


@immutable
class Given:
    """What a call gives: how many arguments by position (at least; exactly unless `more`), and keywords."""

    count: int
    more: bool = False
    keywords: tuple[str, ...] = ()
    characters: bool = False
    """The arguments are the characters of a text."""


Pair = tuple["Value | None", "Value | None"]


def check(m: Machine, facts: Facts, callback: Value, given: Pair, place: Place) -> Callable[[], None] | None:
    """What emits, in the callback's body, that its call fails; what fails earlier is emitted at once."""
    element = facts.name
    if _is_no_callback(callback):
        parameter = facts.callback or "on_change"
        about = (element, f"`{parameter}` of `st.{element}` gets {_kind(callback)}, which cannot be called")
        if m.version >= VALIDATED:
            step = f"draws `st.{element}` with a callback that cannot be called: Streamlit refuses it"
            emit(m, "no callback", place, (*API, "StreamlitValueError", "ValueError"), (step, *about))
            return None
        step = f"`st.{element}` calls what is no function: TypeError"
        return lambda: emit(m, "no callback", place, ("TypeError",), (step, *about))
    args, kwargs = given if facts.callback_arguments else (None, None)
    choices = args.options if isinstance(args, OneOf) and not args.open else (args,)
    wrong = [problem(m, callback, choice, kwargs) for choice in choices]
    reason = next((one for one in wrong if one is not None), None)
    if reason is None:
        return None
    step = f"calls the callback of `st.{element}`: TypeError"
    repair = ONE_ARGUMENT if args is not None and _fits_as_one(m, callback, args, kwargs) else ""

    def fail() -> None:
        """With arguments that depend on a condition, those that fit are possible too."""
        chance = m.unknown().term if None in wrong else None
        emit(m, "wrong arguments", place, ("TypeError",), (step, element, reason, repair), unless=chance)

    return fail


def _fits_as_one(m: Machine, callback: Value, args: Value, kwargs: Value | None) -> bool:
    """Whether the callback can be called with what stands for `args` as its one argument."""
    if isinstance(args, OneOf | Mapping) or (isinstance(args, Seq) and args.kind != "set"):
        return False
    return problem(m, callback, Seq("tuple", (args,), True), kwargs) is None


def _is_no_callback(value: Value) -> bool:
    """Constants and collections that are certainly taken for a callback; false ones and modes ("rerun") are not."""
    if isinstance(value, Seq):
        return value.exact and bool(value.items) and not value.only_if
    if isinstance(value, Mapping):
        return bool(value.items)
    return isinstance(value, Known) and bool(value.value) and value.value not in ("rerun", "ignore")


def _kind(value: Value) -> str:
    match value:
        case Known(constant):
            return f"{constant!r}" if len(repr(constant)) <= 30 else f"a `{type(constant).__name__}`"
        case Seq(kind=kind):
            return f"a {kind}"
        case _:
            return "a dict"


def problem(m: Machine, callback: Value, args: Value | None, kwargs: Value | None) -> str | None:
    """Why the call fails, in words; None if it succeeds, or if that is not known."""
    signature = _signature(m, callback)
    if signature is None:
        return None
    if isinstance(args, Late) and (wrong := _of_widget(m, signature, args)) is not None:
        return wrong
    given = _arguments(args)
    if given is None:
        return None
    if isinstance(given, str):
        return given
    named = _keywords(kwargs)
    if named is None or isinstance(named, str):
        return named
    return _mismatch(signature, given, named)


# --- the callback --------------------------------------------------------------------------------------------


def _signature(m: Machine, callback: Value) -> Signature | None:
    match callback:
        case Func(role="wrapped" | "contextmanager" | "setter" | "property"):
            return None
        case Func():
            called = _handed_on(m, callback)
            return _of_function(m.function(called), called)
        case ClassV(kind="") as cls:
            init = objects.find_in_class(m, cls, "__init__")
            known = isinstance(init, Func) and objects.find_in_class(m, cls, "__new__") is None
            return _of_function(m.function(init), init, 1, cls.name) if known and isinstance(init, Func) else None
        case Instance(_, cls):
            method = objects.find_in_class(m, cls, "__call__")
            return _of_function(m.function(method), method, 1, cls.name) if isinstance(method, Func) else None
        case Method(State(), name) if name in STATE_METHODS:
            least, most = STATE_METHODS[name]
            names = tuple(f"argument {i + 1}" for i in range(most))
            return Signature(f"st.session_state.{name}", names, frozenset(names[:least]), frozenset(), False, True)
        case Method(Seq("list"), name) if name in LIST_METHODS:
            least, most = LIST_METHODS[name]
            names = tuple(f"argument {i + 1}" for i in range(most))
            return Signature(f"list.{name}", names, frozenset(names[:least]), frozenset(), False, True)
        case _:
            return None


def _handed_on(m: Machine, func: Func) -> Func:
    """The function that gets all the arguments of this one, as they are: `return func(*args, **kwargs)`."""
    for _ in range(MAX_WRAPPERS):
        facts = m.function(func)
        plain = not facts.params and not facts.positional_only and not facts.keyword_only
        if not plain or func.bound is not None or func.args or func.kwargs:
            break
        straight = itertools.takewhile(lambda s: isinstance(s, ir.ExprStmt | ir.Assign | ir.Return), facts.body)
        inner = next((f for s in straight if (f := _spread(s, facts)) is not None), None)
        home = func.frame.home(inner) if inner is not None and inner not in facts.assigned else None
        target = home.env.get(inner) if home is not None and inner is not None else None
        if not isinstance(target, Func) or target.role:
            break
        func = target
    return func


def _spread(statement: ir.Stmt, facts: ir.Function) -> str | None:
    """The name that a statement calls with `*args, **kwargs`, the parameters of this function."""
    if not isinstance(statement, ir.Return | ir.ExprStmt | ir.Assign):
        return None
    match statement.value:
        case ir.Call(ir.Name(name), (ir.Star(ir.Name(star)),), ((None, ir.Name(stars)),)):
            return name if (star, stars) == (facts.vararg, facts.kwarg) else None
        case ir.Call(ir.Name(name), (ir.Star(ir.Name(star)),), ()):
            return name if star == facts.vararg and facts.kwarg is None else None
        case _:
            return None


def _of_function(facts: ir.Function, func: Func, bound: int = 0, name: str = "") -> Signature:
    names = [*facts.positional_only, *facts.params]
    first = bound + (func.bound is not None) + len(func.args)
    taken = frozenset(key for key, _ in func.kwargs)
    defaults = {key for key, _ in func.defaults} | taken
    left = tuple(names[first:])
    needed = frozenset(n for n in (*left, *facts.keyword_only) if n not in defaults)
    by_name = frozenset(n for n in (*left, *facts.keyword_only) if n not in facts.positional_only)
    called = name or ("the lambda" if facts.is_lambda else facts.name)
    return Signature(called, left, needed, by_name, facts.vararg is not None, facts.kwarg is not None, taken)


# --- the arguments -------------------------------------------------------------------------------------------


def _arguments(args: Value | None) -> Given | str | None:
    """What `*args` gives; a text if it fails by itself; None if it is not known."""
    match args:
        case None:
            return Given(0)
        case Seq(items=items, exact=True, only_if=()):
            return Given(len(items))
        case Mapping(items, True):
            return Given(len(items))
        case Known(str() | bytes() as text):
            return Given(len(text), characters=True)
        case Known(value) if not value:
            return Given(0)
        case Known(value):
            return f"`args` is {value!r}, no tuple: write `args=({value!r},)`"
        case Text(pattern):
            return Given(sum(len(part) for part in pattern.parts if part is not None), True, (), True)
        case Func() | Instance():
            return None
        case _:
            return None


def _keywords(kwargs: Value | None) -> tuple[str, ...] | str | None:
    match kwargs:
        case None:
            return ()
        case Mapping(items, True):
            names = [key.value for key, _ in items if isinstance(key, Known) and isinstance(key.value, str)]
            return tuple(dict.fromkeys(names)) if len(names) == len(items) else None
        case Known(value) if not value:
            return ()
        case Known(value):
            return f"`kwargs` is {value!r}, no dict"
        case Seq(kind, items, True, ()):
            return f"`kwargs` is a {kind}, no dict" if items else ()
        case _:
            return None


def _of_widget(m: Machine, signature: Signature, args: Late) -> str | None:
    """What is wrong with giving what a widget returns as `args`."""
    origin = m.origin(args.term)
    returned = m.returns.get(origin.widget) if isinstance(origin, WidgetVal) else None
    if returned is None:
        return None
    what = f"`args` is the {returned.kind} that `st.{returned.element}` returns"
    if returned.kind == "number":
        return f"{what}, no tuple: write `args=(value,)`"
    least, most = len(signature.needed), len(signature.positional)
    lengths = [len(option) for option in returned.options] if returned.options is not None else [0, most + 1]
    if signature.many or all(least <= length <= most for length in lengths):
        return None
    return f"{what}, whose characters are the arguments: write `args=(value,)`"


# --- both ----------------------------------------------------------------------------------------------------


def _mismatch(signature: Signature, given: Given, named: tuple[str, ...]) -> str | None:
    name = f"`{signature.name}`" if signature.name != "the lambda" else signature.name
    by_position = tuple(n for n in signature.positional if n not in signature.taken)
    if given.count > len(signature.positional) and not signature.many:
        note = ": the characters of the text are the arguments, write `args=(...,)`" if given.characters else ""
        return f"{name} takes {_number(len(signature.positional))}, `args` gives {given.count}{note}"
    filled = set(signature.positional[: given.count])
    if any(n not in signature.keywords and not signature.any_keyword for n in named):
        strange = next(n for n in named if n not in signature.keywords)
        return f"{name} has no parameter `{strange}`"
    twice = [n for n in named if n in filled and n in signature.keywords] + sorted(filled & signature.taken)
    if twice:
        return f"{name} gets `{twice[0]}` twice"
    if given.more:
        return None
    missing = [n for n in (*by_position, *sorted(signature.needed)) if n in signature.needed and n not in filled]
    missing = [n for n in dict.fromkeys(missing) if n not in named]
    if not missing:
        return None
    listed = ", ".join(f"`{n}`" for n in missing) if not missing[0].startswith("argument ") else "an argument"
    return f"{name} needs {listed}, which {'is' if len(missing) == 1 else 'are'} not given"


def _number(count: int) -> str:
    return {0: "no argument", 1: "1 argument"}.get(count, f"{count} arguments")


__all__ = ["check", "problem"]
