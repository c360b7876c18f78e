"""All places of a flow tree with what a run has passed to come there: clicks, tests, loops, calls.

A body that is called at several places is walked for each of them, up to a limit.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace

from streamlint.flow.clicks import NO_CLICKS, Clicks, Triggers
from streamlint.flow.planting import Tree
from streamlint.flow.reduce import blocks_of
from streamlint.flow.tree import (
    TRUE,
    Block,
    Branch,
    CallN,
    Choice,
    Draw,
    Exit,
    Loop,
    Node,
    Spec,
    Term,
    TryN,
    Unrolled,
    negate,
)

MAX_VISITS = 8
"""A body is walked at most this often."""


@dataclass(frozen=True, slots=True)
class Path:
    """What a run has passed. `arms` are the branches with the arm taken; `tests`, one for each, what was true there."""

    root: Spec
    clicks: Clicks = NO_CLICKS
    arms: tuple[tuple[int, int], ...] = ()
    tests: tuple[Term, ...] = ()
    loops: tuple[int, ...] = ()
    chance: int = 0
    """Functions around it that were handed to code that is not seen: it may call them or not."""
    tried: int = 0
    """The `try` statements around it."""
    fragment: int = 0
    """The innermost fragment's number; 0 outside of all."""
    calls: tuple[tuple[int, int], ...] = ()
    """The bodies around it with the number of the visit."""

    def splits(self, other: Path) -> bool:
        """Whether the two are in different arms of one branch."""
        mine = dict(self.arms)
        return any(mine.get(branch, arm) != arm for branch, arm in other.arms)


Visitor = Callable[[Block, int, "Node | None", Path], None]


@dataclass(eq=False, slots=True)
class Paths:
    """The walk over one tree. `visit` gets each position of each block; the last one has no node."""

    tree: Tree
    triggers: Triggers
    visit: Visitor
    number: int = 0
    visits: dict[int, int] = field(default_factory=dict)
    drawn: dict[Hashable, tuple[int, ...]] = field(default_factory=dict)
    """The loops around the drawing of each widget."""
    cut: set[int] = field(default_factory=set)
    """Bodies that are called more often than they were walked."""

    def run(self) -> None:
        for spec in (*self.tree.scripts, *self.tree.callbacks):
            self.visits.clear()
            self._spec(spec, Path(spec))

    def _spec(self, spec: Spec, path: Path) -> None:
        done = self.visits.get(spec.id, 0)
        if done >= MAX_VISITS or any(spec.id == around for around, _ in path.calls):
            self.cut.add(spec.id)
            return
        self.visits[spec.id] = done + 1
        self.number += 1
        inner = replace(path, calls=(*path.calls, (spec.id, self.number)))
        if spec.fragment:
            inner = replace(inner, fragment=spec.id, clicks=NO_CLICKS)
        self._block(spec.body, inner)

    def _block(self, block: Block, path: Path) -> None:
        for position, node in enumerate(block):
            self.visit(block, position, node, path)
            path = self._node(node, path)
        self.visit(block, len(block), None, path)

    def _node(self, node: Node, path: Path) -> Path:
        """Walks what is in a node; returns the path for what follows it."""
        match node:
            case CallN(spec):
                self._spec(spec, path)
            case Draw(widget=widget):
                self.drawn.setdefault(widget.id, path.loops)
            case Branch(then=then, orelse=orelse):
                arms = [self._arm(node, arm, path) for arm in (0, 1)]
                for inner, arm in zip((then, orelse), arms, strict=True):
                    self._block(inner, arm)
                if ends(then) != ends(orelse):
                    return arms[0] if ends(orelse) else arms[1]
            case Loop() | Unrolled():
                looped = isinstance(node, Loop)
                self._block(node.body, replace(path, loops=(*path.loops, id(node))) if looped else path)
                self._block(node.orelse, path)
            case TryN():
                for inner in blocks_of(node):
                    self._block(inner, replace(path, tried=path.tried + 1))
            case Choice():
                for inner in node.arms:
                    self._block(inner, replace(path, chance=path.chance + 1))
            case _:
                for number, inner in enumerate(blocks_of(node)):
                    self._block(inner, replace(path, arms=(*path.arms, (id(node), number)), tests=(*path.tests, TRUE)))
        return path

    def _arm(self, node: Branch, arm: int, path: Path) -> Path:
        test = negate(node.test) if arm else node.test
        clicks = path.clicks | self.triggers.of(test)
        return replace(path, clicks=clicks, arms=(*path.arms, (id(node), arm)), tests=(*path.tests, test))


def ends(block: Block) -> bool:
    """Whether no run comes to the end of a block."""
    return any(_ends(node) for node in block)


def _ends(node: Node) -> bool:
    match node:
        case Exit():
            return True
        case CallN(spec):
            return spec.done and not spec.completes
        case Branch(then=then, orelse=orelse):
            return ends(then) and ends(orelse)
        case _:
            return False
