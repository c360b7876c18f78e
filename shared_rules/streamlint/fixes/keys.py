"""Keys for widgets: a name that nothing else has, told apart by the loop where there is one."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from streamlint.findings import Edit, Span
from streamlint.fixes.arguments import added, keyword_of, spreads
from streamlint.fixes.syntax import Syntax
from streamlint.records import immutable

NUMBER = "number"
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Module)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@immutable
class Keyed:
    """The edits that give a widget a key; `sure` says that no two drawings have the same."""

    edits: list[Edit]
    sure: bool


def fresh_key(syntax: Syntax, call: ast.Call, element: str) -> str:
    """A name after the widget's label that no text and no name of the file is."""
    label = call.args[0] if call.args else None
    text = label.value if isinstance(label, ast.Constant) and isinstance(label.value, str) else element
    base = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:30].rstrip("_") or element
    base = f"{element}_{base}" if base[0].isdigit() else base
    taken = _words(syntax)
    return next(name for name in (base, *(f"{base}_{n}" for n in range(2, 1000))) if name not in taken)


def _words(syntax: Syntax) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(syntax.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
    return found


def with_loop_key(syntax: Syntax, call: ast.Call, key: str) -> Keyed | None:
    """The widget with a key that ends in what its loop counts by; None outside of loops, or where two are nested."""
    loop = _loop_of(syntax, call)
    if loop is None or spreads(call):
        return None
    told = _told_apart(syntax, loop)
    if told is None:
        return None
    name, edits, sure = told
    text = f'f"{key}_{{{name}}}"' if syntax.quote == '"' else f"f'{key}_{{{name}}}'"
    given = keyword_of(call, "key")
    if given is not None:
        span = syntax.span(given.value)
        return Keyed([*edits, Edit(span.start, span.end, text)], sure)
    return Keyed([*edits, added(syntax, call, f"key={text}")], sure)


def _loop_of(syntax: Syntax, call: ast.Call) -> ast.For | None:
    found: list[ast.For] = []
    for node in syntax.around(call):
        if isinstance(node, SCOPES):
            break
        if isinstance(node, (ast.While, ast.AsyncFor, *COMPREHENSIONS)):
            return None
        if isinstance(node, ast.For):
            found.append(node)
    return found[0] if len(found) == 1 else None


def _told_apart(syntax: Syntax, loop: ast.For) -> tuple[str, list[Edit], bool] | None:
    """The name that is another one in each round, the edits that make it so, and whether that is certain."""
    match loop.target, loop.iter:
        case ast.Tuple(elts=[ast.Name(id=index), _]), ast.Call(func=ast.Name(id="enumerate")):
            return (index, [], True) if index != "_" else None
        case ast.Name(id=index), ast.Call(func=ast.Name(id="range")):
            return _named(syntax, loop, loop.target, index, True)
        case ast.Name(id=item), ast.List(elts=items) | ast.Tuple(elts=items) if _are_distinct(items):
            return _named(syntax, loop, loop.target, item, True)
        case ast.Tuple(elts=[ast.Name(id=key), _]), ast.Call(func=ast.Attribute(attr="items"), args=[]) if key != "_":
            return key, [], False
        case ast.Name() | ast.Tuple(), _ if NUMBER not in {
            n.id for n in ast.walk(syntax.tree) if isinstance(n, ast.Name)
        }:
            target, iterated = syntax.span(loop.target), syntax.span(loop.iter)
            if any(isinstance(node, ast.Starred) for node in ast.walk(loop.iter)):
                return None
            bare = isinstance(loop.target, ast.Tuple) and not syntax.of(loop.target).startswith("(")
            before, behind = (f"{NUMBER}, (", ")") if bare else (f"{NUMBER}, ", "")
            edits = [Edit(target.start, target.start, before), Edit(iterated.start, iterated.start, "enumerate(")]
            edits += [Edit(target.end, target.end, behind)] if behind else []
            return NUMBER, [*edits, Edit(iterated.end, iterated.end, ")")], True
        case _:
            return None


def _named(syntax: Syntax, loop: ast.For, target: ast.expr, name: str, sure: bool) -> tuple[str, list[Edit], bool]:
    """A loop's variable by its name; `_` gets one."""
    if name != "_":
        return name, [], sure
    span = syntax.span(target)
    return NUMBER, [Edit(span.start, span.end, NUMBER)], sure


def _are_distinct(items: list[ast.expr]) -> bool:
    values = [item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, (str, int))]
    return len(values) == len(items) and len({str(value) for value in values}) == len(values)


def told_apart(syntax: Syntax, place: Span, about: Sequence[str]) -> list[Edit] | None:
    """An element with a key of its own; `about`: what is drawn, "again" if it is the same call as before, its key."""
    element, again, *given = about
    call = syntax.find(place, ast.Call)
    if call is None or not _runs_once(syntax, call):
        return None
    if again and element == "form":
        return _form_in_loop(syntax, call)
    if element == "form":
        return None
    if again:
        keyed = with_loop_key(syntax, call, given[0] if given else fresh_key(syntax, call, element))
        return keyed.edits if keyed is not None and keyed.sure else None
    return _with_key(syntax, call, fresh_key(syntax, call, element))


def steady(syntax: Syntax, place: Span, element: str) -> list[Edit] | None:
    """A widget with a key that is the same in every run."""
    call = syntax.find(place, ast.Call)
    if call is None:
        return None
    key = fresh_key(syntax, call, element)
    inside = any(isinstance(node, (ast.For, ast.While, *COMPREHENSIONS)) for node in syntax.around(call))
    if inside:
        keyed = with_loop_key(syntax, call, key)
        return keyed.edits if keyed is not None and keyed.sure else None
    if any(isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) for node in syntax.around(call)):
        return None  # the function may be called twice
    return _with_key(syntax, call, key)


def _with_key(syntax: Syntax, call: ast.Call, key: str) -> list[Edit] | None:
    given = keyword_of(call, "key")
    if given is None:
        return None if spreads(call) else [added(syntax, call, f"key={syntax.quoted(key)}")]
    span = syntax.span(given.value)
    return [Edit(span.start, span.end, syntax.quoted(key))]


def _form_in_loop(syntax: Syntax, call: ast.Call) -> list[Edit] | None:
    """`st.form(f"name_{item}")` for `st.form("name")`."""
    loop = _loop_of(syntax, call)
    told = _told_apart(syntax, loop) if loop is not None else None
    name = call.args[0] if call.args else None
    if told is None or not told[2] or not isinstance(name, ast.Constant) or not isinstance(name.value, str):
        return None
    literal = syntax.of(name)
    if not literal.startswith(('"', "'")) or literal.startswith(('"""', "'''")) or "{" in literal:
        return None
    span = syntax.span(name)
    return [*told[1], Edit(span.start, span.end, f"f{literal[:-1]}_{{{told[0]}}}{literal[-1]}")]


def _runs_once(syntax: Syntax, call: ast.Call) -> bool:
    """Whether the functions around a call are each mentioned once in the file: it is drawn once, but for loops."""
    for outer in syntax.around(call):
        if isinstance(outer, (ast.Lambda, ast.ClassDef)):
            return False
        if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef)):
            names = (getattr(n, "id", getattr(n, "attr", None)) for n in ast.walk(syntax.tree))
            if sum(name == outer.name for name in names) != 1:
                return False
    return True
