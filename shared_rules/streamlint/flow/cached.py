"""Cached functions that use the session: their results are kept for all sessions, and their bodies often do not run."""

from __future__ import annotations

from collections.abc import Iterator

from streamlint.findings import Place, Related, Step
from streamlint.flow.accesses import ASKS, DRAWS, READS, REMOVES, SETS, Access, accesses
from streamlint.flow.machine import Machine
from streamlint.flow.planting import Loss, Tree, nodes_of
from streamlint.flow.tree import Block, CallN, Spec

ORDER = (SETS, REMOVES, READS, ASKS, DRAWS)


def losses(m: Machine, tree: Tree) -> Iterator[Loss]:
    """The calls of such functions, one use of the session for each."""
    if not m.cached:
        return
    worst: dict[int, Access | None] = {}
    for block, node in nodes_of(*tree.bodies):
        if not isinstance(node, CallN) or node.spec.id not in m.cached:
            continue
        if node.spec.id not in worst:
            worst[node.spec.id] = _worst(m, node.spec)
        access = worst[node.spec.id]
        if access is not None:
            yield _loss(block, node, access)


def _worst(m: Machine, spec: Spec) -> Access | None:
    found = [access for access in accesses(m, spec.body) if access.how in ORDER]
    return min(found, key=lambda access: ORDER.index(access.how), default=None)


LATER = {
    SETS: "finds the result of `{name}` in the cache: `{what}` is not set",
    REMOVES: "finds the result of `{name}` in the cache: `{what}` is not removed",
    READS: "finds the result of `{name}` in the cache, made with `{what}` of the first session",
    ASKS: "finds the result of `{name}` in the cache, made for the first session's `{what}`",
    DRAWS: "finds the result of `{name}` in the cache: `st.{what}` is not asked",
}


def _loss(block: Block, node: CallN, access: Access) -> Loss:
    name = node.spec.name.rpartition(".")[2]
    place: Place = access.through or access.place or node.spec.place
    step = f"`{name}` is cached and {access.how} `{'st.' if access.how == DRAWS else ''}{access.what}`"
    related = [Related("the cached function", node.spec.place)] if place != node.spec.place else []
    if access.through is not None and access.place is not None:
        related.append(Related(f"`{access.what}` is used here", access.place))
    later = Step(LATER[access.how].format(name=name, what=access.what or "the session state"), node.place)
    about = (step, name, access.how, access.what)
    return Loss(block, node, "cached state", place, about, tuple(related), (later,))
