"""What loses something without an error and is seen only in the whole tree: all passes that look for such places."""

from __future__ import annotations

from streamlint.flow import cached, imports, submits, threads
from streamlint.flow.frozen import Frozen
from streamlint.flow.leaks import Leaks
from streamlint.flow.machine import Machine
from streamlint.flow.messages import Messages
from streamlint.flow.nested import Nested
from streamlint.flow.planting import Loss, Tree, plant
from streamlint.flow.process import UserData
from streamlint.flow.reruns import Candidates
from streamlint.flow.swallowed import Swallowed
from streamlint.flow.tree import Spec


def plant_losses(m: Machine, scripts: dict[str, Spec]) -> None:
    """Marks the places in the tree; the search says which of them a run comes to."""
    tree = Tree.of(scripts.values())
    Leaks(m, tree).judge()
    imports.judge(m, tree)
    UserData(m, tree).judge()
    threads.judge(m)
    Candidates(m, tree).find()
    found: list[Loss] = [
        *Messages(m).losses(tree),
        *Swallowed().losses((*tree.scripts, *tree.callbacks)),
        *Nested(m, tree).losses(),
        *Frozen(m, tree).losses(),
        *submits.losses(m, tree),
        *cached.losses(m, tree),
    ]
    plant(m, found)
