"""Variables of scripts and functions whose value a later run might be meant to see: where they are set and read.

A look over a file's code finds the names that matter and says of each place of them what is done there (`roles`). The
walk then notes the places it comes to (`note`), each with the block of the flow tree it leaves them in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field, fields, is_dataclass

from streamlint.facts import ir
from streamlint.facts.parts import LEAVES, parts
from streamlint.findings import Span
from streamlint.flow.frames import Frame
from streamlint.flow.machine import Machine, Mark
from streamlint.records import mutable

MESSAGES = frozenset({"success", "info", "warning", "error", "exception", "toast"})
LEAVING = frozenset({"stop", "rerun", "switch_page", "experimental_rerun", "exit"})
READING = frozenset({
    "len", "sum", "min", "max", "sorted", "str", "repr", "enumerate", "any", "all", "round", "int", "float", "bool",
    "abs", "range", "print", "reversed", "zip",
})  # fmt: skip
"""Built-in functions that leave their arguments as they are."""
MUTATING = {
    "append": "grows", "extend": "grows", "insert": "grows", "add": "grows", "update": "grows", "appendleft": "grows",
    "remove": "shrinks", "pop": "shrinks", "clear": "shrinks", "discard": "shrinks", "popleft": "shrinks",
    "sort": "shrinks", "reverse": "shrinks", "setdefault": "grows", "popitem": "shrinks",
}  # fmt: skip
NAMESPACES = frozenset({"locals", "globals", "vars", "dir", "exec", "eval"})
NOTHING = (0, None, "", False)
SET = frozenset({"empty", "constant"})
"""Roles of bindings to an empty list, dict or text, zero, False or None; and to another constant."""
CHANGES = frozenset({"counts", "toggles", "grows", "shrinks", "changes"})
"""Roles of bindings that start from the value the variable has."""
Roles = dict[int, str]


@mutable
class _Scope:
    """The names that one body binds, and how."""

    bound: dict[str, set[str]] = field(default_factory=dict)
    bad: set[str] = field(default_factory=set)
    plain: set[str] = field(default_factory=set)
    """Names that are bound to something else than a constant outside of all branches."""
    mutated: set[str] = field(default_factory=set)


def roles(facts: ir.ModuleFacts) -> Roles:
    """What is done at each place of the variables that matter, by the place's first character."""
    bodies = [facts.body, *(function.body for function in facts.functions)]
    scopes = [_scope(body) for body in bodies]
    for scope, function in zip(scopes[1:], facts.functions, strict=True):
        scope.bad.update((*function.positional_only, *function.params, *function.keyword_only))
        scope.bad.update(filter(None, (function.vararg, function.kwarg)))
    outer = {name for function in facts.functions for name in function.globals | function.nonlocals}
    wanted = frozenset(_wanted(scopes, outer))
    found: Roles = {}
    for body, scope in zip(bodies, scopes, strict=True):
        if wanted:
            _Roles(wanted - scope.bad, found).block(body, frozenset())
    return found


def _wanted(scopes: list[_Scope], outer: set[str]) -> Iterator[str]:
    """The names that some body binds as this analysis asks for, without binding them in other ways."""
    changed = {name for scope in scopes for name in scope.mutated}
    for scope in scopes:
        for name, kinds in scope.bound.items():
            if name in scope.bad or name.startswith("__"):
                continue
            starts = not kinds.isdisjoint(SET)
            lives = starts and (not kinds.isdisjoint(CHANGES) or name in changed or name in outer)
            if lives or ("other" in kinds and name not in scope.plain):
                yield name


def _scope(block: ir.Block) -> _Scope:
    scope = _Scope()
    _bindings(block, scope, 0)
    return scope


