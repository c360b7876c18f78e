"""What happens to the session while a module is imported: only the first session of the process gets it."""

from __future__ import annotations

from collections.abc import Callable

from streamlint.findings import Place, Related
from streamlint.flow import faults
from streamlint.flow.machine import Machine
from streamlint.flow.origins import Origins
from streamlint.flow.planting import Tree, nodes_of
from streamlint.flow.runs import Session
from streamlint.flow.tree import Block, CallN, CellRef, Spec
from streamlint.flow.values import Late, Value

KIND = "import"
UNIQUE = frozenset({
    "uuid.uuid1", "uuid.uuid4", "secrets.token_hex", "secrets.token_urlsafe", "secrets.token_bytes",
})  # fmt: skip


def note_set(m: Machine, key: str, place: Place) -> None:
    """A key is set while a module is imported."""
    step = f"sets `{key}` while the module is imported, which is done once for the process"
    m.imports.sets[faults.mark(m, KIND, place, (step, "sets", key))] = key


def note_read(m: Machine, key: str) -> None:
    """A key's value is taken while a module is imported."""
    if m.importing and m.statement is not None:
        step = f"reads `{key}` while the module is imported, which is done once for the process"
        m.imports.reads[faults.mark(m, KIND, m.place(m.statement), (step, "reads", key))] = key


def note_drawn(m: Machine, element: str, place: Place) -> None:
    """A widget is drawn while a module is imported: one report for each module."""
    if m.importing and place.path not in m.imports.drawn:
        m.imports.drawn.add(place.path)
        step = f"draws `st.{element}` while the module is imported, which is done once for the process"
        m.leaks.add(faults.mark(m, KIND, place, (step, "draws", element)))


def note_made(m: Machine, name: str, value: Value, place: Place) -> None:
    """A function outside the project has made a value."""
    if m.importing and name in UNIQUE and isinstance(value, Late) and isinstance(value.term, CellRef):
        step = f"calls `{name}` while the module is imported, which is done once for the process"
        m.imports.unique[faults.mark(m, KIND, place, (step, "makes", name))] = value.term.cell


def judge(m: Machine, tree: Tree) -> None:
    """Notes the faults of reads and of unique names: what a session sets later, or stores."""
    found = m.imports
    m.leaks |= {name for name, key in found.reads.items() if key in m.stored and key not in found.sets.values()}
    if found.unique:
        cells = Origins(m, tree).cells(*found.stored)
        m.leaks |= {name for name, cell in found.unique.items() if cell in cells}


def second_session(m: Machine, scripts: dict[str, Spec], begin: Callable[[], Session]) -> None:
    """Notes the faults of keys that another session then reads without having them."""
    keys = sorted(set(m.imports.sets.values()))
    if not keys:
        return
    bodies = Tree.of(scripts.values()).bodies
    calls = [node for _, node in nodes_of(*bodies) if isinstance(node, CallN)]
    imported = {call.spec.id: call.spec for call in calls if call.spec.imported}
    run: dict[int, Block] = {number: spec.body for number, spec in imported.items()}
    for spec in imported.values():
        spec.body = []  # they have been run
    session = begin()
    for key in keys:
        failures = session.search(key).failures
        if failures:
            _note_failing(m, key, failures[0].read.place)
    for number, spec in imported.items():
        spec.body = run[number]


def _note_failing(m: Machine, key: str, place: Place) -> None:
    names = [name for name, each in m.imports.sets.items() if each == key]
    m.leaks.add(names[0])
    m.related[names[0]] = (Related(f"every other session reads `{key}` here and does not have it", place),)
