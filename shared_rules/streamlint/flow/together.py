"""One test that guards several keys: whether looking at each of them instead can make a difference.

It can not where the statement comes first in every run, no page begins without it, and none of the keys ever goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streamlint.facts import ir
from streamlint.flow.guards import Guard
from streamlint.flow.planting import Tree
from streamlint.flow.spellings import is_literal
from streamlint.flow.tree import Clear, Delete, Draw, Havoc

if TYPE_CHECKING:
    from streamlint.flow.machine import Machine

HARMLESS = (ir.Import, ir.FuncDef)


def together(m: Machine, tree: Tree, guards: tuple[Guard, ...]) -> Iterator[Guard]:
    """The guards of several keys that are all set or none."""
    several = [guard for guard in guards if guard.several and guard.place.path == m.app.entry]
    if not several or m.app.pages:
        return
    body = m.project.facts(m.app.entry).body
    gone = _may_go(tree)
    for guard in several:
        if gone is not None and gone.isdisjoint(guard.keys) and _is_first(guard, body, guards):
            yield guard


def _may_go(tree: Tree) -> set[str] | None:
    """The keys that are deleted somewhere, or belong to widgets; None if any may be, or may be set by unseen code."""
    found: set[str] = set()
    for block in tree.blocks:
        for node in block:
            if isinstance(node, Clear | Havoc):
                return None
            if isinstance(node, Delete):
                found.add(node.key)
            elif isinstance(node, Draw) and node.widget.pattern is not None:
                return None
            elif isinstance(node, Draw) and node.widget.key is not None:
                found.add(node.widget.key)
    return found


def _is_first(guard: Guard, body: ir.Block, guards: tuple[Guard, ...]) -> bool:
    """Whether nothing that a run does before can have set one of the keys."""
    for statement in body:
        match statement:
            case ir.If(span=span) if span == guard.place.span:
                return True
            case ir.If(span=span):
                other = next((each for each in guards if each.place.span == span), None)
                if other is None or not set(other.keys).isdisjoint(guard.keys):
                    return False
            case ir.ExprStmt(ir.Const()):
                pass
            case ir.ExprStmt(ir.Call(ir.Attr(ir.Name()), args, kwargs)):
                if not all(map(is_literal, (*args, *(value for _, value in kwargs)))):
                    return False
            case ir.Assign(value=value) if is_literal(value):
                pass
            case _ if not isinstance(statement, HARMLESS):
                return False
    return False
