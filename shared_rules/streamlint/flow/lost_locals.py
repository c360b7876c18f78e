"""Variables that are taken to keep their value from one run to the next: a click changes them, and the run after it
sets them anew.

Three ways to see it, for a variable that a run sets to a constant (or not at all):
- *grown*: a click changes it from that constant, only once in a run, and runs without the click use it;
- *missed*: a click sets it, and it is used only in the runs of other clicks;
- *callback*: a callback changes it, which works on the variables of the run before.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import field

from streamlint.findings import Related
from streamlint.flow.clicks import common, exclusive
from streamlint.flow.machine import Machine, Mark
from streamlint.flow.paths import Path, Paths
from streamlint.flow.planting import Loss, Tree
from streamlint.flow.tree import Block, CellId
from streamlint.flow.variables import CHANGES, SET
from streamlint.records import immutable, mutable

READS = frozenset({"read", "argument", "iterated"})
GIVEN = CHANGES | SET | {"other"}
SILENT = frozenset({"truth", "guarded", "message"})


@immutable
class Seen:
    """A place of a variable, as one path comes to it."""

    mark: Mark
    path: Path
    block: Block
    order: tuple[int, int]
    """The step, and which mark there it is."""
    callback: bool

    def after(self, other: Seen) -> bool:
        return self.order > other.order

    def apart(self, other: Seen) -> bool:
        """Whether no run comes to both."""
        return exclusive(self.path.clicks, other.path.clicks) or self.path.splits(other.path)


@mutable
class LostLocals:
    """The pass over one tree."""

    machine: Machine
    tree: Tree
    paths: Paths
    groups: dict[tuple[CellId, int], list[Seen]] = field(default_factory=dict)
    callbacks: dict[int, bool] = field(default_factory=dict)
    """The bodies of callbacks, and whether one belongs to a fragment's widget."""

    def losses(self) -> Iterator[Loss]:
        if not self.machine.marks:
            return
        for draw in self.tree.draws:
            if (callback := draw.widget.callback) is not None:
                inside = draw.widget.fragment is not None
                self.callbacks[callback.id] = self.callbacks.get(callback.id, False) or inside
        marks = self._marks()
        for order, (block, position, _, path) in self.paths.inside(marks):
            here = marks[id(block)].get(position)
            if here is not None:
                self._visit(block, here, path, order)
        reported: set[Hashable] = set()
        for (cell, _), seen in sorted(self.groups.items(), key=lambda item: item[1][0].mark.place):
            group = _Group(self.paths, seen, self.groups.get((cell, 0), []))
            loss = group.loss() if cell not in reported else None
            if loss is not None and loss.place not in reported:
                reported |= {cell, loss.place}
                yield loss

    def _marks(self) -> dict[int, dict[int, list[Mark]]]:
        """The places of variables that are both given a value and used, by block and position."""
        every = [mark for _, marks in self.machine.marks.values() for mark in marks]
        given = {mark.cell for mark in every if mark.role in GIVEN}
        used = {mark.cell for mark in every if mark.role not in GIVEN}
        found: dict[int, dict[int, list[Mark]]] = {}
        for block, (_, marks) in self.machine.marks.items():
            for mark in marks:
                if mark.cell in given and mark.cell in used:
                    found.setdefault(block, {}).setdefault(mark.position, []).append(mark)
        return found

    def _visit(self, block: Block, marks: list[Mark], path: Path, order: int) -> None:
        callback = path.root.id in self.callbacks
        if callback and self.callbacks[path.root.id]:
            return
        for number, mark in enumerate(marks):
            frame = mark.cell[0] if isinstance(mark.cell, tuple) else None
            home = frame[1] if isinstance(frame, tuple) else None
            visit = next((number for spec, number in path.calls if spec == home), 0)
            seen = Seen(mark, path, block, (order, number), callback)
            self.groups.setdefault((mark.cell, visit), []).append(seen)


