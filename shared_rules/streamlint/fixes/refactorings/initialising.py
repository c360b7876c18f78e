"""All keys of a script initialised in one place, its top."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace

from streamlint.findings import Edit, Place, Span
from streamlint.fixes.blocks import removed, stands_alone
from streamlint.fixes.missing import start
from streamlint.fixes.refactorings.given import REWRITE, Access, Given, Refactoring, made
from streamlint.fixes.refactorings.guarding import guards, is_cheap
from streamlint.fixes.syntax import Syntax
from streamlint.fixes.top import imports, initialises, is_docstring, state_at_top

_KINDS = frozenset({"list", "dict", "set", "tuple", "frozenset", "str", "int", "float", "bool"})
_EMPTYING = frozenset({"clear", "popitem"})


def at_top(given: Given) -> Refactoring | None:
    """One `setdefault` at the top of the script for each key that is read without being set, or that is initialised
    further down in several places; what initialised it there goes."""
    syntax = given.syntax
    state = state_at_top(syntax) if syntax is not None else None
    if syntax is None or state is None or given.path not in given.scripts:
        return None
    top = _Top(given, syntax, state)
    if not top.head or (given.access is None and given.span.start > top.end):
        return None
    scattered = {key: found for key, found in _scattered(given, top.head).items() if key not in top.keys}
    values = {key: syntax.of(_value(found[0])) for key, found in scattered.items()}
    values |= {key: text for key, text in _missing(given).items() if key not in top.keys and key not in values}
    if not values:
        return None
    title = f"Initialise {'all keys' if len(values) > 1 else f'`{next(iter(values))}`'} at the top"
    added = top.added(values)
    gone = [each for found in scattered.values() for each in found if _may_go(syntax, each)]
    edits = removed(syntax, gone) if gone and not _is_emptied(given) else None
    done = made(given, "at-top", REWRITE, title, [added, *edits]) if edits else None
    return done or made(given, "at-top", REWRITE, title, [added])


class _Top:
    """What a script begins with: docstring, imports, `set_page_config`, and keys that are initialised there."""

    def __init__(self, given: Given, syntax: Syntax, state: str) -> None:
        self._syntax = syntax
        self._state = state
        self._guards = dict(guards(given))
        self.head = list(self._head())
        self.keys = {self._key(statement) for statement in self.head}
        self.end = syntax.line_end(syntax.span(self.head[-1]).end) if self.head else 0

    def _head(self) -> Iterator[ast.stmt]:
        if next(imports(self._syntax), None) is None:
            return
        for number, statement in enumerate(self._syntax.tree.body):
            told = (number == 0 and is_docstring(statement)) or isinstance(statement, (ast.Import, ast.ImportFrom))
            if not told and not _configures(statement) and not self._initialises(statement):
                return
            yield statement

    def _initialises(self, statement: ast.stmt) -> bool:
        return statement in self._guards or initialises(self._syntax, statement, self._state)

    def _key(self, statement: ast.stmt) -> object:
        match statement:
            case ast.If():
                return self._guards.get(statement)
            case ast.Expr(value=ast.Call(args=[ast.Constant(value=key), *_])):
                return key
            case _:
                return None

    def added(self, values: Mapping[str, str]) -> Edit:
        """The keys initialised behind that."""
        lines = [f"{self._state}.setdefault({self._syntax.quoted(key)}, {values[key]})" for key in sorted(values)]
        gap = "\n" if self._initialises(self.head[-1]) else "\n\n"
        return Edit(self.end, self.end, gap + "\n".join(lines))


def _configures(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="set_page_config"))):
            return True
        case _:
            return False


# --- keys that are read without being set --------------------------------------------------------------------


def _missing(given: Given) -> dict[str, str]:
    """The keys with what they can begin with."""
    found: dict[str, set[str]] = {}
    for gap in given.gaps():
        if gap.script == given.path or given.path in given.outer:
            found.setdefault(gap.key, set()).add(start(given.files, gap))
    chosen: dict[str, str] = {}
    for key, values in found.items():
        told = values - {"None"} or values
        if len(told) == 1 and "" not in told:
            chosen[key] = told.pop()
    return chosen


# --- keys that are initialised further down ------------------------------------------------------------------


def _scattered(given: Given, head: list[ast.stmt]) -> dict[str, list[ast.stmt]]:
    """The statements that initialise a key, all with the same value, so that the top can do it instead: nothing may
    come before them that sees whether the key is set. Nothing where all stand together."""
    found: dict[str, list[ast.stmt]] = {}
    for key, statement in _initialisers(given):
        if statement not in head:
            found.setdefault(key, []).append(statement)
    syntax = given.syntax
    blocks = {id(syntax.block(each)) for statements in found.values() for each in statements} if syntax else set()
    inside = [each for statements in found.values() for each in statements if syntax and _is_inside(syntax, each)]
    if len(blocks) == 1 and inside:
        return {}  # a function that initialises
    return {key: each for key, each in found.items() if _is_movable(given, key, each)}


def _is_inside(syntax: Syntax, statement: ast.stmt) -> bool:
    return isinstance(syntax.parents[statement], (ast.FunctionDef, ast.AsyncFunctionDef))


def _initialisers(given: Given) -> Iterator[tuple[str, ast.stmt]]:
    """The guards and calls of `setdefault` that stand alone, with their keys."""
    syntax = given.syntax
    if syntax is None:
        return
    yield from ((key, guard) for guard, key in guards(given))
    for access in given.here:
        call = syntax.find(access.place.span, ast.Call) if access.use == "initialises" and access.exact else None
        statement = syntax.parents[call] if call is not None else None
        if call is not None and isinstance(statement, ast.Expr) and len(call.args) == 2 and not call.keywords:
            yield access.key, statement


def _value(statement: ast.stmt) -> ast.expr:
    """What the key is initialised with."""
    match statement:
        case ast.Expr(value=ast.Call(args=[_, value])):
            return value
        case ast.If(body=body, orelse=orelse):
            suite = orelse if orelse and all(isinstance(each, ast.Pass) for each in body) else body
            assigned = suite[0]
            assert isinstance(assigned, (ast.Assign, ast.AnnAssign)) and assigned.value is not None
            return assigned.value
        case _:
            raise AssertionError("no initialiser")


def _is_movable(given: Given, key: str, statements: list[ast.stmt]) -> bool:
    syntax, value = given.syntax, _value(statements[0])
    if syntax is None or not _is_constant(value) or value.lineno != value.end_lineno:
        return False
    tops = [syntax.span(statement).end for statement in statements if syntax.parents[statement] is syntax.tree]
    here = Place(given.path, Span(min(tops, default=len(syntax.text)), len(syntax.text)))
    inside: dict[str, list[Span]] = {}
    for path in {access.place.path for access in given.accesses if access.matches(key)}:
        there = replace(given, path=path)
        same = [
            each for other, each in _initialisers(there) if other == key and ast.dump(_value(each)) == ast.dump(value)
        ]
        inside[path] = [there.syntax.span(each) for each in same if there.syntax is not None]
    for access in given.accesses:
        at = access.place.span
        told = any(span.start <= at.start and at.end <= span.end for span in inside.get(access.place.path, ()))
        if access.matches(key) and not told and not _is_indifferent(access, here):
            return False
    return all(syntax.span(each) in inside[given.path] for each in statements)


def _is_indifferent(access: Access, always: Place) -> bool:
    """Whether a use of the key is the same, whether the key was set at the top or further down. `always` is where it is
    set in any case: a widget that is drawn earlier would begin with another value."""
    if access.form in ("attribute", "item"):
        return access.use in ("reads", "changes", "updates", "sets", "initialises")
    at = access.place
    return access.use == "draws" and at.path == always.path and at.span.start >= always.span.start


def _is_constant(value: ast.expr) -> bool:
    """Whether the value needs nothing that the script sets."""
    return is_cheap(value) and not any(isinstance(node, ast.Name) and node.id not in _KINDS for node in ast.walk(value))


def _may_go(syntax: Syntax, statement: ast.stmt) -> bool:
    """Whether a statement can be taken out with all that is on its lines."""
    span = syntax.span(statement)
    return stands_alone(syntax, statement) and not syntax.comments(span.start, syntax.line_end(span.end))


def _is_emptied(given: Given) -> bool:
    """Whether something takes all keys out of the state, so that they have to be set again within the run."""
    for path in {access.place.path for access in given.accesses}:
        syntax = given.files.syntax(path)
        for node in ast.walk(syntax.tree) if syntax is not None else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _EMPTYING:
                owner = node.func.value
                owners = {a.owner for a in given.accesses if a.place.path == path and a.owner is not None}
                if syntax is not None and syntax.of(owner) in {syntax.text[o.start : o.end] for o in owners}:
                    return True
    return False
