"""States between two runs that say nothing new: where the user may have chosen anything, each choice is one of them."""

from __future__ import annotations

from collections.abc import Hashable

from streamlint.flow.valuations import NOTHING, Knowledge, States, Subject, Token, Valuation

ANYTHING = Knowledge(free=True)
MAX_STATES = 160
"""Of more states than this, none is compared with another."""


def uncovered(states: States) -> States:
    """The states that are no special case of another one that assumes no more."""
    if len(states) > MAX_STATES:
        return states
    groups: dict[frozenset[Subject], list[Valuation]] = {}
    for valuation in states:
        groups.setdefault(frozenset(s for s in valuation.data if s[0] != "v"), []).append(valuation)
    gone: set[Valuation] = set()
    for group in groups.values():
        for general in group:
            if general in gone or not _has_choice(general):
                continue
            assumed = states[general].assumptions
            for special in group:
                if special is general or special in gone or not assumed <= states[special].assumptions:
                    continue
                if _covers(general, special):
                    gone.add(special)
    return {valuation: info for valuation, info in states.items() if valuation not in gone}


def _has_choice(valuation: Valuation) -> bool:
    return any(subject[0] == "v" and known == ANYTHING for subject, known in valuation.data.items())


def _covers(general: Valuation, special: Valuation) -> bool:
    """Whether the special state is the general one with other values for what the user chose."""
    chosen: dict[Token, object] = {}
    for subject, value in general.data.items():
        if subject[0] == "v":
            continue
        other = special.data[subject]
        if isinstance(value, Token) and general.knowledge(value) == ANYTHING:
            if chosen.setdefault(value, other) != other:
                return False
        elif value != other:
            return False
    free = {token.id for token in chosen}
    given = {value.id for value in chosen.values() if isinstance(value, Token)}
    if any(special.knowledge(value).blurred for value in chosen.values() if isinstance(value, Token)):
        return False
    about = {subject[1] for valuation in (general, special) for subject in valuation.data if subject[0] == "v"}
    for token in about:
        mine, others = (v.data.get(("v", token), NOTHING) for v in (general, special))
        if mine != others and mine != ANYTHING and _root(token) not in free | given:
            return False
    return True


def _root(token: Hashable) -> Hashable:
    while isinstance(token, tuple) and token[0] == "part":
        token = token[1]
    return token
