"""Which changes of shared objects show what one user does to others: judged when the tree is whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from streamlint.findings import Place, Step
from streamlint.flow import shared
from streamlint.flow.machine import Later, Machine, Shared
from streamlint.flow.origins import Origins
from streamlint.flow.planting import Tree
from streamlint.flow.reduce import blocks_of
from streamlint.flow.shared import Change
from streamlint.flow.sources import Marks
from streamlint.flow.state import is_constant
from streamlint.flow.tree import Block, Branch, CallN, CellId, Draw, Fault, Present, Term, WidgetVal
from streamlint.flow.values import Known, Length, Value
from streamlint.records import mutable


@mutable
class Leaks:
    """One app's changes of what all sessions have in common."""

    machine: Machine
    tree: Tree
    origins: Origins = field(init=False)
    kept: Marks[Place] = field(init=False)
    """Where what is shared is kept."""
    shown: frozenset[CellId] | None = None
    shows: dict[Place, Place] | None = None
    """The first element that shows something shared, by where that is kept."""

    def __post_init__(self) -> None:
        self.origins = Origins(self.machine, self.tree)
        self.kept = Marks(self.origins.links, self._kept_at)

    def judge(self) -> None:
        """Notes the faults that are leaks."""
        m = self.machine
        self._judge_stores()
        todo = dict(m.changes)
        if not todo:
            return
        m.leaks |= {name for name, change in todo.items() if self._holds_user_data(change)}
        todo = {name: change for name, change in todo.items() if name not in m.leaks and self._says_something(change)}
        if todo:
            m.leaks |= self._acted(todo)
        for name in m.leaks & m.changes.keys():
            m.later[name] = Later((self._seen(m.changes[name].shared),))

    def _judge_stores(self) -> None:
        """Notes where something shared is stored that the app changes in place."""
        m = self.machine
        for name, store in m.stores.items():
            changed = m.changed_parts if store.copied else m.changed_keys
            if store.is_box and store.key in changed:
                m.leaks.add(name)
                stores = Step(f"stores the same object under `{store.key}`", store.place)
                holds = f"`{store.key}` already holds what the first session puts in here"
                m.later[name] = Later((stores, Step(holds, changed[store.key])))

    def _seen(self, thing: Shared) -> Step:
        """Where another session sees what was put in: where it is shown, else where it is kept."""
        shows = self._shows(thing)
        if shows is not None:
            return Step(f"shows what the first session has put into `{thing.name}`", shows)
        return Step(f"`{thing.name}` is the same here, with what the first session has put in", thing.place)

    def _shows(self, thing: Shared) -> Place | None:
        if self.shows is None:
            self.shows = {}
            for displayed in self.machine.displayed.values():
                for place in self._parts_kept_at(*displayed.values):
                    self.shows.setdefault(place, displayed.place)
        return self.shows.get(thing.place)

    def _parts_kept_at(self, *values: Value) -> frozenset[Place]:
        """Where the shared ones of the values are kept, and of all that they may be made of."""
        return self.kept.of(values, False).union(*map(self._kept_at, values))

    def _kept_at(self, part: Value | Term) -> tuple[Place, ...]:
        place = shared.find_part(self.machine, part)
        return () if place is None else (place,)

    # --- what is put in --------------------------------------------------------------------------------------

    def _holds_user_data(self, change: Change) -> bool:
        """Whether what is put in comes from the user, and not under an index that may tell users or contents apart."""
        index = change.index
        if index is not None and not is_constant(index) and not self._counts(index, change):
            return False
        return self._of_users(change.inputs) or (change.how != "add" and self._is_chosen(change.inputs))

    def _counts(self, index: Value, change: Change) -> bool:
        """Whether the index is a number of the thing's own items."""
        return isinstance(index, Length) or change.shared.place in self._parts_kept_at(index)

    def _of_users(self, values: tuple[Value, ...]) -> bool:
        """Whether they are made of what belongs to a session."""
        data = any(not isinstance(source, Present) for source in self.origins.of(*values, tests=False))
        return data or bool(self.origins.users(*values))

    def _is_chosen(self, values: tuple[Value, ...]) -> bool:
        """Whether what the user has entered decides which values these are."""
        return any(isinstance(source, WidgetVal) for source in self.origins.of(*values))

    def _says_something(self, change: Change) -> bool:
        """Whether the change is one that others can see, if it is made at a user's click: a number that is shown, or
        a constant."""
        if change.index is not None and not isinstance(change.index, Known):
            return False
        if change.how == "add" and change.cell is None:
            return self._shows(change.shared) is not None
        if change.how == "add":
            return not self._shown().isdisjoint({change.cell, *self.origins.cells(*change.inputs)})
        return bool(change.inputs) and all(
            shared.is_plain(value, change.how == "put" and change.index is None) for value in change.inputs
        )

    def _shown(self) -> frozenset[CellId]:
        """The variables that elements show."""
        if self.shown is None:
            values = [value for displayed in self.machine.displayed.values() for value in displayed.values]
            self.shown = self.origins.cells(*values)
        return self.shown

    # --- what the user does ----------------------------------------------------------------------------------

    def _acted(self, changes: Mapping[str, Change]) -> set[str]:
        """Those of the changes that stand under a click or a value that the user has chosen, or in a callback, unless
        some run makes the same one anyway: then it is nobody's doing."""
        faults = [(fault, acted) for fault, acted in self._faults() if fault.key in changes]
        anyway = {(fault.place, changes[fault.key].inputs) for fault, acted in faults if not acted}
        done = [fault for fault, acted in faults if acted]
        return {fault.key for fault in done if (fault.place, changes[fault.key].inputs) not in anyway}

    def _faults(self) -> Iterator[tuple[Fault, bool]]:
        """All faults, and whether they stand under what a user does."""
        entered = self._entered()
        todo: list[tuple[Block, bool]] = [(spec.body, False) for spec in self.tree.scripts]
        todo += [(spec.body, True) for spec in self.tree.callbacks]
        seen: set[tuple[int, bool]] = set()
        while todo:
            block, acted = todo.pop()
            if (id(block), acted) in seen:
                continue
            seen.add((id(block), acted))
            for node in block:
                if isinstance(node, Fault):
                    yield node, acted
                elif isinstance(node, CallN):
                    todo.append((node.spec.body, acted))
                elif isinstance(node, Draw) and node.widget.callback is not None:
                    todo.append((node.widget.callback.body, True))
                here = acted or (isinstance(node, Branch) and _asks_user(node.test, entered))
                todo += [(inner, here) for inner in blocks_of(node)]

    def _entered(self) -> Origins:
        """What comes from the user alone, whichever call of a function it is."""
        mixed = frozenset(cell for cell, parts in self.machine.made_of.items() if not _comes_from_one(parts))
        return Origins(self.machine, self.tree, shared=False, closed=mixed)


def _asks_user(test: Term, entered: Origins) -> bool:
    return any(isinstance(source, WidgetVal) for source in entered.of(test, tests=False))


def _comes_from_one(parts: Sequence[Value | Term]) -> bool:
    """Whether a value is made of one other: rows that are chosen by a date are none of the user's making."""
    return sum(not isinstance(part, Known) for part in parts) < 2
