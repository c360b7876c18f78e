"""What to do about a key that is not set: initialise it, read through `get`, delete with a default, guard the page."""

from __future__ import annotations

import ast

from streamlint.findings import Applicability, Edit, Span
from streamlint.fixes.building import Files
from streamlint.fixes.syntax import Syntax
from streamlint.fixes.top import at_top, module_at_top, state_at_top
from streamlint.records import immutable

SIZED = frozenset({"len", "sorted", "list", "set", "tuple", "enumerate", "sum", "reversed", "any", "all"})
TAKES_ANYTHING = frozenset({"print", "str", "repr", "bool", "type", "isinstance"})
EMPTY = frozenset({"[]", "()", "set()", "{}", '""', "''", "0", "0.0"})
LIST_METHODS = frozenset({"append", "extend", "insert", "sort", "reverse"})


@immutable
class Gap:
    """A key that is not set where it is needed. `verb` is "reads", "updates", "deletes" or "pops"; `script` the file
    with which the failing run starts; `default` what the key may begin with (perhaps ""); `stays`: nothing deletes
    it; `of_widget`: a widget has it, whose value is not for code to begin with."""

    path: str
    place: Span
    key: str
    verb: str
    script: str
    default: str
    stays: bool
    of_widget: bool


@immutable
class Repair:
    """Edits by file, with the words and the applicability of the fix."""

    title: str
    edits: dict[str, list[Edit]]
    applicability: Applicability = Applicability.UNSAFE


def repaired(files: Files, gap: Gap) -> Repair | None:
    """The repair that fits how the key is used."""
    syntax = files.syntax(gap.path)
    if syntax is None:
        return None
    match gap.verb:
        case "deletes":
            return _deleted(syntax, gap)
        case "pops":
            return _popped(syntax, gap)
        case "updates":
            node = syntax.find(gap.place, ast.AugAssign)
            default = _start_of(node) if node is not None else ""
            return _initialised(files, syntax, gap, gap.default or default) if node is not None else None
        case "reads":
            return _read(files, syntax, gap)
        case _:
            return None


def start(files: Files, gap: Gap) -> str:
    """What the key can begin with at the top of the script, as code; "" where that is not known or does not help."""
    syntax = files.syntax(gap.path)
    if syntax is None or gap.of_widget or not gap.stays:
        return ""
    if gap.verb == "updates":
        changed = syntax.find(gap.place, ast.AugAssign)
        return _in_quotes(syntax, gap.default or _start_of(changed)) if changed is not None else ""
    node = _access(syntax, gap.place)
    if gap.verb != "reads" or node is None or not isinstance(node.ctx, ast.Load):
        return ""
    default = gap.default or _needed_kind(syntax, node)
    if not default and (_is_test(syntax, node) or _takes_none(syntax, node)):
        return "None"
    return "" if default in EMPTY and _needs_filled(syntax, node) else _in_quotes(syntax, default)


def renamed(syntax: Syntax, gap: Gap, key: str) -> Repair | None:
    """Another key at the place of a read."""
    node = _access(syntax, gap.place)
    if node is None or key in syntax.of(syntax.statement(node)).replace(gap.key, ""):
        return None  # it is there already, for something else
    if isinstance(node, ast.Attribute) and key.isidentifier():
        edit = Edit(gap.place.end - len(node.attr), gap.place.end, key)
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        span = syntax.span(node.slice)
        edit = Edit(span.start, span.end, _like(syntax.of(node.slice), key))
    else:
        return None
    return Repair(f"Replace with `{key}`", {gap.path: [edit]})


def guarded(syntax: Syntax, gap: Gap) -> Repair | None:
    """A page that stops where the key is not set, for a read on the page's top level."""
    node = _access(syntax, gap.place)
    if node is None or gap.verb != "reads" or gap.path != gap.script:
        return None
    statement = syntax.statement(node)
    state, module = state_at_top(syntax), module_at_top(syntax)
    if syntax.parents[statement] is not syntax.tree or state is None or module is None:
        return None
    start = syntax.line_start(syntax.span(statement).start)
    key, unit = syntax.quoted(gap.key), syntax.indent_unit
    text = f"if {key} not in {state}:\n{unit}{module}.stop()\n"
    return Repair(f"Stop where `{gap.key}` is not set", {gap.path: [Edit(start, start, text)]})


