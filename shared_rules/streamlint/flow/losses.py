"""What loses something without an error and is seen only in the whole tree: all passes that look for such places."""

from __future__ import annotations

from streamlint.flow import submits
from streamlint.flow.dependents import Dependents
from streamlint.flow.feedback import Feedback
from streamlint.flow.frozen import Frozen
from streamlint.flow.lost_locals import LostLocals
from streamlint.flow.machine import Machine
from streamlint.flow.messages import Messages
from streamlint.flow.nested import Nested
from streamlint.flow.planting import Loss, Tree, plant
from streamlint.flow.reduce import Lifetimes
from streamlint.flow.stale import Stale
from streamlint.flow.swallowed import Swallowed
from streamlint.flow.tree import Spec
from streamlint.flow.uses import settle_uses


def plant_losses(m: Machine, scripts: dict[str, Spec]) -> Lifetimes:
    """Marks the places in the tree; the search says which of them a run comes to."""
    tree = Tree.of(scripts.values())
    lifetimes = settle_uses(tree)
    found: list[Loss] = [
        *Messages(m).losses(tree),
        *Swallowed().losses((*tree.scripts, *tree.callbacks)),
        *Nested(m, tree).losses(),
        *Frozen(m, tree).losses(),
        *Feedback(m, tree).losses(),
        *submits.losses(m, tree),
        *LostLocals(m, tree).losses(),
        *Stale(m, tree).losses(),
        *Dependents(m, tree).losses(),
    ]
    plant(m, found)
    return lifetimes
