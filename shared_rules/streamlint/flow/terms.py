"""Evaluating terms in a valuation: what a test says, and what its answer teaches."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace

from streamlint.findings import Place
from streamlint.flow.machine import compare
from streamlint.flow.ranges import MIRRORED, OPPOSITE, is_number, within
from streamlint.flow.tree import (
    COMPLETE,
    FILLED,
    AllT,
    AnyT,
    Arith,
    CellRef,
    Cmp,
    KeyVal,
    Lit,
    NotT,
    Part,
    Present,
    Some,
    Sym,
    Tag,
    Term,
    WidgetInfo,
    WidgetVal,
    subterms,
)
from streamlint.flow.valuations import (
    ANY,
    BLURRED,
    NOTHING,
    OUTSIDE,
    Assumption,
    Exactly,
    Knowledge,
    Subject,
    Token,
    Unsure,
    V,
    Valuation,
    truth_of,
)
from streamlint.flow.values import Known, Mapping, Seq

Outcome = tuple[bool, Valuation, "Assumption | tuple[Assumption, ...] | None"]


class Terms:
    """Evaluation for one slice of keys."""

    def __init__(
        self, keys: frozenset[str], triggers: dict[Hashable, WidgetInfo], widgets: frozenset[Hashable]
    ) -> None:
        self.keys = keys
        self.triggers = triggers
        self.widgets = widgets

    def may_click(self, widget: Hashable, state: Valuation) -> bool:
        """Whether it is open that the widget has started this run."""
        event = state.get(("ev",))
        return event == ANY or (event == OUTSIDE and self.triggers[widget].fragment is None)

    # --- values ----------------------------------------------------------------------------------------------

    def value(self, term: Term, state: Valuation) -> tuple[V | None, Valuation]:
        """The value of a term without deciding anything; None if it is a test that has no value yet."""
        match term:
            case Lit(value):
                return Exactly(value), state
            case CellRef(cell):
                return self._held(("c", cell), state)
            case Sym(name):
                return Token(("s", name)), state
            case KeyVal(key, default):
                return self._key_value(key, default, state)
            case WidgetVal(widget):
                return self._widget_value(widget, state)
            case Part(inner, index, default):
                return self._part(inner, index, default, state)
            case Arith(op, left, right):
                return self._sum(op, left, right, state)
            case _:
                return None, state

    def last(self, term: Term, state: Valuation) -> V | None:
        """The value of a true conjunction, which is that of its last term; None if that is a test itself."""
        while isinstance(term, AllT):
            term = term.terms[-1]
        return self.value(term, state)[0] if isinstance(term, CellRef) else None

    def _part(self, term: Term, index: Hashable, default: Term | None, state: Valuation) -> tuple[V | None, Valuation]:
        whole, state = self.value(term, state)
        if index in (COMPLETE, FILLED):
            picked = _picked(whole, index)
            part = Token(("part", whole.id, COMPLETE)) if isinstance(whole, Token) else None
            if index == COMPLETE and part is not None and state.get(("v", part.id)) is not None:
                picked = part  # of a value that an earlier run stored
            fresh = isinstance(picked, Token) and state.get(("v", picked.id)) is None and _other(picked) is None
            if isinstance(picked, Token) and fresh:
                state = state.know(picked, Knowledge(free=True))
            return picked, state
        if isinstance(whole, Exactly) and isinstance(whole.value, Tag):
            found = _item(whole.value.name, index)
            if found is not None:
                return found, state
            if default is not None and isinstance(whole.value.name, Mapping):
                return self.value(default, state)
        if not isinstance(whole, Token):
            token = Token(("part", ("of", term), index))
            return token, state
        token = Token(("part", whole.id, index))
        if state.get(("v", token.id)) is None:
            known = state.knowledge(whole)
            state = state.know(token, Knowledge(free=known.free, called=known.called, blurred=known.blurred))
        return token, state

    def _sum(self, op: str, left: Term, right: Term, state: Valuation) -> tuple[V, Valuation]:
        a, state = self.value(left, state)
        b, state = self.value(right, state)
        if isinstance(a, Exactly) and isinstance(b, Exactly):
            result = _add(op, a.value, b.value)
            if result is not None:
                return Exactly(result), state
        token = Token(("sum", op, left, right))
        return token, state.know(token, Knowledge(not_none=True, free=True))

    def _held(self, subject: Subject, state: Valuation) -> tuple[V, Valuation]:
        held = state.get(subject)
        if isinstance(held, Exactly | Token):
            return held, state
        return Token(("unbound", subject)), state

    def _key_value(self, key: str, default: Term, state: Valuation) -> tuple[V | None, Valuation]:
        if key not in self.keys:
            return Token(("other", key)), state.know(Token(("other", key)), NOTHING)
        held = state.get(("k", key))
        if held is None:
            return self.value(default, state)
        if isinstance(held, Unsure):
            token = Token(("unsure", key))
            return token, state.know(token, Knowledge(called=True))
        assert isinstance(held, Exactly | Token)
        return held, state

    def _widget_value(self, widget: Hashable, state: Valuation) -> tuple[V | None, Valuation]:
        if widget in self.triggers:
            if self.may_click(widget, state):
                return None, state
            if state.get(("ev",)) == widget:
                return Exactly(_CLICKED), state
            return Exactly(False), state
        held = state.get(("w", widget))
        if isinstance(held, Exactly | Token):
            return held, state
        token = Token(("widget", widget))
        return token, state.know(token, Knowledge(free=True))

    # --- tests -----------------------------------------------------------------------------------------------

    def test(self, term: Term, state: Valuation, text: str, place: Place | None) -> Iterator[Outcome]:
        """The truths a term can have, each with the valuation in which it has it."""
        match term:
            case NotT(inner):
                for verdict, after, assumption in self.test(inner, state, text, place):
                    yield not verdict, after, assumption
            case AllT(terms):
                yield from self._sequence(terms, state, text, place, stop=False)
            case AnyT(terms):
                yield from self._sequence(terms, state, text, place, stop=True)
            case Present(key):
                yield from self._present(key, state, text, place)
            case KeyVal(key) if key not in self.keys:
                yield from self._other_key(key, "value", state, text, place)
            case Cmp():
                yield from self._compare(term, state, text, place)
            case WidgetVal(widget) if widget in self.triggers and self.may_click(widget, state):
                yield True, state.drop([("ev",)]), None
                yield False, state, None
            case Some(truthy=bool(truthy)):
                yield truthy, state, None
            case Some(free=free):
                yield from _fork(state, None if free else _assume(term, text, place))
            case _:
                value, after = self.value(term, state)
                yield from self._truth(value, after, text, place)

    def _sequence(
        self, terms: tuple[Term, ...], state: Valuation, text: str, place: Place | None, stop: bool
    ) -> Iterator[Outcome]:
        head, *tail = terms
        for verdict, after, assumption in self.test(head, state, text, place):
            if verdict is stop or not tail:
                yield verdict, after, assumption
                continue
            for later, end, more in self._sequence(tuple(tail), after, text, place, stop):
                yield later, end, (*flat(assumption), *flat(more))

    def _present(self, key: str, state: Valuation, text: str, place: Place | None) -> Iterator[Outcome]:
        if key not in self.keys:
            yield from self._other_key(key, "present", state, text, place)
            return
        held = state.get(("k", key))
        if isinstance(held, Unsure):
            yield from _fork(state, Assumption("called", ("unsure", key), True, text, place))
        else:
            yield held is not None, state, None

    def _other_key(self, key: str, what: str, state: Valuation, text: str, place: Place | None) -> Iterator[Outcome]:
        yield from _fork(state, Assumption("key", (key, what), True, text, place))

    def _truth(self, value: V | None, state: Valuation, text: str, place: Place | None) -> Iterator[Outcome]:
        if isinstance(value, Exactly):
            truth = truth_of(value.value)
            if truth is None:
                yield from _fork(state, Assumption("opaque", ("tag", value.value), True, text, place))
            else:
                yield truth, state, None
            return
        if not isinstance(value, Token):
            yield from _fork(state, Assumption("opaque", ("term", text), True, text, place))
            return
        known = state.knowledge(value)
        if known.truthy is not None:
            yield known.truthy, state, None
            return
        key = _other(value)
        for verdict in (True, False):
            after = state.know(value, replace(known, truthy=verdict, not_none=known.not_none or verdict))
            yield verdict, after, self._assumed(known, key, value, verdict, text, place)

    def _assumed(
        self, known: Knowledge, key: str | None, value: Token, verdict: bool, text: str, place: Place | None
    ) -> Assumption | None:
        if key is not None:
            return Assumption("key", (key, "value"), verdict, text, place)
        if known.blurred:
            return Assumption("blurred", value.id, verdict, text, place)
        if known.free:
            return None
        return Assumption("called" if known.called else "opaque", value.id, verdict, text, place)

    def _compare(self, term: Cmp, state: Valuation, text: str, place: Place | None) -> Iterator[Outcome]:
        left, state = self.value(term.left, state)
        right, state = self.value(term.right, state)
        if isinstance(left, Exactly) and isinstance(right, Exactly):
            verdict = _decide(term.op, left.value, right.value)
            if verdict is not None:
                yield verdict, state, None
                return
        if isinstance(right, Token) and isinstance(left, Exactly) and term.op in ("==", "!=", "is", "is not"):
            left, right = right, left
        if isinstance(left, Token) and isinstance(right, Exactly):
            if term.op in ("==", "is", "!=", "is not"):
                for verdict, after, assumption in self._equal(left, right.value, state, text, place):
                    yield verdict is (term.op in ("==", "is")), after, assumption
                return
            if term.op == "in" and isinstance(right.value, tuple):
                yield from self._one_of(left, right.value, state, text, place)
                return
        op = term.op
        if isinstance(right, Token) and isinstance(left, Exactly) and op in MIRRORED:
            left, right, op = right, left, MIRRORED[op]
        if isinstance(left, Token) and isinstance(right, Exactly) and op in MIRRORED and is_number(right.value):
            yield from self._ordered(left, op, right.value, state, text, place)
            return
        yield from self._opaque(term, left, right, state, text, place)

    def _ordered(
        self, token: Token, op: str, number: Hashable, state: Valuation, text: str, place: Place | None
    ) -> Iterator[Outcome]:
        """A comparison with a number says between which numbers the value lies."""
        known = state.knowledge(token)
        for verdict in (True, False):
            after = within(known, op if verdict else OPPOSITE[op], number)
            if after is None:
                continue
            if after == known:
                yield verdict, state, None
                return
            assumption = self._assumed(known, _other(token), token, verdict, text, place)
            if assumption is not None and assumption.kind != "key":
                assumption = replace(assumption, subject=(token.id, op, number))
            yield verdict, state.know(token, after), assumption

    def _equal(
        self, token: Token, constant: Hashable, state: Valuation, text: str, place: Place | None
    ) -> Iterator[Outcome]:
        known = state.knowledge(token)
        truth = truth_of(constant)
        impossible = constant in known.unlike or (constant is None and known.not_none)
        if impossible or (known.truthy is not None and truth is not None and known.truthy is not truth):
            yield False, state, None
            return
        key = _other(token)
        yield True, _become(state, token, constant), self._assumed(known, key, token, True, text, place)
        unlike = replace(known, not_none=True) if constant is None else replace(known, unlike=known.unlike | {constant})
        yield False, state.know(token, unlike), self._assumed(known, key, token, False, text, place)

    def _one_of(
        self, token: Token, constants: tuple[Hashable, ...], state: Valuation, text: str, place: Place | None
    ) -> Iterator[Outcome]:
        known = state.knowledge(token)
        left = [c for c in constants if c not in known.unlike]
        if not left:
            yield False, state, None
            return
        key = _other(token)
        yield True, state, self._assumed(known, key, token, True, text, place)
        after = state.know(token, replace(known, unlike=known.unlike | set(constants)))
        yield False, after, self._assumed(known, key, token, False, text, place)

    def _opaque(
        self, term: Cmp, left: V | None, right: V | None, state: Valuation, text: str, place: Place | None
    ) -> Iterator[Outcome]:
        subject: Subject = ("a", term)
        known = state.get(subject)
        if isinstance(known, bool):
            yield known, state, None
            return
        tokens = [v for v in (left, right) if isinstance(v, Token)]
        key = next((k for k in (_other(t) for t in tokens) if k is not None), None)
        free = any(state.knowledge(t).free for t in tokens)
        called = any(state.knowledge(t).called for t in tokens)
        blurred = known == BLURRED or any(state.knowledge(t).blurred for t in tokens)
        stable = not any(isinstance(part, KeyVal | WidgetVal) for part in subterms(term))
        for verdict in (True, False):
            assumption: Assumption | None = None
            if key is not None:
                assumption = Assumption("key", (key, "value"), verdict, text, place)
            elif blurred:
                assumption = Assumption("blurred", term, verdict, text, place)
            elif not free:
                assumption = Assumption("called" if called else "opaque", term, verdict, text, place)
            yield verdict, state.put(subject, verdict) if stable else state, assumption


def _decide(op: str, left: Hashable, right: Hashable) -> bool | None:
    """`left op right` of constants and tags; None if that is not known."""
    if op == "in" and isinstance(right, Tag):
        return _has(right.name, left)
    if op in ("==", "!=") and isinstance(left, Tag) and isinstance(right, Tag) and isinstance(left.name, Seq | Mapping):
        return None
    return compare(op, left, right)


def flat(assumption: Assumption | tuple[Assumption, ...] | None) -> tuple[Assumption, ...]:
    """An outcome's assumptions as a tuple."""
    if assumption is None:
        return ()
    return assumption if isinstance(assumption, tuple) else (assumption,)