@mutable
class _Group:
    """The places of one variable in one life of it; `called` are those that callbacks come to."""

    paths: Paths
    seen: list[Seen]
    called: list[Seen]

    def loss(self) -> Loss | None:
        if any(one.callback for one in self.seen) or len({one.path.fragment for one in self.seen}) > 1:
            return None
        return self._in_callback() or self._grown() or self._missed()

    def of(self, roles: frozenset[str]) -> list[Seen]:
        return [one for one in self.seen if one.mark.role in roles]

    def _start(self, one: Seen) -> Seen | None:
        """Where the run has set the variable to a constant, that no other binding has replaced since."""
        for start in reversed(self.of(SET)):
            if one.after(start) and start.path.arms == one.path.arms[: len(start.path.arms)]:
                return start
        return None

    # --- a click changes it ----------------------------------------------------------------------------------

    def _grown(self) -> Loss | None:
        for change in self.of(CHANGES):
            start = self._start(change)
            if start is not None and self._is_lost(start, change):
                return self._report(change, start, "grown")
        return None

    def _is_lost(self, start: Seen, change: Seen) -> bool:
        role = change.mark.role
        clicks = change.path.clicks - start.path.clicks
        if not clicks or role == "shrinks":
            return False
        drawn = {loop for one in clicks for widget in one for loop in self.paths.drawn.get(widget, ())}
        if change.path.chance or change.path.tried > start.path.tried:
            return False
        if set(change.path.loops) - drawn - set(start.path.loops):
            return False
        if any(not other.apart(change) for other in self.of(CHANGES | {"other"}) if other is not change):
            return False
        reads = [one for one in self.seen if one.mark.role in READS | SILENT]
        if self.of(frozenset({"stored"})):
            return False
        if any(one.mark.role == "argument" and change.after(one) and not one.apart(change) for one in reads):
            return False  # that may be what fills it
        wanted = READS | SILENT if role == "toggles" else READS
        return any(one.mark.role in wanted and not common(one.path.clicks, clicks) for one in reads)

    # --- one click sets it, another one uses it --------------------------------------------------------------

    def _missed(self) -> Loss | None:
        given = [*self.of(CHANGES | {"other"}), *(one for one in self.of(SET) if one.path.clicks)]
        for use in self.of(READS | SILENT | {"stored"}):
            before = [one for one in given if use.after(one)]
            if not before or not use.path.clicks or use.path.chance or use.path.tried:
                continue
            if all(exclusive(one.path.clicks, use.path.clicks) for one in given):
                return self._report(use, before[-1], "missed")
        return None

    # --- a callback changes it -------------------------------------------------------------------------------

    def _in_callback(self) -> Loss | None:
        starts = [one for one in self.of(SET) if not one.path.clicks]
        changes = [one for one in self.called if one.mark.role in GIVEN]
        if not starts or not changes or self.of(frozenset({"other", "stored"})):
            return None
        used = {one.order for one in self.called if one.mark.role not in GIVEN}
        uses = [one for one in self.of(READS | SILENT) if self._start(one) is not None]
        for change in changes:
            if uses and (change.mark.role in CHANGES or not used) and change.mark.role != "shrinks":
                return self._report(change, starts[0], "callback")
        return None

    def _report(self, at: Seen, other: Seen, how: str) -> Loss | None:
        if at.mark.position >= len(at.block):
            return None
        name = at.mark.name
        steps = {
            "grown": f"changes `{name}`, which the next run sets anew",
            "missed": f"uses `{name}`, which this run has not given its value",
            "callback": f"changes `{name}` of the run before, which the script sets anew",
        }
        words = {
            "grown": f"each run sets `{name}` here",
            "missed": f"`{name}` gets its value here, in the run of another click",
            "callback": f"each run sets `{name}` here",
        }
        node = at.block[at.mark.position]
        fresh = "constant" if self.of(SET) else "unbound"
        related = (Related(words[how], other.mark.place),)
        return Loss(at.block, node, "lost local", at.mark.place, (steps[how], name, how, fresh), related)
