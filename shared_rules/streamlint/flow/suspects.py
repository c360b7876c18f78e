"""What may collide in one run: claims made twice, and keys that are assigned after their widget was drawn.

One pass over the flow tree for all claims at once, with sets of claims that may have been made, as bits of a number.
It knows nothing of conditions, so what it finds is only suspected: `streamlint.flow.crashes` searches a run that does
it. What it does not find needs no search, which is most of an app.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import field

from streamlint.flow.reduce import Program, blocks_of
from streamlint.flow.tree import (
    Bind,
    Block,
    CallN,
    CellId,
    Claim,
    Draw,
    Exit,
    Forbidden,
    Loop,
    Node,
    Scope,
    Shown,
    Spec,
    TryN,
    Unrolled,
    Write,
)
from streamlint.records import immutable, mutable

MAX_ENTRIES = 4
"""A body is walked with at most this many different sets; then with all that may ever be made."""


@immutable
class Target:
    """What one search is for: a key, the key of a form, an identity, or a node that raises by itself (`Forbidden`)."""

    kind: str
    name: Hashable


@mutable
class Suspect:
    """A target with the elements and the cells that take part, by which the search finds what matters."""

    target: Target
    elements: dict[Hashable, None] = field(default_factory=dict)
    cells: dict[CellId, None] = field(default_factory=dict)
    element: str = ""
    """What the first of the elements is called."""

    def words(self) -> str:
        """What is looked for, for people."""
        match self.target.kind:
            case "key":
                return str(self.target.name)
            case "form":
                return f"form {self.target.name}"
            case "id":
                return f"st.{self.element} without a key"
            case _:
                return f"st.{self.element} and its fragment"


@mutable
class Ends:
    """The claims that may be made where a block ends; None where no path comes."""

    normal: int | None
    left: int | None = None
    """At its exits to the end of the function or loop."""

    def leave(self, bits: int | None) -> None:
        self.left = _union(self.left, bits)


def _union(a: int | None, b: int | None) -> int | None:
    if a is None or b is None:
        return b if a is None else a
    return a | b


@mutable
class Suspects:
    """The pass over one program."""

    program: Program
    found: dict[Target, None] = field(default_factory=dict)
    parts: dict[Target, Suspect] = field(default_factory=dict)
    bits: dict[tuple[str, Hashable], int] = field(default_factory=dict)
    inside: dict[int, int] = field(default_factory=dict)
    relevant: dict[int, int] = field(default_factory=dict)
    memo: dict[tuple[int, int], int | None] = field(default_factory=dict)
    entries: dict[int, int] = field(default_factory=dict)

    def run(self) -> tuple[Suspect, ...]:
        """The targets worth a search, in the order in which the code comes to them."""
        self._made(spec.body for spec in self.program.started())
        for spec in self.program.started():
            self._spec(spec, 0)
        for spec in self._callbacks():
            gained = self._made([spec.body])
            for script in self.program.scripts.values():
                self._spec(script, gained)
        return tuple(self._suspect(target) for target in self.found)

    def _callbacks(self) -> list[Spec]:
        """The callbacks that claim something: their run goes on with the script."""
        drawn = self.program.widgets.values()
        specs = {draw.widget.callback.id: draw.widget.callback for draw in drawn if draw.widget.callback is not None}
        return [spec for spec in specs.values() if self._made([spec.body])]

    # --- names as bits ---------------------------------------------------------------------------------------

    def _bit(self, kind: str, name: Hashable) -> int:
        return self.bits.setdefault((kind, name), 1 << len(self.bits))

    def _suspect(self, target: Target) -> Suspect:
        return self.parts.setdefault(target, Suspect(target))

    def _claimed(self, node: Draw | Shown) -> tuple[tuple[Claim, ...], str | None]:
        if isinstance(node, Shown):
            return node.claims, node.locks
        return node.widget.claims, node.widget.key if node.widget.binds_key else None

    def _made(self, blocks: Iterable[Block]) -> int:
        """All claims that blocks can make, calls included."""
        found = 0
        for block in blocks:
            known = self.inside.get(id(block))
            if known is None:
                self.inside[id(block)] = 0  # recursion is cut
                known = self.inside[id(block)] = self._made_by(block)
            found |= known
        return found

    def _made_by(self, block: Block) -> int:
        found = 0
        for node in block:
            match node:
                case Draw() | Shown():
                    claims, locks = self._claimed(node)
                    for claim in claims:
                        found |= self._bit(claim.kind, claim.name)
                        self._note(Target(claim.kind, claim.name), node, claim)
                    if locks is not None:
                        found |= self._bit("lock", locks)
                        self._note(Target("key", locks), node, None)
                case CallN(spec):
                    found |= self._made([spec.body])
                case _:
                    found |= self._made(blocks_of(node))
        return found

    def _note(self, target: Target, node: Draw | Shown, claim: Claim | None) -> None:
        suspect = self._suspect(target)
        suspect.element = suspect.element or (node.element if isinstance(node, Shown) else node.widget.element)
        suspect.elements[node.id if isinstance(node, Shown) else node.widget.id] = None
        if claim is not None:
            suspect.cells.update(dict.fromkeys(claim.cells))

    # --- walking ---------------------------------------------------------------------------------------------

    def _spec(self, spec: Spec, made: int) -> int | None:
        """What may be made when a call comes back; None if it does not."""
        seen = (spec.id, made & self._relevant(spec))
        if seen not in self.memo:
            count = self.entries[spec.id] = self.entries.get(spec.id, 0) + 1
            if count > MAX_ENTRIES:
                seen = (spec.id, self._relevant(spec))
        if seen not in self.memo:
            self.memo[seen] = None  # recursion is cut
            ends = self._block(spec.body, seen[1])
            self.memo[seen] = _union(ends.normal, ends.left)
        gained = self.memo[seen]
        return None if gained is None else gained | made

    def _relevant(self, spec: Spec) -> int:
        """The bits that make a difference to a body: what it claims itself, and keys that it assigns."""
        known = self.relevant.get(spec.id)
        if known is None:
            known = self._made([spec.body])
            for key in self.program.summary(spec).keys:
                known |= self.bits.get(("lock", key), 0)
            self.relevant[spec.id] = known
        return known

    def _block(self, block: Block, made: int) -> Ends:
        ends = Ends(made)
        for node in block:
            if ends.normal is None:
                break
            if isinstance(node, Bind):
                continue
            after = self._node(node, ends.normal)
            ends.leave(after.left)
            ends.normal = after.normal
        return ends

    def _node(self, node: Node, made: int) -> Ends:
        match node:
            case Draw() | Shown():
                return Ends(self._drawn(node, made))
            case Write(key=key, only_if_absent=False):
                if made & self.bits.get(("lock", key), 0):
                    self.found.setdefault(Target("key", key))
                return Ends(made)
            case Forbidden(id=marker, element=element):
                target = Target("forbidden", marker)
                self.found.setdefault(target)
                self._suspect(target).elements[marker] = None
                self._suspect(target).element = element
                return Ends(made)
            case CallN(spec):
                return Ends(self._spec(spec, made))
            case Exit(kind=kind):
                return Ends(None, made if kind in ("return", "break", "continue", "raise") else None)
            case TryN():
                return self._try(node, made)
            case Loop() | Unrolled() | Scope():
                return self._loop(node, made)
            case _:
                return self._arms(node, made)

    def _drawn(self, node: Draw | Shown, made: int) -> int:
        claims, locks = self._claimed(node)
        for claim in claims:
            bit = self._bit(claim.kind, claim.name)
            if made & bit:
                self.found.setdefault(Target(claim.kind, claim.name))
            made |= bit
        return made if locks is None else made | self._bit("lock", locks)

    def _arms(self, node: Node, made: int) -> Ends:
        """Blocks of which one runs."""
        blocks = blocks_of(node)
        result = Ends(None if blocks else made)
        for block in blocks:
            inner = self._block(block, made)
            result.leave(inner.left)
            result.normal = _union(result.normal, inner.normal)
        return result

    def _loop(self, node: Loop | Unrolled | Scope, made: int) -> Ends:
        again = made | self._made([node.body]) if isinstance(node, Loop) else made
        result = self._block(node.body, again)
        result.normal = _union(result.normal, result.left)
        if not isinstance(node, Scope) and node.orelse and result.normal is not None:
            last = self._block(node.orelse, result.normal)
            result.leave(last.left)
            result.normal = _union(result.normal, last.normal)
        return result

    def _try(self, node: TryN, made: int) -> Ends:
        result = self._block(node.body, made)
        if node.orelse and result.normal is not None:
            last = self._block(node.orelse, result.normal)
            result.leave(last.left)
            result.normal = last.normal
        failed = made | self._made([node.body])
        for handler in node.handlers:
            inner = self._block(handler.body, failed)
            result.leave(inner.left)
            result.normal = _union(result.normal, inner.normal)
        if node.final:
            everything = failed | self._made([node.orelse, *(handler.body for handler in node.handlers)])
            last = self._block(node.final, everything if result.normal is None else result.normal)
            result.leave(last.left)
            result.normal = None if result.normal is None else last.normal
        return result


def suspects(program: Program) -> tuple[Suspect, ...]:
    """What in this program is worth a search."""
    return Suspects(program).run()
