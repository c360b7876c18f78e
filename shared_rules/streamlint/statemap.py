"""The state map of an app: each key of its session state, where it is spelled, what is done to it there, and from which
pages and callbacks. What editors, pictures and tables show is made of it.

Two looks are joined. A file's tree says exactly which characters spell a key (`facts.sites`), in code that nothing
calls too; the walk of the app says which key a constant, a loop or a helper stands for, and who leads there
(`flow.key_uses`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from streamlint.facts.sites import Site, sites
from streamlint.findings import Place, Span
from streamlint.fixes.syntax import Syntax
from streamlint.interrupt import checkpoint
from streamlint.records import immutable

if TYPE_CHECKING:
    from streamlint.flow.key_uses import KeyUse, KeyUses, Run
    from streamlint.project.apps import App

WRITES = frozenset({"initialises", "sets", "updates", "changes"})
READS = frozenset({"reads", "asks"})
INITIALISES, SETS, DELETES, DRAWS = "initialises", "sets", "deletes", "draws"


@immutable
class Access:
    """One use of one key at one place.

    `key` is the key; if not `exact`, only parts of it are known, with "…" between them. `use` is a verb: initialises
    (sets where it is not set yet), sets, updates (reads and sets), changes (what is stored, in place), reads, deletes,
    asks, draws (a widget with the key). `place` is the whole expression, `token` the characters that spell the key: an
    attribute's name, a string literal with its quotes, or, if not `literal`, the expression that gives it (`token` is
    None where nothing there does). `form` is one of `facts.sites`. The `runs` of scripts and callbacks come here: none
    where none is known to."""

    key: str
    exact: bool
    use: str
    place: Place
    token: Span | None
    literal: bool
    form: str
    function: str = ""
    owner: Span | None = None
    runs: tuple[Run, ...] = ()
    element: str | None = None
    lasting: bool = False
    """Whether the widget that is drawn keeps its value while it is not drawn (`persist_state`)."""
    value: Span | None = None
    """What the key is set to, where an expression says so."""

    @property
    def pages(self) -> tuple[str, ...]:
        """The scripts whose runs, or whose widgets' callbacks, come here."""
        return tuple(sorted({run.page for run in self.runs}))

    @property
    def callbacks(self) -> tuple[str, ...]:
        """The names of the callbacks that come here."""
        return tuple(sorted({run.callback for run in self.runs if run.callback}))

    @property
    def writes(self) -> bool:
        return self.use in WRITES

    @property
    def reads(self) -> bool:
        return self.use in READS or self.use in ("updates", "changes")

    def matches(self, key: str) -> bool:
        """Whether it is, or may be, a use of the key."""
        if self.exact:
            return self.key == key
        head, *middle, tail = self.key.split("…")
        if not key.startswith(head) or not key.endswith(tail) or len(key) < len(head) + len(tail):
            return False
        inner = key[len(head) : len(key) - len(tail)]
        for part in middle:
            if part not in inner:
                return False
            inner = inner[inner.index(part) + len(part) :]
        return True


