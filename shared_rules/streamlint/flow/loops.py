"""What can be said of a loop before it is walked: what it binds, how long it is, how often it comes round."""

from __future__ import annotations

from dataclasses import replace

from streamlint.facts import ir
from streamlint.findings import Span
from streamlint.flow import models
from streamlint.flow.expressions import evaluate
from streamlint.flow.machine import MAX_UNROLL, Machine
from streamlint.flow.values import Known


def assigned(block: ir.Block, found: set[str]) -> set[str]:
    """Names a block binds or mutates, nested functions excluded."""
    for node in block:
        match node:
            case ir.Assign(targets=targets):
                for target in targets:
                    found.update(models.target_names(target))
                    if isinstance(target, ir.Sub) and isinstance(target.obj, ir.Name):
                        found.add(target.obj.id)
            case ir.AugAssign(target=target):
                found.update(models.target_names(target))
            case ir.If(body=body, orelse=orelse) | ir.While(body=body, orelse=orelse):
                assigned(orelse, assigned(body, found))
            case ir.For(target=target, body=body, orelse=orelse):
                found.update(models.target_names(target))
                assigned(orelse, assigned(body, found))
            case ir.Try(body=body, handlers=handlers, orelse=orelse, final=final):
                for part in (body, orelse, final, *(h.body for h in handlers)):
                    assigned(part, found)
            case ir.With(target=target, body=body):
                found.update(models.target_names(target) if target is not None else [])
                assigned(body, found)
            case ir.Match(cases=cases):
                for case in cases:
                    found.update(case.binds)
                    assigned(case.body, found)
            case ir.ExprStmt(value=ir.Call(func=ir.Attr(obj=ir.Name(name), name=method))) if models.is_mutator(method):
                found.add(name)
            case _:
                pass
    return found


def weight(block: ir.Block) -> int:
    total = 0
    for node in block:
        total += 1
        for part in ("body", "orelse", "final"):
            total += weight(getattr(node, part, ()))
    return total


def counted_rounds(m: Machine, node: ir.While) -> int | None:
    """How often `while i < 3: ...; i += 1` comes round, if that can be counted."""
    test = node.test
    if not isinstance(test, ir.Compare) or not isinstance(test.left, ir.Name):
        return None
    if not isinstance(test.right, ir.Const | ir.Name) or _leaves(node.body):
        return None
    name = test.left.id
    counting = [s for s in node.body if isinstance(s, ir.AugAssign) and s.target == replace(test.left, span=_span(s))]
    steps = [s.value.value if s.op == "+" else None for s in counting if isinstance(s.value, ir.Const)]
    others = tuple(s for s in node.body if s not in counting)
    now, end = m.lookup(name), evaluate(m, test.right)
    if len(counting) != 1 or name in assigned(others, set()) or not (isinstance(now, Known) and isinstance(end, Known)):
        return None
    start, limit, step = now.value, end.value, steps[0] if steps else None
    if type(start) is not int or type(limit) is not int or type(step) is not int or step < 1:
        return None
    ends = {"<": limit, "<=": limit + 1}.get(test.op)
    count = None if ends is None else len(range(start, ends, step))
    return count if count is not None and count * max(1, weight(node.body)) <= MAX_UNROLL else None


def _span(node: ir.AugAssign) -> Span:
    return node.target.span if isinstance(node.target, ir.Name) else node.span


def _leaves(block: ir.Block) -> bool:
    """Whether something in a block may end the loop or its round early."""
    for node in block:
        if isinstance(node, ir.Break | ir.Continue):
            return True
        nested = [getattr(node, part, ()) for part in ("body", "orelse", "final")]
        nested += [part.body for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ()))]
        if any(_leaves(part) for part in nested if isinstance(part, tuple)):
            return True
    return False
