"""Widgets that are new ones in the run after the user has used them, because that has changed what they are drawn with.

A widget is the same as in the last run if what makes its identity is the same: its key, or all its arguments where it
has none. Where the user's value ends up in one of these, the next thing the user does to it is lost.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import field

from streamlint.findings import Place, Related
from streamlint.flow.carried import Held, Put, Source, Sources, Walk, overlap
from streamlint.flow.claims import NOT_IDENTITY
from streamlint.flow.machine import Machine
from streamlint.flow.origins import Origins
from streamlint.flow.planting import Loss, Tree, nodes_of
from streamlint.flow.tree import (
    AllT,
    AnyT,
    Block,
    CellRef,
    Cmp,
    Draw,
    KeyVal,
    Lit,
    Node,
    NotT,
    Present,
    Spec,
    Term,
    Touch,
    WidgetVal,
    Write,
)
from streamlint.flow.values import Known, Value
from streamlint.records import immutable, mutable
from streamlint.streamlit_api import element as catalogue_element

EDITORS = frozenset({"data_editor", "experimental_data_editor"})
UNLOSABLE = frozenset({"download_button", "link_button", "page_link", "file_uploader", "camera_input", "audio_input"})
"""Widgets whose clicks do their work in the browser, or that have no default."""


MAX_COPIES = 6
"""Copies of a test that are followed."""


@immutable
class Loop:
    """The widget's value gets into what the next run draws it with."""

    widget: Hashable
    parameter: str
    held: Held
    put: Put
    direct: bool


