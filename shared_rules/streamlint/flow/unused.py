"""Keys that the app sets and never looks at.

Two looks must agree: nothing that runs do reads the key, and no code of the app's files spells it but to initialise it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from streamlint.facts import ir
from streamlint.findings import Place
from streamlint.records import immutable

if TYPE_CHECKING:
    from streamlint.flow.machine import Machine
    from streamlint.flow.reduce import Program


@immutable
class Unused:
    """A key that is only set, and the places that do, in order."""

    key: str
    places: tuple[Place, ...]


def unused_keys(m: Machine, program: Program, preset: frozenset[str]) -> Iterator[Unused]:
    """The keys that are only set; those of widgets and of known libraries are read by others."""
    drawn = {draw.widget.key for draw in program.widgets.values()}
    candidates = [key for key in program.writes if key not in drawn | preset and not m.reads.may_read(key)]
    spelled = _spelled(m) if candidates else set()
    for key in sorted(candidates):
        if key not in spelled:
            yield Unused(key, tuple(sorted({write.place for write in program.writes[key]})))


def _spelled(m: Machine) -> set[str]:
    """The names and texts in the app's files, but where they are what a statement initialises."""
    found: set[str] = set()
    for path in sorted(m.app.modules):
        facts = m.project.facts(path)
        _words((facts.body, *(function.body for function in facts.functions)), found)
    return found


def _words(value: object, found: set[str]) -> None:
    todo: list[object] = [value]
    while todo:
        item = todo.pop()
        match item:
            case ir.Assign(targets, assigned):
                todo += [*(_around(target) for target in targets), assigned]
            case ir.ExprStmt(ir.Call(ir.Attr(owner, "setdefault"), (ir.Const(), *rest))):
                todo += [owner, *rest]
            case ir.ExprStmt(ir.Call(ir.Name("setattr"), (owner, ir.Const(), assigned))):
                todo += [owner, assigned]
            case ir.If(test, body, orelse) if _is_guard(test, body, orelse):
                todo += [body, orelse]
            case ir.DictDisplay(pairs):
                todo += [part for key, part in pairs] + [key for key, _ in pairs if not isinstance(key, ir.Const)]
            case ir.Const(str() as text):
                found.add(text)
            case ir.Attr(owner, name):
                found.add(name)
                todo.append(owner)
            case ir.Call(func, args, kwargs):
                found |= {name for name, _ in kwargs if name is not None}
                todo += [func, args, *(part for _, part in kwargs)]
            case ir.Opaque(parts, text):
                found |= _texts(text)
                todo.append(parts)
            case tuple() | list():
                todo += item
            case _ if is_dataclass(item):
                todo += [getattr(item, each.name) for each in fields(item)]


def _is_guard(test: ir.Expr, body: ir.Block, orelse: ir.Block) -> bool:
    """Whether the test only asks for one of the keys that the statement goes on to set."""
    match test:
        case ir.Compare(ir.Const(str() as key), "not in", ir.Name() | ir.Attr()) if not orelse:
            targets = [target for each in body if isinstance(each, ir.Assign) for target in each.targets]
            return any(_name(target) == key for target in targets)
        case _:
            return False


def _name(target: ir.Target) -> object:
    match target:
        case ir.Attr(_, name) | ir.Sub(_, ir.Const(name)):
            return name
        case _:
            return None


def _texts(text: str) -> set[str]:
    """The words in a piece of source."""
    return set("".join(char if char.isalnum() or char == "_" else " " for char in text).split())


def _around(target: ir.Target) -> object:
    """What a target of an assignment evaluates besides the name that it sets."""
    match target:
        case ir.Attr(owner, _) | ir.Sub(owner, ir.Const()):
            return owner
        case _:
            return target
