"""What a key may begin with, as code: the literal that initialises it elsewhere, or an empty value of its kind."""

from __future__ import annotations

from collections.abc import Iterable

from streamlint.facts import ir
from streamlint.flow.tree import Lit, Tag, Term
from streamlint.flow.values import Mapping, Seq

EMPTY = {
    "list": "[]",
    "tuple": "()",
    "set": "set()",
    "dict": "{}",
    "str": '""',
    "int": "0",
    "float": "0.0",
    "bool": "False",
}
BRACKETS = {"list": "[]", "tuple": "()", "set": "{}"}


def source_of(literal: ir.Expr) -> str:
    """The code of a literal."""
    match literal:
        case ir.Const(str() as text) if '"' not in text and "\\" not in text and text.isprintable():
            return f'"{text}"'
        case ir.Const(value):
            return repr(value)
        case ir.Display(kind, items):
            inside = ", ".join(source_of(item) for item in items)
            comma = "," if kind == "tuple" and len(items) == 1 else ""
            return f"{BRACKETS[kind][0]}{inside}{comma}{BRACKETS[kind][1]}"
        case ir.DictDisplay(items):
            pairs = [f"{source_of(key)}: {source_of(value)}" for key, value in items if key is not None]
            return "{" + ", ".join(pairs) + "}"
        case _:
            return ""


def empty_of(terms: Iterable[Term]) -> str:
    """The empty value of the kind that all of these have; nothing where they differ or are not known."""
    kinds = {_kind(term) for term in terms}
    return EMPTY.get(kinds.pop(), "") if len(kinds) == 1 else ""


def _kind(term: Term) -> str:
    if not isinstance(term, Lit):
        return ""
    value = term.value.name if isinstance(term.value, Tag) else term.value
    match value:
        case Seq(kind=kind):
            return kind
        case Mapping():
            return "dict"
        case _:
            return type(value).__name__
