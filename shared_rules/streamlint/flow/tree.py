"""The flow tree: an app after partial evaluation.

`streamlint.flow.machine` evaluates an app's scripts as far as they can be known without running them and leaves this
tree: what remains are the events of session state with resolved keys, the tests that decide between them, the calls
of project functions (specialised to their arguments) and the exits. `streamlint.flow.explore` walks it.

Two small languages stand here: *terms* (values that exist only while the app runs) and *nodes* (what happens).
A *cell* is a named slot for a term's value: a local variable, a return value, a temporary.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import field
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar

from streamlint.findings import Place
from streamlint.records import HashedOnce, immutable, mutable

CellId: TypeAlias = Hashable
T = TypeVar("T", bound=Hashable)
FAULT = "\0"
"""What the names of faults begin with, and no key of an app does."""
USED = "\0used "
"""What the name begins with under which a search asks for the uses of a key."""
COMPLETE = "\0complete"
"""As index of a `Part`: whether the user has picked both dates of a range."""
FILLED = "\0filled"
"""As index of a `Part`: whether a range that the user has not touched holds a date at all."""


# --- terms ---------------------------------------------------------------------------------------------------


@immutable
class Tag(HashedOnce):
    """Stands for a value that is not a constant but known (a function, a list): equal tags are equal values."""

    name: Hashable
    truthy: bool | None = True


@immutable
class Lit(HashedOnce):
    """A constant (hashable), or a `Tag`."""

    value: Hashable


@immutable
class Some(HashedOnce):
    """A fresh value of which only this much is known.

    `free`: the user decides what it is. `called`: it comes out of code the analysis cannot see, which may know more
    about the state than the analysis does. `blurred`: a decision on it proves nothing."""

    truthy: bool | None = None
    not_none: bool = False
    free: bool = False
    called: bool = False
    blurred: bool = False


@immutable
class CellRef(HashedOnce):
    cell: CellId


@immutable
class Sym(HashedOnce):
    """A named value outside the app (`config.debug`) of which nothing is known; it is the same all through a run."""

    name: Hashable


@immutable
class KeyVal(HashedOnce):
    """The value of a key, or `default` while it is absent. Never fails: a bare read is a `Read` node before it."""

    key: str
    default: Term


@immutable
class Present(HashedOnce):
    key: str


@immutable
class WidgetVal(HashedOnce):
    widget: Hashable


@immutable
class NotT(HashedOnce):
    term: Term


@immutable
class AllT(HashedOnce):
    """`and`: the first falsy value, else the last."""

    terms: tuple[Term, ...]


@immutable
class AnyT(HashedOnce):
    """`or`: the first truthy value, else the last."""

    terms: tuple[Term, ...]


@immutable
class Part(HashedOnce):
    """`term[index]`: known while the value is still the literal that was stored. With `default` it is `.get`."""

    term: Term
    index: Hashable
    default: Term | None = None


@immutable
class Arith(HashedOnce):
    """`left op right` of numbers or texts, `op` being + or -; unknown unless both sides are constants."""

    op: str
    left: Term
    right: Term


@immutable
class Cmp(HashedOnce):
    """`left op right`; for "in" the right side is a `Lit` of a tuple."""

    op: str
    left: Term
    right: Term


Term: TypeAlias = Lit | Some | CellRef | Sym | KeyVal | Present | WidgetVal | NotT | AllT | AnyT | Part | Arith | Cmp

TRUE, FALSE, NONE = Lit(True), Lit(False), Lit(None)


def negate(term: Term) -> Term:
    return term.term if isinstance(term, NotT) else NotT(term)


def subterms(term: Term) -> Iterable[Term]:
    """The term and all terms inside it."""
    if type(term) not in NESTING_TERMS:
        return (term,)
    found: list[Term] = []
    todo = [term]
    while todo:
        part = todo.pop()
        found.append(part)
        if type(part) in NESTING_TERMS:
            todo.extend(reversed(_inside(part)))
    return found


def _inside(term: Term) -> tuple[Term, ...]:
    match term:
        case NotT(inner):
            return (inner,)
        case AllT(terms) | AnyT(terms):
            return terms
        case Cmp(_, left, right) | Arith(_, left, right):
            return left, right
        case KeyVal(_, default):
            return (default,)
        case Part(inner, _, default):
            return (inner,) if default is None else (inner, default)
        case _:
            return ()


NESTING_TERMS = frozenset({NotT, AllT, AnyT, Cmp, Arith, KeyVal, Part})
"""The kinds of terms that have others inside."""


def root_cell(symbol: Sym) -> CellId | None:
    """The cell whose value a derived symbol (`response.status_code`) is a part of."""
    name: Any = symbol.name
    while isinstance(name, tuple) and name:
        if name[0] == "attr":
            cell: CellId = name[1]
            return cell
        name = name[0]
    return None


def cell_of(term: Term) -> CellId | None:
    """The cell that a term is, or is a part of."""
    return term.cell if isinstance(term, CellRef) else root_cell(term) if isinstance(term, Sym) else None


def cells_in(term: Term) -> Iterator[CellId]:
    """The cells that the term's value depends on."""
    for part in subterms(term):
        if isinstance(part, CellRef):
            yield part.cell
        elif isinstance(part, Sym) and (cell := root_cell(part)) is not None:
            yield cell


