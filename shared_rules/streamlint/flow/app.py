"""The analysis of one app."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Place
from streamlint.flow import streamlit_calls
from streamlint.flow.accesses import Access, Dynamic, Init, mixed, scattered
from streamlint.flow.clashes import Clash, find_clashes
from streamlint.flow.crashes import CrashSession
from streamlint.flow.dominated import unsettled_keys
from streamlint.flow.guards import Guard, settable
from streamlint.flow.lifetimes import LifetimeSession
from streamlint.flow.losses import plant_losses
from streamlint.flow.lost_values import find_lost_values
from streamlint.flow.machine import Budget, Machine
from streamlint.flow.missing import Missing, MissingKey
from streamlint.flow.misuses import Misuse, find_misuses
from streamlint.flow.reduce import Program
from streamlint.flow.runs import Session
from streamlint.flow.tree import Spec
from streamlint.flow.values import Instance, Known, Value

if TYPE_CHECKING:
    from streamlint.project.apps import App
    from streamlint.project.index import ProjectIndex
    from streamlint.settings import Settings


@dataclass(eq=False, slots=True)
class AppResult:
    """What rules are filters of: everything one app's runs were found to do wrong.

    `keys` is the number of keys followed; `over_budget` are those whose search was cut."""

    missing: tuple[MissingKey, ...] = ()
    clashes: tuple[Clash, ...] = ()
    misuses: tuple[Misuse, ...] = ()
    guards: tuple[Guard, ...] = ()
    mixed: tuple[Access, ...] = ()
    """Accesses that are spelled otherwise than the app's others, or than the settings want."""
    dynamic: tuple[Dynamic, ...] = ()
    scattered: tuple[tuple[str, Init, Init], ...] = ()
    """Keys that are initialised with different values: key, the later place, the first one."""
    findings: tuple[Finding, ...] = ()
    written: frozenset[str] = frozenset()
    """The keys that code of the app sets."""
    keys: int = 0
    over_budget: tuple[str, ...] = field(default_factory=tuple)


MAX_WALKS = 3
"""An app is walked again while the walk before it has learnt what keys there are or what objects they hold."""


def analyse_app(index: ProjectIndex, app: App, settings: Settings) -> AppResult:
    """Walks the app's code and searches its sessions. Reads through `index` only."""
    machine, program = build(index, app, settings)
    result = _styled(machine, settings)
    preset = library_state(machine, settings)
    session = Session(program, tuple(program.scripts), settings.target_version, preset)
    missing = Missing(machine, program, preset)
    found: list[MissingKey] = []
    over: list[str] = []
    for key in unsettled_keys(program):
        outcome = session.search(key)
        if not outcome.complete:
            over.append(key)
        found += missing.describe(key, outcome)
    clashes, given_up = find_clashes(program, CrashSession(program, session.entries, session.version, preset))
    lost, left = find_lost_values(LifetimeSession(program, session.entries, session.version, preset), found)
    misuses = (*find_misuses(machine, program, session), *lost)
    cut = tuple(dict.fromkeys(over + given_up + left))
    result.missing, result.clashes, result.misuses = tuple(_one_each(found)), tuple(clashes), misuses
    result.written = frozenset(program.writes)
    result.keys, result.over_budget = len(machine.keys), cut
    return result


def _styled(machine: Machine, settings: Settings) -> AppResult:
    """What was noted while the code was walked that runs reach."""
    noted = machine.accesses
    return AppResult(
        guards=tuple(settable(machine)),
        mixed=tuple(mixed(machine, settings.access_style)),
        dynamic=tuple(noted.dynamic[place] for place in sorted(noted.dynamic)),
        scattered=tuple(scattered(machine)),
    )


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
        program = _walk(machine, app)
        found = _types(machine)
        settled = (not machine.iterates_state or machine.keys <= keys) and found.keys() <= types.keys()
        if settled or walk == MAX_WALKS:
            return machine, program
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


def _walk(machine: Machine, app: App) -> Program:
    scripts: dict[str, Spec] = {}
    try:
        for path in (app.entry, *app.pages):
            spec = streamlit_calls.walk_script(machine, path)
            if spec is not None:
                scripts[path] = spec
        streamlit_calls.finish(machine)
    except Budget:
        machine.alive = True
    lifetimes = plant_losses(machine, scripts)
    program = Program(scripts, {}, lifetimes=lifetimes)
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
