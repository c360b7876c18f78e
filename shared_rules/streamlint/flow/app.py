"""The analysis of one app."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from streamlint.findings import Place
from streamlint.flow import imports, reruns, streamlit_calls
from streamlint.flow.batch_losses import BatchLosses
from streamlint.flow.clashes import Clash, find_clashes
from streamlint.flow.crashes import CrashSession
from streamlint.flow.dominated import unsettled
from streamlint.flow.guards import Guard, settable
from streamlint.flow.key_uses import KeyUses, key_uses
from streamlint.flow.lifetimes import LifetimeSession
from streamlint.flow.losses import plant_losses
from streamlint.flow.lost_values import find_lost_values
from streamlint.flow.machine import Budget, Machine
from streamlint.flow.missing import Missing, MissingKey
from streamlint.flow.misuses import Misuse, find_misuses
from streamlint.flow.planting import Tree
from streamlint.flow.reduce import Lifetimes, Program
from streamlint.flow.runs import Session
from streamlint.flow.spellings import Access, Dynamic, Init, mixed, scattered
from streamlint.flow.synced import Synced, synced
from streamlint.flow.together import together
from streamlint.flow.tree import Spec
from streamlint.flow.unused import Unused, unused_keys
from streamlint.flow.values import Instance, Known, Value
from streamlint.streamlit_api import element as catalogue_element

if TYPE_CHECKING:
    from streamlint.project.apps import App
    from streamlint.project.index import ProjectIndex
    from streamlint.settings import Settings


S = TypeVar("S", bound=Session)


class AppResult:
    """What rules are filters of: everything one app's runs are found to do wrong, looked for when a rule asks.

    What one rule gets does not depend on which others ask: each kind of search has its own budget."""

    def __init__(self, machine: Machine, program: Program, settings: Settings) -> None:
        self.keys = len(machine.keys)
        """The number of keys followed."""
        self._machine = machine
        self._program = program
        self._settings = settings
        self._preset = library_state(machine, settings)
        self._unsettled = unsettled(program)
        self._given_up: list[str] = []
        self._misuses: dict[str, tuple[Misuse, ...]] = {}

    @property
    def over_budget(self) -> tuple[str, ...]:
        """The keys and elements whose search was cut so far."""
        return tuple(dict.fromkeys(self._given_up))

    @cached_property
    def missing(self) -> tuple[MissingKey, ...]:
        """The reads of absent keys."""
        session = self._session(Session)
        missing = Missing(self._machine, self._program, self._preset)
        found: list[MissingKey] = []
        for key in self._unsettled.missing:
            outcome = session.search(key)
            if not outcome.complete:
                self._given_up.append(key)
            found += missing.describe(key, outcome)
        return tuple(_one_each(found))

    @cached_property
    def clashes(self) -> tuple[Clash, ...]:
        """What raises by the order of a run."""
        found, given_up = find_clashes(self._program, self._session(CrashSession))
        self._given_up += given_up
        return tuple(found)

    @cached_property
    def lost_values(self) -> tuple[Misuse, ...]:
        """The values of widgets that are used after they were dropped."""
        session = self._session(LifetimeSession)
        found, given_up = find_lost_values(session, self._unsettled.undrawn, self.missing)
        self._given_up += given_up
        return tuple(found)

    @cached_property
    def batch_guards(self) -> tuple[Misuse, ...]:
        """The guards of several keys that one key decides, where a run needs another one to."""
        search = BatchLosses(self._machine, self._program, self._session(Session), self._told)
        found = search.find()
        self._given_up += search.given_up
        return tuple(found)

    def _told(self) -> frozenset[str]:
        """The keys whose absence or loss is reported where they are used."""
        missed = frozenset(found.key for found in self.missing if found.verb not in ("deletes", "pops"))
        return missed | {found.key for found in self.lost_values if found.key is not None}

    def misuses(self, *kinds: str) -> Iterator[Misuse]:
        """The faults of these kinds that some run comes to, in the order of places."""
        for kind in kinds:
            if kind not in self._misuses:
                self._judge(kind)
                found = find_misuses(self._machine, self._program, self._session(Session), kind)
                self._misuses[kind] = tuple(found)
        yield from sorted((m for kind in kinds for m in self._misuses[kind]), key=lambda m: m.place)

    def _judge(self, kind: str) -> None:
        """Some marks are judged by searches of their own."""
        if kind == imports.KIND:
            scripts = self._program.scripts
            imports.second_session(self._machine, scripts, lambda: self._session(Session, _program(scripts)))
        elif kind == reruns.KIND:
            reruns.endless(self._machine, self._program, self._session(Session))

    # --- what was noted while the code was walked, for the rules of style ------------------------------------

    @cached_property
    def guards(self) -> tuple[Guard, ...]:
        """The guarded initialisations that `setdefault` could say."""
        found = tuple(settable(self._machine))
        if not any(guard.several for guard in found):
            return found
        same = set(together(self._machine, self._tree, found))
        return tuple(replace(guard, together=guard in same) for guard in found)

    @cached_property
    def mixed(self) -> tuple[Access, ...]:
        """Accesses that are spelled otherwise than the app's others, or than the settings want."""
        return tuple(mixed(self._machine, self._settings.access_style))

    @cached_property
    def dynamic(self) -> tuple[Dynamic, ...]:
        """Accesses of constant keys by builtins."""
        noted = self._machine.spellings.dynamic
        return tuple(noted[place] for place in sorted(noted))

    @cached_property
    def scattered(self) -> tuple[tuple[str, Init, Init], ...]:
        """Keys that are initialised with different values: key, the later place, the first one."""
        return tuple(scattered(self._machine))

    @cached_property
    def synced(self) -> tuple[Synced, ...]:
        """Parameters of the address that are kept in step with widgets by hand."""
        machine = self._machine
        return tuple(synced(machine, self._tree)) if machine.params.stored else ()

    @cached_property
    def _tree(self) -> Tree:
        return Tree.of(self._program.scripts.values())

    @cached_property
    def unused(self) -> tuple[Unused, ...]:
        """Keys that are set and never looked at."""
        return tuple(unused_keys(self._machine, self._program, self._preset))

    def takes(self, element: str, parameter: str) -> bool:
        """Whether an element has a parameter, in the Streamlit that the app runs on."""
        facts = catalogue_element(element, self._machine.version)
        return facts is not None and facts.parameter(parameter) is not None

    @property
    def written(self) -> frozenset[str]:
        """The keys that code of the app sets."""
        return frozenset(self._program.writes)

    @cached_property
    def key_uses(self) -> KeyUses:
        """What the app does to its keys."""
        return key_uses(self._machine, self._program.scripts.values())

    def _session(self, search: type[S], program: Program | None = None) -> S:
        return search(program or self._program, tuple(self._program.scripts), self._machine.version, self._preset)


