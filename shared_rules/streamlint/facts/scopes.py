"""The scopes of a file: which of its names mean Streamlit and the session state, as far as the file itself can tell."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import field
from typing import TypeGuard
from weakref import WeakKeyDictionary

from streamlint.fixes.syntax import Syntax
from streamlint.records import immutable, mutable

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
STREAMLIT, STATE, ELEMENT, IMPORT, OTHER = "streamlit", "state", "element", "import", "other"
"""What a name may mean: the package, the session state, another thing of the package, something imported, the rest."""


@immutable
class Scope:
    """What names mean in a module, function or class, as far as the file itself can tell.

    `first` and `last` are its lines, from 1; `until` is the line of the statement behind it (or behind what is around
    it), if there is one; `indent` the column of its body. `outer` is the index of the scope around it."""

    name: str
    outer: int | None
    is_class: bool
    first: int
    last: int
    until: int | None
    indent: int
    meanings: tuple[tuple[str, str], ...]


def scopes(syntax: Syntax) -> tuple[Scope, ...]:
    """The scopes of a file, outer ones first; the first one is the module. Lambdas are left out."""
    return tuple(Names(syntax).named())


@mutable
class NameScope:
    """A module, function or class: what binds its names, and the scope around it."""

    name: str
    outer: NameScope | None
    node: ast.AST
    is_class: bool = False
    bound: dict[str, list[ast.AST]] = field(default_factory=dict)
    elsewhere: set[str] = field(default_factory=set)
    """The names that it takes from the module or the function around it."""

    def home(self, name: str) -> NameScope | None:
        """The scope that a name belongs to, seen from here."""
        scope: NameScope | None = self
        while scope is not None:
            if name in scope.bound and name not in scope.elsewhere and (scope is self or not scope.is_class):
                return scope
            scope = scope.outer
        return None


_READ: WeakKeyDictionary[Syntax, tuple[dict[ast.AST, NameScope], list[NameScope]]] = WeakKeyDictionary()
"""The scopes of the nodes of files, and the scopes inside the modules: several looks share them."""


class Names:
    """What the names of one file mean. `scopes` has the scope of each node of its tree."""

    def __init__(self, syntax: Syntax) -> None:
        self._syntax = syntax
        self._answers: dict[tuple[int, str], bool] = {}
        self.scopes: dict[ast.AST, NameScope]
        self._inner: list[NameScope]
        if syntax not in _READ:
            self.scopes, self._inner = _READ[syntax] = ({}, [])
            self._read()
        self.scopes, self._inner = _READ[syntax]

    def _read(self) -> None:
        """Notes the scope of each node, and what binds names in it."""
        todo: list[tuple[ast.AST, NameScope]] = [(self._syntax.tree, NameScope("", None, self._syntax.tree))]
        while todo:
            node, scope = todo.pop()
            self.scopes[node] = scope
            for name, binding in _bound(node, self._syntax.parents.get(node)):
                scope.bound.setdefault(name, []).append(binding)
            inner = scope
            if isinstance(node, (ast.Global, ast.Nonlocal)):
                scope.elsewhere.update(node.names)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
                name = getattr(node, "name", "<lambda>")
                inner = NameScope(f"{scope.name}.{name}".lstrip("."), scope, node, isinstance(node, ast.ClassDef))
                self._inner.append(inner)
            todo += ((child, inner) for child in ast.iter_child_nodes(node))

    def named(self) -> Iterator[Scope]:
        """What names mean in each scope."""
        tree = self._syntax.tree
        module = self.scopes[tree]
        index = {id(module): 0}
        yield Scope("", None, False, 1, self._syntax.source.line_count, None, 0, self._meanings(module))
        inner = [each for each in self._inner if isinstance(each.node, _DEFINITIONS)]
        for scope in sorted(inner, key=lambda each: (each.name.count("."), self._lines(each.node))):
            outer = scope.outer
            while outer is not None and id(outer) not in index:  # in a lambda there is none, but who knows
                outer = outer.outer
            assert isinstance(scope.node, _DEFINITIONS)
            index[id(scope)] = len(index)
            first, last = self._lines(scope.node)
            until, indent = self._until(scope.node), scope.node.body[0].col_offset
            at = index[id(outer)] if outer is not None else 0
            yield Scope(scope.name, at, scope.is_class, first, last, until, indent, self._meanings(scope))

    def _meanings(self, scope: NameScope) -> tuple[tuple[str, str], ...]:
        return tuple((name, self._meaning(name, scope)) for name in scope.bound if name not in scope.elsewhere)

    def _meaning(self, name: str, scope: NameScope) -> str:
        bindings = scope.bound[name]
        for what in (STATE, STREAMLIT):
            if all(self._binds(binding, name, scope, what) for binding in bindings):
                return what
        if all(isinstance(each, ast.ImportFrom) and each.module == "streamlit" for each in bindings):
            return ELEMENT
        return IMPORT if all(isinstance(each, ast.Import | ast.ImportFrom) for each in bindings) else OTHER

    @staticmethod
    def _lines(node: ast.AST) -> tuple[int, int]:
        first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", None)
        return first, last or first

    def _until(self, node: ast.stmt) -> int | None:
        """The line of the statement that follows, behind the blocks around it if need be."""
        inside: ast.AST = node
        for outer in self._syntax.around(node):
            after = [each.lineno for each in ast.iter_child_nodes(outer) if _begins_behind(each, inside)]
            if after:
                return min(after)
            inside = outer
        return None

    def is_state(self, node: ast.AST | None, scope: NameScope) -> bool:
        """Whether the expression is the session state, as far as this file can tell."""
        if isinstance(node, ast.Attribute):
            return node.attr == "session_state" and self.is_streamlit(node.value, scope)
        return isinstance(node, ast.Name) and self._means(node.id, scope, "state")

    def is_streamlit(self, node: ast.AST, scope: NameScope) -> bool:
        """Whether the expression is the package, as far as this file can tell."""
        return isinstance(node, ast.Name) and self._means(node.id, scope, "streamlit")

    def _means(self, name: str, scope: NameScope, what: str) -> bool:
        """Whether all that binds a name binds it to that."""
        home = scope.home(name)
        if home is None:
            return False
        at = (id(home), f"{what} {name}")
        if at not in self._answers:
            self._answers[at] = False  # whoever asks again while we look is told no
            self._answers[at] = all(self._binds(binding, name, home, what) for binding in home.bound[name])
        return self._answers[at]

    def _binds(self, binding: ast.AST, name: str, scope: NameScope, what: str) -> bool:
        match binding:
            case ast.Import(names=names) if what == "streamlit":
                return any(a.name == "streamlit" and (a.asname or a.name) == name for a in names)
            case ast.ImportFrom(module="streamlit", names=names, level=0) if what == "state":
                return any(a.name == "session_state" and (a.asname or a.name) == name for a in names)
            case ast.Assign(value=value) | ast.AnnAssign(value=value) if what == "state":
                return self.is_state(value, scope)
            case _:
                return False


def _begins_behind(node: ast.AST, other: ast.AST) -> TypeGuard[ast.stmt]:
    """Whether it is a statement below the end of another node."""
    return isinstance(node, ast.stmt) and node.lineno > getattr(other, "end_lineno", 0)


def _bound(node: ast.AST, parent: ast.AST | None) -> Iterator[tuple[str, ast.AST]]:
    """The names that a node binds, each with what says to what."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) if not _is_target(node, parent):
            yield name, node
        case ast.arg(arg=name):
            yield name, node
        case ast.Assign(targets=targets):
            yield from ((target.id, node) for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name, node
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from ((alias.asname or alias.name.partition(".")[0], node) for alias in names)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name, node
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name, node
        case _:
            pass


def _is_target(node: ast.AST, parent: ast.AST | None) -> bool:
    """Whether the assignment around a name has told of it already."""
    match parent:
        case ast.Assign(targets=targets):
            return node in targets
        case ast.AnnAssign(target=target):
            return node is target
        case _:
            return False
