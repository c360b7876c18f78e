"""What the user has not done: the tests that are false in a run in which no button was clicked."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import field

from streamlint.flow.planting import Tree
from streamlint.flow.tree import AllT, AnyT, CellId, CellRef, KeyVal, Lit, NotT, Tag, Term, WidgetVal
from streamlint.records import mutable


@mutable
class Untouched:
    """The truth of tests in a run that no trigger but `clicked` has started."""

    tree: Tree
    clicked: Hashable | None = None
    triggers: frozenset[Hashable] = field(init=False)
    owners: dict[str, Hashable] = field(default_factory=dict)
    """The widgets by key."""
    truths: dict[CellId, bool | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.triggers = frozenset(draw.widget.id for draw in self.tree.draws if draw.widget.trigger)
        for draw in self.tree.draws:
            if draw.widget.key is not None and draw.widget.binds_key:
                self.owners.setdefault(draw.widget.key, draw.widget.id)

    def truth(self, term: Term) -> bool | None:
        """Whether the term is true then; None if that rests on something else."""
        match term:
            case WidgetVal(widget):
                return widget == self.clicked if widget in self.triggers else None
            case KeyVal(key):
                owner = self.owners.get(key)
                return owner == self.clicked if owner in self.triggers else None
            case Lit(value):
                return value.truthy if isinstance(value, Tag) else bool(value)
            case CellRef(cell):
                if cell not in self.truths:
                    self.truths[cell] = None  # recursion is cut
                    found = {self.truth(bound) for bound in self.tree.terms.get(cell, ())}
                    self.truths[cell] = found.pop() if len(found) == 1 else None
                return self.truths[cell]
            case NotT(inner):
                truth = self.truth(inner)
                return None if truth is None else not truth
            case AllT(terms) | AnyT(terms):
                decisive = isinstance(term, AnyT)
                found = {self.truth(part) for part in terms}
                return decisive if decisive in found else (not decisive if found == {not decisive} else None)
            case _:
                return None