# --- the kinds of repair -------------------------------------------------------------------------------------


def _deleted(syntax: Syntax, gap: Gap) -> Repair | None:
    node = _access(syntax, gap.place)
    statement = syntax.parents.get(node) if node is not None else None
    if node is None or not isinstance(statement, ast.Delete) or len(statement.targets) != 1:
        return None
    span = syntax.span(statement)
    text = f"{syntax.of(node.value)}.pop({_key(syntax, node)}, None)"
    return Repair("Delete with `pop`", {gap.path: [Edit(span.start, span.end, text)]}, Applicability.SAFE)


def _popped(syntax: Syntax, gap: Gap) -> Repair | None:
    node = syntax.find(gap.place, ast.Call)
    if node is None or len(node.args) != 1 or node.keywords:
        return None
    end = syntax.span(node.args[0]).end
    unused = isinstance(syntax.parents[node], ast.Expr)
    applicability = Applicability.SAFE if unused else Applicability.UNSAFE
    return Repair("Pop with a default", {gap.path: [Edit(end, end, ", None")]}, applicability)


def _read(files: Files, syntax: Syntax, gap: Gap) -> Repair | None:
    node = _access(syntax, gap.place)
    if node is None or not isinstance(node.ctx, ast.Load):
        return None
    if _is_test(syntax, node):
        return _through_get(syntax, gap, node, Applicability.SAFE)
    default = gap.default or _needed_kind(syntax, node)
    if default:
        fails = default in EMPTY and _needs_filled(syntax, node)
        return None if fails else _initialised(files, syntax, gap, default)
    return _through_get(syntax, gap, node, Applicability.UNSAFE) if _takes_none(syntax, node) else None


def _through_get(syntax: Syntax, gap: Gap, node: ast.Attribute | ast.Subscript, applicability: Applicability) -> Repair:
    end = syntax.span(node.value).end
    edit = Edit(end, gap.place.end, f".get({_key(syntax, node)})")
    return Repair("Read with `get`", {gap.path: [edit]}, applicability)


def _initialised(files: Files, syntax: Syntax, gap: Gap, default: str) -> Repair | None:
    """The key is set at the top of the script with which the run starts; where something deletes it, or where the top
    has no name for the state, right before it is needed."""
    if not default or gap.of_widget:
        return None
    title = f"Initialise `{gap.key}`"
    script = files.syntax(gap.script)
    state = state_at_top(script) if script is not None and gap.stays else None
    if script is not None and state is not None:
        line = f"{state}.setdefault({script.quoted(gap.key)}, {_in_quotes(script, default)})"
        return Repair(title, {gap.script: [at_top(script, line)]})
    node = _access(syntax, gap.place) or syntax.find(gap.place, ast.AugAssign)
    access = node.target if isinstance(node, ast.AugAssign) else node
    if node is None or not isinstance(access, (ast.Attribute, ast.Subscript)):
        return None
    statement = syntax.statement(node)
    start = syntax.span(statement).start
    if syntax.text[syntax.line_start(start) : start].strip() or syntax.text.startswith("elif", start):
        return None
    call = f"{syntax.of(access.value)}.setdefault({_key(syntax, access)}, {_in_quotes(syntax, default)})"
    return Repair(title, {gap.path: [Edit(start, start, f"{call}\n{syntax.indent(start)}")]})


# --- how the key is used -------------------------------------------------------------------------------------


def _access(syntax: Syntax, place: Span) -> ast.Attribute | ast.Subscript | None:
    return syntax.find(place, ast.Attribute) or syntax.find(place, ast.Subscript)


