"""Faults: places where Streamlit refuses what the app does, or where Python fails for a reason that Streamlit is.

The walk leaves a `tree.Fault` where it sees one, the search asks here what a run makes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from streamlint.findings import Place
from streamlint.flow.machine import Machine
from streamlint.flow.tree import FAULT, Branch, Fault, Term
from streamlint.flow.valuations import Exactly, Unsure, Valuation

API = ("StreamlitAPIException", "LocalizableStreamlitException")
"""Bases of the exceptions of Streamlit."""
EVERY = frozenset({"Exception", "BaseException", "?"})


def emit(
    m: Machine,
    kind: str,
    place: Place,
    errors: tuple[str, ...],
    about: tuple[str, ...],
    *,
    subject: str | None = None,
    refuses: Callable[[Hashable], str | None] | None = None,
    earlier: bool = False,
    stale: bool = False,
    everywhere: bool = False,
    rests_on: str | None = None,
    unless: Term | None = None,
) -> None:
    """A run that comes here fails, unless the term is true."""
    fault = Fault(_name(m, kind), kind, place, errors, about, subject, refuses, earlier, stale, everywhere, rests_on)
    if unless is None:
        m.emit(fault)
    elif m.alive:
        m.emit(Branch(unless, [], [fault], place, ""))


def mark(m: Machine, kind: str, place: Place, about: tuple[str, ...]) -> str:
    """What may be lost or shown to others here, without an error. Returns the fault's name."""
    fault = Fault(_name(m, kind), kind, place, (), about, everywhere=True, suspected=True)
    m.emit(fault)
    return fault.key


def _name(m: Machine, kind: str) -> str:
    return f"{FAULT}{kind}:{m.fresh()}"


def fails(fault: Fault, valuation: Valuation) -> bool:
    """Whether a run in this state fails here."""
    if fault.subject is None:
        return True
    held = valuation.get(("k", fault.subject))
    if held is None or isinstance(held, Unsure):
        return False
    unowned = valuation.get(("o", fault.subject)) is None
    assigned = valuation.get(("n", fault.subject)) is True
    if fault.stale:
        if assigned or not unowned:
            return False
    elif not (fault.earlier and unowned) and not assigned:
        return False
    if fault.refuses is None:
        return True
    return isinstance(held, Exactly) and fault.refuses(held.value) is not None


def catches(types: frozenset[str], fault: Fault) -> bool:
    """Whether an `except` with these types catches the fault's exception."""
    return not types.isdisjoint(EVERY) or not types.isdisjoint(fault.errors)
