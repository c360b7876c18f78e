"""Literal defaults of widgets that never apply: the first run has put another literal under the widget's key before.

One pass over each script as a session's first run goes through it: no key is set, no button was clicked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from streamlint.findings import Place, Related
from streamlint.flow.machine import Machine
from streamlint.flow.planting import Loss, Tree, nodes_of
from streamlint.flow.reduce import blocks_of
from streamlint.flow.tree import (
    Block,
    Branch,
    CallN,
    CellRef,
    Clear,
    Delete,
    Draw,
    Exit,
    Havoc,
    Lit,
    Loop,
    Node,
    NotT,
    Present,
    Spec,
    Tag,
    Term,
    Touch,
    TryN,
    Unrolled,
    Write,
)
from streamlint.flow.untouched import Untouched
from streamlint.flow.values import Known
from streamlint.records import mutable
from streamlint.streamlit_api import element as catalogue_element

Keys = dict[str, Write | None]
"""The keys that are set, with the assignment of a literal that did it; the others are not."""
MAX_VISITS = 12
"""A body is walked with at most so many different keys."""


@mutable
class Overridden:
    """The pass over one tree."""

    machine: Machine
    tree: Tree
    clicks: Untouched = field(init=False)
    drawn: dict[Place, list[tuple[Block, Draw, Write | None]]] = field(default_factory=dict)
    visits: dict[int, int] = field(default_factory=dict)
    ends: dict[tuple[int, bool, frozenset[tuple[str, int]]], Keys | None] = field(default_factory=dict)
    """What is set at the end of a body, by whether a test is around it and what was set before."""
    returns: list[list[Keys]] = field(default_factory=list)
    tests: int = 0

    def losses(self) -> Iterator[Loss]:
        if not any(self._default(draw) for draw in self.tree.draws):
            return
        self.clicks = Untouched(self.tree)
        for spec in self.tree.scripts:
            self.visits.clear()
            self.ends.clear()
            self._spec(spec, {})
        for place, visits in self.drawn.items():
            block, node, write = visits[0]
            key = node.widget.key
            default = self._default(node)
            if write is None or key is None or default is None or any(other is None for _, _, other in visits):
                continue
            if all(self._differs(draw, other) for _, draw, other in visits if other is not None):
                name, shown = default
                value = write.value.value if isinstance(write.value, Lit) else None
                step = f"draws the widget of `{key}`, which holds {value!r}"
                about = (step, node.widget.element, key, f"{name}={shown!r}", repr(value))
                related = (Related(f"`{key}` is set here", write.place),)
                yield Loss(block, node, "ignored default", place, about, related)

    def _default(self, draw: Draw) -> tuple[str, object] | None:
        """The literal default that is given to a keyed widget, with the parameter, unless it is as good as none."""
        facts = catalogue_element(draw.widget.element, self.machine.version)
        if facts is None or facts.value is None or draw.widget.key is None or not draw.widget.binds_key:
            return None
        given = self.machine.drawn_with.get(draw.widget.id, {}).get(facts.value)
        if not isinstance(given, Known) or facts.quiet is None or repr(given.value) in facts.quiet:
            return None
        return None if given.value is None else (facts.value, given.value)

    @staticmethod
    def _differs(draw: Draw, write: Write) -> bool:
        default, held = draw.widget.default, write.value
        if not isinstance(default, Lit) or not isinstance(held, Lit):
            return False
        if isinstance(default.value, Tag) or isinstance(held.value, Tag) or held.value is None:
            return False
        return default.value != held.value

    # --- walking ---------------------------------------------------------------------------------------------

    def _spec(self, spec: Spec, keys: Keys) -> Keys | None:
        entry = spec.id, self.tests > 0, frozenset((key, id(write)) for key, write in keys.items())
        if entry not in self.ends:
            self.ends[entry] = self._walk(spec, keys)
        end = self.ends[entry]
        return None if end is None else dict(end)

    def _walk(self, spec: Spec, keys: Keys) -> Keys | None:
        self.visits[spec.id] = self.visits.get(spec.id, 0) + 1
        if self.visits[spec.id] > MAX_VISITS:
            return dict.fromkeys(self.machine.keys)
        self.returns.append([])
        end = self._block(spec.body, dict(keys))
        return _join([*self.returns.pop(), *([] if end is None else [end])])

    def _block(self, block: Block, keys: Keys) -> Keys | None:
        now: Keys | None = keys
        for node in block:
            if now is None:
                break
            now = self._node(block, node, now)
        return now

    def _node(self, block: Block, node: Node, keys: Keys) -> Keys | None:
        match node:
            case Write(key=key):
                if not (node.only_if_absent and key in keys):
                    guarded = self.tests or node.only_if_absent
                    keys[key] = node if guarded and isinstance(node.value, Lit) else None
            case Touch(key=key):
                keys[key] = None
            case Delete(key=key):
                keys.pop(key, None)
            case Clear():
                keys.clear()
            case Havoc():
                keys.update({key: None for key in self.machine.keys if node.matches(key)})
            case Draw(widget):
                if self._default(node) is not None:
                    self.drawn.setdefault(node.place, []).append((block, node, keys.get(widget.key or "")))
                if widget.key is not None and widget.binds_key:
                    keys.setdefault(widget.key, None)
            case CallN(spec):
                return self._spec(spec, keys)
            case Exit(kind=kind):
                if kind == "return":
                    self.returns[-1].append(keys)
                return None
            case Branch():
                return self._branch(node, keys)
            case _:
                return self._inner(node, keys)
        return keys

    def _branch(self, node: Branch, keys: Keys) -> Keys | None:
        truth = self._truth(node.test, keys)
        self.tests += 1
        ends = [
            self._block(arm, dict(keys))
            for arm, polarity in ((node.then, True), (node.orelse, False))
            if truth is not (not polarity)
        ]
        self.tests -= 1
        return _join([end for end in ends if end is not None])

    def _truth(self, term: Term, keys: Keys) -> bool | None:
        """Whether the test is true in a first run that has set these keys."""
        match term:
            case Present(key):
                return key in keys
            case NotT(inner):
                truth = self._truth(inner, keys)
                return None if truth is None else not truth
            case CellRef(cell) if len(bound := self.tree.terms.get(cell, [])) == 1:
                return self._truth(bound[0], keys) if _is_presence(bound[0]) else self.clicks.truth(term)
            case _:
                return self.clicks.truth(term)

    def _inner(self, node: Node, keys: Keys) -> Keys | None:
        blocks = blocks_of(node)
        if not blocks:
            return keys
        if isinstance(node, Loop | TryN):
            touched = dict.fromkeys(_set_in(blocks))
            inner = {**keys, **touched} if isinstance(node, Loop) else dict(keys)
            for block in blocks:
                self._block(block, dict(inner))
            return {**keys, **touched}
        if isinstance(node, Unrolled):
            end = self._block(blocks[0], keys)
            return keys if end is None else end
        ends = [end for block in blocks if (end := self._block(block, dict(keys))) is not None]
        return _join(ends) if ends else keys


def _is_presence(term: Term) -> bool:
    return isinstance(term.term if isinstance(term, NotT) else term, Present)


def _set_in(blocks: tuple[Block, ...]) -> Iterator[str]:
    """The keys that something in the blocks may set."""
    return (node.key for _, node in nodes_of(*blocks) if isinstance(node, Write | Touch | Delete))


def _join(ends: list[Keys]) -> Keys | None:
    """What is set on one of several ways is taken for set, by nobody knows what."""
    if not ends:
        return None
    found = dict(ends[0])
    for other in ends[1:]:
        for key in found.keys() | other.keys():
            mine, its = found.get(key), other.get(key)
            found[key] = mine if mine is its else None
    return found
