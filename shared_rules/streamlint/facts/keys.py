"""Which expressions at the place of a key are worth a question to inference, and asking it.

The flow engine evaluates parameters, local variables, loops, imports and classes by itself; inference is its
second opinion about names that are bound once to something that is not simply a literal.
"""

from __future__ import annotations

import ast

from streamlint.facts import ir
from streamlint.facts.bindings import Bindings, bindings, global_names
from streamlint.facts.context import Context, Scope, parameters
from streamlint.inference import NO_ANSWER, Inference, Questions

_SHAPES = (
    ast.Name, ast.Attribute, ast.Subscript, ast.BinOp, ast.JoinedStr, ast.FormattedValue, ast.Constant,
    ast.Tuple, ast.List, ast.UnaryOp, ast.Call, ast.expr_context, ast.operator, ast.unaryop,
)  # fmt: skip
_METHODS = frozenset({"format", "join"})
_MAX_NODES = 40


class KeyAsker:
    """The `Context.oracle` of one file."""

    def __init__(self, inference: Inference, path: str, text: str) -> None:
        self._inference = inference
        self._path = path
        self._questions: Questions = inference.open(path, text)
        self._bindings: dict[ast.AST, Bindings] = {}
        self._globals: frozenset[str] | None = None

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
        if not names or names & set(ctx.shadows):
            return False
        sources = [self._source(ctx, name) for name in names]
        if not all(sources):
            return False
        return "other" in sources or not isinstance(node, (ast.Name, ast.JoinedStr))

    def _source(self, ctx: Context, name: str) -> str:
        """Where a name comes from: "literal" (bound once to one), "other" (inference may know), "" (it cannot)."""
        for scope in reversed(ctx.scopes):
            if isinstance(scope.node, ast.ClassDef) and scope is not ctx.scope:
                continue
            if _is_parameter(scope, name):
                return ""
            found = self._of(scope.node).get(name)
            if found is not None and name not in scope.globals and name not in scope.nonlocals:
                is_variable = isinstance(scope.node, ast.Module) and name in self._global_names(scope.node)
                return "" if is_variable else self._kind(found)
        return "other" if self._stars(ctx) else ""

    def _kind(self, found: list[ast.AST]) -> str:
        if len(found) != 1:
            return ""
        binding = found[0]
        if isinstance(binding, (ast.Assign, ast.AnnAssign)):
            return "literal" if isinstance(binding.value, ast.Constant) else "other"
        if isinstance(binding, ast.ClassDef):
            return "other"
        if isinstance(binding, ast.Import):
            return "other" if any(self._resolves(alias.name, 0) for alias in binding.names) else ""
        if isinstance(binding, ast.ImportFrom):
            return "other" if self._resolves_from(binding) else ""
        return ""

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
