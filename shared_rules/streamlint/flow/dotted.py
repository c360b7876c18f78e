"""What dotted names stand for, without evaluating anything."""

from __future__ import annotations

from streamlint.facts import ir
from streamlint.flow.frames import Frame
from streamlint.flow.machine import Machine
from streamlint.flow.values import ClassV, External, ModuleV, Value


def named(m: Machine, expr: ir.Expr, frame: Frame) -> Value | None:
    """What a dotted name stands for in a frame; None if that is not known, or it is no such name."""
    match expr:
        case ir.Name(name):
            home = frame.home(name)
            return home.env[name] if home is not None else None
        case ir.Attr(obj, name):
            owner = named(m, obj, frame)
            if isinstance(owner, External):
                return External(f"{owner.name}.{name}")
            if isinstance(owner, ModuleV) and owner.path in m.modules:
                return m.modules[owner.path][0].env.get(name)
            return m.heap.get((owner.id, name)) if isinstance(owner, ClassV) else None
        case _:
            return None
