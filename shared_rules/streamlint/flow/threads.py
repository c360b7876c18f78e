"""Threads that use the session: without the context of the script they have none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from streamlint.facts import ir
from streamlint.findings import Place, Related
from streamlint.flow import faults, objects, shared
from streamlint.flow.accesses import DRAWS, SHOWS, Access, accesses
from streamlint.flow.machine import Machine
from streamlint.flow.tree import CellId, Sym
from streamlint.flow.values import External, Func, Instance, Late, Mapping, OneOf, Seq, Value

TARGETS = {
    "threading.Thread": ("target", 1),
    "threading.Timer": ("function", 1),
    "asyncio.to_thread": ("func", 0),
    "_thread.start_new_thread": ("function", 0),
}
"""Where these take the function that another thread calls: the keyword and the position."""
EXECUTORS = frozenset({
    "concurrent.futures.ThreadPoolExecutor", "concurrent.futures.thread.ThreadPoolExecutor",
    "multiprocessing.pool.ThreadPool",
})  # fmt: skip
METHODS = frozenset({"submit", "map", "imap", "imap_unordered", "starmap", "apply", "apply_async", "map_async"})
CONTEXT = ("add_script_run_ctx", "add_report_ctx")
RUNS = frozenset({"asyncio.run", "asyncio.get_event_loop.run_until_complete"})


def check_call(
    m: Machine, expr: ir.Call, func: Value, args: list[Value], kwargs: dict[str, Value], result: Value, place: Place
) -> None:
    """A call that makes a thread, gives one a function, or gives one the context of the script."""
    if not m.alive:
        return
    if isinstance(func, External):
        _of_library(m, func.name, args, kwargs, result, place)
    elif isinstance(result, Instance) and (run := _run_of(m, result)) is not None:
        _started(m, run, [], {}, _cells(m, result), place)
    elif isinstance(func, Late) and isinstance(expr.func, ir.Attr):
        if expr.func.name == "run_in_executor" and len(args) > 1:
            _started(m, args[1], args[2:], {}, frozenset(), place)
        elif expr.func.name in METHODS and _is_executor(m, func) and args:
            if isinstance(args[0], External) and args[0].name in RUNS and len(expr.args) > 1:
                _coroutine(m, expr.args[1], place)
            _started(m, args[0], args[1:] if expr.func.name == "submit" else None, kwargs, frozenset(), place)


def _run_of(m: Machine, thread: Instance) -> Func | None:
    """What an object of a class that extends `threading.Thread` does in its thread."""
    if External("threading.Thread") not in thread.cls.bases:
        return None
    found = objects.find_in_class(m, thread.cls, "run")
    return replace(found, bound=thread) if isinstance(found, Func) else None


def _of_library(
    m: Machine, name: str, args: list[Value], kwargs: dict[str, Value], result: Value, place: Place
) -> None:
    if name in EXECUTORS and "initializer" not in kwargs and len(args) < 3:
        m.executors |= _cells(m, result)
    elif name in TARGETS:
        keyword, index = TARGETS[name]
        target = kwargs.get(keyword, args[index] if index < len(args) else None)
        given: list[Value] | None = args[index + 1 :]
        if name != "asyncio.to_thread":
            later = kwargs.get("args", args[index + 1] if index + 1 < len(args) else None)
            given = [] if later is None else list(later.items) if isinstance(later, Seq) and later.exact else None
        named = kwargs.get("kwargs")
        keywords = {str(k): v for k, v in named.items} if isinstance(named, Mapping) else {}
        if target is not None:
            _started(m, target, given, keywords, _cells(m, result), place)
    elif name.endswith(CONTEXT):
        cells = _cells(m, args[0]) if args else frozenset()
        m.given_context |= cells
        m.contexts_given += 1


def entered(m: Machine, context: Value, value: Value) -> None:
    """`with ThreadPoolExecutor() as value`."""
    if not _cells(m, context).isdisjoint(m.executors):
        m.executors |= _cells(m, value)


def _cells(m: Machine, value: Value) -> frozenset[CellId]:
    if isinstance(value, Instance):
        return frozenset({("heap", value.id, "thread")})
    return frozenset(shared.copies(m, value.term)) if isinstance(value, Late) else frozenset()


def _is_executor(m: Machine, method: Late) -> bool:
    return isinstance(method.term, Sym) and not _cells(m, method).isdisjoint(m.executors)


def _coroutine(m: Machine, expr: ir.Expr, place: Place) -> None:
    """`executor.submit(asyncio.run, work())`: the coroutine runs in the other thread."""
    from streamlint.flow.expressions import evaluate

    if isinstance(expr, ir.Call):
        with m.block():
            called = evaluate(m, expr.func)
        if isinstance(called, Func) and m.function(called).is_async:
            _started(m, called, None, {}, frozenset(), place)


def _started(
    m: Machine,
    target: Value,
    args: list[Value] | None,
    kwargs: dict[str, Value],
    cells: frozenset[CellId],
    place: Place,
) -> None:
    """Another thread calls the function."""
    for func in target.options if isinstance(target, OneOf) else (target,):
        found = _first(m, func, args, kwargs, place) if isinstance(func, Func) else None
        if found is None:
            continue
        what = f"`st.{found.what}`" if found.how in (DRAWS, SHOWS) else f"`{found.what}`"
        step = f"starts a thread that {found.how} {what}"
        at = found.place if found.through is None and found.place is not None else place
        fault = faults.mark(m, "thread", at, (step, found.how, what))
        m.threads[fault] = cells
        other = place if at != place else found.place
        if other is not None and other != at:
            m.related[fault] = (
                Related("the thread is started here" if at != place else f"{what} is used here", other),
            )


def _first(m: Machine, func: Func, args: list[Value] | None, kwargs: dict[str, Value], place: Place) -> Access | None:
    """The first use of the session by the function, if it does not get the context itself."""
    from streamlint.flow.calls import call_function

    given, alive = m.contexts_given, m.alive
    with m.block() as body:
        call_function(m, func, list(args or []), dict(kwargs), place, unknown=args is None)
    m.alive = alive
    if m.contexts_given > given:
        return None
    # the body of the function itself is one call away
    return next(_inside(m, body), None)


def _inside(m: Machine, body: list) -> Iterator[Access]:  # type: ignore[type-arg]
    from streamlint.flow.tree import CallN

    for node in body:
        if isinstance(node, CallN):
            yield from accesses(m, node.spec.body)


def judge(m: Machine) -> None:
    """Notes the threads that are not given the context of the script."""
    known = {cell for cells in m.threads.values() for cell in cells}
    if m.state_of_context:
        return
    if m.contexts_given and m.given_context.isdisjoint(known):
        return  # which thread gets it is not known
    m.leaks |= {name for name, cells in m.threads.items() if cells.isdisjoint(m.given_context)}
