"""A quick look before a search: can any single run, from any state whatever, come to what is looked for?

A search goes through the states that sessions really reach, run by run. Where not even a run that starts with whatever
keys, widget values and clicks suit it comes to a failure, there is nothing to search for. That is most often so, and
takes one walk.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING

from streamlint.flow.explore import OutOfBudget
from streamlint.flow.tree import FAULT, Spec
from streamlint.flow.valuations import ANY, EMPTY, OUTSIDE, START, UNSURE, Knowledge, States, Token, Valuation, add_all

if TYPE_CHECKING:
    from streamlint.flow.runs import Rounds

MAX_KEYS = 4
"""With more keys there are too many states to start from."""
MAX_PROBE = 4_000
"""Nodes walked; beyond, it is left to the search."""


def may_fail(walk: Rounds) -> bool:
    """Whether some run might; the walk is used up. Errs to True."""
    keys = sorted(key for key in walk.reducer.keys if not key.startswith(FAULT))
    if len(keys) > MAX_KEYS or walk.walker.subject is not None:
        return True
    start = _anything(walk)
    supposed = [one for state in _with_keys(start, keys, walk.session.preset) for one in walk.supposed(state)]
    starts: States = dict.fromkeys(supposed, START)
    try:
        for entry in walk.entries:
            _one_run(walk, entry, starts)
    except OutOfBudget:
        return True
    return walk.hit() or walk.walker.overflow


def _one_run(walk: Rounds, entry: str, starts: States) -> None:
    """A run of the script, and one of each fragment; a callback may come before."""
    whole = {state.put(("ev",), OUTSIDE): info for state, info in starts.items()}
    partial = dict(starts)
    for callback in dict.fromkeys(w.callback for w in walk.widgets.values() if w.callback is not None):
        ends = walk.walk(callback, dict(starts), entry)
        users = [widget for widget in walk.widgets.values() if widget.callback is callback]
        for after in (ends.normal, *ends.exits.values()):
            if any(widget.fragment is None for widget in users):
                add_all(whole, after)
            if any(widget.fragment is not None for widget in users):
                add_all(partial, after)
    walk.walk(walk.session.program.scripts[entry], whole, entry)
    for fragment in _fragments(walk):
        walk.walk(fragment, dict(partial), entry)


def _fragments(walk: Rounds) -> list[Spec]:
    """The fragments that widgets are in."""
    return list(dict.fromkeys(w.fragment for w in walk.widgets.values() if isinstance(w.fragment, Spec)))


def _anything(walk: Rounds) -> Valuation:
    """Any event, and any value of every widget."""
    state = EMPTY.put(("ev",), ANY)
    for widget, info in walk.widgets.items():
        if not info.trigger:
            state = _unknown(state, ("w", widget), widget)
    return state


def _with_keys(state: Valuation, keys: list[str], preset: frozenset[str]) -> Iterator[Valuation]:
    """The state with each key absent, or present with any value."""
    if not keys:
        yield state
        return
    first, *others = keys
    known = [state.put(("k", first), UNSURE)] if first in preset else [state, _unknown(state, ("k", first), first)]
    for one in known:
        yield from _with_keys(one, others, preset)


def _unknown(state: Valuation, subject: tuple[Hashable, ...], name: Hashable) -> Valuation:
    token = Token(("any", name))
    return state.put(subject, token).know(token, Knowledge(free=True))
