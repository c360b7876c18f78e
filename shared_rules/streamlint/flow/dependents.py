"""Widgets of a form that depend on another field of it: nothing of what the user enters there comes to the app before
the form is submitted, so what depends on it is drawn for what was submitted last."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import field

from streamlint.findings import Related
from streamlint.flow.claims import SUBMIT
from streamlint.flow.machine import Machine
from streamlint.flow.origins import Origins
from streamlint.flow.paths import WALKED
from streamlint.flow.planting import Loss, Tree
from streamlint.flow.reduce import blocks_of
from streamlint.flow.tree import (
    Bind,
    Block,
    Branch,
    CallN,
    Draw,
    KeyVal,
    Node,
    Present,
    Spec,
    Term,
    WidgetInfo,
    WidgetVal,
)
from streamlint.flow.values import Value
from streamlint.records import immutable, mutable

LATER = frozenset({"on_change", "on_click", "on_submit", "args", "kwargs"})
"""Parameters that do not change what is drawn."""
MAX_ENTRIES = 8
"""A body is walked with at most this many different branches around it; what is around it is then not known."""


@immutable
class Test:
    """A branch, and the block that it is in."""

    block: Block
    branch: Branch

    def __hash__(self) -> int:
        return id(self.branch)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Test) and self.branch is other.branch


Tests = tuple[Test, ...]


@mutable
class Dependents:
    """The pass over one tree."""

    machine: Machine
    tree: Tree
    origins: Origins = field(init=False)
    fields: dict[str, list[WidgetInfo]] = field(default_factory=dict)
    widgets: dict[Hashable, WidgetInfo] = field(default_factory=dict)
    around: dict[str, frozenset[Test]] = field(default_factory=dict)
    """The branches that a form stands in."""
    submitted: set[str] = field(default_factory=set)
    """The forms whose submit button was drawn on the way."""
    entries: dict[int, set[Tests]] = field(default_factory=dict)
    depends: dict[int, tuple[frozenset[Hashable], frozenset[str]]] = field(default_factory=dict)
    drawn: set[Hashable] = field(default_factory=set)
    """The widgets that were drawn on the way."""
    reported: set[Hashable] = field(default_factory=set)

    def losses(self) -> Iterator[Loss]:
        for draw in self.tree.draws:
            self.widgets[draw.widget.id] = draw.widget
            if draw.widget.form is not None and not draw.widget.trigger:
                self.fields.setdefault(draw.widget.form, []).append(draw.widget)
        if self.fields:
            self.origins = Origins(self.machine, self.tree, shared=False, lengths=False)
            for spec in self.tree.scripts:
                yield from self._spec(spec, ())

    # --- walking ---------------------------------------------------------------------------------------------

    def _spec(self, spec: Spec, under: Tests) -> Iterator[Loss]:
        entries = self.entries.setdefault(spec.id, set())
        if len(entries) >= MAX_ENTRIES:
            under = ()
        if under not in entries:
            entries.add(under)
            yield from self._block(spec.body, under)

    def _block(self, block: Block, under: Tests) -> Iterator[Loss]:
        for node in block:
            if type(node) in WALKED or type(node) is Bind:
                yield from self._node(block, node, under)

    def _node(self, block: Block, node: Node, under: Tests) -> Iterator[Loss]:
        match node:
            case Bind(cell):
                if cell not in self.machine.made_forms:
                    return
                form, _ = self.machine.made_forms[cell]
                self.around[form] = frozenset(under)
                self.submitted.discard(form)
            case Draw(widget) if widget.form is not None:
                if widget.form not in self.submitted and (not widget.trigger or widget.element == SUBMIT):
                    yield from self._widget(block, node, widget, widget.form, under)
                self.drawn.add(widget.id)
                if widget.element == SUBMIT:
                    self.submitted.add(widget.form)
            case CallN(spec):
                yield from self._spec(spec, under)
            case _:
                inside = (*under, Test(block, node)) if isinstance(node, Branch) else under
                for inner in blocks_of(node):
                    yield from self._block(inner, inside)

    # --- what depends on what --------------------------------------------------------------------------------

    def _widget(self, block: Block, node: Draw, widget: WidgetInfo, form: str, under: Tests) -> Iterator[Loss]:
        tests = [test for test in under if test not in self.around.get(form, frozenset())]
        if any(self._is_decided_elsewhere(test.branch) for test in tests):
            return
        causes: list[tuple[Block, Branch | Draw, WidgetInfo]] = [
            (test.block, test.branch, cause)
            for test in tests
            for cause in self._fields(form, widget, *self._depends(test.branch))
        ]
        given = self.machine.drawn_with.get(widget.id, {})
        arguments = [value for name, value in given.items() if name not in LATER]
        causes += [(block, node, cause) for cause in self._fields(form, widget, *self._sources(*arguments))]
        for where, decides, cause in causes:
            if cause.id not in self.reported:
                self.reported.add(cause.id)
                yield _loss(where, decides, widget.element, cause)

    def _depends(self, branch: Branch) -> tuple[frozenset[Hashable], frozenset[str]]:
        known = self.depends.get(id(branch))
        if known is None:
            known = self.depends[id(branch)] = self._sources(branch.test)
        return known

    def _sources(self, *values: Value | Term) -> tuple[frozenset[Hashable], frozenset[str]]:
        found = self.origins.of(*values)
        widgets = frozenset(source.widget for source in found if isinstance(source, WidgetVal))
        return widgets, frozenset(source.key for source in found if isinstance(source, KeyVal | Present))

    def _is_decided_elsewhere(self, branch: Branch) -> bool:
        """Whether a click decides, or what the app has stored."""
        widgets, keys = self._depends(branch)
        bound = {widget.key for widget in self.widgets.values() if widget.binds_key}
        return any(self.widgets[w].trigger for w in widgets if w in self.widgets) or not keys <= bound

    def _fields(
        self, form: str, widget: WidgetInfo, widgets: frozenset[Hashable], keys: frozenset[str]
    ) -> Iterator[WidgetInfo]:
        """The other fields of the form among these widgets and the widgets with these keys."""
        for other in self.fields.get(form, ()):
            by_key = other.key in keys and other.binds_key and other.place.path == widget.place.path
            mine = other.id == widget.id or (other.key is not None and other.key == widget.key)
            if not mine and ((other.id in widgets and other.id in self.drawn) or by_key):
                yield other


def _loss(block: Block, node: Branch | Draw, element: str, cause: WidgetInfo) -> Loss:
    step = f"draws `st.{element}` as the `st.{cause.element}` of the same form was when it was last submitted"
    related = Related(f"this `st.{cause.element}` tells its value only when the form is submitted", cause.place)
    return Loss(block, node, "dependent", node.place, (step, element, cause.element, cause.label), (related,))
