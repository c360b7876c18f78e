"""Who sets a key: the writes and widgets of the code that runs reach, and of the code that none does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field

from streamlint.findings import Place, Span
from streamlint.flow.calls import call_function
from streamlint.flow.machine import Machine
from streamlint.flow.reduce import Program, blocks_of
from streamlint.flow.tree import Block, CallN, Clear, Delete, Draw, Havoc, Pages, Pattern, Write
from streamlint.flow.values import ClassV, Func, Instance, Value
from streamlint.records import immutable, mutable


@immutable
class Writer:
    """A place in the flow tree that sets a key: `widget` is the element's name if drawing one does."""

    place: Place
    widget: str | None


@mutable
class Writers:
    """The writers in some bodies: by key, and those of which only a pattern of the key is known."""

    keys: dict[str, list[Writer]] = field(default_factory=dict)
    patterns: list[Pattern] = field(default_factory=list)
    deletes: set[str | None] = field(default_factory=set)
    """The keys that are deleted; None where it may be any."""

    def writes(self, key: str) -> bool:
        return key in self.keys or any(pattern.matches(key) for pattern in self.patterns)

    def keeps(self, key: str) -> bool:
        """Whether the key stays once it is set."""
        return self.deletes.isdisjoint({key, None})

    def note(self, key: str, writer: Writer) -> None:
        self.keys.setdefault(key, []).append(writer)

    def settle(self) -> Writers:
        """Puts the writers of each key in the order of the text, each once."""
        for key, writers in self.keys.items():
            self.keys[key] = sorted(dict.fromkeys(writers), key=lambda w: w.place)
        return self


def writers_in(blocks: Iterable[Block], *, into_pages: bool = True) -> Writers:
    """All writers in blocks, the calls and callbacks in them included; with the pages of `st.navigation` or without."""
    found = Writers()
    seen: set[int] = set()
    todo = list(blocks)
    while todo:
        block = todo.pop()
        if id(block) in seen:
            continue
        seen.add(id(block))
        for node in block:
            match node:
                case Write(key=key, place=place):
                    found.note(key, Writer(place, None))
                case Draw(widget):
                    if widget.key is not None and widget.binds_key:
                        found.note(widget.key, Writer(widget.place, widget.element))
                    if widget.callback is not None:
                        todo.append(widget.callback.body)
                case Havoc(Pattern((str() as key,)), place, deletes=False):
                    found.note(key, Writer(place, None))
                case Havoc(Pattern() as pattern, deletes=False) if any(pattern.parts):
                    found.patterns.append(pattern)
                case Delete(key=key):
                    found.deletes.add(key)
                case Clear() | Havoc(deletes=True):
                    found.deletes.add(None)
                case CallN(spec):
                    todo.append(spec.body)
                case _:
                    pass
            if into_pages or not isinstance(node, Pages):
                todo.extend(blocks_of(node))
    return found.settle()


def page_blocks(program: Program) -> dict[object, list[Block]]:
    """The bodies of the pages of `st.navigation`, by page."""
    found: dict[object, list[Block]] = {}
    seen: set[int] = set()
    todo = [spec.body for spec in program.started()]
    while todo:
        block = todo.pop()
        if id(block) in seen:
            continue
        seen.add(id(block))
        for node in block:
            if isinstance(node, Pages):
                for page, arm in zip(node.offered, node.arms, strict=True):
                    found.setdefault(page.id, []).append(arm)
            elif isinstance(node, CallN):
                todo.append(node.spec.body)
            todo.extend(blocks_of(node))
    return found


def unreached_writers(machine: Machine) -> Writers:
    """The writers in the app's functions and methods that no run calls: walked once more, from nowhere."""
    machine.alive = True
    with machine.block() as found:
        for func in list(_unreached(machine)):
            machine.alive = True
            call_function(machine, func, [], {}, Place(func.path, Span(0, 0)), unknown=True)
    return writers_in([found])


def _unreached(machine: Machine) -> Iterable[Func]:
    frames = [frame for frame, _ in machine.modules.values()] + list(machine.script_frames.values())
    for frame in frames:
        for value in list(frame.env.values()):
            yield from _functions(machine, value)


def _functions(machine: Machine, value: Value) -> Iterable[Func]:
    if isinstance(value, Func) and (value.path, value.index) not in machine.spec_counts:
        yield value
    elif isinstance(value, ClassV):
        instance = Instance(("unreached", value.id), value)
        for (owner, _), member in list(machine.heap.items()):
            if (
                owner == value.id
                and isinstance(member, Func)
                and (member.path, member.index) not in machine.spec_counts
            ):
                yield _bound(member, value if member.role == "class" else instance)


def _bound(func: Func, first: Value) -> Func:
    from dataclasses import replace

    return func if func.role == "static" else replace(func, bound=first)
