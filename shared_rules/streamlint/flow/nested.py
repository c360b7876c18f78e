"""Widgets that are drawn only in the run of a click: using them starts the next run, which does not draw them."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import field

from streamlint.findings import Place, Related
from streamlint.flow.clicks import Triggers
from streamlint.flow.machine import Machine
from streamlint.flow.paths import WALKED
from streamlint.flow.planting import Loss, Tree
from streamlint.flow.reduce import blocks_of
from streamlint.flow.tree import (
    Block,
    Branch,
    CallN,
    Draw,
    Lit,
    Node,
    Spec,
    WidgetVal,
)
from streamlint.records import immutable, mutable

OUTER = frozenset({"button", "form_submit_button"})
HARMLESS = frozenset({"download_button", "link_button", "page_link", "dataframe", "plotly_chart", "tabs", "expander"})
"""Widgets that have done their work at the click, or show something first of all."""
Clicks = frozenset[Hashable]
NO_CLICKS: Clicks = frozenset()
MAX_ENTRIES = 8
"""A body is walked with at most this many different sets of clicks around it; what is in it is then left alone."""


@immutable
class Visit:
    block: Block
    node: Draw
    under: Clicks


@mutable
class Nested:
    """The pass over one tree."""

    machine: Machine
    tree: Tree
    visits: dict[Place, list[Visit]] = field(default_factory=dict)
    entries: dict[int, set[Clicks]] = field(default_factory=dict)
    widgets: dict[Hashable, Draw] = field(default_factory=dict)
    triggers: Triggers = field(init=False)
    unused: set[Hashable] = field(default_factory=set)

    def losses(self) -> Iterator[Loss]:
        self.triggers = Triggers(self.tree, OUTER)
        self.widgets = self.triggers.widgets
        for cell in self.machine.unused:
            self.unused |= {term.widget for term in self.tree.terms.get(cell, ()) if isinstance(term, WidgetVal)}
        for spec in self.tree.scripts:
            self._spec(spec, NO_CLICKS)
        free = {v.node.widget.key for visits in self.visits.values() for v in visits if not self._outer(v)}
        reported: set[Place] = set()
        ordered = sorted(self.visits.items(), key=lambda item: (not item[1][0].node.widget.trigger, item[0]))
        for place, visits in ordered:
            outers = [self._outer(visit) for visit in visits]
            outer = outers[0]
            key = visits[0].node.widget.key
            if outer is None or None in outers or (key is not None and key in free):
                continue
            if any(self._matters(visit.node) for visit in visits) and outer.place not in reported:
                reported.add(outer.place)
                yield self._loss(visits[0], place, outer)

    def _loss(self, visit: Visit, place: Place, outer: Draw) -> Loss:
        element = visit.node.widget.element
        step = f"draws `st.{element}`, which the next run does not draw"
        related = Related(f"the click on this `{outer.widget.element}` lasts for one run", outer.place)
        return Loss(visit.block, visit.node, "nested", place, (step, element, outer.widget.element), (related,))

    def _outer(self, visit: Visit) -> Draw | None:
        """The button whose click the widget needs; a fragment that is opened by it reruns by itself."""
        found = [
            self.widgets[widget]
            for widget in visit.under
            if self.widgets[widget].widget.fragment is visit.node.widget.fragment
        ]
        return max(found, key=lambda draw: draw.place) if found else None

    def _matters(self, node: Draw) -> bool:
        """Whether the user's action is lost: the value is used, and there is no callback that gets it."""
        widget = node.widget
        if widget.element in HARMLESS or widget.callback is not None or widget.id in self.unused:
            return False
        if widget.form is not None and not widget.trigger:
            return False  # its submit button is the one
        return node.disabled == Lit(False)

    # --- walking ---------------------------------------------------------------------------------------------

    def _spec(self, spec: Spec, under: Clicks) -> None:
        entries = self.entries.setdefault(spec.id, set())
        if len(entries) >= MAX_ENTRIES:
            under = NO_CLICKS
        if under not in entries:
            entries.add(under)
            self._block(spec.body, under)

    def _block(self, block: Block, under: Clicks) -> None:
        for node in block:
            if type(node) in WALKED:
                self._node(block, node, under)

    def _node(self, block: Block, node: Node, under: Clicks) -> None:
        match node:
            case Draw(place=place):
                self.visits.setdefault(place, []).append(Visit(block, node, under))
            case CallN(spec):
                self._spec(spec, under)
            case Branch(then=then, orelse=orelse):
                first, second = self.triggers.of_arms(node)
                self._block(then, under.union(*first))
                self._block(orelse, under.union(*second))
            case _:
                for inner in blocks_of(node):
                    self._block(inner, under)
