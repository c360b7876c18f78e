"""Where a string literal is carried in an app: to names, through collections, loops and arguments. Who wants to change
its text has to know that it is nothing but a key wherever it comes.

Whatever is not known to be harmless counts as another use.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePath

from streamlint.findings import Place, Span
from streamlint.fixes.syntax import Syntax

VALUE, ITEMS, KEYS = "value", "items", "keys"
"""What an expression has of the literal: it is it, has it among its items (or values), or among its dict keys."""
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_SCOPES = (*FUNCTIONS, ast.ClassDef, ast.Module)
_COPIES = frozenset({"dict", "frozenset", "list", "reversed", "set", "sorted", "tuple"})
_VIEWS = frozenset({"copy", "items", "keys", "values"})
_HANDLERS = frozenset({"on_change", "on_click", "on_select", "on_submit"})


class Elsewhere(Exception):
    """The literal is used for something else at `place`."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.place = place


def only_keys(
    files: Mapping[str, Syntax], accesses: Mapping[str, Collection[Span]], literals: Collection[Place], text: str
) -> frozenset[Place]:
    """Raises `Elsewhere` unless the literals, which have this text, are used as keys of session state alone. `accesses`
    are by file the ranges of the expressions that give keys, and of calls that take some. Gives the other literals
    that are compared with them: `DEFAULTS["key"]`."""
    trace = _Trace(files, {path: frozenset(spans) for path, spans in accesses.items()}, text)
    for place in literals:
        found = files[place.path].find(place.span, ast.Constant)
        if found is not None:
            trace.follow(place.path, found, VALUE)
        else:
            trace.follow(place.path, _dict_around(files[place.path], place.span), KEYS)
    trace.run()
    return frozenset(trace.tied)


def _dict_around(syntax: Syntax, name: Span) -> ast.AST:
    """The call `dict(name=…)`."""
    keywords = (node for node in ast.walk(syntax.tree) if isinstance(node, ast.keyword) and node.arg is not None)
    return next(syntax.parents[each] for each in keywords if syntax.span(each).start == name.start)