def _bindings(block: ir.Block, scope: _Scope, depth: int) -> None:
    for node in block:
        match node:
            case ir.Assign(targets=targets, value=value):
                for target in targets:
                    _target(target, value, scope, depth)
            case ir.AugAssign(target=ir.Name(name)):
                scope.bound.setdefault(name, set()).add("changes")
            case ir.AugAssign(target=ir.Sub(obj=ir.Name(name))):
                scope.mutated.add(name)
            case (
                ir.ExprStmt(value=ir.Call(func=ir.Attr(obj=ir.Name(name), name=method)))
                | ir.Return(value=ir.Call(func=ir.Attr(obj=ir.Name(name), name=method)))
            ) if method in MUTATING:
                scope.mutated.add(name)
            case ir.For(target=target) | ir.With(target=target) if target is not None:
                scope.bad.update(_names(target))
            case ir.FuncDef(name=name) | ir.ClassDef(name=name) | ir.Import(name=name):
                scope.bad.add(name)
            case ir.Delete(targets=targets):
                scope.bad.update(name for target in targets for name in _names(target))
            case ir.Try(handlers=handlers):
                scope.bad.update(handler.name for handler in handlers if handler.name)
            case ir.Match(cases=cases):
                scope.bad.update(name for case in cases for name in case.binds)
            case _:
                pass
        inner = depth + isinstance(node, ir.If | ir.Match)
        for nested in _blocks(node):
            _bindings(nested, scope, inner)


def _target(target: ir.Target, value: ir.Expr, scope: _Scope, depth: int) -> None:
    match target:
        case ir.Name(name):
            kind = _kind(name, value)
            scope.bound.setdefault(name, set()).add(kind)
            if depth and kind in SET:
                scope.bound[name].add("other")
            if kind == "other" and depth == 0:
                scope.plain.add(name)
        case ir.Sub(obj=ir.Name(name)):
            scope.mutated.add(name)
        case _:
            for name in _names(target):
                scope.bound.setdefault(name, set()).add("other")
                if depth == 0:
                    scope.plain.add(name)


def _kind(name: str, value: ir.Expr) -> str:
    """What an assignment of a value to a name does."""
    match value:
        case ir.Const(constant):
            return "empty" if any(constant is n or constant == n for n in NOTHING) else "constant"
        case ir.Display(items=()) | ir.DictDisplay(items=()) | ir.Call(func=ir.Name("list" | "dict" | "set"), args=()):
            return "empty"
        case ir.Not(ir.Name(other)) if other == name:
            return "toggles"
        case ir.BinOp("+" | "-", ir.Name(other), _) if other == name:
            return "counts"
        case _:
            return "changes" if name in _read(value) else "other"


def _names(target: ir.Target) -> Iterator[str]:
    match target:
        case ir.Name(name):
            yield name
        case ir.Display(items=parts):
            for part in parts:
                if isinstance(part, ir.Name | ir.Display | ir.Star):
                    yield from _names(part)
        case ir.Star(inner) if isinstance(inner, ir.Name):
            yield inner.id
        case _:
            return


def _blocks(node: object) -> Iterable[ir.Block]:
    """The blocks of a statement, but not the body of a function or class that it defines."""
    names = _nested(type(node))
    return [block for name in names for block in _blocks_at(node, name)] if names else ()


def _blocks_at(node: object, name: str) -> Iterable[ir.Block]:
    value = getattr(node, name)
    if name in ("handlers", "cases"):
        return [case.body for case in value]
    return (value,) if isinstance(value, tuple) else ()


_NESTED: dict[type, tuple[str, ...]] = {ir.FuncDef: ()}


def _nested(kind: type) -> tuple[str, ...]:
    """The fields of a kind of statement that hold blocks."""
    if kind not in _NESTED:
        held = ("body", "orelse", "final", "handlers", "cases")
        own = {field.name for field in fields(kind)} if is_dataclass(kind) else set()
        _NESTED[kind] = tuple(name for name in held if name in own)
    return _NESTED[kind]


def _inner(expr: object) -> Iterator[object]:
    """The expressions directly inside one."""
    for value in parts(expr):
        if isinstance(value, tuple):
            for item in value:
                yield from (item if isinstance(item, tuple) else (item,))
        elif parts(value):
            yield value


