"""A variable of the script that becomes a key of the session state."""

from __future__ import annotations

import ast
import builtins
import sys

from streamlint.fixes.imports import session_state
from streamlint.fixes.lifted import replaced, start_of, targets
from streamlint.fixes.refactorings.given import REWRITE, Given, Refactoring, made, touches
from streamlint.fixes.refactorings.guarding import is_cheap
from streamlint.fixes.syntax import Syntax

_LIBRARIES = sys.stdlib_module_names | {"numpy", "pandas", "polars"}
_THREADED = frozenset({"threading", "concurrent", "multiprocessing", "asyncio"})
_PARTIAL = frozenset({"fragment", "experimental_fragment", "dialog", "experimental_dialog"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def into_state(given: Given) -> Refactoring | None:
    """The variable that the cursor's statement assigns, kept in the session state and set once."""
    syntax = given.syntax
    if syntax is None or given.path not in given.scripts:
        return None  # the code of an imported module runs once for all sessions
    first = _assignment_at(given, syntax)
    state = session_state(syntax)
    if first is None or state is None:
        return None
    target = targets(first)[0]
    if not isinstance(target, ast.Name) or first.value is None or start_of(syntax, target.id) is not first:
        return None
    name = target.id
    if any(access.key == name for access in given.accesses) or not _is_near(syntax, name):
        return None
    if any(
        _changes(syntax, node) and not _is_chosen(syntax, node) for node in _uses(syntax, name) if node is not target
    ):
        return None  # it would grow in each run
    text = _initialised(syntax, state, name, first.value)
    edits = replaced(syntax, name, state, first, text) if text is not None else None
    return made(given, "into-state", REWRITE, f"Keep `{name}` in the session state", edits)


def _assignment_at(given: Given, syntax: Syntax) -> ast.Assign | ast.AnnAssign | None:
    """The statement at the cursor, if the cursor is on the variable or the line that it begins."""
    for statement, span in syntax.top:
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and touches(span, given.span):
            return statement
    return None


def _initialised(syntax: Syntax, state: str, name: str, value: ast.expr) -> str | None:
    """The statement that sets the key if it is not set: one that calls something does so in a guard."""
    text, key = syntax.of(value), syntax.quoted(name)
    names = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    imported = _imported(syntax)
    if not all(_is_steady(syntax, each) for each in names) or any(_is_streamlit(imported, each) for each in names):
        return None
    if is_cheap(value):
        return f"{state}.setdefault({key}, {text})"
    if not _calls_libraries_only(imported, value) or "\n" in text or "\r" in text:
        return None
    return f"if {key} not in {state}:\n{syntax.indent_unit}{state}.{name} = {text}"


def _is_steady(syntax: Syntax, name: str) -> bool:
    """Whether a name of the value means the same in every run: an import, a builtin, or a variable that is set to a
    literal and never again."""
    binding = [node for node in ast.walk(syntax.tree) if _binds(node, name)]
    if len(binding) != 1:
        return not binding
    outer = syntax.parents[binding[0]]
    if isinstance(outer, ast.Assign):
        return syntax.parents[outer] is syntax.tree and is_cheap(outer.value) and isinstance(outer.value, ast.Constant)
    return isinstance(outer, (ast.Import, ast.ImportFrom))


def _binds(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Name(id=found, ctx=ast.Store() | ast.Del()) | ast.arg(arg=found):
            return found == name
        case ast.FunctionDef(name=found) | ast.AsyncFunctionDef(name=found) | ast.ClassDef(name=found):
            return found == name
        case ast.alias():
            return (node.asname or node.name).partition(".")[0] == name
        case _:
            return False


def _imported(syntax: Syntax) -> dict[str, str]:
    """The modules that the names which the file imports are of."""
    found: dict[str, str] = {}
    for node in ast.walk(syntax.tree):
        if isinstance(node, ast.Import):
            found |= {(a.asname or a.name.partition(".")[0]): a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {(a.asname or a.name): "." * node.level + (node.module or "") for a in node.names}
    return found


def _is_streamlit(imported: dict[str, str], name: str) -> bool:
    """Whether it is of Streamlit: what that has is another in each run."""
    return imported.get(name, "").partition(".")[0] == "streamlit"


def _calls_libraries_only(imported: dict[str, str], value: ast.expr) -> bool:
    """Whether the value is made by builtins and libraries that know nothing of Streamlit: a widget, which must be drawn
    in every run, may hide in any other function."""
    for node in ast.walk(value):
        if isinstance(node, (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.Lambda)):
            return False
        if isinstance(node, ast.Call):
            root = _root(node.func)
            library = imported.get(root or "", "").partition(".")[0] in _LIBRARIES
            if root is None or not (library if root in imported else hasattr(builtins, root)):
                return False
    return True


def _root(func: ast.expr) -> str | None:
    """The name that a called expression begins with."""
    while isinstance(func, (ast.Attribute, ast.Subscript, ast.Call)):
        func = func.func if isinstance(func, ast.Call) else func.value
    return func.id if isinstance(func, ast.Name) else None


def _is_near(syntax: Syntax, name: str) -> bool:
    """Whether the script itself uses the name, and functions that run nowhere else: no cached ones, no threads."""
    inside = [outer for node in _uses(syntax, name) for outer in syntax.around(node) if isinstance(outer, _FUNCTIONS)]
    threaded = any(
        (alias.name if isinstance(node, ast.Import) else node.module or "").partition(".")[0] in _THREADED
        for node in ast.walk(syntax.tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    )
    if inside and threaded:
        return False
    return all(_is_partial(each) for function in inside for each in function.decorator_list)


def _uses(syntax: Syntax, name: str) -> list[ast.Name]:
    return [node for node in ast.walk(syntax.tree) if isinstance(node, ast.Name) and node.id == name]


def _changes(syntax: Syntax, node: ast.expr) -> bool:
    """Whether a variable is changed here: set, or what it holds is changed in place."""
    if isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del)):
        return True
    outer = syntax.parents[node]
    if isinstance(outer, ast.Subscript) and outer.value is node:
        return _changes(syntax, outer)
    if not isinstance(outer, ast.Attribute):
        return False
    called = syntax.parents[outer]
    return isinstance(outer.ctx, ast.Store) or (
        isinstance(called, ast.Call) and called.func is outer and isinstance(syntax.parents[called], ast.Expr)
    )


def _is_chosen(syntax: Syntax, node: ast.AST, known: frozenset[str] = frozenset()) -> bool:
    """Whether not every run comes here: it stands under a test, or in a function that is called so, or by others."""
    for outer in syntax.around(node):
        if isinstance(outer, (ast.If, ast.IfExp)):
            return True
        if isinstance(outer, _FUNCTIONS) and outer.name not in known:
            calls = [use for use in _uses(syntax, outer.name) if _is_called(syntax, use)]
            return all(_is_chosen(syntax, call, known | {outer.name}) for call in calls)
    return False


def _is_called(syntax: Syntax, node: ast.expr) -> bool:
    outer = syntax.parents[node]
    return isinstance(outer, ast.Call) and outer.func is node


def _is_partial(decorator: ast.expr) -> bool:
    """Whether a decorator makes a function a fragment or a dialog."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(called, ast.Attribute) and called.attr in _PARTIAL
