"""A variable of the script, lifted into the session state."""

from __future__ import annotations

import ast

from streamlint.findings import Edit
from streamlint.fixes.blocks import stands_alone
from streamlint.fixes.imports import session_state
from streamlint.fixes.syntax import Syntax

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
UNFIT = frozenset({"clear", "get", "items", "keys", "pop", "popitem", "setdefault", "to_dict", "update", "values"})


def into_state(syntax: Syntax, name: str) -> list[Edit] | None:
    """`st.session_state.name` for each `name` of the script, which is set once if it is not there."""
    state, first = session_state(syntax), start_of(syntax, name)
    if state is None or not isinstance(first, ast.Assign) or not is_literal(first.value):
        return None
    text = f"{state}.setdefault({syntax.quoted(name)}, {syntax.of(first.value)})"
    return replaced(syntax, name, state, first, text)


def replaced(syntax: Syntax, name: str, state: str, first: ast.stmt, text: str) -> list[Edit] | None:
    """Each `name` of the script as a key of the state, and its first assignment by the text."""
    if name in UNFIT or name.startswith("_") or _is_key_already(syntax, name):
        return None
    uses = [node for node in ast.walk(syntax.tree) if isinstance(node, ast.Name) and node.id == name]
    if any(not _is_script(syntax, node) or not _is_plain(syntax, node) for node in uses if node not in targets(first)):
        return None
    edits: list[Edit] = []
    for node in uses:
        if node in targets(first):
            continue
        span = syntax.span(node)
        if syntax.text[span.start : span.end] != name:
            return None  # inside of a text, where older Pythons do not know the places
        edits.append(Edit(span.start, span.end, f"{state}.{name}"))
    span = syntax.span(first)
    gone = _without_globals(syntax, name)
    return [Edit(span.start, span.end, text), *edits, *gone] if gone is not None else None


def targets(statement: ast.stmt) -> list[ast.expr]:
    """What a plain assignment assigns to."""
    if isinstance(statement, ast.AnnAssign):
        return [statement.target]
    return statement.targets if isinstance(statement, ast.Assign) else []


def is_literal(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except ValueError:
        return False
    return True


def start_of(syntax: Syntax, name: str) -> ast.Assign | ast.AnnAssign | None:
    """The assignment to the name on the script's top level, if it is the first and only one there."""
    found = [each for each in syntax.tree.body if isinstance(each, (ast.Assign, ast.AnnAssign)) and _binds(each, name)]
    if len(found) != 1 or found[0].value is None or not all(isinstance(each, ast.Name) for each in targets(found[0])):
        return None
    uses = [node for node in ast.walk(syntax.tree) if isinstance(node, ast.Name) and node.id == name]
    early = any(syntax.span(node).start < syntax.span(found[0]).start for node in uses if _is_outside(syntax, node))
    single = len(targets(found[0])) == 1
    return found[0] if single and not early and stands_alone(syntax, found[0]) else None


def _binds(statement: ast.stmt, name: str) -> bool:
    parts = (node for target in targets(statement) for node in ast.walk(target))
    return any(isinstance(node, ast.Name) and node.id == name for node in parts)


def _is_outside(syntax: Syntax, node: ast.AST) -> bool:
    return not any(isinstance(outer, FUNCTIONS) for outer in syntax.around(node))


def _is_script(syntax: Syntax, node: ast.Name) -> bool:
    """Whether the name is the script's variable here: in no comprehension, in functions only if declared."""
    for outer in syntax.around(node):
        if isinstance(outer, (*COMPREHENSIONS, ast.ClassDef, ast.Lambda)):
            return False
        if isinstance(outer, FUNCTIONS) and not isinstance(outer, ast.Lambda):
            declared = any(isinstance(n, ast.Global) and node.id in n.names for n in ast.walk(outer))
            local = any(isinstance(n, ast.Name) and n.id == node.id and not _loads(n) for n in ast.walk(outer))
            named = any(isinstance(n, ast.arg) and n.arg == node.id for n in ast.walk(outer))
            if named or (local and not declared):
                return False
    return True


def _loads(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def _is_plain(syntax: Syntax, node: ast.Name) -> bool:
    """Whether an attribute may stand for the name: not as the target of a loop, an import or a `with`, or deleted."""
    if isinstance(node.ctx, ast.Del):
        return False
    outer = syntax.parents[node]
    return _loads(node) or isinstance(outer, (ast.Assign, ast.AugAssign, ast.Tuple))


def _is_key_already(syntax: Syntax, name: str) -> bool:
    for node in ast.walk(syntax.tree):
        if isinstance(node, ast.Attribute) and node.attr == name:
            return True
        if isinstance(node, ast.Constant) and node.value == name:
            return True
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node.name == name:
            return True
        if isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name == name:
            return True
        if isinstance(node, ast.alias) and (node.asname or node.name).partition(".")[0] == name:
            return True
        if isinstance(node, (ast.For, ast.withitem)) and any(
            isinstance(n, ast.Name) and n.id == name and not _loads(n) for n in _bound_by(node)
        ):
            return True
    return False


def _bound_by(node: ast.For | ast.withitem) -> list[ast.AST]:
    target = node.target if isinstance(node, ast.For) else node.optional_vars
    return list(ast.walk(target)) if target is not None else []


def _without_globals(syntax: Syntax, name: str) -> list[Edit] | None:
    """`global` statements without the name."""
    edits: list[Edit] = []
    for node in ast.walk(syntax.tree):
        if not isinstance(node, ast.Global) or name not in node.names:
            continue
        span = syntax.span(node)
        others = [each for each in node.names if each != name]
        if others:
            edits.append(Edit(span.start, span.end, f"global {', '.join(others)}"))
            continue
        block = syntax.block(node)
        if len(block) == 1 or not stands_alone(syntax, node):
            return None
        line = syntax.source.line_of(span.start)
        edits.append(Edit(syntax.source.line_start(line), syntax.source.line_start(line + 1), ""))
    return edits
