"""Callbacks that get a value of the run before: an argument or a variable that holds what a widget has returned.

A callback runs before the script does, with the arguments and the variables of the last run. Where the widget's own
change, or the submit of its form, is what calls it, that run had the value before the change.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import field, replace

from streamlint.findings import Place, Related
from streamlint.flow.claims import SUBMIT
from streamlint.flow.machine import Machine
from streamlint.flow.origins import Origins
from streamlint.flow.planting import Loss, Tree, nodes_of
from streamlint.flow.tree import (
    Bind,
    Block,
    Branch,
    Draw,
    KeyVal,
    Lit,
    Node,
    Term,
    Touch,
    WidgetVal,
    Write,
)
from streamlint.flow.values import Func, Mapping, Seq, Value
from streamlint.records import mutable

CALLBACKS = ("on_click", "on_change", "on_submit", "on_select")


@mutable
class LateArguments:
    """The pass over one tree."""

    machine: Machine
    tree: Tree
    blocks: dict[int, Block] = field(default_factory=dict)
    """Where each widget is drawn, by the identity of its node."""
    reported: set[Place] = field(default_factory=set)

    def losses(self) -> Iterator[Loss]:
        watched = [draw for draw in self.tree.draws if draw.widget.callback is not None]
        if not watched:
            return
        self.blocks = {id(node): block for block, node in self.tree.nodes(Draw)}
        for draw in watched:
            late = self._late(draw)
            if late:
                yield from self._in_arguments(draw, late)
                yield from self._in_body(draw, late)

    def _late(self, draw: Draw) -> dict[Hashable, Draw]:
        """The widgets whose new value the callback cannot have got: of a submit those of its form, else itself."""
        form = draw.widget.form
        if draw.widget.element == SUBMIT and form:
            fields = [other for other in self.tree.draws if other.widget.form == form and not other.widget.trigger]
        else:
            fields = [] if draw.widget.trigger else [draw]
        return {other.widget.id: other for other in fields if other.disabled == Lit(False)}

    # --- arguments -------------------------------------------------------------------------------------------

    def _in_arguments(self, draw: Draw, late: dict[Hashable, Draw]) -> Iterator[Loss]:
        if draw.widget.element != SUBMIT or draw.place in self.reported or id(draw) not in self.blocks:
            return
        keys = {other.widget.key: other for other in late.values() if other.widget.key is not None}
        for source in Origins(self.machine, self.tree).of(*self._given(draw), tests=False):
            other = None
            if isinstance(source, WidgetVal):
                other = late.get(source.widget)
            elif isinstance(source, KeyVal):
                other = keys.get(source.key)
            if other is not None:
                self.reported.add(draw.place)
                yield self._loss(self.blocks[id(draw)], draw, draw.place, "argument", draw, other)
                return

    def _given(self, draw: Draw) -> Iterator[Value]:
        """What the callback will be called with."""
        given = self.machine.drawn_with.get(draw.widget.id, {})
        args, kwargs = given.get("args"), given.get("kwargs")
        if isinstance(args, Seq):
            yield from args.items
        if isinstance(kwargs, Mapping):
            yield from (value for _, value in kwargs.items)
        for name in CALLBACKS:
            callback = given.get(name)
            if isinstance(callback, Func):
                yield from callback.args
                yield from (value for _, value in (*callback.kwargs, *callback.defaults))

    # --- variables -------------------------------------------------------------------------------------------

    def _in_body(self, draw: Draw, late: dict[Hashable, Draw]) -> Iterator[Loss]:
        assert draw.widget.callback is not None
        called = {draw.widget.callback.id}
        nodes = list(nodes_of(draw.widget.callback.body, seen=called))
        # what its own functions are called with elsewhere is another matter
        own = {("f", number) for number in called}
        terms = {c: t for c, t in self.tree.terms.items() if not (isinstance(c, tuple) and c[0] in own)}
        origins = Origins(self.machine, replace(self.tree, terms=terms))
        placed = [(block, node, self._place(node)) for block, node in nodes]
        for block, node, place in sorted(placed, key=lambda found: found[2] is None):
            for source in origins.of(*self._used(node), tests=False):
                if isinstance(source, WidgetVal) and source.widget in late:
                    where = place or draw.place
                    if where not in self.reported and draw.place not in self.reported:
                        self.reported |= {where, draw.place}
                        yield self._loss(block, node, where, "variable", draw, late[source.widget])
                    return

    def _place(self, node: Node) -> Place | None:
        """Where a node's values are used, if that is known."""
        if isinstance(node, Bind):
            return self.machine.displayed[node.cell].place if node.cell in self.machine.displayed else None
        return node.place if isinstance(node, Write | Touch | Branch) else None

    def _used(self, node: Node) -> Iterator[Value | Term]:
        match node:
            case Write() | Touch():
                yield from self.machine.given.get(node, ())
            case Bind(cell, term):
                yield term
                yield from self.machine.made_of.get(cell, ())
                if cell in self.machine.displayed:
                    yield from self.machine.displayed[cell].values
            case Branch(test=test):
                yield test
            case _:
                return

    def _loss(self, block: Block, node: Node, place: Place, how: str, draw: Draw, other: Draw) -> Loss:
        element = draw.widget.element
        step = f"calls the callback of `st.{element}` with what `st.{other.widget.element}` returned in the last run"
        related = Related("the value of this widget is the one before the change", other.place)
        about = (step, how, element, other.widget.element, other.widget.key or "")
        return Loss(block, node, "late argument", place, about, (related,))
