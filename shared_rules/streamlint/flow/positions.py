"""Widgets of a list's items whose keys are positions in the list, from the middle of which items are taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field

from streamlint.findings import Place, Related
from streamlint.flow.machine import Machine
from streamlint.flow.planting import Loss, Tree
from streamlint.flow.reduce import blocks_of
from streamlint.flow.slices import closure
from streamlint.flow.tree import (
    Block,
    CallN,
    CellId,
    CellRef,
    Clear,
    Draw,
    Havoc,
    KeyVal,
    Loop,
    Node,
    Spec,
    Term,
    Touch,
    Write,
)
from streamlint.flow.values import Builtin, Late, Text, Value
from streamlint.records import mutable
from streamlint.streamlit_api import element as catalogue_element

MOVING = frozenset({"insert", "remove", "del", "sort", "reverse"})
"""Changes after which items stand at other positions; `pop` with an argument is one too."""


@mutable
class Positions:
    """The pass over one tree."""

    machine: Machine
    tree: Tree
    indices: set[CellId] = field(default_factory=set)
    """Values that are positions: what `enumerate` counts and `range` gives."""
    moved: dict[str, Place] = field(default_factory=dict)
    """The keys of lists whose items move, with where."""
    writers: list[Node] = field(default_factory=list)
    draws: dict[Place, tuple[Block, Draw]] = field(default_factory=dict)

    def losses(self) -> Iterator[Loss]:
        if not any(draw.widget.pattern is not None for draw in self.tree.draws):
            return
        for spec in (*self.tree.scripts, *self.tree.callbacks):
            self._collect(spec)
        if not self.moved:
            return
        made_of = self.machine.made_of
        self.indices = {cell for cell in made_of if self._is_index(cell)}
        for place, (block, draw) in sorted(self.draws.items(), key=lambda item: item[0]):
            key = self._list(draw)
            if key is not None and not self._is_set(draw):
                step = f"draws `st.{draw.widget.element}` with a position in `{key}` as its key"
                about = (step, draw.widget.element, key)
                related = (Related(f"the items of `{key}` move here", self.moved[key]),)
                yield Loss(block, draw, "index key", place, about, related)

    def _collect(self, spec: Spec) -> None:
        seen = {spec.id}
        todo: list[tuple[Block, bool]] = [(spec.body, False)]
        while todo:
            block, looping = todo.pop()
            for node in block:
                if isinstance(node, Draw) and looping and node.widget.pattern is not None:
                    self.draws.setdefault(node.place, (block, node))
                elif isinstance(node, Touch) and self._moves(node):
                    self.moved.setdefault(node.key, node.place)
                elif isinstance(node, Write | Havoc | Clear):
                    self.writers.append(node)
                elif isinstance(node, CallN) and node.spec.id not in seen:
                    seen.add(node.spec.id)
                    todo.append((node.spec.body, looping))
                todo += [(inner, looping or isinstance(node, Loop)) for inner in blocks_of(node)]

    def _moves(self, node: Touch) -> bool:
        return node.how in MOVING or (node.how == "pop" and bool(self.machine.given.get(node)))

    def _is_set(self, draw: Draw) -> bool:
        """Whether code sets such a key too, or takes all of them away."""
        pattern = draw.widget.pattern
        drawn = {other.place for other in self.tree.draws}
        for node in self.writers:
            if isinstance(node, Clear) or pattern is None:
                return True
            if isinstance(node, Havoc) and node.place not in drawn and pattern.overlaps(node.pattern):
                return True
            if isinstance(node, Write) and pattern.matches(node.key):
                return True
        return False

    def _list(self, draw: Draw) -> str | None:
        """The key of the list, of whose items the widget is drawn, one for each position."""
        facts = catalogue_element(draw.widget.element, self.machine.version)
        given = self.machine.drawn_with.get(draw.widget.id, {})
        key = given.get("key")
        if facts is None or facts.value is None or facts.identity is None or draw.widget.trigger:
            return None
        if facts.value in facts.identity or not isinstance(key, Text) or not all(self._counts(p) for p in key.made_of):
            return None
        shown = [given[name] for name in (facts.value, "label") if name in given]
        found = self._keys(shown, set(self.indices)) & self._keys(key.made_of, set())
        return min(found & self.moved.keys(), default=None)

    def _keys(self, values: Iterable[Value | Term], seen: set[CellId]) -> set[str]:
        """The keys that the values are made of."""
        return {part.key for part in closure(self.machine, self.tree, values, seen) if isinstance(part, KeyVal)}

    # --- positions -------------------------------------------------------------------------------------------

    def _is_index(self, cell: CellId) -> bool:
        source = self._source(cell)
        if source is None:
            return False
        if self._maker(source) == Builtin("range"):
            return cell not in self.machine.part_of
        outer = self._source(source)
        return self.machine.part_of.get(cell) == 0 and outer is not None and self._maker(outer) == Builtin("enumerate")

    def _source(self, cell: CellId) -> CellId | None:
        """The unknown value of which this one is an item."""
        made = self.machine.made_of.get(cell, ())
        if len(made) == 1 and isinstance(made[0], Late) and isinstance(made[0].term, CellRef):
            return made[0].term.cell
        return None

    def _maker(self, cell: CellId) -> Value | None:
        made = self.machine.made_of.get(cell, ())
        return made[0] if made else None

    def _counts(self, value: Value) -> bool:
        """Whether the value is a position."""
        term: Term | None = value.term if isinstance(value, Late) else None
        for _ in range(4):
            if not isinstance(term, CellRef):
                return False
            if term.cell in self.indices:
                return True
            bound = self.tree.terms.get(term.cell, [])
            if len({id(each) for each in bound}) != 1 and len(set(bound)) != 1:
                return False
            term = bound[0]
        return False
