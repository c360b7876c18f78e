"""What of a valuation a body can see or change: its footprint.

A call is walked once for all valuations that agree in its footprint; the rest waits and is put back afterwards.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import field

from streamlint.flow.reduce import Kept, Reducer
from streamlint.flow.tree import (
    Bind,
    Branch,
    CallN,
    CellId,
    CellRef,
    Clear,
    Cmp,
    Delete,
    Draw,
    Fault,
    Havoc,
    KeyVal,
    Needs,
    Pages,
    Present,
    Read,
    Refresh,
    Sym,
    Term,
    Touch,
    Use,
    WidgetVal,
    Write,
    cell_set,
    cells_in,
    subterms,
)
from streamlint.flow.valuations import ANY, OUTSIDE, Subject, Token, Valuation
from streamlint.records import mutable


@mutable
class Footprint:
    """Cells, keys (of the slice or not), widgets and outside values of a body, of what it calls too."""

    cells: set[CellId] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    widgets: set[Hashable] = field(default_factory=set)
    symbols: set[Hashable] = field(default_factory=set)
    pages: bool = False

    def add(self, other: Footprint) -> None:
        self.cells |= other.cells
        self.keys |= other.keys
        self.widgets |= other.widgets
        self.symbols |= other.symbols
        self.pages |= other.pages

    def _sees(self, subject: Subject, value: object) -> bool:
        match subject:
            case ("c", cell):
                return cell in self.cells
            case ("k" | "o" | "n", key):
                return key in self.keys
            case ("w" | "d", widget):
                return widget in self.widgets
            case ("ev",):
                return value in (ANY, OUTSIDE) or value in self.widgets
            case ("pg",):
                return self.pages
            case ("a", Cmp() as term):
                return not self.cells.isdisjoint(cell_set(term)) or any(
                    isinstance(part, Sym) and part.name in self.symbols for part in subterms(term)
                )
            case _:
                return True

    def _knows(self, token: Hashable, held: set[Hashable]) -> bool:
        """Whether the body can come across a token: in what it holds, by its name, or as a part of such a one."""
        while isinstance(token, tuple) and token[0] == "part":
            token = token[1]
        if token in held:
            return True
        match token:
            case ("s", name):
                return name in self.symbols
            case ("other" | "unsure", key):
                return key in self.keys
            case ("unbound", ("c", cell)):
                return cell in self.cells
            case _:
                return False

    def split(self, valuation: Valuation) -> tuple[Valuation, Valuation]:
        """The part inside the footprint, and the rest. Holders of one token stay together."""
        inside: set[Subject] = set()
        tokens: set[Hashable] = set()
        outside: list[tuple[Subject, object]] = []
        for subject, value in valuation.data.items():
            if subject[0] == "v":
                continue
            if self._sees(subject, value):
                inside.add(subject)
                if isinstance(value, Token):
                    tokens.add(value.id)
            else:
                outside.append((subject, value))
        inside.update(subject for subject, value in outside if isinstance(value, Token) and value.id in tokens)
        for subject in valuation.data:
            if subject[0] == "v" and self._knows(subject[1], tokens):
                inside.add(subject)
        gone = [subject for subject in valuation.data if subject not in inside]
        return valuation.drop(gone), valuation.drop(inside)


class Footprints:
    """The footprints of one slice's bodies."""

    def __init__(self, reducer: Reducer) -> None:
        self.reducer = reducer
        self._known: dict[int, Footprint] = {}

    def of(self, spec_id: int) -> Footprint:
        known = self._known.get(spec_id)
        if known is None:
            known = self._known[spec_id] = Footprint()
            self._block(self.reducer.specs.get(spec_id, []), known)
            known.cells |= self.reducer.private.get(spec_id, frozenset())
            known.cells.add((("f", spec_id), "return"))
        return known

    def _block(self, block: list[Kept], into: Footprint) -> None:
        for kept in block:
            self._node(kept, into)
            for inner in kept.blocks:
                self._block(inner, into)

    def _node(self, kept: Kept, into: Footprint) -> None:
        into.cells.update(kept.dead)
        match kept.node:
            case Read(key=key) | Delete(key=key) | Touch(key=key) | Needs(key=key):
                into.keys.add(key)
            case Write(key=key, value=value):
                into.keys.add(key)
                self._term(value, into)
            case Fault(key=key, subject=subject):
                into.keys |= {key} if subject is None else {key, subject}
            case Use(key=key):
                into.keys.add(key)
            case Clear() | Havoc() | Refresh():
                into.keys |= self.reducer.keys
            case Bind(cell, term):
                into.cells.add(cell)
                self._term(term, into)
            case Branch(test=test):
                self._term(test, into)
            case Draw(widget, disabled):
                into.widgets.add(widget.id)
                if widget.key is not None:
                    into.keys.add(widget.key)
                self._term(widget.default, into)
                self._term(disabled, into)
            case CallN(spec):
                into.add(self.of(spec.id))
            case Pages():
                into.pages = True
            case _:
                pass

    @staticmethod
    def _term(term: Term, into: Footprint) -> None:
        for part in subterms(term):
            match part:
                case CellRef(cell):
                    into.cells.add(cell)
                case KeyVal(key) | Present(key):
                    into.keys.add(key)
                case WidgetVal(widget):
                    into.widgets.add(widget)
                case Sym(name):
                    into.symbols.add(name)
                    into.cells.update(cells_in(part))
                case _:
                    pass