@lru_cache(maxsize=1 << 14)
def cell_set(term: Term) -> frozenset[CellId]:
    """`cells_in` as a set."""
    return frozenset(cells_in(term))


# --- nodes ---------------------------------------------------------------------------------------------------


@mutable
class Read:
    """A read that fails while the key is absent: with `AttributeError` if `attribute`, else `KeyError`.

    `verb` is what the code does: reads, deletes, pops, updates."""

    key: str
    attribute: bool
    place: Place
    verb: str = "reads"


@mutable
class Use:
    """The app takes the value of the key here, be it set or not. Only keys that lose values by themselves keep these
    nodes: see `streamlint.flow.uses`."""

    key: str
    place: Place


@mutable
class Refresh:
    """Assigns each key that is set its own value: `st.session_state.update(st.session_state)`."""

    place: Place


@mutable
class Write:
    """Assigns the key. With `only_if_absent` it is `setdefault`."""

    key: str
    value: Term
    place: Place
    only_if_absent: bool = False


@mutable
class Delete:
    """Removes the key if present."""

    key: str
    place: Place


@mutable
class Clear:
    place: Place


@mutable
class Touch:
    """The value stored under the key is changed in place: its truth is no longer known.

    `how`: the method's name, "[]" for an item, "." for an attribute, "del" for either, "cut" for `del x[i:]`, "+=", or
    "" for code that we do not see, which may change it. What is put into it is in `Machine.given`."""

    key: str
    place: Place
    how: str = ""


@mutable
class Needs:
    """The value of the key is asked for an item or an attribute, which None has not: `exc` is raised."""

    key: str
    exc: str


@mutable
class Changed:
    """The value of a cell may be changed in place: what was drawn with it before is no longer drawn with the same."""

    cell: CellId


@mutable
class Havoc:
    """Any key that `matches` may be written (or, with `deletes`, deleted) here: no witness may pass through."""

    pattern: Pattern | None
    place: Place
    deletes: bool = False
    spared: frozenset[str] = frozenset()
    """Keys that are not meant."""
    supposed: bool = False
    """Whether it may as well be nothing: a `key=` for code that we do not see, the keys of a thread."""

    def matches(self, key: str) -> bool:
        if key.startswith(FAULT) or key in self.spared:
            return False
        return self.pattern is None or self.pattern.matches(key)


@immutable
class Pattern:
    """A key of which some parts are known: `f"step_{i}"` is `("step_", None)`. None stands for any text."""

    parts: tuple[str | None, ...]

    def matches(self, key: str) -> bool:
        """Whether the key can be an instance of the pattern."""
        return self._match(self.parts, key)

    @staticmethod
    def _match(parts: tuple[str | None, ...], key: str) -> bool:
        if not parts:
            return not key
        head, *rest = parts
        if head is not None:
            return key.startswith(head) and Pattern._match(tuple(rest), key[len(head) :])
        if not rest:
            return True
        return any(Pattern._match(tuple(rest), key[i:]) for i in range(len(key) + 1))

    def overlaps(self, other: Pattern | None) -> bool:
        """Whether a key may be an instance of both; that is told by what they begin and end with."""
        if other is None:
            return True
        starts = (self.parts[0] or "", other.parts[0] or "")
        ends = (self.parts[-1] or "", other.parts[-1] or "")
        ours, theirs = starts
        same_start = ours.startswith(theirs) or theirs.startswith(ours)
        ours, theirs = ends
        return same_start and (ours.endswith(theirs) or theirs.endswith(ours))

    def __str__(self) -> str:
        return "".join("…" if part is None else part for part in self.parts)


@mutable
class WidgetInfo:
    """One widget, as drawn at one place in one calling context."""

    id: Hashable
    element: str
    key: str | None
    pattern: Pattern | None
    place: Place
    label: str
    trigger: bool
    default: Term
    """What the call returns until the user touches the widget."""
    form: str | None
    fragment: Hashable | None
    callback: Spec | None = None
    binds_key: bool = True
    """Whether the widget's value can be read under its key."""
    lasting: str | None = None
    """How long the value stays when the widget is not drawn (`persist_state=`): page, session, or "?"."""
    claims: tuple[Claim, ...] = ()
    restarts: bool = False
    """Whether it has no key, and shows the same whenever it is drawn anew: its default is a constant."""
    optional: bool = False
    """Whether its options may change."""
    steady: bool = False
    """Whether it is the same widget in each run, whatever the state: nothing that makes it another one changes.
    Other options are not held to do so."""
    least: float | None = None
    """The least number that the user can choose."""


