"""The questions themselves: from an astroid node to one plain answer or none."""

from __future__ import annotations

from astroid import bases, nodes
from astroid.util import UninferableBase, safe_infer

from streamlint.inference.answers import NO_ANSWER, Answer, NoAnswer
from streamlint.inference.steady import is_steady
from streamlint.inference.world import PROJECT_MODULE


def constant(node: nodes.NodeNG) -> Answer | NoAnswer:
    """The constant that an expression always is."""
    if not is_steady(node):
        return NO_ANSWER
    if isinstance(node, nodes.Call) and isinstance(node.func, nodes.Attribute) and node.func.attrname == "join":
        return _joined(node.func.expr, node.args)
    found = safe_infer(node)
    if isinstance(found, bases.Instance) and not isinstance(found, nodes.Const) and found.is_subtype_of("builtins.str"):
        found = _value_of_member(found)
    if not isinstance(found, nodes.Const):
        return NO_ANSWER
    value = found.value
    return value if value is None or isinstance(value, (str, int, float, bytes)) else NO_ANSWER


def _joined(separator_node: nodes.NodeNG, args: list[nodes.NodeNG]) -> Answer | NoAnswer:
    """`"_".join(("a", B))`, of which astroid only knows that it is a string."""
    separator, parts = safe_infer(separator_node), safe_infer(args[0]) if len(args) == 1 else None
    if not isinstance(separator, nodes.Const) or not isinstance(parts, (nodes.List, nodes.Tuple)):
        return NO_ANSWER
    values = [item.value if isinstance(item, nodes.Const) else None for item in map(safe_infer, parts.elts)]
    strings = [value for value in values if isinstance(value, str)]
    return str(separator.value).join(strings) if len(strings) == len(values) else NO_ANSWER


def _value_of_member(member: bases.Instance) -> nodes.NodeNG | None:
    """A member of a `str` enumeration equals its value, and is found under it in a dict."""
    values = list(member.igetattr("value"))
    return values[0] if len(values) == 1 and isinstance(values[0], nodes.Const) else None


def type_name(node: nodes.NodeNG) -> str | NoAnswer:
    """The qualified name of an expression's type."""
    found = safe_infer(node)
    pytype = getattr(found, "pytype", None)  # what is not an object (a module's import) has none
    if pytype is None or isinstance(found, UninferableBase):  # Uninferable has every attribute
        return NO_ANSWER
    name = str(pytype())
    return name.rpartition(" ")[2].partition(".")[2] if name.startswith(PROJECT_MODULE) else name


def callee(node: nodes.NodeNG) -> tuple[str, str] | NoAnswer:
    """File and qualified name of the definition that an expression evaluates to."""
    found = safe_infer(node)
    while isinstance(found, bases.Proxy) and not isinstance(found, bases.Instance):
        found = found._proxied
    if not isinstance(found, (nodes.FunctionDef, nodes.ClassDef)):
        return NO_ANSWER
    module = found.root()
    inside = found.qname().removeprefix(f"{module.name}.")
    return (str(module.file), inside) if module.name.startswith(PROJECT_MODULE) else NO_ANSWER
