"""The part of a script that has to do with some widgets and keys: what is put into them, and what decides that."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import field

from streamlint.flow.machine import Machine
from streamlint.flow.planting import Tree, nodes_of
from streamlint.flow.reduce import blocks_of
from streamlint.flow.tree import (
    Bind,
    Block,
    Branch,
    CallN,
    CellId,
    Changed,
    Clear,
    Delete,
    Draw,
    Exit,
    Havoc,
    Node,
    Spec,
    Term,
    Touch,
    Write,
    cell_of,
    subterms,
)
from streamlint.flow.values import Value, inside
from streamlint.records import mutable

LEAVING = frozenset({"stop", "rerun", "switch"})


def closure(m: Machine, tree: Tree, values: Iterable[Value | Term], seen: set[CellId]) -> Iterator[Term]:
    """The terms that values are made of, through all bindings of the cells in them; `seen` are cells to leave out."""
    todo = list(values)
    while todo:
        value = todo.pop()
        if not isinstance(value, Term):
            todo += inside(value)
            continue
        for part in subterms(value):
            yield part
            cell = cell_of(part)
            if cell is not None and cell not in seen:
                seen.add(cell)
                todo += tree.terms.get(cell, ())
                todo += m.made_of.get(cell, ())


@mutable
class Slice:
    """What of one script a walk has to look at."""

    machine: Machine
    tree: Tree
    widgets: frozenset[Hashable]
    keys: frozenset[str]
    cells: set[CellId] = field(default_factory=set)
    blocks: dict[int, bool] = field(default_factory=dict)
    specs: dict[int, bool] = field(default_factory=dict)
    leaving: dict[int, bool] = field(default_factory=dict)

    def find(self, spec: Spec) -> None:
        """Finds the cells that matter: what is drawn and stored is made of them, or rests on a test of them."""
        branches: list[Branch] = []
        for _, node in nodes_of(spec.body, seen={spec.id}):
            if isinstance(node, Branch):
                branches.append(node)
            elif isinstance(node, Draw) and node.widget.id in self.widgets:
                self._grow(self.machine.drawn_with.get(node.widget.id, {}).values())
            elif isinstance(node, Write | Touch | Changed) and self._is_relevant(node):
                self._grow(self.machine.given.get(node, ()))
                owner = self.machine.inside.get(node)
                self._grow(() if owner is None else (owner,))
        while branches:
            self.blocks.clear()
            self.specs.clear()
            found = [node for node in branches if self.block(node.then) or self.block(node.orelse)]
            if not found:
                break
            branches = [node for node in branches if node not in found]
            self._grow([node.test for node in found])

    def _grow(self, values: Iterable[Value | Term]) -> None:
        for _ in closure(self.machine, self.tree, values, self.cells):
            pass

    def block(self, block: Block) -> bool:
        """Whether something in the block matters."""
        if id(block) not in self.blocks:
            self.blocks[id(block)] = False  # recursion is cut
            self.blocks[id(block)] = any(self._is_relevant(node) for node in block)
        return self.blocks[id(block)]

    def is_worth(self, node: Node) -> bool:
        """Whether a walk has to look at the node: it matters, or it may leave the block."""
        return self._is_relevant(node) or self._leaves(node)

    def _is_relevant(self, node: Node) -> bool:
        match node:
            case Bind(cell):
                return cell in self.cells
            case Draw(widget):
                return widget.id in self.widgets
            case Write(key=key) | Delete(key=key):
                return key in self.keys
            case Touch(key=key):
                return key in self.keys
            case Changed():
                return node in self.machine.inside
            case Clear():
                return True
            case Havoc():
                return any(node.matches(key) for key in self.keys)
            case CallN(spec):
                if spec.id not in self.specs:
                    self.specs[spec.id] = False  # recursion is cut
                    self.specs[spec.id] = self.block(spec.body)
                return self.specs[spec.id]
            case Exit(kind=kind):
                return kind in LEAVING
            case _:
                return any(self.block(inner) for inner in blocks_of(node))

    def _leaves(self, node: Node) -> bool:
        if isinstance(node, Exit):
            return True
        return any(self._block_leaves(inner) for inner in blocks_of(node))

    def _block_leaves(self, block: Block) -> bool:
        if id(block) not in self.leaving:
            self.leaving[id(block)] = any(self._leaves(node) for node in block)
        return self.leaving[id(block)]