@dataclass(frozen=True)
class StateMap:
    """The keys of one app. `entry` is its entrypoint, `pages` its page scripts, `accesses` are sorted by place."""

    entry: str
    pages: tuple[str, ...]
    navigates: bool
    """Whether the entrypoint runs around each page (`st.navigation`)."""
    modules: frozenset[str]
    accesses: tuple[Access, ...]
    types: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The types of what keys hold, as far as they are known."""
    parameters: tuple[tuple[str, str, str], ...] = ()
    """The parameters that are given the session state: file, qualified name of the function, name."""
    unknown: tuple[Place, ...] = ()
    """Where keys are used of which nothing is known but that they are none that a loop over the state gives."""
    titles: dict[str, str] = field(default_factory=dict)
    """What pages are called, as far as `st.navigation` says it."""

    @cached_property
    def keys(self) -> dict[str, tuple[Access, ...]]:
        """The keys that are known in full, sorted, with their accesses."""
        found: dict[str, list[Access]] = {}
        for access in self.accesses:
            if access.exact:
                found.setdefault(access.key, []).append(access)
        return {key: tuple(found[key]) for key in sorted(found)}

    @cached_property
    def dynamic(self) -> tuple[Access, ...]:
        """The accesses of keys that are made at run time."""
        return tuple(access for access in self.accesses if not access.exact)

    @cached_property
    def _by_path(self) -> dict[str, tuple[Access, ...]]:
        found: dict[str, list[Access]] = {}
        for access in self.accesses:
            found.setdefault(access.place.path, []).append(access)
        return {path: tuple(each) for path, each in found.items()}

    def without(self, path: str) -> StateMap:
        """The same without what one file says."""
        return replace(self, accesses=tuple(access for access in self.accesses if access.place.path != path))

    def within(self, path: str) -> tuple[Access, ...]:
        """The accesses in a file."""
        return self._by_path.get(path, ())

    def at(self, path: str, offset: int) -> Access | None:
        """The access whose key is spelled at an offset; its end counts."""
        return next(iter(self.spelled_at(path, offset)), None)

    def spelled_at(self, path: str, offset: int) -> tuple[Access, ...]:
        """All accesses whose key is spelled at an offset: several where one expression stands for several keys."""
        found = [a for a in self.within(path) if a.token is not None and a.token.start <= offset <= a.token.end]
        return tuple(access for access in found if access.token == found[0].token)

    def initialisers(self, key: str) -> tuple[Access, ...]:
        """Where the key gets its first value: guarded assignments and `setdefault`, else all assignments, else the
        widgets that make it."""
        return beginnings(self.keys.get(key, ()))

    def widgets(self, key: str) -> tuple[Access, ...]:
        """The widgets that have the key."""
        return tuple(access for access in self.keys.get(key, ()) if access.use == DRAWS)

    def survives(self, key: str) -> bool | None:
        """Whether the key's value is there after a page switch; None for an app of one page. A widget's value is lost
        with its page (measured on 1.28 to 1.67), unless it is to be kept or the entrypoint draws it on every page."""
        if not self.pages:
            return None
        widgets = self.widgets(key)
        everywhere = any(self.navigates and self.entry in widget.pages for widget in widgets)
        return not widgets or everywhere or any(widget.lasting for widget in widgets)


def beginnings(accesses: Sequence[Access]) -> tuple[Access, ...]:
    """Those of the accesses of a key that give it its first value."""
    for use in (INITIALISES, SETS, DRAWS):
        chosen = tuple(access for access in accesses if access.use == use)
        if chosen:
            return chosen
    return ()


def known_owners(maps: Iterable[StateMap], path: str, text: str) -> frozenset[tuple[str, str]]:
    """The expressions that mean the session state in a file: a function's qualified name, "" for none, and what is
    written there."""
    found = set[tuple[str, str]]()
    for each in maps:
        found |= {(function, name) for at, function, name in each.parameters if at == path}
        accesses = [access for access in each.within(path) if access.owner is not None]
        found |= {(a.function, text[a.owner.start : a.owner.end]) for a in accesses if a.owner is not None}
    return frozenset(found)


def map_of_file(path: str, syntax: Syntax) -> StateMap:
    """What one file says by itself."""
    return StateMap(path, (), True, frozenset({path}), tuple(_joined(path, sites(syntax), [])))


# --- joining the two looks -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Walked:
    """What the walk says of one file: the uses of keys, where nothing is known of the key, and where widgets are drawn
    that have none, or one of which nothing is known."""

    uses: list[KeyUse] = field(default_factory=list)
    unknown: set[Span] = field(default_factory=set)
    keyless: set[Span] = field(default_factory=set)


def _by_path(uses: KeyUses) -> dict[str, _Walked]:
    found: dict[str, _Walked] = {}
    for use in uses.uses:
        found.setdefault(use.place.path, _Walked()).uses.append(use)
    for place in uses.unknown:
        found.setdefault(place.path, _Walked()).unknown.add(place.span)
    for place in uses.keyless:
        found.setdefault(place.path, _Walked()).keyless.add(place.span)
    return found


_InFile: TypeAlias = tuple[tuple[Access, ...], tuple[Place, ...]]
"""The accesses in a file, in order, and where keys are used of which nothing is known."""


class Joined:
    """What is in each file, remembered while neither the file nor what the walk says of it changes."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Syntax, _Walked, _InFile]] = {}

    def of(self, path: str, tree: Syntax, walked: _Walked) -> _InFile:
        known = self._known.get(path)
        if known is None or known[0] is not tree or known[1] != walked:
            widgets = {use.place.span for use in walked.uses if use.use == DRAWS}
            here = sites(tree, {use.place.span for use in walked.uses} - widgets, widgets)
            accesses = sorted(_joined(path, here, walked.uses), key=lambda a: (a.place, a.key, a.use))
            known = self._known[path] = (tree, walked, (tuple(accesses), tuple(_unknown(path, here, walked))))
        return known[2]


