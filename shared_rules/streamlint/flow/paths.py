"""All places of a flow tree with what a run has passed to come there: clicks, tests, loops, calls.

A body that is called at several places is walked for each of them, up to a limit.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator
from dataclasses import field, replace
from heapq import merge
from operator import itemgetter

from streamlint.findings import Place
from streamlint.flow.clicks import NO_CLICKS, Clicks, Triggers
from streamlint.flow.planting import Tree
from streamlint.flow.reduce import NESTING, blocks_of
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
from streamlint.records import immutable, mutable

WALKED = NESTING | {CallN, Draw}
"""The kinds of nodes that lead somewhere, or say where they stand."""
MAX_VISITS = 8
"""A body is walked at most this often."""


@immutable
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
    places: tuple[Place, ...] = ()
    """Where these were called."""

    def splits(self, other: Path) -> bool:
        """Whether the two are in different arms of one branch."""
        mine = dict(self.arms)
        return any(mine.get(branch, arm) != arm for branch, arm in other.arms)


Step = tuple[Block, int, "Node | None", Path]
"""A position of a block, the node there, and how a run comes to it; the last position of a block has no node."""


@mutable
class Paths:
    """The walk over one tree, made once for all who ask for its `steps`."""

    tree: Tree
    triggers: Triggers = field(init=False)
    walked: list[Step] | None = None
    number: int = 0
    visits: dict[int, int] = field(default_factory=dict)
    drawn: dict[Hashable, tuple[int, ...]] = field(default_factory=dict)
    """The loops around the drawing of each widget."""
    kinds: dict[type, list[tuple[int, Step]]] = field(default_factory=dict)
    ending: dict[int, tuple[bool, bool]] = field(default_factory=dict)
    """Whether no run comes to the end of the arms of a branch, by its id."""
    cut: set[int] = field(default_factory=set)
    """Bodies that are called more often than they were walked."""

    def __post_init__(self) -> None:
        self.triggers = Triggers(self.tree)

    def of(self, *kinds: type[Node]) -> Iterator[tuple[int, Step]]:
        """The positions where a node of one of these kinds stands, numbered, in the same order."""
        if not self.kinds:
            for number, step in enumerate(self.steps):
                self.kinds.setdefault(type(step[2]), []).append((number, step))
        found = [self.kinds[kind] for kind in kinds if kind in self.kinds]
        yield from merge(*found, key=itemgetter(0))

    def inside(self, blocks: Collection[int]) -> Iterator[tuple[int, Step]]:
        """All positions of these blocks (by id), numbered, in the same order."""
        return ((number, step) for number, step in enumerate(self.steps) if id(step[0]) in blocks)

    @property
    def steps(self) -> list[Step]:
        """All positions, in the order in which runs come to them."""
        if self.walked is None:
            self.walked = []
            self._run()
        return self.walked

    def _run(self) -> None:
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
        assert self.walked is not None
        for position, node in enumerate(block):
            self.walked.append((block, position, node, path))
            if type(node) in WALKED:
                path = self._node(node, path)
        self.walked.append((block, len(block), None, path))

    def _node(self, node: Node, path: Path) -> Path:
        """Walks what is in a node; returns the path for what follows it."""
        match node:
            case CallN(spec, place):
                self._spec(spec, replace(path, places=(*path.places, place)))
            case Draw(widget=widget):
                self.drawn.setdefault(widget.id, path.loops)
            case Branch(then=then, orelse=orelse):
                arms = [self._arm(node, arm, path) for arm in (0, 1)]
                for inner, arm in zip((then, orelse), arms, strict=True):
                    self._block(inner, arm)
                if id(node) not in self.ending:
                    self.ending[id(node)] = ends(then), ends(orelse)
                first, second = self.ending[id(node)]
                if first != second:
                    return arms[0] if second else arms[1]
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
        more = self.triggers.of_arms(node)[arm]
        clicks = path.clicks | more if more else path.clicks
        tests = (*path.tests, negate(node.test) if arm else node.test)
        return replace(path, clicks=clicks, arms=(*path.arms, (id(node), arm)), tests=tests)


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
