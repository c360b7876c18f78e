"""The part of a flow tree that decides whether a run comes to a place: the routes there.

For what is wrong wherever a run comes to it, nothing else counts. What ends a run early, and asks for nothing that the
tests on the way ask for too, is passed by: the runs that it does not end are the ones to look at. Scripts that do not
lead there are no part of it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from streamlint.flow.reduce import Kept, Program, Reducer, Summary
from streamlint.flow.tree import (
    FAULT,
    CallN,
    Clear,
    KeyVal,
    Node,
    Present,
    Spec,
    Term,
    WidgetVal,
    subterms,
)


class RouteReducer(Reducer):
    """The routes to the places that `keys` name; `whole` with what ends a run early too."""

    def __init__(self, program: Program, keys: frozenset[str], *, whole: bool = False) -> None:
        self.tested: set[str] = set()
        """The keys of the state that kept tests ask for."""
        self.stateful = any(not key.startswith(FAULT) for key in keys)
        """Whether a key of the state is followed too."""
        self.passes_by = False
        """Whether something is left out that may end a run early and that a user decides."""
        super().__init__(program, keys, lean=not whole)

    def entries(self, scripts: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the scripts that lead there."""
        return tuple(name for name in scripts if self.leads(self.program.summary(self.program.scripts[name])))

    def leads(self, summary: Summary) -> bool:
        return self._touches(summary) or not summary.widgets.isdisjoint(self.widgets)

    def _roots(self) -> Iterator[Spec]:
        for spec in super()._roots():
            if self.leads(self.program.summary(spec)):
                yield spec

    def _grown(self) -> Hashable:
        return super()._grown(), len(self.tested)

    def _touches(self, summary: Summary) -> bool:
        return (summary.havoc and self.stateful) or not summary.keys.isdisjoint(self.keys)

    def _use(self, term: Term) -> None:
        super()._use(term)
        self.tested.update(part.key for part in subterms(term) if isinstance(part, KeyVal | Present))

    def _keep(self, node: Node, follows: bool) -> Kept | None:
        return None if isinstance(node, Clear) and not self.stateful else super()._keep(node, follows)

    def _passes_by(self, test: Term) -> bool:
        idle = super()._passes_by(test)
        self.passes_by |= idle and any(isinstance(part, WidgetVal) for part in self._behind(test))
        return idle

    def _ends_run(self, kept: Kept) -> bool:
        """Also a call of a function that does."""
        if isinstance(kept.node, CallN):
            return self._only_ends_run(self.specs.get(kept.node.spec.id, []))
        return super()._ends_run(kept)

    def _asks_elsewhere(self, part: Term) -> bool:
        if isinstance(part, KeyVal | Present):
            return part.key in self.tested
        return isinstance(part, WidgetVal) and part.widget in self.widgets
