"""Lists of the session state that grow again in every run: with no condition, or while a widget keeps its value."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import field

from streamlint.findings import Place, Related
from streamlint.flow.machine import Machine
from streamlint.flow.origins import Origins
from streamlint.flow.paths import Path, Paths
from streamlint.flow.planting import Loss, Tree
from streamlint.flow.stale import REFRESHING
from streamlint.flow.tree import (
    Block,
    CellRef,
    Clear,
    Delete,
    Draw,
    Exit,
    Fault,
    Havoc,
    KeyVal,
    Lit,
    Node,
    Present,
    Some,
    Sym,
    Term,
    Touch,
    WidgetVal,
    Write,
    root_cell,
)
from streamlint.flow.values import External, Late, Seq
from streamlint.records import immutable, mutable

GROWING = frozenset({"append", "extend", "insert", "appendleft"})


@immutable
class Event:
    node: Node
    block: Block
    path: Path
    order: int


@mutable
class Repeated:
    """The pass over one tree."""

    machine: Machine
    tree: Tree
    paths: Paths
    origins: Origins = field(init=False)
    grown: list[Event] = field(default_factory=list)
    others: list[Event] = field(default_factory=list)
    """Other changes of the state, and what draws the page anew."""
    widgets: dict[Hashable, Draw] = field(default_factory=dict)
    misplaced: set[Place] = field(default_factory=set)
    written: set[str] = field(default_factory=set)

    def losses(self) -> Iterator[Loss]:
        if any(module.startswith(REFRESHING) for module in self.machine.external_modules):
            return
        self.origins = Origins(self.machine, self.tree)
        self.widgets = {draw.widget.id: draw for draw in self.tree.draws}
        changes: tuple[tuple[Block, Touch | Write], ...] = (*self.tree.nodes(Touch), *self.tree.nodes(Write))
        if not any(self._grows(node) for _, node in changes):
            return
        for order, (block, _, node, path) in self.paths.of(Touch, Write, Delete, Clear, Havoc, Exit, Fault):
            self._visit(block, node, path, order)
        self.written = {e.node.key for e in (*self.grown, *self.others) if isinstance(e.node, Write | Delete)}
        bound = {draw.widget.key for draw in self.tree.draws}
        reported: set[str] = set()
        for event in self.grown:
            assert isinstance(event.node, Touch | Write)
            key = event.node.key
            guards = self._guards(event.path)
            if not self.misplaced.isdisjoint(event.path.places):
                continue  # a callback that should not be called here at all
            if guards is None or key in reported or key in bound or (not guards and event.path.fragment):
                continue
            if any(self._settles(other, event) for other in self.others):
                continue
            reported.add(key)
            yield _loss(event, event.node, guards)

    def _visit(self, block: Block, node: Node | None, path: Path, order: int) -> None:
        match node:
            case Touch() | Write() if self._grows(node):
                if path.root in self.tree.scripts and not path.clicks and not path.chance:
                    self.grown.append(Event(node, block, path, order))
            case Touch() | Write() | Delete() | Clear() | Havoc() | Exit(kind="rerun" | "switch"):
                self.others.append(Event(node, block, path, order))
            case Fault(kind="callback called", place=place):
                self.misplaced.add(place)
            case _:
                pass

    def _grows(self, node: Touch | Write) -> bool:
        given = self.machine.given.get(node, ())
        if isinstance(node, Touch):
            return node.how in GROWING or (node.how == "+=" and bool(given) and isinstance(given[0], Seq))
        value = given[0] if given else None
        cell = value.term.cell if isinstance(value, Late) and isinstance(value.term, CellRef) else None
        return cell in self.machine.longer and node.key in self.origins.keys(value, tests=False) if value else False

    def _guards(self, path: Path) -> list[Draw] | None:
        """The widgets that all tests on the way are about; None if something else decides too."""
        found: list[Draw] = []
        for test in path.tests:
            for source in self.origins.of(test):
                draw = self.widgets.get(source.widget) if isinstance(source, WidgetVal) else None
                if draw is None or draw.widget.trigger or not self._keeps(draw):
                    return None
                found.append(draw)
            if not self._is_plain(test):
                return None
        return found

    def _is_plain(self, test: Term) -> bool:
        """Whether nothing is asked but widgets and constants: no code that is not seen, and nothing from outside."""
        if not self.origins.of(test) and not isinstance(test, Lit):
            return False
        for term in self.origins.terms(test, tests=True):
            if isinstance(term, Sym) and root_cell(term) is None:
                return False
            if isinstance(term, CellRef):
                parts = self.machine.made_of.get(term.cell, ())
                unknown = any(isinstance(bound, Some) for bound in self.tree.terms.get(term.cell, ()))
                if (unknown and not parts) or any(isinstance(part, External) for part in parts):
                    return False
        return True

    def _keeps(self, draw: Draw) -> bool:
        """Whether the widget certainly keeps its value until the user changes it."""
        widget = draw.widget
        if widget.form is not None or widget.callback is not None or widget.pattern is not None:
            return False
        return widget.key is None or widget.key not in self.written

    def _settles(self, other: Event, event: Event) -> bool:
        """Whether something else keeps the list short, or the page is drawn anew."""
        assert isinstance(event.node, Touch | Write)
        key = event.node.key
        match other.node:
            case Exit():
                return other.order > event.order and not other.path.splits(event.path)
            case Clear() | Havoc():
                return not other.path.clicks
            case Touch(key=name, how=how):
                return name == key and not other.path.clicks and how not in ("", "sort", "reverse")
            case Write(key=name) | Delete(key=name):
                if name != key or other.path.clicks or getattr(other.node, "only_if_absent", False):
                    return False
                sources = self.origins.of(*other.path.tests)
                return not any(isinstance(source, Present | KeyVal) for source in sources)
            case _:
                return False


def _loss(event: Event, node: Touch | Write, guards: list[Draw]) -> Loss:
    step = f"makes `{node.key}` longer, as each later run does"
    guard = max(guards, key=lambda draw: draw.place) if guards else None
    element = guard.widget.element if guard is not None else ""
    related = (Related("this widget keeps its value from run to run", guard.place),) if guard is not None else ()
    return Loss(event.block, node, "repeated append", node.place, (step, node.key, element), related)
