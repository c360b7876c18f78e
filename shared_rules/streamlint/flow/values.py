"""What the partial evaluator knows about a Python value while it walks an app's code.

A value is either *known* (a constant, a list, a function, the session state itself) or it is a `Term` that exists
only while the app runs (`Late`), or nothing is known (`Late` of a `Sym`).
All values are frozen and compare by content, so that a function's specialisations can be shared.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import field
from typing import TYPE_CHECKING, TypeAlias

from streamlint.flow.tree import CellId, CellRef, Pattern, Term
from streamlint.records import immutable

if TYPE_CHECKING:
    from streamlint.flow.frames import Frame
    from streamlint.project.modules import Module


@immutable
class Known:
    """A constant. `1`, `True` and `1.0` are different constants: the type is part of the value."""

    value: Hashable
    kind: str = ""

    @staticmethod
    def of(value: Hashable) -> Known:
        return Known(value, type(value).__name__)


@immutable
class Late:
    """A value that exists only in a run. `alias` is the key whose stored object this is, where that is known."""

    term: Term
    alias: str | None = None


@immutable
class Length:
    """`len` of a stored collection: zero exactly when the collection, `term`, is false."""

    term: Term
    alias: str | None = None


@immutable
class Library:
    """An object of a library that keeps its data under a key; `attribute` is the name by which it gives them."""

    key: str
    attribute: str


@immutable
class Pending:
    """A call of a generator function: its body runs when somebody iterates."""

    func: Func
    args: tuple[Value, ...]
    kwargs: tuple[tuple[str, Value], ...]


@immutable
class Text:
    """A string with unknown parts. `made_of` are the values that it was made of, as far as they are known."""

    pattern: Pattern
    made_of: tuple[Value, ...] = field(default=(), compare=False)


@immutable
class Seq:
    """A list, tuple or set. Items may depend on a condition (`only_if`); an inexact one may have more items."""

    kind: str
    items: tuple[Value, ...]
    exact: bool = True
    only_if: tuple[Term | None, ...] = ()
    id: Hashable = None
    """The place that made it, so that two empty lists are different objects."""

    def condition(self, index: int) -> Term | None:
        return self.only_if[index] if self.only_if else None


@immutable
class Mapping:
    """A dict with known keys; an inexact one may have more. Entries are (key, value) in order."""

    items: tuple[tuple[Value, Value], ...]
    exact: bool = True

    def get(self, key: Value) -> Value | None:
        for name, value in reversed(self.items):
            if name == key:
                return value
        return None


@immutable
class Func:
    """A project function with the frame it closes over, and what is already bound."""

    path: str
    index: int
    frame: Frame
    defaults: tuple[tuple[str, Value], ...] = ()
    bound: Value | None = None
    """The first argument of a bound method."""
    args: tuple[Value, ...] = ()
    kwargs: tuple[tuple[str, Value], ...] = ()
    role: str = ""
    """"", fragment, dialog, cached (for a session), cached data, cached resource, lru, property, static, class,
    contextmanager."""
    owner: Value | None = None
    """The class a method is defined in, for `super()`."""


@immutable
class ClassV:
    id: Hashable
    name: str
    qualname: str
    bases: tuple[Value, ...]
    kind: str = ""
    """"", enum, strenum, dataclass, namedtuple."""


@immutable
class Instance:
    """An object made at one place in one calling context; its attributes are in the machine's heap."""

    id: Hashable
    cls: ClassV


@immutable
class Member:
    """A member of an Enum."""

    cls: ClassV
    name: str
    value: Value


@immutable
class Super:
    cls: ClassV
    instance: Value


@immutable
class ModuleV:
    """A module of the project."""

    module: Module

    @property
    def path(self) -> str | None:
        """Its file; None for a namespace package."""
        return self.module.path


@immutable
class External:
    """A module, or something inside one, that is not part of the project; `name` is dotted."""

    name: str


@immutable
class State:
    """`st.session_state`."""


@immutable
class StateView:
    """Something that ranges over the state: `keys`, `items`, `values`, or a copy of the mapping (`dict`)."""

    kind: str


@immutable
class Element:
    """`st.<name>` or `<container>.<name>`: a function of Streamlit. `within` is the container."""

    name: str
    where: str = "main"
    within: Container | None = None


@immutable
class Container:
    """A DeltaGenerator: `st.sidebar`, a column, a tab, a form. `level` is the number of fragments around its making,
    None if unknown."""

    kind: str
    where: str = "main"
    form: str | None = None
    level: int | None = None


@immutable
class Containers:
    """A list of containers of unknown length."""

    item: Container

    @property
    def kind(self) -> str:
        return self.item.kind


@immutable
class Method:
    """A bound method of a value the evaluator models itself (state, list, dict, string)."""

    owner: Value
    name: str


@immutable
class Builtin:
    name: str


@immutable
class PageV:
    """What `st.Page` returns: a script of the project, or a function."""

    target: Value
    title: str
    path: str | None
    default: bool = False


@immutable
class Navigation:
    """What `st.navigation` returns: the page to run. A page may be offered only under a condition."""

    pages: tuple[tuple[PageV, Term | None], ...]
    exact: bool
    id: Hashable


@immutable
class ContextCall:
    """A call of a `@contextmanager` function, waiting for its `with`; or `contextlib.suppress`."""

    func: Func | None
    args: tuple[Value, ...]
    kwargs: tuple[tuple[str, Value], ...]
    suppress: frozenset[str] = frozenset()


@immutable
class OneOf:
    """One of several known values; the cell tells which (it holds the value's tag). `open`: or something else."""

    cell: CellId
    options: tuple[Value, ...]
    open: bool = False


Value: TypeAlias = (
    Known | Late | Length | Library | Pending | Text | Seq | Mapping | Func | ClassV | Instance | Member | Super
    | ModuleV | External | State | StateView | Element | Container | Containers | Method | Builtin | PageV | Navigation
    | ContextCall | OneOf
)  # fmt: skip


def inside(value: Value) -> list[Value | Term]:
    """The terms and values in a value."""
    match value:
        case Late(term) | Length(term):
            return [term]
        case Method(owner):
            return [owner]
        case OneOf(cell, options):
            return [CellRef(cell), *options]
        case Text(made_of=parts) | Seq(items=parts):
            return list(parts)
        case Mapping(items):
            return [part for pair in items for part in pair]
        case _:
            return []