@mutable
class Feedback:
    """The pass over one tree."""

    machine: Machine
    tree: Tree
    origins: Origins = field(init=False)
    draws: dict[Hashable, Draw] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    depends: dict[Hashable, list[tuple[str, frozenset[str]]]] = field(default_factory=dict)
    parameters: dict[Hashable, tuple[str, ...]] = field(default_factory=dict)
    """The arguments of each widget that is worth a walk which may be another one in the next run."""

    def losses(self) -> Iterator[Loss]:
        self.origins = Origins(self.machine, self.tree)
        self.draws = {draw.widget.id: draw for draw in self.tree.draws}
        self.depends = {draw.widget.id: found for draw in self.tree.draws if (found := list(self._made_of(draw)))}
        if not self.depends:
            return
        reported: set[Place] = set()
        for spec in self.tree.scripts:
            for walk, loops in self._loops(spec):
                for loop in _one_each(loops, self.draws):
                    place = self.draws[loop.widget].place
                    if place not in reported:
                        reported.add(place)
                        yield self._loss(walk, loop)

    def _loops(self, spec: Spec) -> Iterator[tuple[Walk, list[Loop]]]:
        """Those of one script, of the fields first: a walk for all of them, and one for each trigger."""
        widgets, keys = self._candidates(spec)
        fields = frozenset(widget for widget in widgets if not self.draws[widget].widget.trigger)
        if fields:
            walk = Walk(self.machine, self.tree, fields, keys)
            walk.run(spec)
            yield walk, list(self._found(walk))
        for widget in widgets:
            if widget not in fields:
                walk = Walk(self.machine, self.tree, frozenset({widget}), keys, widget)
                walk.run(spec)
                yield walk, list(self._found(walk))

    def _loss(self, walk: Walk, loop: Loop) -> Loss:
        draw, key = self.draws[loop.widget], loop.held.key
        element = draw.widget.element
        kind = "lagging"
        if element in EDITORS and loop.parameter == "data":
            kind = "editor feedback"
        elif loop.parameter == self._value_parameter(draw):
            kind = "feedback"
        step = f"puts the value of `st.{element}` into `{key}`: the next run draws another widget"
        site: tuple[Block, Node] = walk.draws[loop.widget]
        related: tuple[Related, ...] = ()
        if loop.put.place is not None:
            site = walk.sites[loop.put.place]
            related = (Related(f"`{key}` changes here", loop.put.place),)
        return Loss(*site, kind, draw.place, (step, element, key, loop.parameter), related)

    # --- candidates ------------------------------------------------------------------------------------------

    def _candidates(self, spec: Spec) -> tuple[list[Hashable], frozenset[str]]:
        """The widgets of a script that are drawn with what depends on a key that the script changes, and these keys."""
        draws, written = _contents(spec)
        widgets: list[Hashable] = []
        found: set[str] = set()
        for draw in draws:
            changing = [(name, keys & written) for name, keys in self.depends.get(draw.widget.id, ()) if keys & written]
            if changing:
                found = found.union(*(keys for _, keys in changing))
                self.parameters[draw.widget.id] = tuple(name for name, _ in changing)
                widgets.append(draw.widget.id)
        return widgets, frozenset(found)

    def _made_of(self, draw: Draw) -> Iterator[tuple[str, frozenset[str]]]:
        """The arguments that make another widget of it when they change, with the keys that they depend on."""
        for name, value in self._identity(draw):
            keys = self.origins.keys(value) - {draw.widget.key or ""}
            if keys:
                yield name, keys

    def _identity(self, draw: Draw) -> Iterator[tuple[str, Value]]:
        """The arguments that make another widget of it when they change."""
        widget = draw.widget
        facts = catalogue_element(widget.element, self.machine.version)
        given = self.machine.drawn_with.get(widget.id, {})
        if facts is None or widget.element in UNLOSABLE or not facts.plain.entry or draw.disabled == Lit(True):
            return
        key = given.get("key")
        keyed = key is not None and key not in (Known.of(None), Known.of("None"))
        names = None if not keyed else facts.identity
        if keyed and widget.element in EDITORS and names is not None:
            fixed = given.get("num_rows") in (None, Known.of("fixed"))
            names = frozenset() if fixed else None
        for name, value in given.items():
            if name not in NOT_IDENTITY and (names is None or name in names) and not isinstance(value, Known):
                yield name, value

    def _value_parameter(self, draw: Draw) -> str | None:
        facts = catalogue_element(draw.widget.element, self.machine.version)
        return None if facts is None else facts.value

    # --- loops -----------------------------------------------------------------------------------------------

    def _found(self, walk: Walk) -> Iterator[Loop]:
        for widget in walk.draws:
            draw = self.draws[widget]
            main = (self._value_parameter(draw), "data")
            for parameter in sorted(self.parameters[widget], key=lambda name: name not in main):
                if parameter not in main and (widget in walk.in_loops or not self._is_shown(draw, parameter)):
                    continue
                needs = self._through_defaults(walk, walk.params[widget].get(parameter, frozenset()))
                loop = self._closed(walk, widget, parameter, needs)
                if loop is not None and (draw.widget.trigger or not _only_grows(walk, loop)):
                    yield loop

    @staticmethod
    def _is_shown(draw: Draw, parameter: str) -> bool:
        """Whether an argument that is no default is worth a report: a field whose limits or options follow what was
        chosen has to be another one."""
        return draw.widget.trigger or parameter == "label"

    def _closed(self, walk: Walk, widget: Hashable, parameter: str, needs: Sources) -> Loop | None:
        """How the widget's value gets into one of the parts of the state that its argument is made of."""
        best: Loop | None = None
        for end in walk.ends:
            for held in (source for source in needs if isinstance(source, Held)):
                content = end.keys.get(held.key)
                for put in content.puts if content is not None else ():
                    if not overlap(held.path, put.path):
                        continue
                    if self._is_gone(walk, widget, held.key):
                        continue
                    direct = put.source == WidgetVal(widget)
                    if direct or WidgetVal(widget) in self._through_defaults(walk, frozenset({put.source})):
                        loop = Loop(widget, parameter, held, put, direct)
                        if best is None or _order(loop) < _order(best):
                            best = loop
        return best

    def _is_gone(self, walk: Walk, widget: Hashable, key: str) -> bool:
        """Whether the widget is not drawn any more when the key has a value."""
        return any(self._when_filled(test, key) is (not outcome) for test, outcome in walk.facts.get(widget, ()))

    def _when_filled(self, term: Term, key: str, depth: int = 0) -> bool | None:
        """Whether the test is true when the key holds something true."""
        match term:
            case KeyVal(name) | Present(name):
                return True if name == key else None
            case NotT(inner):
                truth = self._when_filled(inner, key, depth)
                return None if truth is None else not truth
            case CellRef(cell) if depth < MAX_COPIES and len(bound := self.tree.terms.get(cell, [])) == 1:
                return self._when_filled(bound[0], key, depth + 1)
            case Cmp("is" | "==" | "is not" | "!=" as op, left, Lit(None | "" | False)):
                filled = self._when_filled(left, key, depth)
                return op in ("is not", "!=") if filled else None
            case AllT(terms) | AnyT(terms):
                decisive = isinstance(term, AnyT)
                return decisive if any(self._when_filled(t, key, depth) is decisive for t in terms) else None
            case _:
                return None

    def _through_defaults(self, walk: Walk, sources: Sources) -> Sources:
        """The sources, with what the defaults of the widgets among them are made of."""
        found: set[Source] = set()
        todo = list(sources)
        while todo:
            source = todo.pop()
            if source in found:
                continue
            found.add(source)
            if isinstance(source, WidgetVal) and source.widget in walk.params:
                name = self._value_parameter(self.draws[source.widget])
                todo += walk.params[source.widget].get(name or "", frozenset())
        return frozenset(found)


def _order(loop: Loop) -> tuple[bool, bool, Place | None, str]:
    return not loop.direct, loop.put.place is None, loop.put.place, loop.held.key


def _one_each(loops: list[Loop], draws: dict[Hashable, Draw]) -> Iterator[Loop]:
    """One for each widget, in the order of places."""
    done: set[Hashable] = set()
    for loop in sorted(loops, key=lambda loop: draws[loop.widget].place):
        if loop.widget not in done:
            done.add(loop.widget)
            yield loop


def _only_grows(walk: Walk, loop: Loop) -> bool:
    """Whether the value is only added to a collection."""
    if loop.put.place is None:
        return False
    node = walk.sites[loop.put.place][1]
    return isinstance(node, Touch) and node.how not in ("[]", ".")


def _contents(spec: Spec) -> tuple[list[Draw], set[str]]:
    """The widgets that a script draws, and the keys that it changes."""
    nodes = [node for _, node in nodes_of(spec.body, seen={spec.id})]
    draws = [node for node in nodes if isinstance(node, Draw)]
    return draws, {node.key for node in nodes if isinstance(node, Write | Touch)}
