"""What is drawn above the statement that changes it: the page shows what a click has changed one interaction later."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import field

from streamlint.findings import Related
from streamlint.flow.clicks import common, exclusive
from streamlint.flow.machine import Displayed, Machine
from streamlint.flow.messages import MESSAGES
from streamlint.flow.origins import Origins
from streamlint.flow.paths import Path, Paths
from streamlint.flow.planting import Loss, Tree
from streamlint.flow.tree import (
    Bind,
    Block,
    CellRef,
    Clear,
    Exit,
    Havoc,
    Node,
    Part,
    Term,
    Touch,
    WidgetVal,
    Write,
)
from streamlint.flow.values import Known, Late, Value
from streamlint.records import immutable, mutable

REFRESHING = ("streamlit_autorefresh", "streamlit_server_state")
"""Modules that run the script again by themselves."""
UNSEEN = frozenset({"set_page_config"})
PARTIAL = frozenset({"[]", "update", "setdefault", "pop", "popitem"})
"""Changes in place that may leave alone what is shown of a value."""

MANY = 2_000
"""With more pairs of changes and elements than this it pays to know first which keys each element shows."""


@immutable
class Drawn:
    """An element as one path draws it."""

    shown: Displayed
    path: Path
    order: int


@immutable
class Change:
    """A change of a key that a click causes."""

    node: Write | Touch
    block: Block
    path: Path
    order: int


@mutable
class Stale:
    """The pass over one tree."""

    machine: Machine
    tree: Tree
    paths: Paths
    origins: Origins = field(init=False)
    sure: Origins = field(init=False)
    """Where values come from, whoever calls."""
    drawn: list[Drawn] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    fresh: list[tuple[Path, int]] = field(default_factory=list)
    """Where the page is drawn anew, or another one."""
    chats: set[Hashable] = field(default_factory=set)
    keys: dict[int, frozenset[str]] = field(default_factory=dict)
    """The keys that displayed values (by id) are made of."""
    terms: dict[int, frozenset[Term]] = field(default_factory=dict)
    """All that they are made of: asked only of few, for it is another walk each."""

    def losses(self) -> Iterator[Loss]:
        if any(module.startswith(REFRESHING) for module in self.machine.external_modules):
            return
        self.origins = Origins(self.machine, self.tree)
        self.sure = Origins(self.machine, self.tree, shared=False)
        for order, (block, _, node, path) in self.paths.of(Write, Touch, Exit, Clear, Havoc):
            self._note(block, node, path, order)
        owned = {draw.widget.key for draw in self.tree.draws}
        changes = [c for c in self.changes if c.node.key not in owned and self._changes(c) and not self._is_redrawn(c)]
        if not changes:
            return
        for order, (_, _, node, path) in self.paths.of(Bind):
            self._note_drawn(node, path, order)
        self.chats = {draw.widget.id for draw in self.tree.draws if draw.widget.element == "chat_input"}
        lasting = [drawn for drawn in self.drawn if not drawn.path.chance and not drawn.path.clicks]
        showing: dict[str, list[Drawn]] | None = None
        if len(changes) * len(lasting) > MANY:
            showing = {}
            for drawn in lasting:
                for key in self._keys(drawn):
                    showing.setdefault(key, []).append(drawn)
        reported: set[str] = set()
        for change in changes:
            key = change.node.key
            if key in reported:
                continue
            candidates = lasting if showing is None else showing.get(key, ())
            stale = [drawn for drawn in candidates if self._is_stale(drawn, change)]
            if stale and not self._is_fresh(change):
                reported.add(key)
                yield _loss(change, min(stale, key=lambda drawn: drawn.order))

    def _given(self, change: Change) -> tuple[Value, ...]:
        return self.machine.given.get(change.node, ())

    def _note(self, block: Block, node: Node | None, path: Path, order: int) -> None:
        match node:
            case Write() | Touch() if path.clicks and not path.chance:
                self.changes.append(Change(node, block, path, order))
            case Exit(kind="rerun" | "switch") | Clear() | Havoc():
                self.fresh.append((path, order))

    def _note_drawn(self, node: Node | None, path: Path, order: int) -> None:
        shown = self.machine.displayed.get(node.cell) if isinstance(node, Bind) else None
        if shown is not None and shown.element not in UNSEEN:
            self.drawn.append(Drawn(shown, path, order))

    def _keys(self, drawn: Drawn) -> frozenset[str]:
        """The keys that the element's values are made of."""
        shown = drawn.shown
        if id(shown) not in self.keys:
            self.keys[id(shown)] = self.origins.keys(*shown.values, tests=False)
        return self.keys[id(shown)]

    def _terms(self, drawn: Drawn) -> frozenset[Term]:
        """The terms that the element's values are made of."""
        shown = drawn.shown
        if id(shown) not in self.terms:
            self.terms[id(shown)] = self.origins.terms(*shown.values)
        return self.terms[id(shown)]

    def _changes(self, change: Change) -> bool:
        """Whether the key may hold something else afterwards."""
        node = change.node
        if isinstance(node, Touch):
            return bool(node.how)
        # `ss.x = x`, where x is what it holds
        return not node.only_if_absent and not any(_is_of(value, node.key) for value in self._given(change))

    def _is_redrawn(self, change: Change) -> bool:
        """Whether the page is drawn anew after the change."""
        return any(order > change.order and _together(path, change.path) for path, order in self.fresh)

    def _is_fresh(self, change: Change) -> bool:
        """Whether something after the change shows the key."""
        given = self._given(change)
        cells = {term for term in self.origins.terms(*given) if isinstance(term, CellRef | WidgetVal)}
        if any(isinstance(term, CellRef) and term.cell in self.machine.displayed for term in cells):
            return True  # what is stored is what an element has shown
        chatting = any(widget in self.chats for one in change.path.clicks for widget in one)
        return any(
            _together(drawn.path, change.path)
            and (
                (drawn.order > change.order and change.node.key in self._keys(drawn))
                or self._shows(drawn, cells, change, chatting)
            )
            for drawn in self.drawn
        )

    def _is_stale(self, drawn: Drawn, change: Change) -> bool:
        if drawn.order > change.order or not _together(drawn.path, change.path):
            return False
        if drawn.path.fragment != change.path.fragment or drawn.path.chance or drawn.path.clicks:
            return False
        key = change.node.key
        if key not in self._keys(drawn) or key not in self.sure.keys(*drawn.shown.values, tests=False):
            return False
        around = zip(drawn.path.arms, drawn.path.tests, strict=True)
        for arm, test in around:
            if arm not in change.path.arms and self.origins.keys(test) != {key}:
                return False
        return self._shows_what_changes(drawn, change)

    def _shows_what_changes(self, drawn: Drawn, change: Change) -> bool:
        """Whether it is the changed part of the value that is shown."""
        node = change.node
        if not isinstance(node, Touch):
            return True
        if node.how in ("", ".", "del", "cut"):
            return False
        parts = {
            term.index for term in self._terms(drawn) if isinstance(term, Part) and self._is_of(term.term, node.key)
        }
        if node.how not in PARTIAL or not parts:
            return True
        given = self._given(change)
        index = given[0] if node.how == "[]" and given else None
        return isinstance(index, Known) and index.value in parts

    def _is_of(self, term: Term, key: str) -> bool:
        return self.origins.keys(term, tests=False) == {key}

    def _shows(self, drawn: Drawn, cells: set[CellRef | WidgetVal], change: Change, chatting: bool) -> bool:
        """Whether the run of the click draws what it stores: then the page has it already."""
        if not common(drawn.path.clicks, change.path.clicks):
            return False
        if chatting and drawn.shown.element not in MESSAGES:
            return True  # a message to a chat is drawn by the run that gets it, in whatever way
        if cells.isdisjoint(self._terms(drawn)):
            return False
        values = drawn.shown.values
        return drawn.shown.element not in MESSAGES or any(isinstance(value, Late) for value in values)


def _together(one: Path, other: Path) -> bool:
    """Whether one run may come to both."""
    return one.root is other.root and not one.splits(other) and not exclusive(one.clicks, other.clicks)


def _is_of(value: Value, key: str) -> bool:
    return isinstance(value, Late) and value.alias == key


def _loss(change: Change, drawn: Drawn) -> Loss:
    key, shown = change.node.key, drawn.shown
    way = f"drawn `{key}` with `st.{shown.element}`"
    if not set(drawn.path.arms).issubset(change.path.arms):  # this very run need not draw it
        way = f"passed the `st.{shown.element}` that draws `{key}`"
    step = f"has {way} above, and changes it only now"
    related = Related(f"`{key}` is changed here, after it was drawn", change.node.place)
    return Loss(change.block, change.node, "stale display", shown.place, (step, key, shown.element), (related,))