def _read(expr: object) -> set[str]:
    """The names that an expression reads."""
    found: set[str] = set()
    todo = [expr]
    while todo:
        part = todo.pop()
        if type(part) in LEAVES:
            continue
        if isinstance(part, tuple):
            todo.extend(part)
            continue
        if isinstance(part, ir.Name):
            found.add(part.id)
            continue
        if isinstance(part, ir.Opaque):
            found.update(part.names)
        todo.extend(parts(part))
    return found


# --- what is done at each place ------------------------------------------------------------------------------


@mutable
class _Roles:
    """Walks a file's code. A name is `guarded` where a test of its own has been passed."""

    names: frozenset[str]
    roles: Roles = field(default_factory=dict)

    def block(self, block: ir.Block, guarded: frozenset[str]) -> None:
        for node in block:
            guarded |= self.statement(node, guarded)

    def statement(self, node: ir.Stmt, guarded: frozenset[str]) -> frozenset[str]:
        """Returns the names that are guarded from here on."""
        match node:
            case ir.Assign(targets=targets, value=value):
                for target in targets:
                    self.binding(target, value, guarded)
            case ir.AugAssign(target=target, op=op, value=value):
                self.augmented(target, op)
                self.expr(value, "read", guarded)
            case ir.If(test=test, body=body, orelse=orelse) | ir.While(test=test, body=body, orelse=orelse):
                own = frozenset(_read(test) & self.names)
                self.expr(test, "truth", guarded)
                self.block(body, guarded | own)
                self.block(orelse, guarded | own)
                return own if isinstance(node, ir.If) and (_leaves(body) or _leaves(orelse)) else frozenset()
            case ir.For(iter=source, body=body, orelse=orelse):
                self.expr(source, "iterated", guarded)
                self.block(body, guarded)
                self.block(orelse, guarded)
            case ir.Assert(test=test):
                self.expr(test, "truth", guarded)
            case _:
                for part in _inner(node):
                    if not isinstance(part, ir.Handler | ir.Case) and not _is_statement(part):
                        self.expr(part, "read", guarded)
                for nested in _blocks(node):
                    self.block(nested, guarded)
        return frozenset()

    def binding(self, target: ir.Target, value: ir.Expr, guarded: frozenset[str]) -> None:
        if isinstance(target, ir.Name):
            kind = _kind(target.id, value)
            self.roles[target.span.start] = kind
            own = target.id if kind in CHANGES else None
            self.expr(value, "stored" if isinstance(value, ir.Name) else "read", guarded, own)
            return
        for name in _name_nodes(target):
            self.roles[name.span.start] = "other"
        if isinstance(target, ir.Sub) and isinstance(target.obj, ir.Name):
            self.roles[target.obj.span.start] = "grows"
            self.expr(target.index, "read", guarded)
        elif isinstance(target, ir.Sub | ir.Attr):
            self.expr(target, "read", guarded)
        self.expr(value, "stored", guarded)

    def augmented(self, target: ir.Target, op: str) -> None:
        match target:
            case ir.Name(span=span):
                self.roles[span.start] = "counts" if op in ("+", "-") else "changes"
            case ir.Sub(obj=ir.Name(span=span)):
                self.roles[span.start] = "grows"
            case _:
                pass

    def expr(self, expr: object, role: str, guarded: frozenset[str], own: str | None = None) -> None:
        if type(expr) is ir.Const:
            return
        match expr:
            case ir.Name(name, span):
                if name in self.names and name != own:
                    self.roles.setdefault(span.start, "guarded" if name in guarded and role != "stored" else role)
            case ir.Call(func=func, args=args, kwargs=kwargs):
                self.call(func, [*args, *(value for _, value in kwargs)], role, guarded, own)
            case ir.BoolOp(values=values):
                for value in values:
                    self.expr(value, role, guarded, own)
                    guarded |= frozenset(_read(value) & self.names)
            case ir.Not(value):
                self.expr(value, "truth", guarded, own)
            case ir.Compare(left=left, right=right):
                plain = role if role == "message" else "read"
                bare = isinstance(right, ir.Const) and any(right.value == n for n in (*NOTHING, 1))
                self.expr(left, "truth" if bare else plain, guarded, own)
                self.expr(right, plain, guarded, own)
            case ir.IfExp(test=test, then=then, orelse=orelse):
                self.expr(test, "truth", guarded, own)
                seen = guarded | frozenset(_read(test) & self.names)
                self.expr(then, role, seen, own)
                self.expr(orelse, role, seen, own)
            case ir.Display() | ir.DictDisplay() | ir.Star():
                for part in _inner(expr):
                    self.expr(part, role, guarded, own)
            case ir.Comp(generators=generators):
                for generator in generators:
                    self.expr(generator.iter, "iterated", guarded, own)
                for part in _inner(expr):
                    if not isinstance(part, ir.Generator):
                        self.expr(part, "read", guarded, own)
            case _:
                for part in _inner(expr):
                    self.expr(part, role if role == "message" else "read", guarded, own)

    def call(self, func: ir.Expr, args: Iterable[ir.Expr], role: str, guarded: frozenset[str], own: str | None) -> None:
        inner = "argument"
        match func:
            case ir.Attr(obj=ir.Name(name, span), name=method) if name in self.names and method in MUTATING:
                if name != own:
                    self.roles[span.start] = MUTATING[method]
            case ir.Attr(obj=obj, name=method):
                inner = "message" if method in MESSAGES else inner
                self.expr(obj, "read", guarded, own)
            case ir.Name(name) if name in READING:
                inner = role if role in ("truth", "message", "iterated") else "read"
            case _:
                self.expr(func, "read", guarded, own)
        for part in args:
            self.expr(part, "message" if role == "message" else inner, guarded, own)


