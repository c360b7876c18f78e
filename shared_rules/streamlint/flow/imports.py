"""What happens to the session while a module is imported: only the first session of the process gets it."""

from __future__ import annotations

from collections.abc import Callable

from streamlint.findings import Place, Related, Step
from streamlint.flow import faults
from streamlint.flow.machine import Later, Machine
from streamlint.flow.missing import tidy
from streamlint.flow.origins import Origins
from streamlint.flow.planting import Tree, nodes_of
from streamlint.flow.runs import Failure, Session
from streamlint.flow.tree import Block, CallN, CellRef, Spec
from streamlint.flow.values import Late, Value

KIND = "import"
UNIQUE = frozenset({
    "uuid.uuid1", "uuid.uuid4", "secrets.token_hex", "secrets.token_urlsafe", "secrets.token_bytes",
})  # fmt: skip


def note_set(m: Machine, key: str, place: Place) -> None:
    """A key is set while a module is imported."""
    if not _is_once(m):
        return
    step = f"sets `{key}` while the module is imported, which is done once for the process"
    m.imports.sets[faults.mark(m, KIND, place, (step, "sets", key))] = key


def _is_once(m: Machine) -> bool:
    """Whether this runs once for the process. The entrypoint, which a page may import, runs in every run, too; and code
    that gets a function may call it later."""
    return bool(m.importing) and m.main_script not in m.importing and not m.unsure_forms


def note_read(m: Machine, key: str) -> None:
    """A key's value is taken while a module is imported."""
    if _is_once(m) and m.statement is not None:
        step = f"reads `{key}` while the module is imported, which is done once for the process"
        place = m.place(m.statement)
        fault = faults.mark(m, KIND, place, (step, "reads", key))
        m.imports.reads[fault] = key
        m.later[fault] = Later((Step(f"the module still has what `{key}` was in the first session", place),))


def note_drawn(m: Machine, element: str, place: Place) -> None:
    """A widget is drawn while a module is imported: one report for each module."""
    if _is_once(m) and place.path not in m.imports.drawn:
        m.imports.drawn.add(place.path)
        step = f"draws `st.{element}` while the module is imported, which is done once for the process"
        fault = faults.mark(m, KIND, place, (step, "draws", element))
        m.leaks.add(fault)
        m.later[fault] = Later((Step(f"the module is not imported again, and `st.{element}` not drawn", place),))


def note_made(m: Machine, name: str, value: Value, place: Place) -> None:
    """A function outside the project has made a value."""
    if not _is_once(m) or not isinstance(value, Late) or not isinstance(value.term, CellRef):
        return
    if name in UNIQUE:
        step = f"calls `{name}` while the module is imported, which is done once for the process"
        fault = faults.mark(m, KIND, place, (step, "makes", name))
        m.imports.unique[fault] = value.term.cell
        m.later[fault] = Later(
            (Step("the module is not imported again: this session gets what the first one has", place),)
        )
    else:
        m.imports.made.add(value.term.cell)


def judge(m: Machine, tree: Tree) -> None:
    """Notes the faults of reads and of unique names: what a session sets later, or stores."""
    found = m.imports
    m.leaks |= {name for name, key in found.reads.items() if key in m.stored and key not in found.sets.values()}
    if found.unique:
        cells = Origins(m, tree, closed=frozenset(found.made)).cells(*found.stored)
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
            _note_failing(m, key, failures[0])
    for number, spec in imported.items():
        spec.body = run[number]


def _note_failing(m: Machine, key: str, failure: Failure) -> None:
    name = next(name for name, each in m.imports.sets.items() if each == key)
    place = failure.read.place
    m.leaks.add(name)
    m.related[name] = (Related(f"every other session reads `{key}` here and does not have it", place),)
    steps = [Step(record.text, record.place) for record in tidy(failure.info.trail.steps())[1:]]
    m.later[name] = Later(
        (*steps, Step(f"reads `{key}`, which only the first session was given", place)), failure.entry
    )
