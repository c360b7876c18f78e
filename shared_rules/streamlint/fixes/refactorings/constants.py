"""A key that is spelled by a constant."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator

from streamlint.findings import Edit
from streamlint.fixes.refactorings.given import ATTRIBUTE, ENTRY, EXTRACT, Access, Given, Refactoring, made
from streamlint.fixes.refactorings.spelling import is_plain, spells
from streamlint.fixes.syntax import Syntax
from streamlint.fixes.top import imports, is_docstring

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_WORD = re.compile(r"\W+")


def as_constant(given: Given) -> Refactoring | None:
    """All literals of the key at the cursor in this file replaced by a constant, which is made if there is none."""
    access, syntax = given.access, given.syntax
    if access is None or syntax is None or not access.literal or not access.exact:
        return None
    found = [each for each in given.of(access.key) if each.literal]
    first = min((each.token.start for each in found if each.token is not None), default=0)
    known = _constant(syntax, access.key, first)
    name = known or _new_name(syntax, access.key)
    edits = [_by_constant(syntax, each, name) for each in found]
    if any(edit is None for edit in edits):
        return None
    wanted = [edit for edit in edits if edit is not None]
    if known is None:
        top = _below_imports(syntax, f"{name} = {syntax.quoted(access.key)}")
        if top is None or top.start > first:
            return None
        wanted.append(top)
    title = f"Use `{name}` for the key" if known else f"Extract the key into a constant `{name}`"
    return made(given, "as-constant", EXTRACT, title, list(dict.fromkeys(wanted)))


def _by_constant(syntax: Syntax, access: Access, name: str) -> Edit | None:
    if access.token is None:
        return None
    if access.form == ATTRIBUTE:
        plain = access.owner is not None and is_plain(syntax, access)
        return Edit(access.owner.end, access.place.span.end, f"[{name}]") if access.owner and plain else None
    spelled = syntax.text[access.token.start : access.token.end]
    if access.form == ENTRY and not spells(spelled, access.key):
        return None  # `update(key=1)` has no other way to say the key
    return Edit(access.token.start, access.token.end, name) if spells(spelled, access.key) else None


def _constant(syntax: Syntax, key: str, first: int) -> str | None:
    """A name of the file that is the key, and nothing else, before its first use."""
    for statement, span in syntax.top:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=value)) if value == key:
                if span.end <= first and name.isupper() and len(list(_bindings(syntax, name))) == 1:
                    return name
    return None


def _bindings(syntax: Syntax, name: str) -> Iterator[ast.AST]:
    for node in ast.walk(syntax.tree):
        match node:
            case ast.Name(id=found, ctx=ast.Store() | ast.Del()) | ast.arg(arg=found):
                same = found == name
            case ast.FunctionDef(name=found) | ast.AsyncFunctionDef(name=found) | ast.ClassDef(name=found):
                same = found == name
            case ast.alias():
                same = (node.asname or node.name) == name
            case ast.ExceptHandler(name=found) | ast.MatchAs(name=found) | ast.MatchStar(name=found):
                same = found == name
            case _:
                continue
        if same:
            yield node


def _new_name(syntax: Syntax, key: str) -> str:
    """A name for the constant that nothing in the file is called."""
    words = _NO_WORD.sub("_", _HUMP.sub("_", key)).strip("_").upper() or "STATE"
    base = words if words.endswith("KEY") else f"{words}_KEY"
    base = base if base.isidentifier() else f"KEY_{words}"
    taken = {token.text for token in syntax.tokens} | set(dir(builtins))
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}_{number}"
    return name


def _below_imports(syntax: Syntax, line: str) -> Edit | None:
    """A line of its own behind the imports that the file begins with."""
    last: ast.stmt | None = next(reversed([*imports(syntax)]), None)
    if last is None and syntax.tree.body and is_docstring(syntax.tree.body[0]):
        last = syntax.tree.body[0]
    if last is None:
        first = syntax.tree.body[0]
        at = syntax.line_start(_first(syntax, first))
        return Edit(at, at, f"{line}\n\n")
    end = syntax.line_end(syntax.span(last).end)
    return Edit(end, end, f"\n\n{line}")


def _first(syntax: Syntax, statement: ast.stmt) -> int:
    """Where a statement begins, decorators included."""
    nodes = [*getattr(statement, "decorator_list", []), statement]
    return min(syntax.span(node).start for node in nodes)
