"""Forms without a submit button: what the user enters never gets to the app."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from streamlint.findings import Place
from streamlint.flow.claims import SUBMIT
from streamlint.flow.forms import OUTSIDE
from streamlint.flow.machine import Machine
from streamlint.flow.planting import Loss, Tree
from streamlint.flow.tree import Bind, Block
from streamlint.flow.values import Container, External, Value

DRAWING_NOTHING = sys.stdlib_module_names | {"pandas", "numpy", "plotly", "matplotlib", "altair", "PIL", "requests"}
"""Modules whose functions draw no submit button."""


def note_unknown(m: Machine, func: Value, values: list[Value]) -> None:
    """Code that we do not see is called: it may draw the submit button of the form around it, or of one it is given."""
    if isinstance(func, External) and func.name.partition(".")[0] in DRAWING_NOTHING:
        return
    if m.forms and m.forms[-1]:
        m.unsure_submits.add(m.forms[-1])
    m.unsure_submits |= {value.form for value in values if isinstance(value, Container) and value.form}


def losses(m: Machine, tree: Tree) -> Iterator[Loss]:
    """The forms that have widgets and no submit button anywhere."""
    widgets = [draw.widget for draw in tree.draws]
    complete = {widget.form for widget in widgets if widget.element == SUBMIT}
    used = {widget.form for widget in widgets if not widget.trigger}
    reported: set[Place] = set()
    for block, node in _made(m, tree):
        form, place = m.made_forms[node.cell]
        if form in used and form not in complete and form not in m.unsure_submits and place not in reported:
            reported.add(place)
            yield Loss(block, node, "no submit", place, ("draws a form that has no submit button",))


def _made(m: Machine, tree: Tree) -> Iterator[tuple[Block, Bind]]:
    """Where forms are made, in the tree."""
    if not m.made_forms or OUTSIDE in m.unsure_submits:
        return
    for block, node in tree.nodes(Bind):
        if node.cell in m.made_forms:
            yield block, node
