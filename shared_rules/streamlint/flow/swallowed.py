"""Reruns and page switches that have no effect: an `except` catches them, as they are exceptions to Python, and the run
just goes on; or a callback asks for them, which Streamlit ignored once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from streamlint.findings import Related
from streamlint.flow.planting import Loss, Tree
from streamlint.flow.reduce import blocks_of
from streamlint.flow.tree import Block, CallN, Catch, Exit, Node, Spec, TryN
from streamlint.records import mutable

NAMES = {"rerun": "st.rerun()", "switch": "st.switch_page(...)"}


def catches_all(handler: Catch) -> bool:
    return not handler.types or "BaseException" in handler.types


@mutable
class Swallowed:
    """The pass over one tree."""

    leaving: dict[int, Exit | None] = field(default_factory=dict)

    def losses(self, tree: Tree) -> Iterator[Loss]:
        for _, node in tree.nodes(TryN):
            yield from self._try(node)

    def _try(self, node: TryN) -> Iterator[Loss]:
        """The first clause that catches everything, unless it passes on what it caught or ends the run itself."""
        handler = next((h for h in node.handlers if catches_all(h)), None)
        if handler is None or any(_goes_on(inner) for inner in handler.body):
            return
        for block, inner, left in self._exits(node.body):
            name = NAMES[left.kind]
            step = f"`{name}` raises what this `except` catches, and the run goes on"
            yield Loss(
                block,
                inner,
                "swallowed",
                handler.place,
                (step, name),
                (Related(f"`{name}` is called here", left.place),),
            )
            return

    def _exits(self, block: Block) -> Iterator[tuple[Block, Node, Exit]]:
        """What asks for another run in a block, with the node before which to mark it; calls that always end so."""
        for node in block:
            if isinstance(node, Exit) and node.kind in NAMES:
                yield block, node, node
            elif isinstance(node, CallN) and (left := self._ends(node.spec)) is not None:
                yield block, node, left
            elif isinstance(node, TryN):
                if not any(catches_all(handler) for handler in node.handlers):
                    yield from self._exits(node.body)
                for inner in (*(handler.body for handler in node.handlers), node.orelse, node.final):
                    yield from self._exits(inner)
            else:
                for inner in blocks_of(node):
                    yield from self._exits(inner)

    def _ends(self, spec: Spec) -> Exit | None:
        """The exit of a body that always asks for another run."""
        if spec.completes:
            return None
        if spec.id not in self.leaving:
            self.leaving[spec.id] = None  # recursion is cut
            self.leaving[spec.id] = next((left for _, _, left in self._exits(spec.body)), None)
        return self.leaving[spec.id]


def of_callbacks(scripts: tuple[Spec, ...], callbacks: tuple[Spec, ...]) -> Iterator[Loss]:
    """What asks for another run in a callback. What scripts call too is left alone."""
    finder = Swallowed()
    shared = _called(scripts)
    for number in sorted((called := _called(callbacks)).keys() - shared.keys()):
        for block, node, left in finder._exits(called[number].body):
            name = NAMES[left.kind]
            yield Loss(block, node, "callback rerun", left.place, (f"calls `{name}` in a callback", name))


def _called(specs: tuple[Spec, ...]) -> dict[int, Spec]:
    """The bodies that these come to by calls."""
    found = {spec.id: spec for spec in specs}
    todo = [spec.body for spec in specs]
    while todo:
        for node in todo.pop():
            if isinstance(node, CallN) and node.spec.id not in found:
                found[node.spec.id] = node.spec
                todo.append(node.spec.body)
            todo += blocks_of(node)
    return found


def _goes_on(node: Node) -> bool:
    return isinstance(node, Exit) and node.kind in ("raise", "reraise", *NAMES)
