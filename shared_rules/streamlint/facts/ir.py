"""The facts of one file: a program reduced to what a rerun can depend on.

A file becomes a `ModuleFacts`: its functions, classes and module body as *structured* statements over small
expressions. Python's control flow is structured, so the tree of statements is the control-flow graph with its
joins written out; `return`, `break`, `continue` and `raise` are the edges that leave a block. All values are
frozen, picklable and free of tree nodes; places are character offsets into the file's text.

Expressions that no run of session state can depend on are lowered to `Opaque`, which keeps the sub-expressions
that still matter (calls, state accesses, walrus targets), in evaluation order.
"""

from __future__ import annotations

from dataclasses import field
from typing import TypeAlias

from streamlint.findings import Span
from streamlint.records import immutable

Literal: TypeAlias = str | int | float | bool | bytes | None


# --- expressions ---------------------------------------------------------------------------------------------


@immutable
class Const:
    """A literal. Ellipsis and complex numbers are `Opaque`."""

    value: Literal


@immutable
class Name:
    id: str
    span: Span


@immutable
class Attr:
    """`obj.name`; `span` covers the whole expression, `name_span` the attribute's name."""

    obj: Expr
    name: str
    span: Span
    name_span: Span


@immutable
class Sub:
    """`obj[index]`. A slice is an `Opaque` index."""

    obj: Expr
    index: Expr
    span: Span


@immutable
class Star:
    """`*value` in a call, a display or a target."""

    value: Expr


@immutable
class Call:
    """`func(*args, **kwargs)`. A keyword named None is `**mapping`. `text` is the callee's source, at most 60
    characters."""

    func: Expr
    args: tuple[Expr, ...]
    kwargs: tuple[tuple[str | None, Expr], ...]
    span: Span
    text: str


@immutable
class BoolOp:
    """`a and b and c` (`op` is "and") or `a or b or c` ("or"), short-circuiting from left to right."""

    op: str
    values: tuple[Expr, ...]
    span: Span


@immutable
class Not:
    value: Expr


@immutable
class Compare:
    """One comparison; `op` is one of == != < <= > >= is "is not" in "not in". A chain is a `BoolOp` of comparisons."""

    left: Expr
    op: str
    right: Expr
    span: Span
    text: str


@immutable
class IfExp:
    test: Expr
    then: Expr
    orelse: Expr
    span: Span


@immutable
class Display:
    """A list, tuple or set display; `kind` is "list", "tuple" or "set"."""

    kind: str
    items: tuple[Expr, ...]


@immutable
class DictDisplay:
    """A dict display; a None key is `**mapping`."""

    items: tuple[tuple[Expr | None, Expr], ...]


@immutable
class Fmt:
    """An f-string; the parts are `Const` strings and the formatted expressions. Conversions and format
    specifications other than none make the part an `Opaque`."""

    parts: tuple[Expr, ...]


@immutable
class BinOp:
    """Arithmetic; `op` is the operator's source text (`+`, `%`, `|`, ...)."""

    op: str
    left: Expr
    right: Expr
    text: str


@immutable
class Lambda:
    """A lambda: `func` indexes `ModuleFacts.functions`; its body is one `Return`. `defaults` are evaluated here."""

    func: int
    defaults: tuple[Expr, ...]
    kw_defaults: tuple[tuple[str, Expr], ...]


@immutable
class Generator:
    """One `for target in iter if tests` clause of a comprehension."""

    target: Target
    iter: Expr
    tests: tuple[Expr, ...]


@immutable
class Comp:
    """A comprehension; `kind` is "list", "set", "dict" or "generator"; `key` is set for "dict"."""

    kind: str
    key: Expr | None
    value: Expr
    generators: tuple[Generator, ...]
    span: Span


@immutable
class Walrus:
    name: str
    value: Expr


@immutable
class Slice:
    """`lower:upper:step` inside a subscript."""

    lower: Expr | None
    upper: Expr | None
    step: Expr | None


@immutable
class Inferred:
    """An expression that structure alone cannot tell, with the one answer astroid gave: a constant.

    `value` is that answer; `expr` is kept for its effects and for contexts that know better."""

    expr: Expr
    value: Literal


@immutable
class Opaque:
    """Anything else. `parts` are the sub-expressions that may have effects or name state, in evaluation order.

    `text` is the source, at most 60 characters, for messages and to tell equal conditions from different ones;
    `names` are the variables it reads."""

    parts: tuple[Expr, ...]
    text: str
    names: tuple[str, ...]


Expr: TypeAlias = (
    Const | Name | Attr | Sub | Star | Call | BoolOp | Not | Compare | IfExp | Display | DictDisplay | Fmt | BinOp
    | Lambda | Comp | Walrus | Slice | Inferred | Opaque
)  # fmt: skip
Target: TypeAlias = Name | Attr | Sub | Star | Display


# --- statements ----------------------------------------------------------------------------------------------


@immutable
class Assign:
    """`targets = value`; an annotated assignment with a value is one too."""

    targets: tuple[Target, ...]
    value: Expr
    span: Span


@immutable
class AugAssign:
    target: Target
    op: str
    value: Expr
    span: Span


@immutable
class Delete:
    targets: tuple[Target, ...]
    span: Span


@immutable
class ExprStmt:
    value: Expr
    span: Span


@immutable
class If:
    """`text` is the test's source, at most 60 characters."""

    test: Expr
    body: Block
    orelse: Block
    span: Span
    """The range of the test."""
    text: str


