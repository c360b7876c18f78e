"""Which uses of a key can miss what the user gave it, found in the whole tree.

The walk leaves a `tree.Use` wherever the value of a key is asked for. Here those go that cannot matter: of keys that no
widget fills, and of those whose absence the app is ready for with another key. A test of whether a key is set becomes
a use where what follows is only for a set one.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import field
from itertools import pairwise

from streamlint.findings import Place
from streamlint.flow.clicks import Triggers
from streamlint.flow.planting import Tree, nodes_of
from streamlint.flow.reduce import NESTING, Lifetimes, blocks_of
from streamlint.flow.tree import (
    NESTING_TERMS,
    TRUE,
    AnyT,
    Bind,
    Block,
    Branch,
    CallN,
    CellId,
    CellRef,
    Clear,
    Delete,
    Draw,
    Exit,
    KeyVal,
    NotT,
    Present,
    Refresh,
    Term,
    Use,
    WidgetInfo,
    WidgetVal,
    Write,
    negate,
    subterms,
)
from streamlint.records import mutable

ENDS = frozenset({"stop", "switch", "return"})
COPYING = NESTING | {Write, CallN}
MAX_DEPTH = 4
"""Calls that are looked into, and copies of a value that are followed."""
Asked = tuple[str, bool]
"""A key, and whether a test is true where it is set."""


def settle_uses(tree: Tree, triggers: Triggers) -> Lifetimes:
    """Leaves in the tree only the uses that matter."""
    return _Uses(tree, triggers).settle()


@mutable
class _Uses:
    tree: Tree
    triggers: Triggers
    asking: dict[int, Block] = field(default_factory=dict)
    """The blocks that hold uses, by id."""
    guarded: set[int] = field(default_factory=set)
    ready: set[int] = field(default_factory=set)
    """Uses (by id) with a fallback."""
    cells: dict[CellId, Use] = field(default_factory=dict)
    """The use that a cell's value comes from."""
    holders: dict[int, CellId] = field(default_factory=dict)

    def settle(self) -> Lifetimes:
        widgets = {draw.widget.id: draw.widget for draw in self.tree.draws}
        kept = frozenset(w.key for w in widgets.values() if w.key is not None and w.binds_key and not w.trigger)
        copied = dict(self._copies(widgets))
        keys = kept | {key for key, _ in copied.values()}
        self.asking = {id(block): block for block, _ in self.tree.nodes(Use)}
        if keys:
            for block in self.asking.values():
                self._note_cells(block)
            self._note_fallbacks()
            for block in {id(block): block for block, _ in self.tree.nodes(Branch)}.values():
                for index, node in enumerate(block):
                    if isinstance(node, Branch):
                        self._branch(block, index, node, keys)
        used: set[str] = set()
        for block in self.asking.values():
            block[:] = [n for n in block if not isinstance(n, Use) or (n.key in keys and id(n) not in self.ready)]
            used |= {node.key for node in block if isinstance(node, Use)}
        deleted = self._deleted(widgets.values())
        refreshed = dict(self._refreshed(kept))
        buttons = {w.key for w in widgets.values() if w.element == "button" and w.key is not None}
        clicked = frozenset(self._set_true() & buttons)
        renewed = frozenset(self._renewed(copied)) if copied else frozenset()
        return Lifetimes(kept, copied, frozenset(self.guarded), frozenset(used), deleted, refreshed, clicked, renewed)

    def _renewed(self, copied: dict[int, tuple[str, Hashable]]) -> Iterator[str]:
        """The keys of the writes that need no click."""
        seen: set[int] = set()
        todo = [spec.body for spec in (*self.tree.scripts, *self.tree.callbacks)]
        while todo:
            for node in todo.pop():
                if type(node) not in COPYING:
                    continue
                if id(node) in copied:
                    yield copied[id(node)][0]
                elif isinstance(node, CallN) and node.spec.id not in seen:
                    seen.add(node.spec.id)
                    todo.append(node.spec.body)
                elif isinstance(node, Branch):
                    arms = zip(self.triggers.of_arms(node), (node.then, node.orelse), strict=True)
                    todo += [arm for clicks, arm in arms if not clicks]
                else:
                    todo += blocks_of(node)

    def _set_true(self) -> set[str]:
        return {node.key for _, node in self.tree.nodes(Write) if node.value == TRUE}

    def _refreshed(self, keys: frozenset[str]) -> Iterator[tuple[str, Place]]:
        """Where keys are assigned to themselves."""
        for _, node in self.tree.nodes(Refresh):
            yield from ((key, node.place) for key in keys)
        for _, write in self.tree.nodes(Write):
            if write.key in keys and self._holds(write.value, write.key):
                yield write.key, write.place

    def _holds(self, term: Term, key: str, depth: int = 0) -> bool:
        """Whether the term is the value of the key."""
        if isinstance(term, KeyVal):
            return term.key == key
        bound = self.tree.terms.get(term.cell, []) if isinstance(term, CellRef) and depth < MAX_DEPTH else []
        return len(bound) == 1 and self._holds(bound[0], key, depth + 1)

    def _deleted(self, widgets: Iterable[WidgetInfo]) -> dict[str, frozenset[Place]]:
        """Where the keys of widgets are deleted that stay the same widgets."""
        steady = {w.key for w in widgets if w.key is not None and w.binds_key and not w.trigger and w.steady}
        everything = {node.place for _, node in self.tree.nodes(Clear)}
        found: dict[str, set[Place]] = {key: set(everything) for key in steady}
        for _, node in self.tree.nodes(Delete):
            if node.key in steady:
                found[node.key].add(node.place)
        return {key: frozenset(places) for key, places in found.items() if places}

    def _copies(self, widgets: dict[Hashable, WidgetInfo]) -> Iterator[tuple[int, tuple[str, Hashable]]]:
        """Writes of what a widget without a key returned."""
        for _, node in self.tree.nodes(Write):
            widget = None if node.only_if_absent else widgets.get(self._widget(node.value))
            if widget is not None and _starts_over(widget):
                yield id(node), (node.key, widget.id)

    def _widget(self, term: Term, depth: int = 0) -> Hashable:
        if isinstance(term, WidgetVal):
            return term.widget
        if isinstance(term, CellRef) and depth < MAX_DEPTH:
            bound = self.tree.terms.get(term.cell, [])
            found = {self._widget(inner, depth + 1) for inner in bound}
            return found.pop() if len(found) == 1 else None
        return None

    # --- fallbacks -------------------------------------------------------------------------------------------

    def _note_cells(self, block: Block) -> None:
        for use, node in pairwise(block):
            if isinstance(use, Use) and isinstance(node, Bind) and _is_value_of(node.term, use.key):
                self.cells[node.cell] = use
                self.holders[id(use)] = node.cell

    def _note_fallbacks(self) -> None:
        """`get(k, <another key>)`, `<k> or <another key>`."""
        for cell, use in self.cells.items():
            for term in self.tree.terms.get(cell, ()):
                if isinstance(term, KeyVal) and self._is_state(term.default, use.key):
                    self.ready.add(id(use))
        if not self.cells:
            return
        for terms in self.tree.terms.values():
            for term in terms:
                if type(term) in NESTING_TERMS:
                    for part in subterms(term):
                        if isinstance(part, AnyT):
                            self._any(part)

    def _any(self, term: AnyT) -> None:
        for index, part in enumerate(term.terms[:-1]):
            use = self._use_of(part)
            if use is not None and any(self._is_state(other, use.key) for other in term.terms[index + 1 :]):
                self.ready.add(id(use))

    def _use_of(self, term: Term, depth: int = 0) -> Use | None:
        if not isinstance(term, CellRef):
            return None
        if term.cell in self.cells:
            return self.cells[term.cell]
        bound = self.tree.terms.get(term.cell, [])
        return self._use_of(bound[0], depth + 1) if len(bound) == 1 and depth < MAX_DEPTH else None

    def _is_state(self, term: Term, key: str, depth: int = 0) -> bool:
        """Whether the term comes from another key."""
        for part in subterms(term):
            if isinstance(part, KeyVal) and part.key != key:
                return True
            bound = self.tree.terms.get(part.cell, ()) if isinstance(part, CellRef) and depth < MAX_DEPTH else ()
            if any(self._is_state(inner, key, depth + 1) for inner in bound):
                return True
        return False

    # --- tests -----------------------------------------------------------------------------------------------

    def _branch(self, block: Block, index: int, node: Branch, keys: frozenset[str]) -> None:
        for key, positive in self._asked(node.test):
            if key not in keys:
                continue
            there, absent = (node.then, node.orelse) if positive else (node.orelse, node.then)
            self.guarded |= {
                id(inner) for _, inner in nodes_of(absent) if isinstance(inner, Write) and inner.key == key
            }
            use = self._use_of(node.test if positive else negate(node.test))
            if use is not None and _uses_another(absent, key):
                self.ready.add(id(use))
        asked = self._presence(node.test)
        if asked is None or asked[0] not in keys:
            return
        key, positive = asked
        there, absent = (node.then, node.orelse) if positive else (node.orelse, node.then)
        if _changes(there, key) or _changes(absent, key) or _uses_another(absent, key):
            return
        if _uses(there, key) or (_ends(absent) and _uses(block[index + 1 :], key)):
            absent.insert(0, Use(key, node.place))
            self.asking[id(absent)] = absent

    def _presence(self, term: Term, depth: int = 0) -> Asked | None:
        """The key of a test that asks for nothing but whether it is set."""
        match term:
            case Present(key):
                return key, True
            case NotT(inner):
                asked = self._presence(inner, depth)
                return None if asked is None else (asked[0], not asked[1])
            case CellRef(cell) if depth < MAX_DEPTH:
                bound = self.tree.terms.get(cell, [])
                return self._presence(bound[0], depth + 1) if len(bound) == 1 else None
            case _:
                return None

    def _asked(self, term: Term, positive: bool = True, depth: int = 0) -> Iterator[Asked]:
        """The keys that a test asks for."""
        match term:
            case NotT(inner):
                yield from self._asked(inner, not positive, depth)
            case Present(key) | KeyVal(key):
                yield key, positive
            case CellRef(cell) if depth < MAX_DEPTH:
                for inner in self.tree.terms.get(cell, ()):
                    yield from self._asked(inner, positive, depth + 1)
            case _:
                for part in subterms(term):
                    if part is not term and isinstance(part, CellRef | Present | KeyVal):
                        for key, _ in self._asked(part, True, depth):
                            yield key, True
                            yield key, False


def _starts_over(widget: WidgetInfo) -> bool:
    """Whether a widget has nothing to remember its value by once it is not drawn."""
    return widget.restarts and not widget.trigger and widget.fragment is None


def _is_value_of(term: Term, key: str) -> bool:
    return isinstance(term, KeyVal) and term.key == key


def _changes(block: Block, key: str) -> bool:
    for _, node in nodes_of(block):
        if isinstance(node, Write | Delete) and node.key == key:
            return True
        if isinstance(node, Draw) and node.widget.key == key:
            return True
    return False


def _uses(block: Block, key: str) -> bool:
    return any(isinstance(node, Use) and node.key == key for _, node in nodes_of(block))


def _uses_another(block: Block, key: str) -> bool:
    return any(isinstance(node, Use) and node.key != key for _, node in nodes_of(block))


def _ends(block: Block) -> bool:
    return any(isinstance(node, Exit) and node.kind in ENDS for _, node in nodes_of(block))
