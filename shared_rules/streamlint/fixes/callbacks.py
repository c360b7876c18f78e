"""What a click does to the state, moved into a callback, which runs before the widgets are drawn."""

from __future__ import annotations

import ast
import re
from itertools import takewhile

from streamlint.findings import Edit, Span
from streamlint.fixes.arguments import added, spreads
from streamlint.fixes.blocks import stands_alone, statement_at
from streamlint.fixes.syntax import Syntax

BUTTONS = frozenset({"button", "form_submit_button"})
SIMPLE = (
    ast.Constant, ast.Name, ast.expr_context, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.Attribute, ast.Subscript,
    ast.JoinedStr, ast.FormattedValue, ast.UnaryOp, ast.BinOp, ast.operator, ast.unaryop,
)  # fmt: skip


def into_callback(syntax: Syntax, place: Span) -> list[Edit] | None:
    """`if st.button(...): <assignments to the state>` with the assignments in a function that the button calls. What
    follows them stays; a rerun alone goes, as one follows anyway."""
    statement = statement_at(syntax, place)
    guard = _button_guard(syntax, statement) if statement is not None else None
    if guard is None or guard.orelse or not stands_alone(syntax, guard) or guard.body[0].lineno == guard.lineno:
        return None
    moved = list(takewhile(lambda each: _is_simple(syntax, each), guard.body))
    if not any(each is statement or each in syntax.around(statement) for each in moved if statement is not None):
        return None
    rest = guard.body[len(moved) :]
    return _rewritten(syntax, guard, moved, [] if len(rest) == 1 and _is_rerun(rest[0]) else rest)


def _rewritten(syntax: Syntax, guard: ast.If, moved: list[ast.stmt], rest: list[ast.stmt]) -> list[Edit]:
    call = guard.test
    assert isinstance(call, ast.Call)
    start = syntax.line_start(syntax.span(guard).start)
    outer, inner = syntax.indent(syntax.span(guard).start), syntax.indent(syntax.span(guard.body[0]).start)
    name = _name(syntax, call)
    source, test = syntax.source, syntax.span(call)
    first = source.line_start(source.line_of(test.end) + 1)
    last = syntax.line_end(syntax.span(moved[-1]).end)
    lines = [_moved(line, inner, syntax.deeper(outer)) for line in syntax.text[first:last].splitlines()]
    gap = "\n\n" if not outer else "\n"
    above = gap if start and _follows_code(syntax, start) else ""
    remark = "".join(f"  {each.text}" for each in syntax.comments(test.end, first)) if not rest else ""
    function = f"{above}{outer}def {name}():{remark}\n" + "\n".join(lines) + f"\n{gap}"
    edits = [Edit(start, start, function), added(syntax, call, f"on_click={name}")]
    if rest:
        return [*edits, Edit(first, source.line_start(source.line_of(last) + 1), "")]
    return [*edits, Edit(syntax.span(guard).start, test.start, ""), Edit(test.end, syntax.span(guard).end, "")]


def _button_guard(syntax: Syntax, statement: ast.stmt) -> ast.If | None:
    for node in syntax.around(statement):
        if isinstance(node, ast.If):
            call = node.test
            button = isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in BUTTONS
            if not button or not isinstance(call, ast.Call) or spreads(call):
                return None
            plain = all(each.arg not in ("on_click", "args", "kwargs") for each in call.keywords)
            inside = plain and len(call.args) == 1 and not syntax.text.startswith("elif", syntax.span(node).start)
            loops = (ast.For, ast.While, ast.AsyncFor, ast.Try)
            return node if inside and not any(isinstance(each, loops) for each in syntax.around(node)) else None
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return None
    return None


def _is_rerun(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="rerun" | "experimental_rerun"), args=[], keywords=[])):
            return True
        case _:
            return False


def _is_simple(syntax: Syntax, statement: ast.stmt) -> bool:
    """Whether a statement does in a callback what it does in the script: it assigns constants to the state."""
    match statement:
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript() as target], value=value):
            return _is_state(target.value) and all(_is_steady(syntax, part, ()) for part in (value, target))
        case ast.For(target=ast.Name(id=name), iter=iterated, body=body, orelse=[]):
            return _is_steady(syntax, iterated, ()) and all(_assigns(syntax, each, name) for each in body)
        case _:
            return False


def _assigns(syntax: Syntax, statement: ast.stmt, item: str) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript() as target], value=value):
            return _is_state(target.value) and all(_is_steady(syntax, part, (item,)) for part in (value, target))
        case _:
            return False


def _is_state(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "session_state" and isinstance(node.value, ast.Name)


def _is_steady(syntax: Syntax, node: ast.expr, known: tuple[str, ...]) -> bool:
    """Whether an expression has the same value in the callback: constants, the state, and names of constants."""
    for part in ast.walk(node):
        if not isinstance(part, SIMPLE):
            return False
        if isinstance(part, ast.Name) and part.id not in known and not _is_fixed(syntax, part.id):
            return False
    return True


def _is_fixed(syntax: Syntax, name: str) -> bool:
    return _is_module(syntax, name) or _is_constant(syntax, name)


def _is_module(syntax: Syntax, name: str) -> bool:
    imports = [node for node in syntax.tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    return any((alias.asname or alias.name) == name for node in imports for alias in node.names)


def _is_constant(syntax: Syntax, name: str) -> bool:
    """Whether the module binds the name once, to a literal."""
    stores = [n for n in ast.walk(syntax.tree) if isinstance(n, ast.Name) and n.id == name and not _is_load(n)]
    outer = syntax.parents[stores[0]] if len(stores) == 1 else None
    if not isinstance(outer, ast.Assign) or outer not in syntax.tree.body:
        return False
    try:
        ast.literal_eval(outer.value)
    except ValueError:
        return False
    return True


def _is_load(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def _name(syntax: Syntax, call: ast.Call) -> str:
    label = call.args[0]
    text = label.value if isinstance(label, ast.Constant) and isinstance(label.value, str) else "clicked"
    base = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:30].rstrip("_") or "clicked"
    base = base if base.isidentifier() else f"on_{base}"
    names: set[str] = set()
    for node in ast.walk(syntax.tree):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.alias):
            names.add(node.asname or node.name)
    wanted = (base, f"on_{base}", *(f"{base}_{n}" for n in range(2, 1000)))
    return next(name for name in wanted if name not in names and name.isidentifier() and not _is_keyword(name))


def _is_keyword(name: str) -> bool:
    import builtins
    import keyword

    return keyword.iskeyword(name) or hasattr(builtins, name)


def _moved(line: str, inner: str, indent: str) -> str:
    return indent + line[len(inner) :] if line.startswith(inner) else line


def _follows_code(syntax: Syntax, start: int) -> bool:
    """Whether the line before is not blank."""
    return bool(syntax.text[:start].rsplit("\n", 2)[-2].strip()) if "\n" in syntax.text[:start] else False