def _item(whole: object, index: Hashable) -> Exactly | None:
    """An item of a stored literal."""
    item = None
    match whole:
        case Mapping():
            item = whole.get(Known.of(index))
        case Seq(items=items) if isinstance(index, int) and -len(items) <= index < len(items):
            item = items[index]
        case _:
            pass
    match item:
        case Known(value):
            return Exactly(value)
        case Seq() | Mapping():
            return Exactly(Tag(item, bool(item.items)))
        case _:
            return None


def _picked(whole: V | None, index: Hashable) -> V:
    """How many dates of a range there are: as many as at the start, then as the user has picked. Of values that
    come from elsewhere nothing is said."""
    match whole:
        case Exactly(Tag(Seq(items=items))):
            return Exactly(len(items) == 2 if index == COMPLETE else bool(items))
        case Token(("any", _) as whatever):
            return Token(("part", whatever, index))
        case Token(("W", _) as changed) if index == COMPLETE:
            return Token(("part", changed, index))
        case Token(("other", _) as elsewhere):
            return Token(("part", elsewhere, index))
        case _:
            return Exactly(True)


def _has(whole: object, item: Hashable) -> bool | None:
    """Whether a stored literal contains a constant."""
    match whole:
        case Mapping(items):
            return Known.of(item) in [key for key, _ in items]
        case Seq(items=items):
            return Known.of(item) in items
        case _:
            return None


