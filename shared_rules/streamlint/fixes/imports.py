"""Imports that a fix needs."""

from __future__ import annotations

import ast

from streamlint.findings import Edit
from streamlint.fixes.syntax import Syntax


def imported(syntax: Syntax, module: str) -> list[Edit] | None:
    """`import module` among the imports at the top: nothing if it is there, None if the name is taken."""
    for node in ast.walk(syntax.tree):
        if isinstance(node, ast.Import) and any(a.name == module and a.asname is None for a in node.names):
            return [] if node in syntax.tree.body else None
    if _is_taken(syntax, module):
        return None
    first = next((each for each in syntax.tree.body if _is_import(each)), None)
    if first is None:
        return None
    start = syntax.span(first).start
    own = isinstance(first, ast.Import) and first.names[0].name == "streamlit"
    return [Edit(start, start, f"import {module}\n" + ("\n" if own else ""))]


def _is_import(statement: ast.stmt) -> bool:
    future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
    return isinstance(statement, (ast.Import, ast.ImportFrom)) and not future


def _is_taken(syntax: Syntax, name: str) -> bool:
    for node in ast.walk(syntax.tree):
        match node:
            case ast.Name(id=found) | ast.arg(arg=found) | ast.FunctionDef(name=found) | ast.ClassDef(name=found):
                same = found == name
            case ast.alias():
                same = (node.asname or node.name) == name
            case _:
                continue
        if same:
            return True
    return False


def session_state(syntax: Syntax) -> str | None:
    """How the file spells the session state; None where it does not import Streamlit by name."""
    for statement in syntax.tree.body:
        for alias in statement.names if isinstance(statement, ast.Import) else ():
            if alias.name == "streamlit":
                return f"{alias.asname or alias.name}.session_state"
    return None
