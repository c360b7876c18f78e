"""What loses something without an error and is seen only in the whole tree: all passes that look for such places."""

from __future__ import annotations

from streamlint.flow import cached, imports, submits, threads
from streamlint.flow.batch_guards import BatchGuards
from streamlint.flow.dependents import Dependents
from streamlint.flow.dynamic_defaults import DynamicDefaults
from streamlint.flow.feedback import Feedback
from streamlint.flow.frozen import Frozen
from streamlint.flow.late_arguments import LateArguments
from streamlint.flow.leaks import Leaks
from streamlint.flow.lost_locals import LostLocals
from streamlint.flow.machine import Machine
from streamlint.flow.messages import Messages
from streamlint.flow.nested import Nested
from streamlint.flow.overridden import Overridden
from streamlint.flow.paths import Paths
from streamlint.flow.planting import Loss, Tree, plant
from streamlint.flow.positions import Positions
from streamlint.flow.process import UserData
from streamlint.flow.reduce import Lifetimes
from streamlint.flow.repeated import Repeated
from streamlint.flow.reruns import Candidates
from streamlint.flow.stale import Stale
from streamlint.flow.swallowed import Swallowed, of_callbacks
from streamlint.flow.tree import Spec
from streamlint.flow.uses import settle_uses

CALLBACKS_RERUN = (1, 63)
"""Since then a callback can ask for another run or page."""


def plant_losses(m: Machine, scripts: dict[str, Spec]) -> Lifetimes:
    """Marks the places in the tree; the search says which of them a run comes to."""
    tree = Tree.of(scripts.values())
    batches = BatchGuards(m, tree)
    paths = Paths(tree)
    lifetimes = settle_uses(tree, paths.triggers)
    Leaks(m, tree).judge()
    imports.judge(m, tree)
    UserData(m, tree).judge()
    threads.judge(m)
    Candidates(m, tree).find()
    found: list[Loss] = [
        *Messages(m).losses(tree),
        *Swallowed().losses(tree),
        *(of_callbacks(tree.scripts, tree.callbacks) if m.version < CALLBACKS_RERUN else ()),
        *Nested(m, tree).losses(),
        *Frozen(m, tree).losses(),
        *Feedback(m, tree).losses(),
        *DynamicDefaults(m, tree).losses(),
        *Overridden(m, tree).losses(),
        *Positions(m, tree).losses(),
        *submits.losses(m, tree),
        *LostLocals(m, tree, paths).losses(),
        *Stale(m, tree, paths).losses(),
        *Repeated(m, tree, paths).losses(),
        *LateArguments(m, tree).losses(),
        *Dependents(m, tree).losses(),
        *cached.losses(m, tree),
    ]
    plant(m, found)
    batches.plant()
    return lifetimes