def _is_test(syntax: Syntax, node: ast.expr) -> bool:
    """Whether only the truth of the value matters, or whether it is None."""
    outer = syntax.parents[node]
    if isinstance(outer, ast.UnaryOp) and isinstance(outer.op, ast.Not):
        return True
    if isinstance(outer, ast.BoolOp):
        return _is_test(syntax, outer)
    if isinstance(outer, ast.Compare) and outer.left is node and isinstance(outer.ops[0], (ast.Is, ast.IsNot)):
        other = outer.comparators[0]
        return len(outer.ops) == 1 and isinstance(other, ast.Constant) and other.value is None
    return isinstance(outer, (ast.If, ast.While, ast.IfExp)) and outer.test is node


def _needs_filled(syntax: Syntax, node: ast.expr) -> bool:
    """Whether the use of a value fails if it is empty or zero."""
    outer = syntax.parents[node]
    match outer:
        case ast.Subscript(value=value, ctx=ast.Load() | ast.Del()):
            return value is node
        case ast.BinOp(op=ast.Div() | ast.FloorDiv() | ast.Mod(), right=right):
            return right is node
        case ast.Call(func=ast.Name(id=name)):
            return name in ("max", "min", "next", "int", "float")
        case ast.Assign(targets=targets):
            return any(isinstance(target, (ast.Tuple, ast.List)) for target in targets)
        case ast.Attribute(attr=name):
            return name in ("pop", "remove", "index", "popitem")
        case _:
            return False


def _takes_none(syntax: Syntax, node: ast.expr) -> bool:
    """Whether None does where the value stands."""
    outer = syntax.parents[node]
    match outer:
        case ast.Call(func=ast.Name(id=name)):
            return name in TAKES_ANYTHING
        case ast.Call(func=ast.Attribute()):
            return node in outer.args and syntax.of(outer.func).split(".")[0] == module_at_top(syntax)
        case ast.Compare(ops=ops):
            return all(isinstance(op, (ast.Eq, ast.NotEq, ast.Is, ast.IsNot)) for op in ops)
        case ast.FormattedValue(format_spec=None) | ast.Return() | ast.IfExp():
            return True
        case ast.Assign(targets=[ast.Name() | ast.Attribute() | ast.Subscript()]):
            return True
        case _:
            return False


def _needed_kind(syntax: Syntax, node: ast.expr) -> str:
    """An empty value that can be used as this one is."""
    outer = syntax.parents[node]
    match outer:
        case ast.Attribute(attr=method) if method in LIST_METHODS:
            return "[]"
        case ast.Call(func=ast.Name(id=name)) if name in SIZED and node in outer.args:
            return "[]"
        case ast.For(iter=iterated) | ast.comprehension(iter=iterated) if iterated is node:
            return "[]"
        case ast.Subscript(value=value, ctx=ast.Store()) if value is node and not _is_index(outer):
            return "{}"
        case _:
            return ""


def _is_index(node: ast.Subscript) -> bool:
    return isinstance(node.slice, ast.Slice) or (
        isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int)
    )


def _start_of(node: ast.AugAssign) -> str:
    """What the first `x += value` can add to."""
    match node.value:
        case ast.Constant(value=bool()):
            return "0"
        case ast.Constant(value=int()):
            return "0"
        case ast.Constant(value=float()):
            return "0.0"
        case ast.Constant(value=str()) | ast.JoinedStr():
            return '""'
        case ast.List() | ast.ListComp():
            return "[]"
        case _:
            return ""


# --- text ----------------------------------------------------------------------------------------------------


def _key(syntax: Syntax, node: ast.Attribute | ast.Subscript) -> str:
    return syntax.quoted(node.attr) if isinstance(node, ast.Attribute) else syntax.of(node.slice)


def _like(literal: str, key: str) -> str:
    """The key in the quotation marks of a literal."""
    quote = "'" if literal.endswith("'") else '"'
    return f"{quote}{key}{quote}"


def _in_quotes(syntax: Syntax, default: str) -> str:
    return default.replace('"', "'") if syntax.quote == "'" and "'" not in default else default