MAX_WALKS = 3
"""An app is walked again while the walk before it has learnt what keys there are or what objects they hold."""


def analyse_app(index: ProjectIndex, app: App, settings: Settings) -> AppResult:
    """Walks the app's code; its sessions are searched when a rule asks. Reads through `index` only."""
    machine, program = build(index, app, settings)
    return AppResult(machine, program, settings)


def _one_each(found: list[MissingKey]) -> list[MissingKey]:
    """One failure for each place and kind: a loop over several missing keys is one bug. The surest one stays, and of
    those the first that a run meets."""
    best: dict[tuple[Place, str], MissingKey] = {}
    for missing in sorted(found, key=lambda m: -m.confidence):
        best.setdefault((missing.place, missing.kind), missing)
    return sorted(best.values(), key=lambda m: (m.place, m.kind))


def build(index: ProjectIndex, app: App, settings: Settings) -> tuple[Machine, Program]:
    """The flow tree. An app that iterates over the state is walked again with the keys that the first walk met."""
    keys: frozenset[str] = frozenset()
    types: dict[str, Value] = {}
    outside: set[str] = set()
    for walk in range(1, MAX_WALKS + 1):
        machine = Machine(index, app, settings.target_version, keys)
        machine.types = types
        machine.set_outside |= outside
        scripts = _walk(machine, app)
        found = _types(machine)
        settled = (not machine.iterates_state or machine.keys <= keys) and found.keys() <= types.keys()
        if settled or walk == MAX_WALKS:
            return machine, _program(scripts, plant_losses(machine, scripts))
        keys, types = frozenset(machine.keys | keys), {**types, **found}
        outside = machine.set_outside
    raise AssertionError("the last walk returns")


def _types(machine: Machine) -> dict[str, Value]:
    """The keys that only ever hold an object of one class of the app, or None."""
    found: dict[str, Value] = {}
    for key, values in machine.stored.items():
        objects = [value for value in values if isinstance(value, Instance)]
        others = [value for value in values if not isinstance(value, Instance) and value != Known.of(True)]
        if objects and not others and len({value.cls for value in objects}) == 1:
            found[key] = min(objects, key=lambda value: str(value.id))
    return found


def _walk(machine: Machine, app: App) -> dict[str, Spec]:
    """The scripts that Streamlit runs, by path."""
    scripts: dict[str, Spec] = {}
    try:
        for path in (app.entry, *app.pages):
            spec = streamlit_calls.walk_script(machine, path)
            if spec is not None:
                scripts[path] = spec
        streamlit_calls.finish(machine)
    except Budget:
        machine.alive = True
    for havoc in machine.foreign:
        havoc.spared = frozenset(machine.stored)  # a key that the app sets, Streamlit would refuse
    return scripts


def _program(scripts: dict[str, Spec], lifetimes: Lifetimes | None = None) -> Program:
    program = Program(scripts, {}, lifetimes=lifetimes or Lifetimes())
    for spec in scripts.values():
        program.summary(spec)
    _index_callbacks(program)
    return program


def _index_callbacks(program: Program) -> None:
    """Callbacks draw widgets and bind cells too: their bodies are summarised until no new one appears."""
    seen: set[int] = set()
    while True:
        todo = [
            draw.widget.callback
            for draw in program.widgets.values()
            if draw.widget.callback is not None and draw.widget.callback.id not in seen
        ]
        if not todo:
            return
        for spec in todo:
            seen.add(spec.id)
            program.summary(spec)


def library_state(machine: Machine, settings: Settings) -> frozenset[str]:
    """Keys that libraries the app imports write by themselves."""
    from streamlint.streamlit_api.libraries import library_keys

    extra = dict(settings.library_keys)
    found: set[str] = set()
    for module in machine.external_modules:
        parts = module.split(".")
        for end in range(len(parts), 0, -1):
            name = ".".join(parts[:end])
            found.update(library_keys(name))
            found.update(extra.get(name, ()))
    return frozenset(found)
