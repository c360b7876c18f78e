"""How the code spells what it does with single keys: noted while it is walked, for the rules of style."""

from __future__ import annotations

import keyword
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import TYPE_CHECKING

from streamlint.facts import ir
from streamlint.findings import Place, Span
from streamlint.flow import params
from streamlint.flow.values import State, Value
from streamlint.records import immutable, mutable

if TYPE_CHECKING:
    from streamlint.flow.machine import Machine

ATTRIBUTE, BRACKET = "attribute", "bracket"
DYNAMIC = {"getattr": (2, 3), "setattr": (3, 3), "delattr": (2, 2)}
"""Builtins that take an attribute's name, and how many arguments they are given."""
METHODS = frozenset({"clear", "get", "items", "keys", "pop", "popitem", "setdefault", "to_dict", "update", "values"})


@immutable
class Access:
    """One access of a key by its literal name. `use` is "reads", "sets" or "deletes"."""

    place: Place
    key: str
    style: str
    use: str


@immutable
class Dynamic:
    """A builtin that accesses a key whose name is a literal."""

    place: Place
    key: str
    function: str


@immutable
class Init:
    """A place that initialises a key, with a literal."""

    place: Place
    value: ir.Expr


@mutable
class Spellings:
    """What was met so far."""

    direct: dict[Place, Access] = field(default_factory=dict)
    dynamic: dict[Place, Dynamic] = field(default_factory=dict)
    inits: dict[str, list[Init]] = field(default_factory=dict)
    begins: dict[str, frozenset[Span]] = field(default_factory=dict)
    """Where the statements of a file's functions and of itself stand that are tests or calls."""


def note(m: Machine, owner: Value, node: ir.Attr | ir.Sub, use: str = "reads") -> None:
    """An attribute or item of a value, which may be the session state."""
    if not isinstance(owner, State):
        if use == "reads":
            params.note_read(m, owner, node)
        return
    place = m.place(node.span)
    if isinstance(node, ir.Attr):
        if node.name not in METHODS and not node.name.startswith("_"):
            m.spellings.direct[place] = Access(place, node.name, ATTRIBUTE, use)
    elif isinstance(node.index, ir.Const) and isinstance(node.index.value, str) and can_be_attribute(node.index.value):
        m.spellings.direct[place] = Access(place, node.index.value, BRACKET, use)


def can_be_attribute(key: str) -> bool:
    """Whether `st.session_state.key` means the key. Names with `_` in front may be private to a class."""
    plain = key.isidentifier() and key.isascii() and not keyword.iskeyword(key)
    return plain and key not in METHODS and not key.startswith("_")


def note_call(m: Machine, node: ir.Call, statement: bool) -> None:
    """A call; `statement` says that nobody uses its value."""
    params.note_get(m, node)
    if not isinstance(node.func, ir.Name) or node.func.id not in DYNAMIC or node.kwargs:
        return
    least, most = DYNAMIC[node.func.id]
    if not least <= len(node.args) <= most or (node.func.id != "getattr" and not statement):
        return
    from streamlint.flow.guards import look

    key = node.args[1]
    literal = isinstance(key, ir.Const) and isinstance(key.value, str) and key.value not in METHODS
    if literal and m.lookup(node.func.id) is None and isinstance(look(m, node.args[0]), State):
        place = m.place(node.span)
        m.spellings.dynamic[place] = Dynamic(place, str(key.value), node.func.id)  # type: ignore[union-attr]


def note_setdefault(m: Machine, node: ir.Expr) -> None:
    """A call of `setdefault` of the session state with literals that is a statement of a function or module."""
    if type(node) is not ir.Call or type(node.func) is not ir.Attr or node.func.name != "setdefault":
        return
    from streamlint.flow.guards import look

    match node:
        case ir.Call(ir.Attr(state, "setdefault"), (ir.Const(str() as key), value), ()) if is_literal(value):
            if isinstance(look(m, state), State):
                note_init(m, key, Init(m.place(node.span), value))
        case _:
            pass


def note_init(m: Machine, key: str, init: Init) -> None:
    known = m.spellings.inits.get(key, [])
    if init not in known and _is_unconditional(m, init.place):
        m.spellings.inits[key] = [*known, init]


def is_literal(expr: ir.Expr) -> bool:
    match expr:
        case ir.Const():
            return True
        case ir.Display(items=items):
            return all(is_literal(item) for item in items)
        case ir.DictDisplay(items=pairs):
            return all(part is not None and is_literal(part) for pair in pairs for part in pair)
        case _:
            return False


def _is_unconditional(m: Machine, place: Place) -> bool:
    """Whether the statement that begins here stands in no other statement of its function or module."""
    begins = m.spellings.begins.get(place.path)
    if begins is None:
        facts = m.project.facts(place.path)
        blocks = [facts.body, *(function.body for function in facts.functions)]
        begins = m.spellings.begins[place.path] = frozenset(_begins(blocks))
    return place.span in begins


def _begins(blocks: Iterable[ir.Block]) -> Iterator[Span]:
    """Where statements stand that tests and calls are."""
    for block in blocks:
        for statement in block:
            match statement:
                case ir.If(span=span) | ir.ExprStmt(value=ir.Call(span=span)):
                    yield span
                case _:
                    pass


# --- what is odd ---------------------------------------------------------------------------------------------


def mixed(m: Machine, wanted: str) -> Iterator[Access]:
    """The accesses that are not spelled as wanted; "majority" is what most of the app is, in a tie what comes first."""
    found = [m.spellings.direct[place] for place in sorted(m.spellings.direct)]
    if wanted == "majority" and found:
        counts = Counter(access.style for access in found)
        wanted = counts.most_common(1)[0][0]
    yield from (access for access in found if access.style != wanted)


def scattered(m: Machine) -> Iterator[tuple[str, Init, Init]]:
    """Keys that are initialised with different literals: key, the later place, and the first one."""
    for key, inits in sorted(m.spellings.inits.items()):
        first = inits[0]
        for other in inits[1:]:
            if _differ(first.value, other.value):
                yield key, other, first


def _differ(a: ir.Expr, b: ir.Expr) -> bool:
    if isinstance(a, ir.Const) and isinstance(b, ir.Const):
        return type(a.value) is not type(b.value) or a.value != b.value
    return a != b
