"""Reads that no run can fail, because every path to them sets the key first, and uses of a widget's key that miss
nothing, because every path to them draws the widget first.

One pass over the flow tree for all keys at once, with sets of keys that are certainly present, and of those (named
with `tree.USED`) whose widgets this run has certainly drawn. It knows nothing of correlations, so what it leaves open
is not yet wrong: that is for the searches of `streamlint.flow.runs` and `lifetimes`. What it closes needs no search,
which is most of an app.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field

from streamlint.flow.reduce import NESTING, Program, blocks_of
from streamlint.flow.tree import (
    USED,
    AllT,
    AnyT,
    Bind,
    Block,
    Branch,
    CallN,
    CellRef,
    Choice,
    Clear,
    Cmp,
    Delete,
    Draw,
    Exit,
    Havoc,
    KeyVal,
    Lit,
    Loop,
    Node,
    NotT,
    Pages,
    Present,
    Read,
    Scope,
    Spec,
    Tag,
    Term,
    TryN,
    Unrolled,
    Use,
    Write,
)
from streamlint.records import immutable, mutable

Keys = frozenset[str]
"""Keys that are certainly present."""

MAX_ENTRIES = 6
"""A body is walked with at most this many different sets; then with what those that follow have in common."""
NOTHING: Keys = frozenset()
REMOVING = NESTING | {CallN, Clear, Havoc, Delete}
"""The kinds of nodes that may remove keys."""


@mutable
class Ends:
    """What is present where a block ends; None where no path comes."""

    normal: Keys | None
    returns: dict[object, Keys] = field(default_factory=dict)
    breaks: Keys | None = None
    continues: Keys | None = None

    def absorb(self, other: Ends) -> None:
        """Takes the exits of another block."""
        for target, keys in other.returns.items():
            self.returns[target] = _meet(self.returns.get(target), keys) or NOTHING
        self.breaks = _meet(self.breaks, other.breaks)
        self.continues = _meet(self.continues, other.continues)


def _meet(a: Keys | None, b: Keys | None) -> Keys | None:
    if a is None or b is None:
        return b if a is None else a
    return a & b


@immutable
class Unsettled:
    """`missing`: the keys of which some read is not dominated by a write, in the order in which such reads are met.
    `undrawn`: those of which some use is not dominated by the drawing of a widget of that key."""

    missing: tuple[str, ...]
    undrawn: frozenset[str]


def unsettled(program: Program) -> Unsettled:
    """What is worth a search. The reads that are dominated are no part of the program any more: they cannot fail, and
    do nothing else."""
    search = _Dominated(program)
    search.run()
    if search.open:  # otherwise nothing is searched
        program.settle(frozenset(search.settled - search.open.keys() - search.guarded))
    return Unsettled(tuple(dict.fromkeys(read.key for read in search.open.values())), frozenset(search.undrawn))


class _Dominated:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.open: dict[int, Read] = {}
        self.settled: set[int] = set()
        self.guarded: set[int] = set()
        """Reads whose failure is caught: they decide where the run goes on."""
        self.undrawn: set[str] = set()
        self.drawn: dict[object, Keys] = {}
        self.fragments: dict[int, tuple[Spec, Keys]] = {}
        self.memo: dict[tuple[int, Keys, Keys], Keys | None] = {}
        self.caught: Keys = NOTHING
        """The failures that a `try` around the current node catches for good: KeyError, AttributeError."""
        self.fresh: frozenset[object] = frozenset()
        """Cells bound right before the current node: what they say of keys still holds."""
        self.entries: dict[int, int] = {}
        self.common: dict[int, Keys] = {}
        """What all calls of a body have in common, once there are many."""
        self.kills: dict[int, Keys | None] = {}
        self.every = frozenset[str]().union(*(program.summary(spec).keys for spec in program.started()))
        self.fading = self._fading()

    def run(self) -> None:
        for spec in self.program.scripts.values():
            self._spec(spec, NOTHING)
        done: set[object] = set()
        while todo := [w for w in self.drawn if w not in done]:
            for widget in todo:
                done.add(widget)
                callback = self.program.widgets[widget].widget.callback
                if callback is not None:
                    self._spec(callback, self._lasting(self.drawn[widget]))
            for spec, keys in list(self.fragments.values()):
                self._spec(spec, self._lasting(keys))

    # --- keys that may go ------------------------------------------------------------------------------------

    def _fading(self) -> Keys | None:
        """Keys that something may remove between two runs; None if that may be any key."""
        found = self._killed_by(spec.body for spec in self.program.started())
        widgets = (draw.widget.key for draw in self.program.widgets.values())
        return None if found is None else found | {key for key in widgets if key is not None}

    def _lasting(self, keys: Keys) -> Keys:
        """What of it the next run finds too."""
        if self.fading is None:
            return NOTHING
        return frozenset(key for key in keys - self.fading if not key.startswith(USED))

    def _killed_by(self, blocks: Iterable[Block]) -> Keys | None:
        """The keys that blocks may remove, calls included; None if that may be any key."""
        found: set[str] = set()
        for block in blocks:
            killed = self._kills(block)
            if killed is None:
                return None
            found |= killed
        return frozenset(found)

    def _kills(self, block: Block) -> Keys | None:
        known = self.kills.get(id(block), NOTHING)
        if id(block) not in self.kills:
            self.kills[id(block)] = NOTHING  # recursion is cut
            known = self.kills[id(block)] = self._find_kills(block)
        return known

    def _find_kills(self, block: Block) -> Keys | None:
        found: set[str] = set()
        for node in block:
            if type(node) not in REMOVING:
                continue
            inner = self._killed_by([node.spec.body] if isinstance(node, CallN) else blocks_of(node))
            if inner is None or isinstance(node, Clear):
                return None
            found |= inner
            if isinstance(node, Havoc) and node.deletes:
                found.update(filter(node.matches, self.every))
            if isinstance(node, Delete):
                found.add(node.key)
        return frozenset(found)

    # --- walking ---------------------------------------------------------------------------------------------

    def _spec(self, spec: Spec, present: Keys) -> Keys | None:
        """What is certainly present when a call comes back; None if it does not."""
        seen = (spec.id, present & self.program.summary(spec).keys, self.caught)
        if seen not in self.memo:
            self.entries[spec.id] = self.entries.get(spec.id, 0) + 1
            if self.entries[spec.id] > MAX_ENTRIES:
                common = seen[1] & self.common.get(spec.id, seen[1])
                present = self.common[spec.id] = NOTHING if self.entries[spec.id] > 4 * MAX_ENTRIES else common
                seen = (spec.id, present, self.caught)
        if seen not in self.memo:
            self.memo[seen] = NOTHING  # recursion is cut
            ends = self._block(spec.body, seen[1])
            self.memo[seen] = _meet(ends.normal, ends.returns.get(spec.id))
        gained = self.memo[seen]
        if gained is None:
            return None
        killed = self._kills(spec.body)
        return gained if killed is None else gained | (present - killed)

    def _block(self, block: Block, present: Keys) -> Ends:
        ends = Ends(present)
        fresh: frozenset[object] = frozenset()
        for node in block:
            if ends.normal is None:
                break
            if isinstance(node, Bind):
                fresh |= {node.cell}
                continue
            self.fresh, fresh = fresh, frozenset()
            after = self._node(node, ends.normal)
            ends.absorb(after)
            ends.normal = after.normal
        return ends

    def _node(self, node: Node, present: Keys) -> Ends:
        match node:
            case Read(key=key):
                failure = "AttributeError" if node.attribute else "KeyError"
                if key in present:
                    self.settled.add(id(node))
                elif failure in self.caught:
                    self.guarded.add(id(node))
                else:
                    self.open[id(node)] = node
                return Ends(present | {key})
            case Write(key=key):
                return Ends(present | {key})
            case Delete(key=key):
                return Ends(present - {key})
            case Clear():
                return Ends(NOTHING)
            case Havoc(deletes=True):
                return Ends(frozenset(key for key in present if not node.matches(key)))
            case Draw(widget):
                known = self.drawn.get(widget.id)
                self.drawn[widget.id] = present if known is None else known & present
                if widget.key is None or not widget.binds_key:
                    return Ends(present)
                return Ends(present | {widget.key, USED + widget.key})
            case Use(key=key):
                if USED + key not in present:
                    self.undrawn.add(key)
                return Ends(present)
            case CallN(spec):
                if spec.fragment:
                    _, before = self.fragments.get(spec.id, (spec, present))
                    self.fragments[spec.id] = (spec, before & present)
                return Ends(self._spec(spec, present))
            case Exit():
                return self._exit(node, present)
            case Branch():
                return self._branch(node, present)
            case _:
                return self._nested(node, present)

    @staticmethod
    def _exit(node: Exit, present: Keys) -> Ends:
        ends = Ends(None)
        if node.kind == "return":
            ends.returns[node.target] = present
        elif node.kind == "break":
            ends.breaks = present
        elif node.kind == "continue":
            ends.continues = present
        return ends

    def _branch(self, node: Branch, present: Keys) -> Ends:
        result = Ends(None)
        implied = {verdict: self._implied(node.test, verdict) for verdict in (True, False)}
        for verdict, block in ((True, node.then), (False, node.orelse)):
            inner = self._block(block, present | implied[verdict])
            result.absorb(inner)
            result.normal = _meet(result.normal, inner.normal)
        return result

    def _nested(self, node: Node, present: Keys) -> Ends:
        match node:
            case Choice(arms=arms) | Pages(arms=arms):
                result = Ends(None)
                for arm in arms:
                    inner = self._block(arm, present)
                    result.absorb(inner)
                    result.normal = _meet(result.normal, inner.normal)
                return result
            case Loop() | Unrolled():
                return self._loop(node, present)
            case Scope(body=body):
                ends = self._block(body, present)
                ends.normal, ends.continues = _meet(ends.normal, ends.continues), None
                return ends
            case TryN():
                return self._try(node, present)
            case _:
                return Ends(present)

    def _without(self, present: Keys, *blocks: Block) -> Keys:
        killed = self._killed_by(blocks)
        return NOTHING if killed is None else present - killed

    def _loop(self, node: Loop | Unrolled, present: Keys) -> Ends:
        again = self._without(present, node.body) if isinstance(node, Loop) else present
        ends = self._block(node.body, again)
        breaks, ends.breaks = ends.breaks, None
        done, ends.continues = _meet(ends.normal, ends.continues), None
        if done is not None and node.orelse:
            last = self._block(node.orelse, done)
            ends.absorb(last)
            done = last.normal
        ends.normal = breaks if isinstance(node, Loop) and node.endless else _meet(done, breaks)
        return ends

    def _try(self, node: TryN, present: Keys) -> Ends:
        outer, self.caught = self.caught, self.caught | _caught_by(node)
        result = self._block(node.body, present)
        self.caught = outer
        if result.normal is not None and node.orelse:
            last = self._block(node.orelse, result.normal)
            result.absorb(last)
            result.normal = last.normal
        after_failure = self._without(present, node.body)
        for handler in node.handlers:
            inner = self._block(handler.body, after_failure)
            result.absorb(inner)
            result.normal = _meet(result.normal, inner.normal)
        if not node.final:
            return result
        handlers = [handler.body for handler in node.handlers]
        self._block(node.final, self._without(after_failure, node.orelse, *handlers))
        result.returns = {t: self._without(keys, node.final) for t, keys in result.returns.items()}
        result.breaks = None if result.breaks is None else self._without(result.breaks, node.final)
        result.continues = None if result.continues is None else self._without(result.continues, node.final)
        if result.normal is not None:
            last = self._block(node.final, result.normal)
            result.absorb(last)
            result.normal = last.normal
        return result

    # --- what a test implies ---------------------------------------------------------------------------------

    def _implied(self, test: Term, verdict: bool, depth: int = 0) -> Keys:
        """Keys that are present when a test has this outcome."""
        match test:
            case Present(key):
                return frozenset({key}) if verdict else NOTHING
            case NotT(inner):
                return self._implied(inner, not verdict, depth)
            case AllT(terms) | AnyT(terms):
                parts = [self._implied(term, verdict, depth) for term in terms]
                together = verdict is isinstance(test, AllT)
                return frozenset().union(*parts) if together else parts[0].intersection(*parts)
            case KeyVal(key, default):
                return frozenset({key}) if verdict and _falsy(default) else NOTHING
            case Cmp(op, left, Lit(value)):
                return self._compared(op, left, value, verdict, depth)
            case CellRef(cell) if depth < 4 and len(bound := self.program.terms.get(cell, [])) == 1:
                keys = self._implied(bound[0], verdict, depth + 1)
                return keys if cell in self.fresh else self._lasting(keys)
            case _:
                return NOTHING

    def _compared(self, op: str, left: Term, value: object, verdict: bool, depth: int) -> Keys:
        """`ss.get("k") == "x"` holds only for a present key."""
        equal = verdict is (op in ("==", "is"))
        if op not in ("==", "is", "!=", "is not") or isinstance(value, Tag) or equal is (value is None):
            return NOTHING
        if isinstance(left, CellRef) and depth < 4 and len(bound := self.program.terms.get(left.cell, [])) == 1:
            keys = self._compared(op, bound[0], value, verdict, depth + 1)
            return keys if left.cell in self.fresh else self._lasting(keys)
        if isinstance(left, KeyVal) and left.default == Lit(None):
            return frozenset({left.key})
        return NOTHING


def _falsy(term: Term) -> bool:
    return isinstance(term, Lit) and not isinstance(term.value, Tag) and not term.value


def _caught_by(node: TryN) -> Keys:
    """The failures of a read that end in a handler which does not raise again."""
    found: set[str] = set()
    for failure, also in (("KeyError", "LookupError"), ("AttributeError", "AttributeError")):
        names = {failure, also, "Exception", "BaseException"}
        first = next((h for h in node.handlers if not h.types or not names.isdisjoint(h.types)), None)
        if first is not None and not _raises(first.body):
            found.add(failure)
    return frozenset(found)


def _raises(block: Block) -> bool:
    return any(
        (isinstance(n, Exit) and n.kind in ("raise", "reraise")) or any(map(_raises, blocks_of(n))) for n in block
    )
