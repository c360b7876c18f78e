"""Valuations: what is known about keys, cells and widgets at one point of one run.

A valuation maps *subjects* to values. Subjects are pairs: ("k", key) a present key (an absent key has no entry),
("c", cell), ("v", token) what is known of an unknown value, ("s", name) a named outside value, ("a", term) an opaque
comparison, ("w", widget) what a widget's value is, ("d", widget) the widget was drawn, ("o", key) the key belongs to a
widget, ("n", key) it was assigned in this run, ("ev",) the widget clicked in this run (or ANY, OUTSIDE), ("pg",) the
page, ("now",) the next run follows at once, ("x", ...) a mark of `streamlint.flow.crashes`,
("l", ...) one of `streamlint.flow.lifetimes`. Valuations are immutable
and compare by content.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeAlias

from streamlint.findings import Place
from streamlint.flow.tree import Some, Tag
from streamlint.records import HashedOnce, immutable

Subject: TypeAlias = tuple[Hashable, ...]


class _Hashed:
    """Computes the hash once: valuations ask for it often."""

    __slots__ = ("_hash",)
    _hash: int

    def __hash__(self) -> int:
        return self._hash


@immutable
class Exactly(_Hashed):
    """A constant, or a `Tag`."""

    value: Hashable

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash(("exactly", self.value)))

    __hash__ = _Hashed.__hash__


@immutable
class Token(_Hashed):
    """An unknown value with an identity: what is learnt about it is learnt wherever it is held."""

    id: Hashable

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash(("token", self.id)))

    __hash__ = _Hashed.__hash__


Bound: TypeAlias = tuple[float, bool]
"""A number, and whether the bound itself is included."""


@immutable
class Knowledge(HashedOnce):
    """What is known of a token. `free`: the user decides it; `called`: unseen code does."""

    truthy: bool | None = None
    not_none: bool = False
    free: bool = False
    called: bool = False
    unlike: frozenset[Hashable] = frozenset()
    blurred: bool = False
    """More was known once."""
    low: Bound | None = None
    high: Bound | None = None
    """Between which numbers it lies."""

    @staticmethod
    def of(fresh: Some) -> Knowledge:
        """What is known of a fresh value."""
        return Knowledge(fresh.truthy, fresh.not_none, fresh.free, fresh.called, blurred=fresh.blurred)


@immutable
class Unsure:
    """A key that may be present or absent for reasons the analysis cannot see."""


V: TypeAlias = Exactly | Token | Unsure
UNSURE = Unsure()


class Valuation:
    """An immutable, hashable map from subjects to values. Its hash is the exclusive or of its items' hashes, so that
    a changed copy knows its own without looking at the rest."""

    __slots__ = ("data", "hash")

    def __init__(self, data: Mapping[Subject, object], known_hash: int | None = None) -> None:
        self.data = data
        self.hash = _hash_of(data.items()) if known_hash is None else known_hash

    def __hash__(self) -> int:
        return self.hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Valuation) and self.hash == other.hash and self.data == other.data

    def get(self, subject: Subject) -> object | None:
        return self.data.get(subject)

    def put(self, subject: Subject, value: object) -> Valuation:
        old = self.data.get(subject)
        if old == value:
            return self
        changed = self.hash ^ hash((subject, value))
        if old is not None:
            changed ^= hash((subject, old))
        return Valuation({**self.data, subject: value}, changed)

    def without(self, subject: Subject) -> int:
        """The hash of this valuation without the subject."""
        value = self.data.get(subject)
        return self.hash if value is None else self.hash ^ hash((subject, value))

    def drop(self, subjects: Iterable[Subject]) -> Valuation:
        gone = [s for s in subjects if s in self.data]
        if not gone:
            return self
        data = dict(self.data)
        changed = self.hash
        for subject in gone:
            if subject in data:
                changed ^= hash((subject, data.pop(subject)))
        return Valuation(data, changed)

    def beside(self, rest: Valuation) -> Valuation:
        """This valuation and one about other subjects; where both know a subject, this one does."""
        if not rest.data:
            return self
        apart = self.data.keys().isdisjoint(rest.data)
        return Valuation({**rest.data, **self.data}, self.hash ^ rest.hash if apart else None)

    def knowledge(self, token: Token) -> Knowledge:
        known = self.data.get(("v", token.id))
        return known if isinstance(known, Knowledge) else NOTHING

    def know(self, token: Token, knowledge: Knowledge) -> Valuation:
        return self.put(("v", token.id), knowledge) if knowledge != NOTHING else self.drop([("v", token.id)])

    def __repr__(self) -> str:
        return f"<{', '.join(f'{k}={v}' for k, v in self.data.items())}>"


def _hash_of(items: Iterable[tuple[Subject, object]]) -> int:
    found = 0
    for item in items:
        found ^= hash(item)
    return found


ANY, OUTSIDE = "any", "outside"
"""The event of a run of which it is not said what started it; of one that no widget of a fragment started."""
NOTHING = Knowledge()
EMPTY = Valuation({})


@immutable
class Assumption(HashedOnce):
    """A decision a path takes that nothing in the app forces.

    `kind`: opaque (a condition we cannot see into), called (one that unseen code decides), key (a test of a key
    outside the slice), raises (a statement that fails), blurred (a value that was forgotten to keep the walk small)."""

    kind: str
    subject: Hashable
    polarity: bool
    text: str = ""
    place: Place | None = None
    gate: bool = False
    """The other way leaves the run at once."""

    def contradicts(self, other: Assumption) -> bool:
        """The same decision, taken the other way."""
        return self.kind == other.kind and self.subject == other.subject and self.polarity is not other.polarity


@immutable
class StepRecord:
    text: str
    place: Place | None


class Trail:
    """How a valuation came about: a linked list of steps, shared between paths."""

    __slots__ = ("parent", "step", "sub")

    def __init__(self, parent: Trail | None, step: StepRecord | None = None, sub: Trail | None = None) -> None:
        self.parent = parent
        self.step = step
        self.sub = sub

    def steps(self) -> list[StepRecord]:
        """All steps, first to last."""
        found: list[StepRecord] = []
        trail: Trail | None = self
        while trail is not None:
            if trail.sub is not None:
                found += reversed(trail.sub.steps())
            if trail.step is not None:
                found.append(trail.step)
            trail = trail.parent
        found.reverse()
        return found


ROOT = Trail(None)


@immutable
class Info:
    """How a valuation is reached: the assumptions common to all paths to it, and the trail of one path."""

    assumptions: frozenset[Assumption]
    trail: Trail

    def assume(self, assumption: Assumption | None) -> Info:
        if assumption is None or assumption in self.assumptions:
            return self
        return Info(self.assumptions | {assumption}, self.trail)

    def step(self, text: str, place: Place | None) -> Info:
        return Info(self.assumptions, Trail(self.trail, StepRecord(text, place)))

    def then(self, inner: Info) -> Info:
        """This path followed by a path through a callee."""
        trail = self.trail if inner.trail is ROOT else Trail(self.trail, None, inner.trail)
        return Info(self.assumptions | inner.assumptions, trail)


START = Info(frozenset(), ROOT)
States: TypeAlias = dict[Valuation, Info]


def cost(info: Info) -> int:
    """How many assumptions a path makes that count: gates that stay open do not, being the way the code is meant to go.
    Blurred ones count double: what was forgotten may contradict the path."""
    return sum(2 if a.kind == "blurred" else 1 for a in info.assumptions if not a.gate)


def add(states: States, valuation: Valuation, info: Info) -> None:
    """Adds a path. Of two paths to the same valuation the one that assumes less stays; where they differ in what they
    decide only, that is not assumed at all."""
    old = states.get(valuation)
    if old is None:
        states[valuation] = info
    elif old is not info and old.assumptions != info.assumptions:
        states[valuation] = _either(old, info)


def _either(a: Info, b: Info) -> Info:
    first, second = (a, b) if (cost(a), len(a.assumptions)) <= (cost(b), len(b.assumptions)) else (b, a)
    mine, other = first.assumptions - second.assumptions, second.assumptions - first.assumptions
    if mine and len(mine) == len(other) and all(any(x.contradicts(y) for y in other) for x in mine):
        return Info(first.assumptions & second.assumptions, first.trail)
    return first


def add_all(states: States, more: States) -> None:
    for valuation, info in more.items():
        add(states, valuation, info)


def truth_of(value: object) -> bool | None:
    if isinstance(value, Tag):
        return value.truthy
    return bool(value)


MERGEABLE = frozenset({"v", "c", "a", "s", "w"})


def merge(states: States) -> States:
    """Joins valuations that differ in one subject only and rest on the same assumptions: both values being possible,
    nothing is known of it."""
    changed = True
    while changed and len(states) > 1:
        changed = False
        for subject in _varying(states):
            for group in _alike(states, subject):
                changed = True
                infos = [states.pop(valuation) for valuation in group]
                result = _join(group[0].drop([subject]), subject, [v.get(subject) for v in group])
                for info in infos:
                    add(states, result, info)
    return states


def _varying(states: States) -> list[Subject]:
    """The mergeable subjects that do not have the same value in all the valuations."""
    first, *others = states
    base = first.data
    found: dict[Subject, None] = {}
    for other in others:
        data = other.data
        for subject, value in data.items():
            if subject not in found:
                mine = base.get(subject)
                if mine is not value and mine != value:
                    found[subject] = None
        if len(data) != len(base) or found:
            found.update((subject, None) for subject in base if subject not in data)
    return [subject for subject in found if subject[0] in MERGEABLE]


def _alike(states: States, subject: Subject) -> list[list[Valuation]]:
    """Groups of valuations that agree in everything but the subject, and in their assumptions."""
    groups: dict[tuple[int, frozenset[Assumption]], list[Valuation]] = {}
    for valuation, info in states.items():
        groups.setdefault((valuation.without(subject), info.assumptions), []).append(valuation)
    found = []
    for group in groups.values():
        if len(group) > 1:
            rest = group[0].drop([subject])
            found.append([v for v in group if v.drop([subject]) == rest])
    return [group for group in found if len(group) > 1]


def _join(rest: Valuation, subject: Subject, values: list[object]) -> Valuation:
    """The rest with what all the values of the subject have in common."""
    kind = subject[0]
    if kind in ("a", "s") or None in values:
        # an absent entry means that nothing is known
        return rest if kind != "c" else rest.put(subject, _free(rest, subject)[0])
    if kind == "v":
        known = [v for v in values if isinstance(v, Knowledge)]
        truths = {k.truthy for k in known}
        joined = Knowledge(
            truths.pop() if len(truths) == 1 else None,
            all(k.not_none for k in known),
            True,
            False,
            frozenset.intersection(*(k.unlike for k in known)),
        )
        return rest.put(subject, joined)
    token, knowledge = _free(rest, subject)
    return rest.put(subject, token).know(token, knowledge)


def _free(rest: Valuation, subject: Subject) -> tuple[Token, Knowledge]:
    return Token(("join", subject)), Knowledge(free=True)


# --- blurring ------------------------------------------------------------------------------------------------

BLURRED = "blurred"
"""Value of a comparison that was decided in different ways."""


def blur(states: States, keys: set[str]) -> States:
    """One valuation for all that agree in the keys and in what started the run. What they do not agree in is
    forgotten, and remembered as forgotten: a path that decides it anew proves nothing. `keys` grows by the keys outside
    the slice that told them apart."""
    groups: dict[Hashable, list[Valuation]] = {}
    for valuation in states:
        groups.setdefault(_property(valuation), []).append(valuation)
    result: States = {}
    for group in groups.values():
        joined = _blurred(group) if len(group) > 1 else group[0]
        if len(group) > 1:
            keys |= {str(a.subject[0]) for v in group for a in states[v].assumptions if a.kind == "key"}  # type: ignore[index]
        for valuation in group:
            add(result, joined, states[valuation])
    return result


def _property(valuation: Valuation) -> Hashable:
    """What blurring keeps apart: which keys are present, their constants and truth, the event, the page."""
    found: set[Hashable] = set()
    for subject, value in valuation.data.items():
        if subject[0] == "k" and isinstance(value, Token):
            known = valuation.knowledge(value)
            found.add((subject, known.truthy, known.not_none))
        elif subject[0] in ("k", "o", "ev", "pg", "now", "x", "l"):
            found.add((subject, value))
    return frozenset(found)


def _blurred(group: list[Valuation]) -> Valuation:
    data: dict[Subject, object] = {}
    for subject in dict.fromkeys(s for valuation in group for s in valuation.data):
        values = [valuation.data.get(subject) for valuation in group]
        first = values[0]
        if all(value == first for value in values):
            data[subject] = first
        elif subject[0] == "d":
            data[subject] = next(value for value in values if value is not None)
        elif subject[0] == "a":
            data[subject] = BLURRED
        elif subject[0] == "v":
            data[subject] = _common([v for v in values if isinstance(v, Knowledge)], None in values)
        else:
            _forget_value(data, subject)
    return Valuation(data)


def _common(known: list[Knowledge], partial: bool) -> Knowledge:
    """What all of them say; `partial`: of some valuations nothing is known."""
    if partial:
        known = [*known, NOTHING]
    truths = {k.truthy for k in known}
    unlike = frozenset.intersection(*(k.unlike for k in known))
    return Knowledge(
        truths.pop() if len(truths) == 1 else None, all(k.not_none for k in known), unlike=unlike, blurred=True
    )


def _forget_value(data: dict[Subject, object], subject: Subject) -> None:
    token = Token(("blur", subject))
    data[subject] = token
    data[("v", token.id)] = Knowledge(blurred=True)
