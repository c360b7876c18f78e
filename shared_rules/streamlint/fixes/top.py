"""The top of a script: what it begins with, how it calls the session state there, and lines put behind that."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from streamlint.findings import Edit
from streamlint.fixes.syntax import Syntax


def is_docstring(statement: ast.stmt) -> bool:
    """Whether a statement would be the docstring, if it is the first one."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def imports(syntax: Syntax) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports that a file begins with, behind its docstring."""
    for number, statement in enumerate(syntax.tree.body):
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            yield statement
        elif number or not is_docstring(statement):
            return


def module_at_top(syntax: Syntax) -> str | None:
    """The name that the leading imports give to Streamlit."""
    for statement in imports(syntax):
        for alias in statement.names if isinstance(statement, ast.Import) else ():
            if alias.name == "streamlit":
                return alias.asname or alias.name
    return None


def state_at_top(syntax: Syntax) -> str | None:
    """How the session state is called behind the leading imports."""
    module = module_at_top(syntax)
    if module is not None:
        return f"{module}.session_state"
    for statement in imports(syntax):
        if isinstance(statement, ast.ImportFrom) and statement.module == "streamlit" and not statement.level:
            for alias in statement.names:
                if alias.name == "session_state":
                    return alias.asname or alias.name
    return None


def leading(syntax: Syntax) -> Iterator[ast.stmt]:
    """The docstring and the imports that a file begins with, and what is initialised right behind them."""
    state = state_at_top(syntax)
    for number, statement in enumerate(syntax.tree.body):
        imported = isinstance(statement, (ast.Import, ast.ImportFrom))
        if not imported and not (number == 0 and is_docstring(statement)) and not initialises(syntax, statement, state):
            return
        yield statement


def initialises(syntax: Syntax, statement: ast.stmt, state: str | None) -> bool:
    """Whether a statement is a call of the state's `setdefault`."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and syntax.of(call.func) == f"{state}.setdefault"


def at_top(syntax: Syntax, line: str) -> Edit:
    """A line behind what a file begins with, which is something."""
    last = list(leading(syntax))[-1]
    gap = "\n" if isinstance(last, ast.Expr) else "\n\n"
    end = syntax.line_end(syntax.span(last).end)
    return Edit(end, end, gap + line)