@immutable
class Claim:
    """What no two elements of one run may have in common.

    `kind`: "key" (the user's key of an element), "form" (the key of a form), "id" (what Streamlit computes from the
    element and its arguments where there is no key). Two claims are the same if their names are and the values of
    their `cells` too."""

    kind: str
    name: Hashable
    cells: tuple[CellId, ...] = ()


@mutable
class Shown:
    """Draws an element that keeps no state but claims something. `locks` is a key that cannot be assigned any more."""

    id: Hashable
    element: str
    claims: tuple[Claim, ...]
    locks: str | None
    place: Place


@mutable
class Forbidden:
    """What raises where it stands: `kind` is "rerun" (for the fragment alone, in a run of the whole script), "outside"
    (a widget in a container outside its fragment) or "sidebar" (an element in the sidebar from a fragment)."""

    id: Hashable
    kind: str
    element: str
    place: Place


@mutable
class Draw:
    widget: WidgetInfo
    disabled: Term
    place: Place


@mutable
class Fault:
    """Something that Streamlit refuses or Python cannot do: a run that comes here fails.

    `key` is the name under which the search follows it: a key that nobody sets. `kind` is what is wrong, `about` what
    its message needs. `errors` are the exceptions' names as an `except` may have them, with those of their bases; a
    fault without any goes unnoticed. With a `subject` only a run fails that has assigned this key itself, and if
    there is `refuses`, only one in which the key holds a value of which it is true."""

    key: str
    kind: str
    place: Place
    errors: tuple[str, ...]
    about: tuple[str, ...] = ()
    subject: str | None = None
    refuses: Callable[[Hashable], str | None] | None = None
    earlier: bool = False
    """Whether an assignment of an earlier run counts too, if no widget has had the key since."""
    stale: bool = False
    """Whether only a run fails for which an earlier one has assigned the key."""
    everywhere: bool = False
    """Whether it is wrong in every run that comes there: code is meant to be reached, so its witness may assume any
    number of things about the app's data."""
    rests_on: str | None = None
    """A key that decides whether a run comes there."""
    suspected: bool = False
    """Whether only a look at the whole tree says if it is wrong; see `Machine.leaks`."""
    follows: frozenset[str] = frozenset()
    """Keys of which the witness tells where they are set and removed."""


@mutable
class Bind:
    cell: CellId
    term: Term


@mutable
class Branch:
    test: Term
    then: Block
    orelse: Block
    place: Place
    text: str


@mutable
class Choice:
    """A function is handed to code we do not see, which calls it now (the first arm) or does not (the second)."""

    arms: tuple[Block, Block]
    place: Place
    text: str
    """What the function is handed to."""
    at_once: bool
    """Whether that is known to call such functions at once; else that it does so proves nothing."""


@immutable
class PageArm:
    """A page that `st.navigation` offers. Equal ids are the same page, whichever call offers it."""

    id: Hashable
    title: str
    default: bool


@mutable
class Pages:
    """The page of `st.navigation` runs that the address says: any at first, then the session stays on it until the
    user leaves it. Where the address names a page that is not offered, the default page runs (measured)."""

    offered: tuple[PageArm, ...]
    arms: tuple[Block, ...]
    place: Place


@mutable
class Loop:
    """The body runs at least once, and any number of times; an endless one ends by its breaks only."""

    body: Block
    orelse: Block
    place: Place
    endless: bool = False


@mutable
class Unrolled:
    """A loop over known items, one after the other, each in a `Scope`; a break ends it without `orelse`."""

    body: Block
    orelse: Block
    place: Place


@mutable
class Scope:
    """One iteration of an unrolled loop: a continue ends it."""

    body: Block
    place: Place


@mutable
class Catch:
    """An except clause; `types` are the names it catches, empty for all."""

    types: frozenset[str]
    body: Block
    place: Place


@mutable
class TryN:
    body: Block
    handlers: tuple[Catch, ...]
    orelse: Block
    final: Block
    calm: bool = False
    """Whether nothing in the body raises but what the tree says."""


@mutable
class CallN:
    spec: Spec
    place: Place


@mutable
class Exit:
    """Leaves the block. `kind`: return, break, continue, raise, stop, rerun, switch, reraise (the exception that a
    handler has caught); "never" says that no run comes here. `target` is the spec that a return ends; `exc` the
    exception's name."""

    kind: str
    place: Place
    target: Hashable = None
    exc: str | None = None
    page: str | None = None


Node: TypeAlias = (
    Read | Use | Refresh | Write | Delete | Clear | Touch | Needs | Changed | Havoc | Draw | Shown | Forbidden | Fault
    | Bind | Branch | Choice | Pages | Loop | Unrolled | Scope | TryN | CallN | Exit
)  # fmt: skip
Block: TypeAlias = list[Node]


@mutable
class Spec:
    """A body specialised to one calling context: a function, a module body, a page, a callback."""

    id: int
    name: str
    place: Place
    body: Block = field(default_factory=list)
    done: bool = False
    completes: bool = True
    """Whether control can come back to the caller."""
    fragment: bool = False
    imported: bool = False
    """The body of an imported module: it runs once per process."""
