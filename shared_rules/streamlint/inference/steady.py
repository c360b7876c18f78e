"""Whether an expression means the same whenever it is evaluated.

astroid answers for one moment: the last assignment above, the class as written. A run of a Streamlit app reads
module variables after any function has assigned them. So an answer counts only if every variable on the
way to it is bound exactly once, by a plain assignment, an import or a definition.
"""

from __future__ import annotations

from collections.abc import Sequence

from astroid import bases, nodes
from astroid.exceptions import AstroidError
from astroid.util import safe_infer

_BUDGET = 3000
"""How many nodes are looked at before giving up."""


def is_steady(node: nodes.NodeNG) -> bool:
    """Whether all names and attributes that an expression is made of are bound once."""
    return _Steadiness().of(node)


class _Steadiness:
    def __init__(self) -> None:
        self._left = _BUDGET
        self._visited: set[nodes.NodeNG] = set()

    def of(self, node: nodes.NodeNG) -> bool:
        self._left -= 1
        if self._left < 0:
            return False
        if node in self._visited or isinstance(node, nodes.Const):
            return True
        self._visited.add(node)
        if isinstance(node, nodes.Name):
            return self._name(node)
        if isinstance(node, nodes.Attribute):
            return self._attribute(node)
        if not self._is_understood(node):
            return False
        return all(self.of(child) for child in node.get_children())

    def _is_understood(self, node: nodes.NodeNG) -> bool:
        """What astroid evaluates as Python does; of other calls and formats it gives an empty or a wrong string."""
        if isinstance(node, nodes.FormattedValue):
            return node.conversion == -1 and node.format_spec is None
        if isinstance(node, nodes.Call):
            return self._is_understood_call(node)
        return not isinstance(node, (nodes.Lambda, nodes.FunctionDef, nodes.ComprehensionScope))

    def _is_understood_call(self, node: nodes.Call) -> bool:
        if isinstance(node.func, nodes.Attribute) and node.func.attrname in ("format", "join"):
            owner = safe_infer(node.func.expr)
            return isinstance(owner, nodes.Const) and isinstance(owner.value, str)
        made = safe_infer(node.func)  # an object of the project's own class, whose attribute is asked for
        return isinstance(made, nodes.ClassDef) and made.root().name != "builtins"

    def _name(self, node: nodes.Name) -> bool:
        scope: nodes.LocalsDictNodeNG | None = node.scope()
        while scope is not None:
            is_visible = scope is node.scope() or not isinstance(scope, nodes.ClassDef)
            if is_visible and node.name in scope.locals:
                return self._binding(scope.locals[node.name], node.name)
            scope = scope.parent.scope() if scope.parent is not None else None
        return True  # a builtin, or nothing that could be inferred

    def _binding(self, bindings: Sequence[object], name: str) -> bool:
        if len(bindings) != 1:
            return False
        binding = bindings[0]
        if isinstance(binding, nodes.ImportFrom):
            return self._imported(binding, name)
        if isinstance(binding, (nodes.Import, nodes.ClassDef, nodes.FunctionDef, nodes.Module)):
            return True
        if isinstance(binding, (nodes.AssignName, nodes.AssignAttr)):
            return self._assigned(binding)
        return isinstance(binding, bases.Instance)  # a member of an enumeration, which nothing can rebind

    def _assigned(self, binding: nodes.AssignName | nodes.AssignAttr) -> bool:
        statement = binding.statement()
        if not isinstance(statement, (nodes.Assign, nodes.AnnAssign)) or statement.value is None:
            return False
        above = statement.parent
        while above is not None and not isinstance(above, (nodes.Module, nodes.FunctionDef, nodes.ClassDef)):
            if isinstance(above, (nodes.For, nodes.While)):
                return False
            above = above.parent
        return self.of(statement.value)

    def _imported(self, binding: nodes.ImportFrom, name: str) -> bool:
        module = binding.do_import_module()
        starred = any(imported == "*" for imported, _ in binding.names)
        real = name if starred else binding.real_name(name)
        return real not in module.locals or self._binding(module.locals[real], real)

    def _attribute(self, node: nodes.Attribute) -> bool:
        if not self.of(node.expr):
            return False
        owner = safe_infer(node.expr)
        if isinstance(owner, nodes.Const):
            return True
        if not isinstance(owner, (nodes.Module, nodes.ClassDef, bases.Instance)):
            return False
        try:
            bindings = owner.getattr(node.attrname)
        except AstroidError:
            return False
        return self._binding(bindings, node.attrname)
