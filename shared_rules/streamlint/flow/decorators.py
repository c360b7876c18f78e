"""Decorators: what they make of a function."""

from __future__ import annotations

from dataclasses import replace

from streamlint.facts import ir
from streamlint.findings import Span
from streamlint.flow import streamlit_calls
from streamlint.flow.calls import call_value
from streamlint.flow.expressions import evaluate
from streamlint.flow.machine import Machine
from streamlint.flow.values import Element, External, Func, Late, Value


def decorate(m: Machine, expr: ir.Expr, func: Value) -> Value:
    """`@expr` above the function."""
    if isinstance(expr, ir.Attr) and expr.name in ("setter", "deleter", "getter"):
        return replace(func, role="setter") if isinstance(func, Func) and expr.name == "setter" else func
    decorator = evaluate(m, expr)
    span = expr.span if isinstance(expr, ir.Name | ir.Attr | ir.Call) else Span(0, 0)
    place = m.place(span)
    if isinstance(decorator, Element):
        return streamlit_calls.decorate(decorator.name, func)
    if isinstance(decorator, External) and decorator.name in LRU and isinstance(func, Func) and not func.role:
        imported = m.frame.module.path in m.modules
        return replace(func, role="lru" if imported else "wrapped")
    if isinstance(decorator, Late) or (isinstance(decorator, External) and decorator.name not in KNOWN_DECORATORS):
        plain = isinstance(func, Func) and not func.role
        return replace(func, role="wrapped") if plain and isinstance(func, Func) else func
    return call_value(m, decorator, [func], {}, place)


LRU = frozenset({"functools.cache", "functools.lru_cache"})
KNOWN_DECORATORS = frozenset({"contextlib.contextmanager", "functools.cache"})
