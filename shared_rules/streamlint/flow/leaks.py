"""Which changes of shared objects show what one user does to others: judged when the tree is whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from streamlint.flow import shared
from streamlint.flow.machine import Machine
from streamlint.flow.origins import Origins
from streamlint.flow.planting import Tree
from streamlint.flow.reduce import blocks_of
from streamlint.flow.shared import Change
from streamlint.flow.tree import Block, Branch, CallN, CellId, Draw, Fault, Present, Term, WidgetVal
from streamlint.flow.values import Known, Value


@dataclass(eq=False, slots=True)
class Leaks:
    """One app's changes of what all sessions have in common."""

    machine: Machine
    tree: Tree
    origins: Origins = field(init=False)
    shown: frozenset[CellId] | None = None

    def __post_init__(self) -> None:
        self.origins = Origins(self.machine, self.tree)

    def judge(self) -> None:
        """Notes the faults that are leaks."""
        m = self.machine
        m.leaks |= {name for name, store in m.stores.items() if store.is_box and m.changed_keys.get(store.key)}
        todo = dict(m.changes)
        if not todo:
            return
        m.leaks |= {name for name, change in todo.items() if self._holds_user_data(change)}
        todo = {name: change for name, change in todo.items() if name not in m.leaks and self._says_something(change)}
        if todo:
            m.leaks |= set(self._acted()) & todo.keys()

    # --- what is put in --------------------------------------------------------------------------------------

    def _holds_user_data(self, change: Change) -> bool:
        """Whether what is put in comes from the user, and not under an index that tells users or contents apart."""
        if not self._of_users(change.inputs):
            return False
        return change.index is None or not self._of_users((change.index,))

    def _of_users(self, values: tuple[Value, ...]) -> bool:
        """Whether they are made of what belongs to a session, or chosen by what a user has entered."""
        data = any(not isinstance(source, Present) for source in self.origins.of(*values, tests=False))
        chosen = any(isinstance(source, WidgetVal) for source in self.origins.of(*values))
        return data or chosen or bool(self.origins.users(*values))

    def _says_something(self, change: Change) -> bool:
        """Whether the change is one that others can see, if it is made at a user's click: a number that is shown, or
        a constant."""
        if change.index is not None and not isinstance(change.index, Known):
            return False
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

    def _acted(self) -> Iterator[str]:
        """The faults that stand under a click or a value that the user has chosen, or in a callback."""
        todo: list[tuple[Block, bool]] = [(spec.body, False) for spec in self.tree.scripts]
        todo += [(spec.body, True) for spec in self.tree.callbacks]
        seen: set[tuple[int, bool]] = set()
        while todo:
            block, acted = todo.pop()
            if (id(block), acted) in seen:
                continue
            seen.add((id(block), acted))
            for node in block:
                if isinstance(node, Fault) and acted:
                    yield node.key
                elif isinstance(node, CallN):
                    todo.append((node.spec.body, acted))
                elif isinstance(node, Draw) and node.widget.callback is not None:
                    todo.append((node.widget.callback.body, True))
                here = acted or (isinstance(node, Branch) and self._asks_user(node.test))
                todo += [(inner, here) for inner in blocks_of(node)]

    def _asks_user(self, test: Term) -> bool:
        return any(isinstance(source, WidgetVal) for source in self.origins.of(test, tests=False))
