"""Which expressions at the place of a key are worth a question to inference, and asking it.

The flow engine evaluates parameters, local variables, loops, imports and classes by itself; inference is its
second opinion about names that are bound once to something that is not simply a literal.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from streamlint.facts import ir
from streamlint.facts.bindings import Bindings, bindings, global_names
from streamlint.facts.context import Context, Scope, parameters
from streamlint.inference import NO_ANSWER, Inference, Questions
from streamlint.inference.stubs import SMALL_STUBS

_SHAPES = (
    ast.Name, ast.Attribute, ast.Subscript, ast.BinOp, ast.JoinedStr, ast.FormattedValue, ast.Constant,
    ast.Tuple, ast.List, ast.UnaryOp, ast.Call, ast.expr_context, ast.operator, ast.unaryop,
)  # fmt: skip
_METHODS = frozenset({"format", "join"})
_MAX_NODES = 40
_OWN_SCOPES = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_COLLECTIONS = (ast.List, ast.Tuple, ast.Set, ast.Dict)
_MAX_VARIABLES = 500
"""Of so many variables of a file is asked what they are made of."""


class KeyAsker:
    """The `Context.oracle` of one file."""

    def __init__(self, inference: Inference, path: str, text: str) -> None:
        self._inference = inference
        self._path = path
        self._questions: Questions = inference.open(path, text)
        self._bindings: dict[ast.AST, Bindings] = {}
        self._globals: frozenset[str] | None = None
        self._unknowable: dict[ast.AST, bool] = {}
        """Whether the value of a variable is, by the assignment that binds it."""

    @property
    def looked_into(self) -> tuple[tuple[str, str], ...]:
        """See `ir.ModuleFacts.looked_into`."""
        return self._questions.looked_into

    def __call__(self, ctx: Context, node: ast.expr, expr: ir.Expr) -> ir.Expr:
        """`expr`, wrapped if inference knows its value."""
        if not self._is_worth_asking(ctx, node):
            return expr
        answer = self._questions.constant(node)
        return expr if answer is NO_ANSWER else ir.Inferred(expr, answer)

    def _is_worth_asking(self, ctx: Context, node: ast.expr) -> bool:
        names: set[str] = set()
        for count, inner in enumerate(ast.walk(node)):
            if count > _MAX_NODES or not _may_be_constant(inner):
                return False
            if isinstance(inner, ast.Name):
                names.add(inner.id)
        if not names or names & set(ctx.shadows) or self._is_collection(ctx, node):
            return False
        sources = [self._source(ctx, name) for name in names]
        if not all(sources):
            return False
        return "other" in sources or not isinstance(node, (ast.Name, ast.JoinedStr))

    def _is_collection(self, ctx: Context, node: ast.expr) -> bool:
        """Whether what is asked for is a list or tuple as a whole, which is no constant."""
        if isinstance(node, ast.Name):
            _, found = self._lookup(ctx.scopes, node.id)
            value = found[0].value if len(found) == 1 and isinstance(found[0], (ast.Assign, ast.AnnAssign)) else None
            return isinstance(value, _COLLECTIONS)
        return isinstance(node.left if isinstance(node, ast.BinOp) else node, _COLLECTIONS)

    def _source(self, ctx: Context, name: str) -> str:
        """Where a name comes from: "literal" (bound once to one), "other" (inference may know), "" (it cannot)."""
        scopes, found = self._lookup(ctx.scopes, name)
        if not scopes:
            return "other" if self._stars(ctx) else ""
        module = scopes[-1].node
        is_variable = isinstance(module, ast.Module) and name in self._global_names(module)
        return "" if is_variable else self._kind(scopes, found)

    def _lookup(self, scopes: Sequence[Scope], name: str) -> tuple[Sequence[Scope], list[ast.AST]]:
        """The scope that binds a name, with those around it, and what binds it there: nothing for a parameter."""
        for number in range(len(scopes), 0, -1):
            scope = scopes[number - 1]
            if isinstance(scope.node, ast.ClassDef) and number < len(scopes):
                continue
            if _is_parameter(scope, name):
                return scopes[:number], []
            found = self._of(scope.node).get(name)
            if found is not None and name not in scope.globals and name not in scope.nonlocals:
                return scopes[:number], found
        return (), []

    def _kind(self, scopes: Sequence[Scope], found: list[ast.AST]) -> str:
        if len(found) != 1:
            return ""
        binding = found[0]
        if isinstance(binding, (ast.Assign, ast.AnnAssign)):
            if isinstance(binding.value, ast.Constant):
                return "literal"
            return "" if self._is_unknowable_variable(scopes, binding) else "other"
        if isinstance(binding, ast.ClassDef):
            return "other"
        if isinstance(binding, ast.Import):
            return "other" if any(self._resolves(alias.name, 0) for alias in binding.names) else ""
        if isinstance(binding, ast.ImportFrom):
            return "other" if self._resolves_from(binding) else ""
        return ""

    # --- what inference cannot know, seen without it: it takes long to come to life -------------------------

    def _is_unknowable_variable(self, scopes: Sequence[Scope], binding: ast.Assign | ast.AnnAssign) -> bool:
        if binding not in self._unknowable:
            self._unknowable[binding] = False  # for a circle of variables
            if binding.value is not None and len(self._unknowable) < _MAX_VARIABLES:
                self._unknowable[binding] = self._is_unknowable(scopes, binding.value)
        return self._unknowable[binding]

    def _is_unknowable(self, scopes: Sequence[Scope], value: ast.expr) -> bool:
        """Whether a value is made of a parameter, or of what a function gives: then `inference.steady` refuses it."""
        for inner in ast.walk(value):
            if isinstance(inner, _OWN_SCOPES):
                return True
            if isinstance(inner, ast.Name) and self._is_unknowable_name(scopes, inner.id):
                return True
            if isinstance(inner, ast.Call) and self._calls_function(scopes, inner.func):
                return True
        return False

    def _is_unknowable_name(self, scopes: Sequence[Scope], name: str) -> bool:
        visible, found = self._lookup(scopes, name)
        if not found:
            return bool(visible)
        binding = found[0]
        if not isinstance(binding, (ast.Assign, ast.AnnAssign)) or any(other is not binding for other in found):
            return False
        return len(found) > 1 or self._is_unknowable_variable(visible, binding)  # several times: in a loop

    def _calls_function(self, scopes: Sequence[Scope], func: ast.expr) -> bool:
        """Whether what is called is certainly a function, which inference does not follow, and no class."""
        if isinstance(func, ast.Attribute) and func.attr in _METHODS:
            return False
        owner = func
        while isinstance(owner, ast.Attribute):
            owner = owner.value
        if not isinstance(owner, ast.Name):
            return False
        visible, found = self._lookup(scopes, owner.id)
        if not visible:  # a builtin, if no star has brought it
            return not any("*" in self._of(scope.node) for scope in scopes)
        if len(found) != 1:
            return False
        is_function = owner is func and isinstance(found[0], (ast.FunctionDef, ast.AsyncFunctionDef))
        return is_function or self._is_from_outside(found[0])

    def _is_from_outside(self, binding: ast.AST) -> bool:
        """Whether an import brings something that neither the project nor a stub with classes has."""
        if isinstance(binding, ast.ImportFrom):
            return binding.module not in SMALL_STUBS and not self._resolves_from(binding)
        if not isinstance(binding, ast.Import):
            return False
        names = {part for alias in binding.names for part in (alias.name, alias.name.partition(".")[0])}
        return names.isdisjoint(SMALL_STUBS) and not any(self._resolves(name, 0) for name in names)

    def _resolves(self, module: str, level: int) -> bool:
        return self._inference.resolves(module, level, self._path)

    def _resolves_from(self, node: ast.ImportFrom) -> bool:
        """Whether the module, or for `from package import module` one of the names, is a file of the project."""
        module = node.module or ""
        if module and self._resolves(module, node.level):
            return True
        prefix = f"{module}." if module else ""
        return any(self._resolves(prefix + alias.name, node.level) for alias in node.names)

    def _stars(self, ctx: Context) -> bool:
        return any(each.attr == "*" and self._resolves(each.module, each.level) for each in ctx.imports)

    def _of(self, node: ast.AST) -> Bindings:
        if node not in self._bindings:
            self._bindings[node] = bindings(node)
        return self._bindings[node]

    def _global_names(self, module: ast.Module) -> frozenset[str]:
        if self._globals is None:
            self._globals = global_names(module)
        return self._globals


def _is_parameter(scope: Scope, name: str) -> bool:
    arguments = getattr(scope.node, "args", None)
    return arguments is not None and any(each.arg == name for each in parameters(arguments))


def _may_be_constant(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS
    if isinstance(node, ast.FormattedValue):
        return node.conversion == -1 and node.format_spec is None
    return isinstance(node, _SHAPES)
