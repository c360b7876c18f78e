"""Where a file spells the keys of session state: exactly which characters, in what form, and what is done there.

This is told from one file's tree: `st.session_state` under the names that the file gives it. What goes through
constants, helpers and other files, only a walk of the app knows (`streamlint.flow.key_uses`); the places that it has
found can be given too.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import replace

from streamlint.facts.scopes import Names, NameScope
from streamlint.findings import Span
from streamlint.fixes.syntax import Syntax
from streamlint.records import immutable
from streamlint.streamlit_api import STATE_METHODS, catalogue

ATTRIBUTE, ITEM, METHOD, MEMBERSHIP, BUILTIN, WIDGET, ENTRY = (
    "attribute", "item", "method", "membership", "builtin", "widget", "entry",
)  # fmt: skip
"""The forms: `ss.k`, `ss["k"]`, `ss.get("k")`, `"k" in ss`, `getattr(ss, "k")`, `key="k"`, `ss.update({"k": 1})`."""
_METHODS = {"get": "reads", "setdefault": "initialises", "pop": "deletes", "__getitem__": "reads"}
_BUILTINS = {"getattr": "reads", "setattr": "sets", "delattr": "deletes", "hasattr": "asks"}
_MUTATORS = frozenset({
    "add", "append", "appendleft", "clear", "discard", "extend", "insert", "pop", "popitem", "remove", "reverse",
    "setdefault", "sort", "update",
})  # fmt: skip


@immutable
class Site:
    """One place where a key is spelled.

    `span` is the whole access, `statement` the assignment or deletion that it is a target of, if it is one. `token` is
    the attribute's name, or the expression that gives the key (a string literal with its quotes, a name, an f-string);
    `key` is None if that is no literal. `use` is a verb: initialises (sets where it is not set yet), sets, updates
    (reads and sets), changes (what is stored, in place), reads, deletes, asks, draws. `owner` is what stands for the
    session state, None for widgets. `function` is the qualified name around it, "" for none. `sure`: the file alone
    says that it is an access; else only the places that were given do."""

    key: str | None
    span: Span
    token: Span
    form: str
    use: str
    owner: Span | None
    function: str
    statement: Span | None = None
    sure: bool = True
    value: Span | None = None
    """What the key is set to, where an expression says so."""
    own: bool = False
    """Whether the key comes out of the session state itself, by a loop over it, and is nothing but a key there."""

    @property
    def literal(self) -> bool:
        """Whether the token is the key itself."""
        return self.key is not None


def sites(syntax: Syntax, known: Collection[Span] = (), widgets: Collection[Span] = ()) -> tuple[Site, ...]:
    """All places of a file, in order. `known` are the ranges of expressions that are accesses whatever they look like,
    `widgets` those of calls that draw a widget."""
    return tuple(sorted(_Finder(syntax, frozenset(known), frozenset(widgets)).find(), key=lambda site: site.token))


class _Finder:
    def __init__(self, syntax: Syntax, known: frozenset[Span], widgets: frozenset[Span]) -> None:
        self._syntax = syntax
        self._known = known
        self._widgets = widgets
        self._names = Names(syntax)
        self._elements = {each.name: each for each in catalogue().elements() if each.takes_key and each.is_widget}

    def find(self) -> Iterator[Site]:
        for node, scope in self._names.scopes.items():
            if isinstance(node, ast.Attribute | ast.Subscript | ast.Call | ast.Compare):
                for found in self._of(node, scope):
                    yield replace(found, use="initialises") if self._is_guarded(node, found) else found

    def _of(self, node: ast.expr, scope: NameScope) -> Iterator[Site]:
        match node:
            case ast.Attribute(value=owner, attr=attr) if self._owns(owner, node, scope):
                if attr not in STATE_METHODS and not attr.startswith("__"):
                    yield self._site(attr, node, self._name_span(node), ATTRIBUTE, self._use(node), owner, scope)
            case ast.Subscript(value=owner, slice=index) if self._owns(owner, node, scope):
                yield self._spelled(index, node, ITEM, self._use(node), owner, scope)
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[box]):
                box = _without_view(box)
                if self._owns(box, node, scope):
                    yield self._spelled(left, node, MEMBERSHIP, "asks", box, scope)
            case ast.Call():
                yield from self._of_call(node, scope)
            case _:
                pass

    def _of_call(self, node: ast.Call, scope: NameScope) -> Iterator[Site]:
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr="update")) if self._owns(owner, node, scope):
                yield from self._entries(node, owner, scope)
            case ast.Call(func=ast.Attribute(value=owner, attr=attr), args=[key, *_]) if attr in _METHODS:
                if self._owns(owner, node, scope):
                    yield self._spelled(key, node, METHOD, _METHODS[attr], owner, scope)
            case ast.Call(func=ast.Name(id=name), args=[owner, key, *_]) if name in _BUILTINS:
                if self._owns(owner, node, scope):
                    yield self._spelled(key, node, BUILTIN, _BUILTINS[name], owner, scope)
        given = self._key_argument(node)
        if given is not None and self._is_widget(node, scope):
            yield self._spelled(given, node, WIDGET, "draws", None, scope)

    def _key_argument(self, node: ast.Call) -> ast.expr | None:
        """What a call gives as its `key`, if it is a widget's."""
        for each in node.keywords:
            if each.arg == "key":
                return each.value
        known = self._elements.get(node.func.attr) if isinstance(node.func, ast.Attribute) else None
        index = known.argument_index("key") if known is not None else None
        if index is None or index >= len(node.args) or any(isinstance(a, ast.Starred) for a in node.args[: index + 1]):
            return None
        return node.args[index]

    def _entries(self, node: ast.Call, owner: ast.expr, scope: NameScope) -> Iterator[Site]:
        for each in node.keywords:
            if each.arg is not None:
                span = self._syntax.span(each)
                token = Span(span.start, span.start + len(each.arg))
                yield self._site(each.arg, node, token, ENTRY, "sets", owner, scope)
        for given in node.args:
            if isinstance(given, ast.Dict):
                for key in given.keys:
                    if key is not None:
                        yield self._spelled(key, node, ENTRY, "sets", owner, scope)

    def _owns(self, owner: ast.expr, node: ast.expr, scope: NameScope) -> bool:
        return self._names.is_state(owner, scope) or (bool(self._known) and self._is_known(node))

    def _is_known(self, node: ast.expr) -> bool:
        statement = self._statement(node)
        return (statement or self._syntax.span(node)) in self._known

    def _statement(self, node: ast.expr) -> Span | None:
        """The assignment or deletion that the expression is a target of."""
        parent = self._syntax.parents.get(node)
        match parent:
            case ast.Assign(targets=targets) | ast.Delete(targets=targets) if node in targets:
                return self._syntax.span(parent)
            case ast.AugAssign(target=target) | ast.AnnAssign(target=target) if node is target:
                return self._syntax.span(parent)
            case _:
                return None

    def _is_widget(self, node: ast.Call, scope: NameScope) -> bool:
        if self._syntax.span(node) in self._widgets:
            return True
        func = node.func
        if not isinstance(func, ast.Attribute) or func.attr not in self._elements:
            return False
        root = func.value.value if isinstance(func.value, ast.Attribute) else func.value
        return self._names.is_streamlit(root, scope)

    def _spelled(
        self, key: ast.expr, node: ast.expr, form: str, use: str, owner: ast.expr | None, scope: NameScope
    ) -> Site:
        text = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None
        found = self._site(text, node, self._syntax.span(key), form, use, owner, scope)
        return replace(found, own=True) if isinstance(key, ast.Name) and self._is_own(key, scope) else found

    def _is_own(self, key: ast.Name, scope: NameScope) -> bool:
        """Whether a loop over the session state gives the name, which is nothing but a key in it."""
        for loop in self._syntax.around(key):
            if isinstance(loop, ast.For) and _key_target(loop) == key.id and self._lists_keys(loop.iter, scope, 3):
                named = [n for part in loop.body for n in ast.walk(part) if isinstance(n, ast.Name) and n.id == key.id]
                return all(self._is_key(each) for each in named)
        return False

    def _is_key(self, node: ast.Name) -> bool:
        match self._syntax.parents.get(node):
            case ast.Subscript(slice=index):
                return index is node
            case ast.Call(func=ast.Attribute(attr=attr), args=[first, *_]):
                return first is node and attr in _METHODS
            case _:
                return False

    def _lists_keys(self, node: ast.expr, scope: NameScope, depth: int) -> bool:
        """Whether an expression goes through keys of the session state: all, or some that it chooses."""
        match node:
            case _ if depth == 0:
                return False
            case ast.Call(func=ast.Name(id="list" | "tuple" | "sorted" | "set" | "dict" | "reversed"), args=[inner]):
                return self._lists_keys(inner, scope, depth)
            case ast.Call(func=ast.Attribute(value=owner, attr="keys" | "items" | "copy" | "to_dict"), args=[]):
                return self._names.is_state(owner, scope)
            case ast.Name() if not self._names.is_state(node, scope):
                home = scope.home(node.id)
                bound = home.bound[node.id] if home is not None else []
                return len(bound) == 1 and self._is_list_of_keys(bound[0], scope, depth - 1)
            case _:
                return self._names.is_state(node, scope)

    def _is_list_of_keys(self, binding: ast.AST, scope: NameScope, depth: int) -> bool:
        return isinstance(binding, ast.Assign) and self._lists_keys(binding.value, scope, depth)

    def _site(
        self,
        key: str | None,
        node: ast.expr,
        token: Span,
        form: str,
        use: str,
        owner: ast.expr | None,
        scope: NameScope,
    ) -> Site:
        at = self._syntax.span
        state = at(owner) if owner is not None else None
        sure = owner is None or self._names.is_state(owner, scope)
        value = self._value(node, token, form)
        given = at(value) if value is not None else None
        return Site(key, at(node), token, form, use, state, scope.name, self._statement(node), sure, given)

    def _value(self, node: ast.expr, token: Span, form: str) -> ast.expr | None:
        """What is stored under the key."""
        match node, self._syntax.parents.get(node):
            case ast.Call(func=ast.Attribute(attr="setdefault"), args=[_, value, *_]), _ if form == METHOD:
                return value
            case ast.Call(func=ast.Name(id="setattr"), args=[_, _, value]), _ if form == BUILTIN:
                return value
            case ast.Call(), _ if form == ENTRY:
                return self._entry_value(node, token)
            case _, ast.Assign(targets=targets, value=value) if node in targets:
                return value
            case _, ast.AnnAssign(target=target, value=value) if node is target:
                return value
            case _:
                return None

    def _entry_value(self, node: ast.Call, token: Span) -> ast.expr | None:
        """The value behind a key of `update`."""
        for keyword in node.keywords:
            if self._syntax.span(keyword).start == token.start:
                return keyword.value
        for given in node.args:
            for key, value in zip(given.keys, given.values, strict=True) if isinstance(given, ast.Dict) else ():
                if key is not None and self._syntax.span(key) == token:
                    return value
        return None

    def _name_span(self, node: ast.Attribute) -> Span:
        """The range of the attribute's name, which ends the expression."""
        span, after = self._syntax.span(node), self._syntax.span(node.value).end
        text = self._syntax.text[after : span.end]
        start = after + text.rindex(".") + 1
        return Span(start + len(text[start - after :]) - len(text[start - after :].lstrip()), span.end)

    # --- what is done ----------------------------------------------------------------------------------------

    def _use(self, node: ast.Attribute | ast.Subscript) -> str:
        parent = self._syntax.parents.get(node)
        if isinstance(node.ctx, ast.Del):
            return "deletes"
        if isinstance(node.ctx, ast.Store):
            return "updates" if isinstance(parent, ast.AugAssign) else "sets"
        return "changes" if self._is_changed(node) else "reads"

    def _is_changed(self, node: ast.AST) -> bool:
        """Whether what is read is changed in place: a method that changes it, or an assignment to a part of it."""
        parent = self._syntax.parents.get(node)
        while isinstance(parent, (ast.Attribute, ast.Subscript)) and parent.value is node:
            if not isinstance(parent.ctx, ast.Load):
                return True
            node, parent = parent, self._syntax.parents.get(parent)
        called = isinstance(parent, ast.Call) and parent.func is node
        return called and isinstance(node, ast.Attribute) and node.attr in _MUTATORS

    def _is_guarded(self, node: ast.AST, site: Site) -> bool:
        """Whether it is an assignment under a test that the key is not set."""
        if site.use != "sets":
            return False
        inside = node
        for outer in self._syntax.around(node):
            if isinstance(outer, ast.If) and inside is not outer.test:
                missing = inside in outer.body
                if any(self._asks(test, site, missing) for test in _tests(outer.test)):
                    return True
            if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                return False
            inside = outer
        return False

    def _asks(self, test: ast.expr, site: Site, missing: bool) -> bool:
        """Whether the test is true (or false, if not `missing`) where the key of the site is not set."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            return self._asks(test.operand, site, not missing)
        if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.In | ast.NotIn):
            return isinstance(test.ops[0], ast.NotIn) is missing and self._same_key(test.left, site)
        if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Is | ast.IsNot):
            return isinstance(test.ops[0], ast.Is) is missing and self._gets(test.left, site)
        match test:
            case ast.Call(func=ast.Name(id="hasattr"), args=[_, key]):
                return not missing and self._same_key(key, site)
            case _:
                return not missing and self._gets(test, site)

    def _gets(self, node: ast.expr, site: Site) -> bool:
        match node:
            case ast.Call(func=ast.Attribute(attr="get"), args=[key, *_]):
                return self._same_key(key, site)
            case _:
                return False

    def _same_key(self, key: ast.expr, site: Site) -> bool:
        if site.key is not None:
            return isinstance(key, ast.Constant) and key.value == site.key
        return self._syntax.of(key) == self._syntax.text[site.token.start : site.token.end]


def _tests(test: ast.expr) -> Iterator[ast.expr]:
    """The parts of a conjunction or disjunction."""
    if isinstance(test, ast.BoolOp):
        for part in test.values:
            yield from _tests(part)
    else:
        yield test


def _key_target(loop: ast.For) -> str | None:
    """The name that a loop over keys, or over keys and values, gives the key."""
    match loop.target:
        case ast.Name(id=name) | ast.Tuple(elts=[ast.Name(id=name), _]):
            return name
        case _:
            return None


def _without_view(box: ast.expr) -> ast.expr:
    """`ss` of `ss.keys()`."""
    match box:
        case ast.Call(func=ast.Attribute(value=owner, attr="keys"), args=[]):
            return owner
        case _:
            return box
