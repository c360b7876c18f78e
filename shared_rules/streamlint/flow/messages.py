"""Messages that nobody sees: a rerun follows at once and draws the page anew.

One pass over the flow tree, backwards: what certainly comes after a point, until something takes time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from streamlint.findings import Place, Related
from streamlint.flow.machine import Machine
from streamlint.flow.planting import Loss, Tree
from streamlint.flow.reduce import blocks_of
from streamlint.flow.tree import (
    Bind,
    Block,
    Branch,
    CallN,
    Choice,
    Exit,
    Loop,
    Node,
    Pages,
    Scope,
    Some,
    Spec,
    TryN,
    Unrolled,
)
from streamlint.records import immutable, mutable

MESSAGES = frozenset({"success", "info", "warning", "error", "exception"})
CATCHING = frozenset({"BaseException"})
NAMES = {"rerun": "st.rerun()", "switch": "st.switch_page(...)"}


@immutable
class Doom:
    """The page is drawn anew, without anything before that takes time."""

    kind: str
    place: Place


@mutable
class Messages:
    """The pass over one tree."""

    machine: Machine
    seen: dict[int, tuple[Block, Bind, list[Doom | None]]] = field(default_factory=dict)
    memo: dict[tuple[int, Doom | None, bool], Doom | None] = field(default_factory=dict)
    quiet: dict[int, bool] = field(default_factory=dict)
    returns: list[Doom | None] = field(default_factory=list)
    caught: bool = False

    def losses(self, tree: Tree) -> Iterator[Loss]:
        for spec in tree.scripts:
            self._spec(spec, None)
        for block, node, fates in self.seen.values():
            doom = fates[0]
            if doom is None or None in fates:
                continue
            element, place = self.machine.messages[node.cell]
            step = f"shows the message of `st.{element}`, and the page is drawn anew at once"
            related = Related(f"`{NAMES[doom.kind]}` follows here", doom.place)
            yield Loss(block, node, "message", place, (step, element, NAMES[doom.kind]), (related,))

    def _spec(self, spec: Spec, after: Doom | None) -> Doom | None:
        key = (spec.id, after, self.caught)
        if key not in self.memo:
            self.memo[key] = None  # recursion is cut
            self.returns.append(after)
            self.memo[key] = self._block(spec.body, after)
            self.returns.pop()
        return self.memo[key]

    def _block(self, block: Block, after: Doom | None) -> Doom | None:
        for node in reversed(block):
            after = self._node(block, node, after)
        return after

    def _node(self, block: Block, node: Node, after: Doom | None) -> Doom | None:
        match node:
            case Bind(cell):
                if cell in self.machine.messages:
                    self.seen.setdefault(id(node), (block, node, []))[2].append(after)
                return None if self._takes_time(node) else after
            case Exit(kind="rerun" | "switch" as kind, place=place):
                return None if self.caught else Doom(kind, place)
            case Exit(kind="return"):
                return self.returns[-1]
            case Exit():
                return None
            case CallN(spec):
                return self._spec(spec, after)
            case Scope(body=body):
                return self._block(body, after)
            case Loop() | Unrolled():
                return self._loop(node, after)
            case TryN():
                return self._try(node, after)
            case Branch() | Choice() | Pages():
                fates = [self._block(arm, after) for arm in blocks_of(node)]
                return fates[0] if fates and None not in fates else None
            case _:
                return after

    def _loop(self, node: Loop | Unrolled, after: Doom | None) -> Doom | None:
        end = self._block(node.orelse, after)
        inside = end if isinstance(node, Unrolled) or self._is_quiet(node.body) else None
        before = self._block(node.body, inside)
        if isinstance(node, Unrolled):
            return before
        return end if inside is not None and before is not None and not node.endless else None

    def _try(self, node: TryN, after: Doom | None) -> Doom | None:
        after = self._block(node.final, after)
        for handler in node.handlers:
            self._block(handler.body, after)
        end = self._block(node.orelse, after)
        outer = self.caught
        self.caught = outer or any(not handler.types or handler.types & CATCHING for handler in node.handlers)
        before = self._block(node.body, end)
        self.caught = outer
        return before

    def _takes_time(self, node: Bind) -> bool:
        return isinstance(node.term, Some) and node.term.called and node.cell not in self.machine.quick

    def _is_quiet(self, block: Block) -> bool:
        """Whether nothing in the block takes time."""
        known = self.quiet.get(id(block))
        if known is None:
            self.quiet[id(block)] = True  # recursion is cut
            known = self.quiet[id(block)] = all(self._quiet_node(node) for node in block)
        return known

    def _quiet_node(self, node: Node) -> bool:
        if isinstance(node, Bind):
            return not self._takes_time(node)
        if isinstance(node, CallN):
            return self._is_quiet(node.spec.body)
        return all(self._is_quiet(inner) for inner in blocks_of(node))