def _name_nodes(target: ir.Target) -> Iterator[ir.Name]:
    match target:
        case ir.Name():
            yield target
        case ir.Display(items=parts):
            for part in parts:
                if isinstance(part, ir.Name | ir.Display | ir.Star):
                    yield from _name_nodes(part)
        case ir.Star(ir.Name() as inner):
            yield inner
        case _:
            return


def _is_statement(part: object) -> bool:
    return isinstance(part, ir.Stmt)


def _leaves(block: ir.Block) -> bool:
    """Whether a block ends by leaving what is around it, as far as the words tell."""
    match block[-1] if block else None:
        case ir.Return() | ir.Raise() | ir.Break() | ir.Continue():
            return True
        case ir.ExprStmt(value=ir.Call(func=ir.Attr(name=name) | ir.Name(id=name))):
            return name in LEAVING
        case _:
            return False


# --- in the walk ---------------------------------------------------------------------------------------------


def note(m: Machine, name: str, span: Span, *, binds: bool = False) -> None:
    """The walk is at a place of a variable."""
    path = m.frame.path
    known = m.roles.get(path)
    if known is None:
        known = m.roles[path] = roles(m.project.facts(path))
    role = known.get(span.start)
    if role is None or m.importing or not m.alive:
        return
    home = m.frame if binds else m.frame.home(name) or _scope_of(m.frame, name)
    if binds and m.frame.func is not None and name in m.frame.func.globals:
        home = m.frame.module
    elif binds and m.frame.func is not None and name in m.frame.func.nonlocals and m.frame.parent is not None:
        home = m.frame.parent.home(name) or m.frame
    imported = m.modules.get(home.path)
    if home.is_class or (imported is not None and imported[0] is home.module):
        return
    m.marks.setdefault(id(m.out), (m.out, []))[1].append(Mark((home.id, name), name, role, m.place(span), len(m.out)))


def _scope_of(frame: Frame, name: str) -> Frame:
    """Where a name lives that nothing is bound to yet."""
    return frame if frame.func is not None and name in frame.func.assigned else frame.module
