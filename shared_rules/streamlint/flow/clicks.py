"""Which triggers (buttons, submits, messages sent) a test asks for: they are true in the run of their click alone."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import field

from streamlint.flow.planting import Tree
from streamlint.flow.tree import (
    AllT,
    AnyT,
    Branch,
    CellId,
    CellRef,
    Cmp,
    Draw,
    Lit,
    NotT,
    Tag,
    Term,
    WidgetVal,
    negate,
)
from streamlint.records import mutable

Clicks = frozenset[frozenset[Hashable]]
"""Of each set one trigger was used. At most one is used in a run."""
NO_CLICKS: Clicks = frozenset()


def exclusive(a: Clicks, b: Clicks) -> bool:
    """Whether no run has both."""
    return any(one.isdisjoint(other) for one in a for other in b)


def common(a: Clicks, b: Clicks) -> bool:
    """Whether the same click may be what both need."""
    return any(not one.isdisjoint(other) for one in a for other in b)


@mutable
class Triggers:
    """Reads tests of one tree. `elements` are the triggers that count, all if there are none."""

    tree: Tree
    elements: frozenset[str] = frozenset()
    widgets: dict[Hashable, Draw] = field(default_factory=dict)
    needs: dict[CellId, Clicks] = field(default_factory=dict)
    arms: dict[int, tuple[Clicks, Clicks]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.widgets = {draw.widget.id: draw for draw in self.tree.draws}

    def of_arms(self, node: Branch) -> tuple[Clicks, Clicks]:
        """The triggers that were used in this run if it takes the first arm, and the second."""
        if id(node) not in self.arms:
            self.arms[id(node)] = self.of(node.test), self.of(negate(node.test))
        return self.arms[id(node)]

    def of(self, term: Term) -> Clicks:
        """The triggers that were used in this run if the term is true."""
        match term:
            case WidgetVal(widget):
                return frozenset({frozenset({widget})}) if self._counts(widget) else NO_CLICKS
            case CellRef(cell):
                if cell not in self.needs:
                    self.needs[cell] = NO_CLICKS  # recursion is cut
                    self.needs[cell] = self._any(tuple(self.tree.terms.get(cell, ())))
                return self.needs[cell]
            case AllT(terms):
                return NO_CLICKS.union(*(self.of(part) for part in terms))
            case AnyT(terms):
                return self._any(terms)
            case NotT(NotT(inner)):
                return self.of(inner)
            case Cmp("is not" | "!=", value, Lit(None)):
                return self.of(value)
            case NotT(Cmp("is" | "==", value, Lit(None))):
                return self.of(value)
            case Cmp("is" | "==", value, Lit(True)):
                return self.of(value)
            case NotT(CellRef(cell)):
                bound = self.tree.terms.get(cell, ())
                return self.of(NotT(bound[0])) if len(bound) == 1 and not isinstance(bound[0], CellRef) else NO_CLICKS
            case _:
                return NO_CLICKS

    def _counts(self, widget: Hashable) -> bool:
        draw = self.widgets.get(widget)
        return draw is not None and draw.widget.trigger and (not self.elements or draw.widget.element in self.elements)

    def _any(self, terms: tuple[Term, ...]) -> Clicks:
        """If it is one of several: the clicks that each needs; none if one needs none."""
        found = [self.of(term) for term in terms if not _is_false(term)]
        if not found or not all(found):
            return NO_CLICKS
        return found[0] if len(found) == 1 else frozenset({frozenset().union(*(one for each in found for one in each))})


def _is_false(term: Term) -> bool:
    return isinstance(term, Lit) and not isinstance(term.value, Tag) and not term.value


__all__ = ["NO_CLICKS", "Clicks", "Triggers", "common", "exclusive"]
