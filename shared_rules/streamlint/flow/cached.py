"""Cached functions that use the session: their results are kept for all sessions, and their bodies often do not run."""

from __future__ import annotations

from collections.abc import Iterator

from streamlint.findings import Place, Related
from streamlint.flow.accesses import ASKS, DRAWS, READS, SETS, Access, accesses
from streamlint.flow.machine import Machine
from streamlint.flow.planting import Loss, Tree, nodes_of
from streamlint.flow.tree import CallN, Spec

ORDER = (SETS, READS, ASKS, DRAWS)


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


def _loss(block: list, node: CallN, access: Access) -> Loss:  # type: ignore[type-arg]
    name = node.spec.name.rpartition(".")[2]
    place: Place = access.through or access.place or node.spec.place
    step = f"`{name}` is cached and {access.how} `{'st.' if access.how == DRAWS else ''}{access.what}`"
    related = [Related("the cached function", node.spec.place)] if place != node.spec.place else []
    if access.through is not None and access.place is not None:
        related.append(Related(f"`{access.what}` is used here", access.place))
    return Loss(block, node, "cached state", place, (step, name, access.how, access.what), tuple(related))
