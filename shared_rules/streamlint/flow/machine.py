"""Partial evaluation: an app's code, walked once, becomes a flow tree (`streamlint.flow.tree`).

The machine holds what a walk needs: the current frame, the block that receives nodes, the heap of objects, and the
specialised functions. It evaluates what can be known without running the app (constants, functions, loops over literal
collections, attributes of project classes) and emits nodes for what happens only in a run. The language is spread
over `expressions`, `statements`, `calls`, `objects`, `models` (values of the standard library) and `streamlit_calls`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import field, replace
from typing import TYPE_CHECKING, Protocol

from streamlint.facts import ir
from streamlint.findings import Place, Related, Span, Step
from streamlint.flow import tree
from streamlint.flow.frames import Frame
from streamlint.flow.reads import Params, Reads
from streamlint.flow.spellings import Spellings
from streamlint.flow.tree import Bind, Block, Branch, CellId, CellRef, Exit, Havoc, Lit, Node, Some, Spec, Tag, Term
from streamlint.flow.values import (
    Container,
    Func,
    Instance,
    Known,
    Late,
    Length,
    Mapping,
    Method,
    OneOf,
    Seq,
    State,
    StateView,
    Text,
    Value,
)
from streamlint.records import immutable, mutable

if TYPE_CHECKING:
    from streamlint.flow.guards import Guard
    from streamlint.flow.shared import Change, Store
    from streamlint.project.apps import App
    from streamlint.project.modules import Module

MAX_DEPTH = 40
"""Calls deeper than this are not followed."""
MAX_NESTING = 110
"""Nor are calls inside more blocks than this, counting those of the callers: a bound on our own recursion."""
MAX_SPECS = 60
"""A function is specialised to at most this many contexts; afterwards constants are not told apart."""
MAX_UNROLL = 400
"""A loop over more known items than this is not unrolled."""
MAX_NODES = 400_000
"""An app whose tree grows beyond this is cut: what is not walked is not judged."""


class Project(Protocol):
    """What the machine needs from `streamlint.project`."""

    def facts(self, path: str) -> ir.ModuleFacts: ...
    def files_named(self, name: str, folder: str) -> Sequence[str]: ...
    def resolve(self, importer: str, module: str, level: int, search: tuple[str, ...]) -> Module | None: ...
    def submodule(self, module: Module, name: str) -> Module | None: ...


@mutable
class Context:
    """A specialisation in progress, and what its result depends on and does outside its own frame."""

    serial: int
    reads: dict[tuple[object, str], Value | None] = field(default_factory=dict)
    writes: list[tuple[object, str, Value]] = field(default_factory=list)


@mutable
class Memo:
    """A finished specialisation that can be used again while all it read is unchanged."""

    spec: Spec
    result: Value
    context: Context


@immutable
class Returned:
    """What a widget returns: a `number`, or a `text`, one of `options` if these are known."""

    element: str
    kind: str
    options: tuple[str, ...] | None = None


@immutable
class Displayed:
    """An element that is no widget, as it was drawn: with these values."""

    element: str
    values: tuple[Value, ...]
    place: Place


@immutable
class Mark:
    """A place of a variable, before the node at `position` of a block. See `streamlint.flow.variables`."""

    cell: CellId
    name: str
    role: str
    place: Place
    position: int


@immutable
class Shared:
    """Something that all sessions of the process have in common. `kind`: what keeps it, a "module" or a "resource"."""

    name: str
    place: Place
    kind: str = "module"


@immutable
class Later:
    """What a second session of the same process then does, after its first visit of `entry` (None: of the script that
    the first session runs)."""

    steps: tuple[Step, ...]
    entry: str | None = None


@mutable
class Imports:
    """What the walk saw while modules were imported, by the fault that marks it."""

    sets: dict[str, str] = field(default_factory=dict)
    """The keys that are set."""
    reads: dict[str, str] = field(default_factory=dict)
    """The keys of which a value is taken."""
    unique: dict[str, CellId] = field(default_factory=dict)
    """What is bound by functions that make a name for one session."""
    made: set[CellId] = field(default_factory=set)
    """What is bound by other functions outside the project: something else than what it is made of."""
    drawn: set[str] = field(default_factory=set)
    """The modules that draw widgets."""
    stored: list[Value] = field(default_factory=list)
    """What is stored later, by any session."""


class Budget(Exception):
    """The tree grew beyond `MAX_NODES`."""


class Machine:
    """The state of one walk over one app."""

    def __init__(self, project: Project, app: App, version: tuple[int, int], keys: frozenset[str]) -> None:
        self.project = project
        self.app = app
        self.version = version
        self.app_keys = keys
        self.keys: set[str] = set()
        """Literal keys met so far."""
        self.iterates_state = False
        self.reads = Reads()
        self.params = Params()
        self.frame = Frame(id="none", path=app.entry, env={})
        self.out: Block = []
        self.alive = True
        self.heap: dict[tuple[object, str], Value] = {}
        self.modules: dict[str, tuple[Frame, Spec]] = {}
        self.memos: dict[Hashable, list[Memo]] = {}
        self.spec_counts: dict[tuple[str, int], int] = {}
        self.active: list[Hashable] = []
        self.contexts: list[Context] = []
        self.importing: list[str] = []
        self.nesting = 0
        """Blocks around the current statement, those of the callers included."""
        self.types: dict[str, Value] = {}
        """The object that a key always holds, where an earlier walk found out."""
        self.foreign: list[Havoc] = []
        """What widgets do to their keys, which are not known, where the app could not set them."""
        self.stored: dict[str, set[Value]] = {}
        """What this walk saw stored under a key: objects of the app's classes, and unknown values as None."""
        self.doubtful: set[str] = set()
        """Modules that are not found where Python looks, but files of that name exist."""
        self.holders: dict[int, tuple[Value, set[str]]] = {}
        """The keys that an object (by identity) was assigned to."""
        self.forms: list[str] = []
        self.within: list[Container] = []
        """The containers of the `with` statements around the current statement."""
        self.round: tuple[int, ...] = ()
        """The iterations of the unrolled loops around the current statement: each makes objects of its own."""
        self.loops = 0
        """Loops around the current statement whose iterations are not told apart."""
        self.fragments: list[Hashable] = []
        self.date_keys: set[str] = set()
        """Keys that hold what a `date_input` of a range returns."""
        self.range_seeds: dict[str, bool] = {}
        """Whether all that was stored under a key so far could be a range of dates."""
        self.seeded_ranges: set[str] = set()
        """Keys that hold a range only because one was stored there."""
        self.returns: dict[Hashable, Returned] = {}
        """What is known of the values that widgets return, by the widget's id."""
        self.unsure_forms = 0
        """Contexts around the current statement that may or may not be a form."""
        self.callbacks: list[tuple[tree.WidgetInfo, Callable[[], None]]] = []
        self.inputs: list[list[Value]] = [[]]
        """The values of the parts of the expressions that are being evaluated, outermost first."""
        self.made_of: dict[CellId, tuple[Value, ...]] = {}
        """What unknown values were made of: of `f(x)` that is `x`. See `streamlint.flow.origins`."""
        self.part_of: dict[CellId, int] = {}
        """Unknown values that were unpacked: at which position."""
        self.parameters: set[CellId] = set()
        """The parameters of functions that several calls may share."""
        self.unmade: list[CellId] = []
        """New unknown values of which that is not known yet."""
        self.longer: set[CellId] = set()
        """What is bound to a list of which something is known, added to one that is unknown, or the other way round."""
        self.roles: dict[str, dict[int, str]] = {}
        """What is done at the places of variables that matter, by file and position."""
        self.marks: dict[int, tuple[Block, list[Mark]]] = {}
        """The places of such variables that this walk came to, by the identity of their block."""
        self.given: dict[Node, tuple[Value, ...]] = {}
        """What a `Write` or a `Touch` puts into the state."""
        self.inside: dict[Node, Value] = {}
        """What a `Touch` or a `Changed` changes: a stored object or a part of it."""
        self.set_outside: set[str] = set()
        """Names of attributes that are assigned on objects of which the walk does not know what they are."""
        self.drawn_with: dict[Hashable, dict[str, Value]] = {}
        """The arguments of widgets by parameter, by the widget's id."""
        self.displayed: dict[CellId, Displayed] = {}
        """What is bound by a call that draws an element which is no widget."""
        self.messages: dict[CellId, tuple[str, Place]] = {}
        """What is bound by a call that shows a message: the element and the place."""
        self.quick: set[CellId] = set()
        """What is bound by calls of code we do not see that certainly takes no time."""
        self.volatile: dict[tuple[Hashable, str], str] = {}
        """Variables (frame and name) whose value is another one in every run, with the function that makes it so."""
        self.seeded = False
        """Whether the app seeds a random generator."""
        self.discarded: ir.Expr | None = None
        """The expression that is the current statement: nobody uses its value."""
        self.unused: set[CellId] = set()
        """What is bound by widgets whose value nobody uses."""
        self.scoped_classes: set[Hashable] = set()
        """The ids of classes that a script defines, so that each run makes them anew."""
        self.editors: set[str] = set()
        """The keys of data editors drawn so far."""
        self.made_forms: dict[CellId, tuple[str, Place]] = {}
        """What is bound where a form is made: its name and place."""
        self.unsure_submits: set[str] = set()
        """Forms in which code that we do not see may draw a submit button, or whose own was refused where it stands."""
        self.related: dict[str, tuple[Related, ...]] = {}
        """What else to show with a fault that was planted."""
        self.shared: dict[int, tuple[Value, Shared | None]] = {}
        """Collections that are there once for the process, by identity. See `streamlint.flow.shared`."""
        self.shared_cells: dict[CellId, Shared] = {}
        """The same of unknown values."""
        self.shared_owners: dict[Hashable, Shared] = {}
        """The same of objects and classes of the app."""
        self.boxes: set[CellId] = set()
        """What is bound by calls outside the project that make a collection of this process."""
        self.changes: dict[str, Change] = {}
        """What is put into shared objects, by the fault that marks it."""
        self.stores: dict[str, Store] = {}
        """Shared objects that are stored under a key, by the fault that marks it."""
        self.changed_keys: dict[str, Place] = {}
        """Keys of which the value is changed in place, and where."""
        self.changed_parts: dict[str, Place] = {}
        """Of these the ones in whose value something is changed in place, not the value itself."""
        self.cached: dict[int, str] = {}
        """The role of functions whose results are kept for all sessions, by their specialisation."""
        self.kept_at: dict[CellId, Place] = {}
        """The statements in which values are kept."""
        self.statement: Span | None = None
        """The current statement."""
        self.settings: dict[str, tuple[Value, ...]] = {}
        """What is put into settings of the process, by the fault that marks it."""
        self.values_of: dict[str, list[Value]] = {}
        """What is stored under a key."""
        self.executors: set[CellId] = set()
        """What is bound where executors of threads are made that give no context."""
        self.threads: dict[str, frozenset[CellId]] = {}
        """What is bound where threads are made that use the session, by the fault that marks it."""
        self.given_context: set[CellId] = set()
        """What is bound where threads are made that are given the context of the script."""
        self.contexts_given = 0
        self.state_of_context = False
        """Whether the session state is taken of another object too: that of a script's context works in a thread."""
        self.sleeping: set[str] = set()
        """The files that wait by `time.sleep`."""
        self.reruns: dict[str, frozenset[str]] = {}
        """Reruns that stand under no click, by the fault that marks them, with the keys that their tests ask for."""
        self.imports = Imports()
        """What is done to the session while modules are imported."""
        self.leaks: set[str] = set()
        """The faults of these that show a user's data to others."""
        self.later: dict[str, Later] = {}
        """What the next session sees of a leak, by its fault."""
        self.key_uses: list[tuple[Block, str, str | tree.Pattern | None, Place]] = []
        """What is done to keys where, with the block that the nodes went to. See `streamlint.flow.key_uses`."""
        self.state_parameters: set[tuple[str, str, str]] = set()
        """The parameters that were given the session state: file, function, name."""
        self.spellings = Spellings()
        self.guards: dict[Place, Guard] = {}
        """The guarded initialisations met so far."""
        self.unsettable: list[str | tree.Pattern] = []
        """Keys of widgets whose value no code may set."""
        self.main_script = app.entry
        self.nodes = 0
        self._serial = 0
        self.external_modules: set[str] = set()
        self.decorator_places: set[Place] = set()
        self.bound: dict[CellId, Term] = {}
        self.scripts: dict[str, Spec] = {}
        self.script_frames: dict[str, Frame] = {}

    # --- names and places ------------------------------------------------------------------------------------

    def fresh(self) -> int:
        """A number not used before in this walk."""
        self._serial += 1
        return self._serial

    def place(self, span: Span) -> Place:
        return Place(self.frame.path, span)

    def lookup(self, name: str) -> Value | None:
        """The value of a name seen from the current frame; None if it is not bound in the project's code."""
        home = self.frame.home(name)
        if home is None:
            self.note_read(self.frame.module, name, None)
            return None
        value = home.env[name]
        if home is not self.frame:
            self.note_read(home, name, value)
        return value

    def note_read(self, owner: object, name: str, value: Value | None) -> None:
        serial = owner.id[1] if isinstance(owner, Frame) and isinstance(owner.id, tuple) else 0
        for context in self.contexts:
            if not isinstance(serial, int) or serial < context.serial:
                context.reads.setdefault((owner, name), value)

    def note_write(self, owner: object, name: str, value: Value) -> None:
        for context in self.contexts:
            context.writes.append((owner, name, value))

    def current(self, owner: object, name: str) -> Value | None:
        return owner.env.get(name) if isinstance(owner, Frame) else self.heap.get((owner, name))

    def read_heap(self, owner: object, name: str) -> Value | None:
        value = self.heap.get((owner, name))
        self.note_read(owner, name, value)
        return value

    def write_heap(self, owner: object, name: str, value: Value) -> None:
        """Assigns an attribute of an object or class. A second, different value makes it a cell."""
        cell = ("heap", owner, name)
        self.emit(Bind(cell, self.term(value)))
        old = self.heap.get((owner, name))
        if isinstance(value, Late):
            value = Late(CellRef(cell), value.alias)
        elif isinstance(value, OneOf):
            value = replace(value, cell=cell)
        if old is not None and old != value:
            value = self.join_value(cell, old, value)
        self.heap[(owner, name)] = value
        self.note_write(owner, name, value)

    def assign(self, frame: Frame, name: str, value: Value) -> None:
        """Binds a name, in the walk and in the tree."""
        cell: CellId = (frame.id, name)
        self.emit(Bind(cell, self.term(value)))
        if isinstance(value, Late) and not self.is_temporary(value.term):
            value = Late(CellRef(cell), value.alias)
        elif isinstance(value, OneOf):
            value = replace(value, cell=cell)
        frame.env[name] = value
        if frame is not self.frame:
            self.note_write(frame, name, value)

    @staticmethod
    def is_temporary(term: Term) -> bool:
        """Cells that are bound once per evaluation keep their identity when copied, so that tests correlate."""
        if isinstance(term, tree.Sym):
            return True
        return isinstance(term, CellRef) and isinstance(term.cell, tuple) and term.cell[0] == "tmp"

    # --- nodes -----------------------------------------------------------------------------------------------

    def emit(self, node: Node) -> None:
        if not self.alive:
            return
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise Budget
        if isinstance(node, Bind):
            self.bound[node.cell] = node.term
        self.out.append(node)

    def origin(self, term: Term) -> Term:
        """What a cell was bound to last, through copies."""
        for _ in range(8):
            if not isinstance(term, CellRef) or term.cell not in self.bound:
                break
            term = self.bound[term.cell]
        return term

    def leave(self, kind: str, place: Place, target: Hashable = None, exc: str | None = None) -> None:
        """Emits an exit; nothing after it in this block is reached."""
        self.emit(Exit(kind, place, target, exc))
        self.alive = False

    @contextmanager
    def block(self) -> Iterator[Block]:
        """Collects nodes in a block of their own; afterwards `alive` says whether its end is reached."""
        outer, self.out = self.out, []
        try:
            yield self.out
        finally:
            self.out = outer

    def unknown(
        self, *, called: bool = False, free: bool = False, not_none: bool = False, blurred: bool = False
    ) -> Late:
        """A new value of which nothing is known."""
        cell = ("tmp", self.fresh())
        self.emit(Bind(cell, Some(called=called, free=free, not_none=not_none, blurred=blurred)))
        self.unmade.append(cell)
        return Late(CellRef(cell))

    def quickly(self, value: Value) -> Value:
        """The value that a call gave which took no time."""
        if isinstance(value, Late) and isinstance(value.term, CellRef):
            self.quick.add(value.term.cell)
        return value

    def keep(self, term: Term, alias: str | None = None) -> Late:
        """The term's value now, whatever happens to the state later."""
        if isinstance(term, Lit) or self.is_temporary(term):
            return Late(term, alias)
        cell = ("tmp", self.fresh())
        self.emit(Bind(cell, term))
        if self.statement is not None:
            self.kept_at[cell] = self.place(self.statement)
        return Late(CellRef(cell), alias)

    # --- values to terms -------------------------------------------------------------------------------------

    def truth(self, value: Value) -> bool | None:
        """Whether the value is true, if that is known."""
        match value:
            case Known(constant):
                return bool(constant)
            case Seq(items=items, exact=exact):
                if any(value.condition(i) is None for i in range(len(items))):
                    return True
                return False if exact and not items else None
            case Mapping(items, exact):
                return True if items else (False if exact else None)
            case Text(pattern):
                return True if any(pattern.parts) else None
            case Late(Lit(constant)) if not isinstance(constant, Tag):
                return bool(constant)
            case Late() | OneOf() | Length() | State() | StateView() | Method(Late()):
                return None
            case Instance():
                return None
            case _:
                return True

    def term(self, value: Value) -> Term:
        """The value as a term."""
        match value:
            case Known(constant):
                return Lit(constant)
            case Late(term) | Length(term):
                return term
            case Method(Late(term), name):
                return tree.Part(term, ("attribute", name))
            case State() | StateView():
                return self._state_is_filled()
            case OneOf(cell):
                return CellRef(cell)
            case Seq(only_if=conditions) if conditions and self.truth(value) is None:
                return tree.AnyT(tuple(c for c in conditions if c is not None))
            case _:
                return Lit(Tag(value, self.truth(value)))

    def _state_is_filled(self) -> Term:
        """Whether the session state holds anything, as far as the app's keys tell."""
        self.iterates_state = True
        if not self.app_keys:
            return Some(blurred=True)
        return tree.AnyT(tuple(tree.Present(key) for key in sorted(self.app_keys)))

    # --- joins -----------------------------------------------------------------------------------------------

    def join_value(self, cell: CellId, a: Value, b: Value) -> Value:
        """One value for two paths. `cell` holds the tag (or the value) on both."""
        if a == b:
            return a
        options: list[Value] = []
        is_open = False
        for value in (a, b):
            if isinstance(value, OneOf) and value.cell == cell:
                options += [o for o in value.options if o not in options]
                is_open |= value.open
            elif isinstance(value, Late | OneOf | Length):
                is_open = True
            elif value not in options:
                options.append(value)
        alias = a.alias if isinstance(a, Late) and isinstance(b, Late) and a.alias == b.alias else None
        if len(options) > 12 or (is_open and all(isinstance(o, Known) for o in options)) or not options:
            return Late(CellRef(cell), alias)
        return OneOf(cell, tuple(options), is_open)

    def join_env(self, frame: Frame, a: dict[str, Value], b: dict[str, Value]) -> dict[str, Value]:
        joined = dict(a)
        for name, value in b.items():
            mine = joined.get(name)
            if mine is None:
                joined[name] = value
            elif mine is not value:
                joined[name] = self.join_value((frame.id, name), mine, value)
        return joined

    def branch(self, test: Term, then: Callable[[], None], orelse: Callable[[], None], place: Place, text: str) -> None:
        """Runs both arms as far as the test is unknown and joins what they leave."""
        verdict = known_truth(test)
        if verdict is not None:
            (then if verdict else orelse)()
            return
        frame, before = self.frame, self.frame.env
        frame.env = dict(before)
        with self.block() as first:
            then()
        env_then, then_alive = frame.env, self.alive
        self.alive, frame.env = True, before
        with self.block() as second:
            orelse()
        else_alive = self.alive
        self.alive = True
        if first or second:
            self.emit(Branch(test, first, second, place, text))
        if then_alive and else_alive:
            frame.env = self.join_env(frame, env_then, frame.env)
        elif then_alive:
            frame.env = env_then
        self.alive = then_alive or else_alive

    def each(self, value: Value, action: Callable[[Value], Value], place: Place) -> Value:
        """Applies `action` to a value, or to each of the values it may be, under the test that tells them apart."""
        if not isinstance(value, OneOf):
            return action(value)
        options: list[Value | None] = [*value.options, *([None] if value.open else [])]
        result = ("tmp", self.fresh())
        found: list[Value] = []

        def arm(rest: list[Value | None]) -> None:
            head, *tail = rest
            if not tail:
                act(head)
                return
            assert head is not None
            test = tree.Cmp("is", CellRef(value.cell), self.term(head))
            self.branch(test, lambda: act(head), lambda: arm(tail), place, "")

        def act(option: Value | None) -> None:
            got = action(Late(CellRef(value.cell)) if option is None else option)
            if self.alive:
                self.emit(Bind(result, self.term(got)))
                found.append(Late(CellRef(result), got.alias) if isinstance(got, Late) else got)

        arm(options)
        return self.join_all(result, found)

    def each_do(self, value: Value, action: Callable[[Value], None], place: Place) -> None:
        """Like `each`, for an action without a value."""

        def run(option: Value) -> Value:
            action(option)
            return Known.of(None)

        self.each(value, run, place)

    def join_all(self, cell: CellId, values: list[Value]) -> Value:
        if not values:
            return Known.of(None)
        joined = values[0]
        for value in values[1:]:
            joined = self.join_value(cell, joined, value)
        return joined

    def active_in(self, func: Func) -> bool:
        """Whether a call of this function is being walked."""
        return any(isinstance(key, tuple) and key[:2] == (func.path, func.index) for key in self.active)

    # --- effects ---------------------------------------------------------------------------------------------

    def note_key(self, key: str) -> None:
        self.keys.add(key)

    def note_use(self, use: str, key: str | tree.Pattern | None, place: Place) -> None:
        """The code does something with a key; `use` is a verb."""
        self.key_uses.append((self.out, use, key, place))

    def function(self, func: Func) -> ir.Function:
        return self.project.facts(func.path).functions[func.index]