def _add(op: str, a: object, b: object) -> Hashable | None:
    """The sum or difference of two constants of one kind; None where Python would raise."""
    if isinstance(a, int | float) and isinstance(b, int | float):
        return a + b if op == "+" else a - b
    return a + b if op == "+" and isinstance(a, str) and isinstance(b, str) else None


_CLICKED = "clicked"
"""What a trigger returns in the run its click causes: true, and neither None nor any constant an app compares with."""


def _other(token: Token) -> str | None:
    """The key outside the slice whose value this token stands for, or is a part of."""
    whole = token.id
    while isinstance(whole, tuple) and whole[0] == "part":
        whole = whole[1]
    return str(whole[1]) if isinstance(whole, tuple) and whole[0] == "other" else None


def _become(state: Valuation, token: Token, constant: Hashable) -> Valuation:
    """The token turns out to be a constant: every holder holds the constant."""
    data = {
        subject: Exactly(constant) if value == token else value
        for subject, value in state.data.items()
        if subject != ("v", token.id)
    }
    if isinstance(token.id, tuple) and token.id[0] in ("s", "unbound", "other"):
        truth = truth_of(constant)
        data[("v", token.id)] = Knowledge(truthy=truth, not_none=constant is not None)
    return Valuation(data)


def _fork(state: Valuation, assumption: Assumption | None) -> Iterator[Outcome]:
    for verdict in (True, False):
        yield verdict, state, replace(assumption, polarity=verdict) if assumption is not None else None


def _assume(term: Some, text: str, place: Place | None) -> Assumption:
    kind = "blurred" if term.blurred else "called" if term.called else "opaque"
    return Assumption(kind, (term, text), True, text, place)