@immutable
class While:
    test: Expr
    body: Block
    orelse: Block
    span: Span
    text: str


@immutable
class For:
    """`for target in iter`; `span` is the range of `iter`, `text` its source (at most 60 characters)."""

    target: Target
    iter: Expr
    body: Block
    orelse: Block
    span: Span
    text: str


@immutable
class Handler:
    """`except types as name`; `types` is empty for a bare `except:`. Names are dotted source (`KeyError`, `a.Error`);
    a type that is not a dotted name is "?"."""

    types: tuple[str, ...]
    name: str | None
    body: Block
    span: Span
    """The range of the types, or of the keyword of a bare `except`."""


@immutable
class Try:
    body: Block
    handlers: tuple[Handler, ...]
    orelse: Block
    final: Block


@immutable
class With:
    """One context manager; `with a, b:` is nested."""

    context: Expr
    target: Target | None
    body: Block
    span: Span
    """The range of the context expression."""


@immutable
class Return:
    value: Expr | None
    span: Span


@immutable
class Raise:
    """`exc` is the dotted name of the class raised (called or not), None for a bare `raise` or anything else."""

    value: Expr | None
    exc: str | None
    span: Span


@immutable
class Break:
    pass


@immutable
class Continue:
    pass


@immutable
class Yield:
    """A `yield` or `yield from`; inside expressions it is hoisted in front of the statement."""

    value: Expr | None
    is_from: bool
    span: Span


@immutable
class FuncDef:
    """Defines `ModuleFacts.functions[func]` under `name`. Decorators and defaults are evaluated here."""

    name: str
    func: int
    decorators: tuple[Expr, ...]
    defaults: tuple[Expr, ...]
    kw_defaults: tuple[tuple[str, Expr], ...]
    span: Span


@immutable
class ClassDef:
    """Defines `ModuleFacts.classes[cls]` under `name`; its body runs here."""

    name: str
    cls: int
    bases: tuple[Expr, ...]
    keywords: tuple[tuple[str | None, Expr], ...]
    decorators: tuple[Expr, ...]
    body: Block
    span: Span


@immutable
class Import:
    """`import module as name` (`attr` None) or `from module import attr as name` (`attr` and `name` "*" for a
    star).

    `module` is absolute or relative as written: `level` leading dots. `import a.b.c` without `as` binds `a`
    and has `name` "a", `module` "a.b.c", `binds_root` True."""

    module: str
    level: int
    attr: str | None
    name: str
    binds_root: bool
    span: Span


@immutable
class Case:
    """One `case`. `values` are the literal or dotted-name alternatives the subject is compared with; `wild` says that
    the pattern always matches; a pattern that is neither has no values and is not wild. `binds` are the captured
    names."""

    values: tuple[Expr, ...]
    wild: bool
    binds: tuple[str, ...]
    guard: Expr | None
    body: Block


@immutable
class Match:
    subject: Expr
    cases: tuple[Case, ...]
    span: Span
    text: str


@immutable
class Assert:
    test: Expr
    span: Span
    text: str


Stmt: TypeAlias = (
    Assign | AugAssign | Delete | ExprStmt | If | While | For | Try | With | Return | Raise | Break | Continue
    | Yield | FuncDef | ClassDef | Import | Match | Assert
)  # fmt: skip
Block: TypeAlias = tuple[Stmt, ...]


# --- a file --------------------------------------------------------------------------------------------------


@immutable
class Function:
    """A function, method or lambda. Parameters in order; `vararg`/`kwarg` are the starred names.

    `assigned` are the names its own body binds (parameters excluded), less those declared `global` or `nonlocal`."""

    name: str
    qualname: str
    positional_only: tuple[str, ...]
    params: tuple[str, ...]
    """Positional-or-keyword parameters (positional-only ones excluded)."""
    keyword_only: tuple[str, ...]
    vararg: str | None
    kwarg: str | None
    body: Block
    assigned: frozenset[str]
    globals: frozenset[str]
    nonlocals: frozenset[str]
    is_generator: bool
    is_async: bool
    is_lambda: bool
    span: Span
    """From `def`/`lambda` (or the first decorator) to the end of the body."""
    name_span: Span


@immutable
class Class:
    name: str
    qualname: str
    span: Span
    name_span: Span
    fields: tuple[str, ...] = ()
    """The names that its body annotates, in order: the parameters of a dataclass or a named tuple."""


@immutable
class ModuleFacts:
    """Everything the floors above know about a file.

    `strings` are all string constants of the file (a superset of the literal keys); `imports` all import statements
    at any depth; `mentions_streamlit` whether the bytes contain "streamlit"; `looked_into` the project files whose text
    an inferred answer depends on, with their content hashes, so that a cached value can be checked.
    """

    path: str
    body: Block
    functions: tuple[Function, ...]
    classes: tuple[Class, ...]
    imports: tuple[Import, ...]
    strings: frozenset[str]
    mentions_streamlit: bool
    has_main_guard: bool
    """A module-level `if __name__ == "__main__":`."""
    syntax_error: SyntaxProblem | None = None
    looked_into: tuple[tuple[str, str], ...] = ()
    names: frozenset[str] = field(default_factory=frozenset)
    """Module-level names bound more than once or by `global` somewhere: they are variables, not constants."""


@immutable
class SyntaxProblem:
    """Why a file has no facts: it does not parse or does not decode. `line` is 1-based, `column` 0-based."""

    message: str
    line: int
    column: int
