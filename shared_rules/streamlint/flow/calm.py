"""Code that raises nothing but what the flow tree says of it: a `try` around it is never surprised."""

from __future__ import annotations

from streamlint.facts import ir
from streamlint.flow.machine import Machine
from streamlint.flow.values import Container, Element, State

PLAIN = frozenset({
    "balloons", "button", "caption", "checkbox", "code", "divider", "error", "form_submit_button", "header", "info",
    "markdown", "rerun", "snow", "stop", "subheader", "success", "switch_page", "text", "text_area", "text_input",
    "title", "toggle", "warning", "write",
})  # fmt: skip
"""What takes any arguments, or is refused by rules that the tree knows."""


def is_calm(m: Machine, block: ir.Block) -> bool:
    """Whether all that a block may raise stands in the tree: reads of the state, exits, and what Streamlit refuses."""
    return all(_statement(m, node) for node in block)


def _statement(m: Machine, node: ir.Stmt) -> bool:
    match node:
        case ir.ExprStmt(value):
            return _plain(m, value)
        case ir.If(test, body, orelse):
            return _plain(m, test) and is_calm(m, body) and is_calm(m, orelse)
        case ir.Assign(targets, value):
            return _plain(m, value) and all(isinstance(t, ir.Name) or _is_of_state(m, t) for t in targets)
        case ir.Delete(targets):
            return all(_is_of_state(m, t) for t in targets)
        case ir.Return(value):
            return value is None or _plain(m, value)
        case ir.Break() | ir.Continue() | ir.Raise():
            return True
        case _:
            return False


def _plain(m: Machine, expr: ir.Expr) -> bool:
    match expr:
        case ir.Const() | ir.Name():
            return True
        case ir.Attr() | ir.Sub():
            return _is_of_state(m, expr) or isinstance(_named(m, expr), State)
        case ir.Not(value):
            return _plain(m, value)
        case ir.BoolOp(_, values):
            return all(_plain(m, value) for value in values)
        case ir.Compare(left, "is" | "is not", right):
            return _plain(m, left) and _plain(m, right)
        case ir.Compare(left, "==" | "!=", ir.Const()):
            return _plain(m, left)
        case ir.Compare(ir.Const(), "in" | "not in", right):
            return isinstance(_named(m, right), State)
        case ir.Call(func, args, kwargs):
            called = _named(m, func)
            known = isinstance(called, Element) and called.name in PLAIN
            return known and all(_plain(m, arg) for arg in (*args, *(value for _, value in kwargs)))
        case ir.Fmt(parts):
            return all(_plain(m, part) for part in parts)
        case _:
            return False


def _is_of_state(m: Machine, expr: ir.Expr) -> bool:
    """`st.session_state.name` or `st.session_state["name"]`."""
    match expr:
        case ir.Attr(obj):
            return isinstance(_named(m, obj), State)
        case ir.Sub(obj, ir.Const(str())):
            return isinstance(_named(m, obj), State)
        case _:
            return False


def _named(m: Machine, expr: ir.Expr) -> object:
    """What a dotted name stands for, as far as it is Streamlit's."""
    match expr:
        case ir.Name(name):
            return m.lookup(name)
        case ir.Attr(obj, name):
            owner = _named(m, obj)
            if owner == Element("") and name == "session_state":
                return State()
            return Element(name) if isinstance(owner, Element | Container) else None
        case _:
            return None