def known_truth(term: Term) -> bool | None:
    """The truth of a term that does not depend on the run."""
    match term:
        case Lit(Tag(_, truthy)):
            return truthy
        case Lit(value):
            return bool(value)
        case Some(truthy=truthy):
            return truthy
        case tree.NotT(inner):
            verdict = known_truth(inner)
            return None if verdict is None else not verdict
        case tree.Cmp(op, Lit(a), Lit(b)) if op in COMPARISONS and not isinstance(a, Tag) and not isinstance(b, Tag):
            return compare(op, a, b)
        case tree.AllT(terms):
            verdicts = [known_truth(t) for t in terms]
            return False if False in verdicts else (True if all(v is True for v in verdicts) else None)
        case tree.AnyT(terms):
            verdicts = [known_truth(t) for t in terms]
            return True if True in verdicts else (False if all(v is False for v in verdicts) else None)
        case _:
            return None


COMPARISONS: dict[str, Callable[[object, object], object]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "is": lambda a, b: a is b or (a == b and type(a) is type(b)),
    "is not": lambda a, b: not (a is b or (a == b and type(a) is type(b))),
    "<": lambda a, b: a < b,  # type: ignore[operator]
    "<=": lambda a, b: a <= b,  # type: ignore[operator]
    ">": lambda a, b: a > b,  # type: ignore[operator]
    ">=": lambda a, b: a >= b,  # type: ignore[operator]
    "in": lambda a, b: a in b,  # type: ignore[operator]
}


def compare(op: str, a: object, b: object) -> bool | None:
    """`a op b` for two constants; None where Python would raise."""
    try:
        return bool(COMPARISONS[op](a, b))
    except TypeError:
        return None
