"""What a file says about its place in an app: whom it imports, and what each piece of it calls.

An outline is small and depends on nothing but the file's own text, so which scripts make an app is known without
the facts of files that have not changed since an earlier run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from streamlint.facts import ir
from streamlint.facts.parts import LEAVES, parts
from streamlint.records import immutable


@immutable
class Part:
    """One piece of code. Names are dotted as written: `st.sidebar.button`, `main`."""

    calls: frozenset[str]
    uses: frozenset[str]
    """The first two names of every attribute access: `st.session_state`."""


@immutable
class Outline:
    """What a file does when it is imported, when it is run, and when one of its functions is called."""

    imports: tuple[ir.Import, ...]
    body: Part
    """What runs on import, the guarded part excluded."""
    guarded: Part
    """What stands under a module-level `if __name__ == "__main__":`."""
    functions: tuple[tuple[str, Part], ...]
    """By qualified name; lambdas belong to the piece that makes them."""
    scripts: frozenset[str]
    """String constants that end in `.py`."""
    problem: ir.SyntaxProblem | None = None
    """Why the file has no facts, and so an empty outline."""

    def parts_of(self, name: str) -> Iterator[Part]:
        """What a call of a module-level function or class can run: of a class, all methods; nested functions too."""
        for qualname, part in self.functions:
            if qualname == name or qualname.startswith(f"{name}."):
                yield part

    def all_parts(self) -> Iterator[Part]:
        """Every piece of the file."""
        yield from (self.body, self.guarded)
        yield from (part for _, part in self.functions)


def outline_of(facts: ir.ModuleFacts) -> Outline:
    """The outline of a file with these facts."""
    guarded = [statement for statement in facts.body if is_main_guard(statement)]
    body = [statement for statement in facts.body if not is_main_guard(statement)]
    named = [function for function in facts.functions if not function.is_lambda]
    return Outline(
        imports=facts.imports,
        body=_part(facts, (body, [item.orelse for item in guarded if isinstance(item, ir.If)])),
        guarded=_part(facts, [item.body for item in guarded if isinstance(item, ir.If)]),
        functions=tuple((function.qualname, _part(facts, function.body)) for function in named),
        scripts=frozenset(text for text in facts.strings if text.endswith(".py")),
        problem=facts.syntax_error,
    )


def is_main_guard(statement: ir.Stmt) -> bool:
    """Whether a statement is `if __name__ == "__main__":`, either way round."""
    if not isinstance(statement, ir.If) or not isinstance(statement.test, ir.Compare) or statement.test.op != "==":
        return False
    sides = (statement.test.left, statement.test.right)
    return any(isinstance(side, ir.Name) and side.id == "__name__" for side in sides) and any(
        isinstance(side, ir.Const) and side.value == "__main__" for side in sides
    )


def dotted(expr: ir.Expr) -> str | None:
    """`a.b.c` for a chain of attributes on a name, else None."""
    names: list[str] = []
    while isinstance(expr, ir.Attr):
        names.append(expr.name)
        expr = expr.obj
    return ".".join([expr.id, *reversed(names)]) if isinstance(expr, ir.Name) else None


def _part(facts: ir.ModuleFacts, code: Iterable[object]) -> Part:
    calls: set[str] = set()
    uses: set[str] = set()
    # With a stack of its own, because generated code nests deeper than Python recurses.
    todo: list[object] = [code]
    while todo:
        node = todo.pop()
        if type(node) in LEAVES:
            continue
        match node:
            case tuple() | list():
                todo.extend(node)
                continue
            case ir.Call(func) if (name := dotted(func)) is not None:
                calls.add(name)
            case ir.Attr(ir.Name(name), attribute):
                uses.add(f"{name}.{attribute}")
            case ir.Name("session_state"):
                uses.add("session_state")
            case ir.Lambda():
                todo.append(facts.functions[node.func].body)
        todo.extend(parts(node))
    return Part(frozenset(calls), frozenset(uses))