class _Trace:
    def __init__(self, files: Mapping[str, Syntax], tokens: Mapping[str, frozenset[Span]], text: str) -> None:
        self._files = files
        self._tokens = tokens
        self._text = text
        self.tied: set[Place] = set()
        self._todo: list[tuple[str, ast.AST, str]] = []
        self._seen: set[tuple[int, str]] = set()

    def follow(self, path: str, node: ast.AST, kind: str) -> None:
        if (id(node), kind) not in self._seen:
            self._seen.add((id(node), kind))
            self._todo.append((path, node, kind))

    def run(self) -> None:
        while self._todo:
            path, node, kind = self._todo.pop()
            if self._files[path].span(node) not in self._tokens.get(path, ()):
                self._step(path, node, kind, self._files[path].parents[node])

    def _elsewhere(self, path: str, node: ast.AST) -> Elsewhere:
        return Elsewhere(Place(path, self._files[path].span(node)))

    def _tie(self, path: str, node: ast.AST) -> None:
        """A literal with the same text is looked up in a collection with it."""
        if isinstance(node, ast.Constant) and node.value == self._text:
            self.tied.add(Place(path, self._files[path].span(node)))

    # --- one step ----------------------------------------------------------------------------------------------------

    def _step(self, path: str, node: ast.AST, kind: str, parent: ast.AST) -> None:
        known = self._tokens.get(path, ())
        match parent:
            case ast.Call() if self._files[path].span(parent) in known:
                return
            case ast.keyword(arg=None) if self._files[path].span(self._files[path].parents[parent]) in known:
                return
            case _:
                self._usual_step(path, node, kind, parent)

    def _usual_step(self, path: str, node: ast.AST, kind: str, parent: ast.AST) -> None:
        match parent:
            case ast.Expr():
                pass
            case ast.Assign(targets=targets):
                for target in targets:
                    self._bind(path, target, kind)
            case ast.AnnAssign(target=target, value=value) | ast.NamedExpr(target=target, value=value):
                if value is node:
                    self._bind(path, target, kind)
            case ast.For(target=target, iter=each) | ast.AsyncFor(target=target, iter=each):
                self._loop(path, node, kind, target, each)
            case ast.comprehension(target=target, iter=each):
                self._loop(path, node, kind, target, each)
            case ast.List() | ast.Tuple() | ast.Set():
                self.follow(path, parent, ITEMS)
            case ast.Starred():
                self.follow(path, parent, kind)
            case ast.Dict(keys=keys):
                self.follow(path, parent, KEYS if node in keys else ITEMS)
            case ast.IfExp(test=test) if test is not node:
                self.follow(path, parent, kind)
            case ast.Attribute(value=value, attr=attr) if value is node:
                self._attribute(path, parent, kind, attr)
            case ast.Subscript():
                self._subscript(path, node, kind, parent)
            case ast.Compare():
                self._compare(path, node, kind, parent)
            case ast.Call():
                self._argument(path, node, kind, parent)
            case ast.keyword(arg=name):
                self._keyword(path, node, kind, parent, name)
            case ast.arguments():
                self._default(path, node, kind, parent)
            case ast.Return():
                self._returned(path, parent, kind)
            case _:
                raise self._elsewhere(path, node)

    def _attribute(self, path: str, node: ast.Attribute, kind: str, attr: str) -> None:
        call = self._files[path].parents[node]
        if kind == VALUE and attr == "value":
            self.follow(path, node, VALUE)
        elif kind != VALUE and attr in _VIEWS and isinstance(call, ast.Call) and call.func is node:
            self.follow(path, call, {"keys": ITEMS}.get(attr, kind))
        elif kind == KEYS and attr in ("get", "pop") and isinstance(call, ast.Call) and call.args:
            self._tie(path, call.args[0])
        else:
            raise self._elsewhere(path, node)

    def _subscript(self, path: str, node: ast.AST, kind: str, parent: ast.Subscript) -> None:
        if parent.value is node and kind == ITEMS:
            self.follow(path, parent, VALUE)
        elif parent.value is node and kind == KEYS:
            self._tie(path, parent.slice)
        elif parent.value is node or not self._has_keys(path, parent.value):
            raise self._elsewhere(path, node)

    def _has_keys(self, path: str, node: ast.AST) -> bool:
        """Whether the expression is a dict that has the literal among its keys, as far as was seen: it is that again
        when all has been seen, as uses of names are noted before they are followed."""
        return (id(node), KEYS) in self._seen

    def _compare(self, path: str, node: ast.AST, kind: str, parent: ast.Compare) -> None:
        asked = len(parent.ops) == 1 and isinstance(parent.ops[0], (ast.In, ast.NotIn))
        box = parent.comparators[0]
        if asked and box is node and kind != VALUE:
            self._tie(path, parent.left)
            return
        if asked and box is not node and ((id(box), ITEMS) in self._seen or (id(box), KEYS) in self._seen):
            return
        raise self._elsewhere(path, node)

    def _loop(self, path: str, node: ast.AST, kind: str, target: ast.expr, each: ast.expr) -> None:
        if each is not node:
            return
        match each, target:
            case ast.Call(func=ast.Attribute(attr="items")), ast.Tuple(elts=[first, second]):
                self._bind(path, first if kind == KEYS else second, VALUE)
            case ast.Call(func=ast.Name(id="enumerate")), ast.Tuple(elts=[_, second]):
                self._bind(path, second, VALUE)
            case ast.Call(func=ast.Name(id="zip")), ast.Tuple(elts=targets):
                for part in targets:
                    self._bind(path, part, VALUE)
            case _, ast.Tuple(elts=targets):  # rows of a table: the literal is in one of the columns
                for row in self._rows(each):
                    for part, column in zip(targets, row, strict=False):
                        if (id(column), VALUE) in self._seen:
                            self._bind(path, part, VALUE)
                if not self._rows(each):
                    raise self._elsewhere(path, node)
            case _:
                self._bind(path, target, VALUE)

    def _rows(self, node: ast.expr) -> list[list[ast.expr]]:
        match node:
            case ast.List(elts=rows) | ast.Tuple(elts=rows):
                return [row.elts for row in rows if isinstance(row, (ast.Tuple, ast.List))]
            case ast.Name(id=name):
                trees = (syntax.tree for syntax in self._files.values())
                given = (each for tree in trees for each in ast.walk(tree) if isinstance(each, ast.Assign))
                named = (each.value for each in given if [getattr(t, "id", None) for t in each.targets] == [name])
                return [row for value in named if not isinstance(value, ast.Name) for row in self._rows(value)]
            case _:
                return []

    # --- calls -------------------------------------------------------------------------------------------------------

    def _argument(self, path: str, node: ast.AST, kind: str, call: ast.Call) -> None:
        match call.func:
            case ast.Name(id=name) if name in _COPIES and kind != VALUE:
                self.follow(path, call, ITEMS if name != "dict" else kind)
                return
            case ast.Name(id="enumerate" | "zip") if kind != VALUE:
                self.follow(path, call, ITEMS)
                return
            case ast.Name(id="str") if kind == VALUE:
                self.follow(path, call, kind)
                return
            case ast.Name(id="len"):
                return
            case _:
                position = next((i for i, each in enumerate(call.args) if each is node), None)
                if position is None or any(isinstance(each, ast.Starred) for each in call.args[: position + 1]):
                    raise self._elsewhere(path, node)
                self._pass(path, node, kind, call.func, position)

    def _keyword(self, path: str, node: ast.AST, kind: str, keyword: ast.keyword, name: str | None) -> None:
        call = self._files[path].parents[keyword]
        if not isinstance(call, ast.Call) or name is None:
            raise self._elsewhere(path, node)
        handler = next((each.value for each in call.keywords if each.arg in _HANDLERS), None)
        match name, node:
            case "args", ast.Tuple(elts=given) | ast.List(elts=given) if handler is not None:
                for position, each in enumerate(given):
                    if (id(each), VALUE) in self._seen:
                        self._pass(path, each, VALUE, handler, position)
            case "kwargs", ast.Dict(keys=keys, values=values) if handler is not None and kind == ITEMS:
                for key, each in zip(keys, values, strict=True):
                    if (id(each), VALUE) in self._seen and isinstance(key, ast.Constant):
                        self._pass(path, each, VALUE, handler, str(key.value))
            case _:
                self._pass(path, node, kind, call.func, name)

    def _pass(self, path: str, node: ast.AST, kind: str, called: ast.expr, where: int | str) -> None:
        """The function gets it as an argument."""
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", None)
        found = [each for each in self._functions(name) if name is not None]
        for home, function in found:
            parameter = _parameter(function, where)
            if parameter is None:
                raise self._elsewhere(path, node)
            self._uses(home, parameter, function, kind)
        if not found:
            raise self._elsewhere(path, node)

    def _functions(self, name: str | None) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
        for path, syntax in self._files.items():
            for node in ast.walk(syntax.tree):
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name:
                    yield path, node

    def _default(self, path: str, node: ast.AST, kind: str, arguments: ast.arguments) -> None:
        positional = [*arguments.posonlyargs, *arguments.args]
        pairs = [*zip(reversed(positional), reversed(arguments.defaults), strict=False)]
        pairs += [(arg, each) for arg, each in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if each]
        function = self._files[path].parents[arguments]
        for arg, default in pairs:
            if default is node:
                self._uses(path, arg.arg, function, kind)

    def _returned(self, path: str, node: ast.Return, kind: str) -> None:
        around = self._files[path].around(node)
        function = next((each for each in around if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))), None)
        if function is None or function.decorator_list:
            raise self._elsewhere(path, node)
        for home, syntax in self._files.items():
            for call in ast.walk(syntax.tree):
                if isinstance(call, ast.Call) and function.name in (
                    getattr(call.func, "id", None),
                    getattr(call.func, "attr", None),
                ):
                    self.follow(home, call, kind)

    # --- names -------------------------------------------------------------------------------------------------------

    def _bind(self, path: str, target: ast.expr, kind: str) -> None:
        if not isinstance(target, ast.Name):
            raise self._elsewhere(path, target)
        scope = _scope(self._files[path], target)
        if isinstance(scope, ast.ClassDef):
            self._members(target.id, scope, kind)
        self._uses(path, target.id, scope, kind)
        if isinstance(scope, ast.Module) or _is_global(scope, target.id):
            self._uses(path, target.id, self._files[path].tree, kind)
            self._imported(path, target.id, kind)

    def _uses(self, path: str, name: str, scope: ast.AST, kind: str) -> None:
        """The reads of a name in a scope, and in functions inside of it."""
        found = [
            node
            for node in ast.walk(scope)
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
        ]
        self._note(path, found, kind)

    def _note(self, path: str, found: Collection[ast.AST], kind: str) -> None:
        for node in found:
            self.follow(path, node, kind)

    def _members(self, name: str, owner: ast.ClassDef, kind: str) -> None:
        """`Class.NAME` in all files, and loops over the class, if it is an enumeration."""
        for path, syntax in self._files.items():
            for node in ast.walk(syntax.tree):
                match node:
                    case ast.Attribute(value=ast.Name(id=base) | ast.Attribute(attr=base), attr=attr) if attr == name:
                        if base in (owner.name, "self", "cls"):
                            self.follow(path, node, kind)
                    case ast.For(iter=ast.Name(id=base)) | ast.comprehension(iter=ast.Name(id=base)):
                        if base == owner.name:
                            self._bind(path, node.target, VALUE)
                    case _:
                        pass

    def _imported(self, home: str, name: str, kind: str) -> None:
        stem = PurePath(home).parent.name if PurePath(home).stem == "__init__" else PurePath(home).stem
        for path, syntax in self._files.items():
            if path != home:
                for node in ast.walk(syntax.tree):
                    self._import(path, node, stem, name, kind)

    def _import(self, path: str, node: ast.AST, stem: str, name: str, kind: str) -> None:
        match node:
            case ast.ImportFrom(module=module, names=names) if (module or stem).rpartition(".")[2] == stem:
                for alias in names:
                    if alias.name in (name, "*"):
                        known = alias.asname or name
                        self._uses(path, known, self._files[path].tree, kind)
                        self._imported(path, known, kind)
            case ast.Attribute(value=ast.Name(id=base) | ast.Attribute(attr=base), attr=attr) if attr == name:
                if base in _aliases(self._files[path], stem):
                    self.follow(path, node, kind)
            case _:
                pass


def _aliases(syntax: Syntax, stem: str) -> frozenset[str]:
    """The names under which a file knows a module."""
    imports = (node for node in ast.walk(syntax.tree) if isinstance(node, (ast.Import, ast.ImportFrom)))
    aliases = (alias for node in imports for alias in node.names)
    return frozenset(alias.asname or stem for alias in aliases if alias.name.rpartition(".")[2] == stem)


def _scope(syntax: Syntax, node: ast.AST) -> ast.AST:
    return next(outer for outer in syntax.around(node) if isinstance(outer, _SCOPES))


def _is_global(scope: ast.AST, name: str) -> bool:
    return any(isinstance(node, ast.Global) and name in node.names for node in ast.walk(scope))


def _parameter(function: ast.FunctionDef | ast.AsyncFunctionDef, where: int | str) -> str | None:
    arguments = function.args
    positional = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
    if isinstance(where, str):
        named = [*(each.arg for each in (*arguments.args, *arguments.kwonlyargs))]
        return where if where in named else None
    if positional[:1] in (["self"], ["cls"]):
        positional = positional[1:]
    return positional[where] if where < len(positional) else None