def state_map(app: App, uses: KeyUses, syntax: Callable[[str], Syntax | None], joined: Joined) -> StateMap:
    """The state map of an app. `syntax` gives a file's tree, None for one that does not parse."""
    walked = _by_path(uses)
    found: list[Access] = []
    unknown: list[Place] = []
    for path in sorted(app.modules):
        tree = syntax(path)
        checkpoint()
        if tree is not None:
            accesses, places = joined.of(path, tree, walked.get(path, _Walked()))
            found += accesses
            unknown += places
    types = dict(uses.types)
    titles = {path: title for path, title in uses.titles if path in app.modules}
    pages = app.pages or tuple(sorted({run.page for use in uses.uses for run in use.runs}.union(titles) - {app.entry}))
    return StateMap(
        app.entry, pages, not app.pages, app.modules, tuple(found), types, uses.parameters, tuple(unknown), titles
    )


def _unknown(path: str, here: Iterable[Site], walked: _Walked) -> Iterator[Place]:
    left = set(walked.unknown)
    for site in here:
        spans = (left | walked.keyless).intersection(_spans(site))
        if spans and site.key is None and not site.own:
            yield Place(path, site.span)
        left -= spans
    yield from (Place(path, span) for span in sorted(left))


def _joined(path: str, here: Iterable[Site], uses: list[KeyUse]) -> Iterator[Access]:
    at: dict[Span, list[KeyUse]] = {}
    for use in uses:
        at.setdefault(use.place.span, []).append(use)
    spelled: set[tuple[Span, str]] = set()
    for site in here:
        mine = [use for span in _spans(site) for use in at.get(span, ())]
        for access in _of_site(path, site, mine):
            spelled |= {(span, access.key) for span in _spans(site)}
            yield access
    for use in uses:
        if (use.place.span, use.key) not in spelled:
            yield _access(use.key, use.exact, use.use, use.place, None, [use])


def _spans(site: Site) -> tuple[Span, ...]:
    """Where the walk may say that the access is: an assignment is a statement to it."""
    return (site.span,) if site.statement is None else (site.span, site.statement)


def _of_site(path: str, site: Site, here: list[KeyUse]) -> Iterator[Access]:
    place = Place(path, site.span)
    if site.key is not None:
        mine = [use for use in here if use.exact and use.key == site.key]
        if not mine and not site.sure:
            return
        yield _access(site.key, True, site.use, place, site, mine)
        return
    for key, exact in sorted({(use.key, use.exact) for use in here}):
        yield _access(key, exact, site.use, place, site, [use for use in here if (use.key, use.exact) == (key, exact)])


def _access(key: str, exact: bool, use: str, place: Place, site: Site | None, here: Iterable[KeyUse]) -> Access:
    known = list(here)
    return Access(
        key,
        exact,
        use,
        place,
        site.token if site is not None else None,
        site is not None and site.literal,
        site.form if site is not None else "",
        site.function if site is not None else "",
        site.owner if site is not None else None,
        tuple(sorted({run for each in known for run in each.runs})),
        next((each.element for each in known if each.element is not None), None),
        any(each.lasting for each in known),
        site.value if site is not None else None,
    )
