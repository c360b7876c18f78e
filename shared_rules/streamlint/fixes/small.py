"""Repairs of one call or one clause."""

from __future__ import annotations

import ast

from streamlint.findings import Edit, Span
from streamlint.fixes.arguments import added, dropped, keyword_of, spreads
from streamlint.fixes.blocks import removed, stands_alone
from streamlint.fixes.syntax import Syntax

MESSAGES = frozenset({"success", "info", "warning", "error"})
CATCHES_ALL = "BaseException"


def catching_exception(syntax: Syntax, place: Span) -> list[Edit] | None:
    """`except Exception` for `except:`, and `Exception` for `BaseException`; the place is the word's."""
    if syntax.text[place.start : place.end] == CATCHES_ALL:
        return [Edit(place.start, place.end, "Exception")]
    for node in ast.walk(syntax.tree):
        if isinstance(node, ast.ExceptHandler) and syntax.span(node).start == place.start and node.type is None:
            end = place.start + len("except")
            return [Edit(end, end, " Exception")]
    return None


def without_call(syntax: Syntax, place: Span) -> list[Edit] | None:
    """Without a call that is a statement of its own and has no arguments."""
    call = syntax.find(place, ast.Call)
    statement = syntax.parents[call] if call is not None else None
    if call is None or not isinstance(statement, ast.Expr) or call.args or call.keywords:
        return None
    return removed(syntax, [statement]) if stands_alone(syntax, statement) else None


def as_toast(syntax: Syntax, place: Span) -> list[Edit] | None:
    """`st.toast(...)` for `st.success(...)` and the like."""
    call = syntax.find(place, ast.Call)
    if call is None or not isinstance(call.func, ast.Attribute) or call.func.attr not in MESSAGES:
        return None
    named = {each.arg for each in call.keywords}
    if len(call.args) != 1 or spreads(call) or not named <= {"icon"} or not _is_streamlit(syntax, call.func.value):
        return None
    end = syntax.span(call.func).end
    return [Edit(end - len(call.func.attr), end, "toast")]


def _is_streamlit(syntax: Syntax, node: ast.expr) -> bool:
    """Whether a name is Streamlit's module, and nothing else."""
    if not isinstance(node, ast.Name):
        return False
    aliases = [each for n in ast.walk(syntax.tree) if isinstance(n, ast.Import) for each in n.names]
    return any((each.asname or each.name) == node.id and each.name == "streamlit" for each in aliases)


def passed(syntax: Syntax, place: Span) -> list[Edit] | None:
    """`on_click=f, args=(x,)` for `on_click=f(x)`."""
    call = syntax.find(place, ast.Call)
    keyword = syntax.parents[call] if call is not None else None
    widget = syntax.parents[keyword] if keyword is not None else None
    if call is None or not isinstance(keyword, ast.keyword) or not isinstance(widget, ast.Call) or spreads(call):
        return None
    if keyword_of(widget, "args") or keyword_of(widget, "kwargs") or spreads(widget):
        return None
    end = syntax.span(call.func).end
    texts = [syntax.of(argument) for argument in call.args]
    parts = [f"args=({', '.join(texts)}{',' if len(texts) == 1 else ''})"] if texts else []
    named = [f"{syntax.quoted(each.arg or '')}: {syntax.of(each.value)}" for each in call.keywords]
    parts += ["kwargs={" + ", ".join(named) + "}"] if named else []
    if any("\n" in part or "\r" in part for part in parts):
        return None
    return [Edit(end, place.end, "".join(f", {part}" for part in parts))]


def without_own_assignment(syntax: Syntax, place: Span) -> list[Edit] | None:
    """`st.selectbox(..., key="k")` for `st.session_state["k"] = st.selectbox(..., key="k")`."""
    statement = syntax.find(place, ast.Assign)
    if statement is None or len(statement.targets) != 1 or not isinstance(statement.value, ast.Call):
        return None
    key = keyword_of(statement.value, "key")
    match statement.targets[0]:
        case ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=name)):
            same = key is not None and isinstance(key.value, ast.Constant) and key.value.value == name
        case _:
            return None
    start = syntax.span(statement.value).start
    return [Edit(place.start, start, "")] if same and "(" not in syntax.text[place.start : start] else None


def with_argument(syntax: Syntax, place: Span, name: str, text: str) -> list[Edit] | None:
    """A call with one more argument by name."""
    call = syntax.find(place, ast.Call)
    if call is None or spreads(call) or keyword_of(call, name) is not None:
        return None
    return [added(syntax, call, f"{name}={text}")]


def without_argument(syntax: Syntax, place: Span, name: str) -> list[Edit] | None:
    """A call without one of its arguments by name."""
    call = syntax.find(place, ast.Call)
    given = keyword_of(call, name) if call is not None else None
    if call is None or given is None or isinstance(given.value, (ast.Tuple, ast.List)):
        return None  # a pair of values makes a range
    kind = type(given.value.value) if isinstance(given.value, ast.Constant) else None
    if kind in (int, float) and len(call.args) < 2 and keyword_of(call, "min_value") is None:
        return None  # the number says whether the widget has whole ones
    return dropped(syntax, call, given)
