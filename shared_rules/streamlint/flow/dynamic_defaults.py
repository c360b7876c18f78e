"""Keyed widgets whose default changes while they stay on the page: they go on showing the old one.

From Streamlit 1.50 on a widget with a key is the same whatever its default is. Reported is a default that depends on
another widget of the page, or on a key that a click on the page sets.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import field

from streamlint.findings import Place, Related
from streamlint.flow.machine import Machine
from streamlint.flow.origins import Origins
from streamlint.flow.planting import Loss, Tree
from streamlint.flow.reduce import blocks_of
from streamlint.flow.sources import Source
from streamlint.flow.tree import (
    Block,
    Branch,
    CallN,
    Clear,
    Delete,
    Draw,
    Havoc,
    KeyVal,
    Lit,
    Node,
    Present,
    Spec,
    Term,
    WidgetVal,
    Write,
    negate,
)
from streamlint.flow.untouched import Untouched
from streamlint.flow.values import Known, Value
from streamlint.records import immutable, mutable
from streamlint.streamlit_api import Element as Facts
from streamlint.streamlit_api import element as catalogue_element

BOUNDS = frozenset({"min_value", "max_value", "step", "options", "max_chars"})
"""With these a default has to change, so that it stays one that the widget may have."""
CHOOSING = frozenset({
    "selectbox", "radio", "multiselect", "select_slider", "slider", "number_input", "text_input", "text_area",
    "checkbox", "toggle", "date_input", "time_input", "pills", "segmented_control", "color_picker",
})  # fmt: skip
Tests = tuple[Term, ...]


@immutable
class Site:
    """A node with the tests around it, those of the calls that lead to it included."""

    block: Block
    node: Node
    tests: Tests


@mutable
class DynamicDefaults:
    """The pass over one tree."""

    machine: Machine
    tree: Tree
    origins: Origins = field(init=False)
    clicks: Untouched = field(init=False)
    set_keys: set[str] = field(default_factory=set)
    havocs: list[Havoc] = field(default_factory=list)

    def losses(self) -> Iterator[Loss]:
        self.origins = Origins(self.machine, self.tree)
        self.clicks = Untouched(self.tree)
        if not any(self._facts(draw) for draw in self.tree.draws):
            return
        scripts = [_sites(spec) for spec in self.tree.scripts]
        handlers = {draw.widget.id: _sites(draw.widget.callback) for draw in self.tree.draws if draw.widget.callback}
        for site in [site for sites in (*scripts, *handlers.values()) for site in sites]:
            if isinstance(site.node, Write | Delete):
                self.set_keys.add(site.node.key)
            elif isinstance(site.node, Havoc):
                self.havocs.append(site.node)
            elif isinstance(site.node, Clear):
                self.havocs.append(Havoc(None, site.node.place))
        reported: set[Place] = set()
        for sites in scripts:
            for site in sites:
                if isinstance(site.node, Draw) and site.node.place not in reported:
                    loss = self._loss(site, site.node, sites, handlers)
                    if loss is not None:
                        reported.add(site.node.place)
                        yield loss

    def _facts(self, draw: Draw) -> Facts | None:
        """What is known of the element, if its default does not belong to its identity when it has a key."""
        facts = catalogue_element(draw.widget.element, self.machine.version)
        given = self.machine.drawn_with.get(draw.widget.id, {})
        keyed = draw.widget.binds_key or draw.widget.pattern is not None
        if facts is None or facts.value is None or facts.identity is None or not keyed or draw.widget.trigger:
            return None
        if facts.value in facts.identity or isinstance(given.get(facts.value, Known(None)), Known):
            return None
        return facts

    def _loss(self, site: Site, draw: Draw, sites: list[Site], handlers: dict[Hashable, list[Site]]) -> Loss | None:
        facts = self._facts(draw)
        if facts is None or facts.value is None or self._is_set(draw):
            return None
        given = self.machine.drawn_with[draw.widget.id]
        spared = self._spared(draw, facts, given)
        for source in sorted(self.origins.of(given[facts.value]) - spared, key=str):
            key = source.key if isinstance(source, KeyVal) else None
            owner = source.widget if isinstance(source, WidgetVal) else self.clicks.owners.get(key or "")
            if owner is not None and owner != draw.widget.id:
                cause = self._widget(owner, site, sites)
            elif isinstance(source, KeyVal) and owner is None:
                cause = self._click(source.key, site, sites, handlers)
            else:
                cause = None
            if cause is not None:
                what, place = cause
                step = f"draws `st.{draw.widget.element}` with another default than before, which it does not show"
                about = (step, draw.widget.element, what, facts.value)
                return Loss(site.block, draw, "stale default", draw.place, about, (Related("changes here", place),))
        return None

    def _is_set(self, draw: Draw) -> bool:
        """Whether code sets the widget's key: that is how a widget gets another value."""
        key, pattern = draw.widget.key, draw.widget.pattern
        drawn = {other.place for other in self.tree.draws}
        others = [havoc for havoc in self.havocs if havoc.place not in drawn]
        if key is not None:
            return key in self.set_keys or any(havoc.matches(key) for havoc in others)
        if pattern is None or any(pattern.overlaps(havoc.pattern) for havoc in others):
            return True
        return any(pattern.matches(name) for name in self.set_keys)

    def _spared(self, draw: Draw, facts: Facts, given: dict[str, Value]) -> frozenset[Source]:
        """What the default may depend on: its own state, and what makes another widget of it or limits its values."""
        names = (facts.identity or frozenset()) | BOUNDS | {"key"}
        found = self.origins.of(*[value for name, value in given.items() if name in names and name != facts.value])
        own = draw.widget.key
        return found | {s for s in self.origins.of(given[facts.value or ""]) if getattr(s, "key", None) == own}

    # --- what changes the default ----------------------------------------------------------------------------

    def _widget(self, owner: Hashable, site: Site, sites: list[Site]) -> tuple[str, Place] | None:
        """Another widget, which is drawn on the same page whenever this one is."""
        around = self._around(site.tests)
        for other in sites:
            node = other.node
            if not isinstance(node, Draw) or node.widget.id != owner or node.widget.element not in CHOOSING:
                continue
            widget, mine = node.widget, site.node.widget if isinstance(site.node, Draw) else None
            if mine is None or (widget.form is not None and widget.form == mine.form):
                continue
            named = widget.key is not None and any(getattr(s, "key", None) == widget.key for s in around)
            if WidgetVal(owner) in around or named:
                continue  # it is another widget's default where this one has another value
            return f"`st.{widget.element}`", node.place
        return None

    def _click(
        self, key: str, site: Site, sites: list[Site], handlers: dict[Hashable, list[Site]]
    ) -> tuple[str, Place] | None:
        """A click on the same page that sets the key, in the run or in its callback."""
        writes = [
            other
            for other in sites
            if isinstance(other.node, Write) and any(self.clicks.truth(test) is False for test in other.tests)
        ]
        for other in sites:
            if isinstance(other.node, Draw) and other.node.widget.trigger:
                called = handlers.get(other.node.widget.id, [])
                writes += [Site(s.block, s.node, other.tests) for s in called if isinstance(s.node, Write)]
        for write in writes:
            assert isinstance(write.node, Write)
            if write.node.key == key and self._changes(write.node, site) and self._together(key, site, write):
                return f"`{key}`", write.node.place
        return None

    def _changes(self, write: Write, site: Site) -> bool:
        """Whether the key gets something to show, which is not what the widget itself holds."""
        if write.only_if_absent or (isinstance(write.value, Lit) and not write.value.value):
            return False
        assert isinstance(site.node, Draw)
        own = site.node.widget
        made = self.origins.of(*self.machine.given.get(write, ()))
        return not any(
            s == WidgetVal(own.id) or (own.key is not None and getattr(s, "key", None) == own.key) for s in made
        )

    def _together(self, key: str, site: Site, write: Site) -> bool:
        """Whether the widget is on the page before the click and after it: no key but this one decides on one of them
        and not on the other."""
        shared = {id(test) for test in write.tests} & {id(test) for test in site.tests}
        mine = [test for test in site.tests if id(test) not in shared]
        other = [test for test in write.tests if id(test) not in shared]
        around = {s.key for s in self._around((*mine, *other)) if isinstance(s, KeyVal | Present)}
        if any(self.clicks.truth(test) is False for test in site.tests):
            return False
        return not (around - {key} - self.clicks.owners.keys())

    def _around(self, tests: Tests) -> frozenset[Source]:
        return self.origins.of(*tests)


def _sites(spec: Spec) -> list[Site]:
    """The nodes of a script that draw and set something; each body once."""
    found: list[Site] = []
    seen = {spec.id}

    def walk(block: Block, tests: Tests) -> None:
        for node in block:
            if isinstance(node, Draw | Write | Delete | Havoc | Clear):
                found.append(Site(block, node, tests))
            elif isinstance(node, CallN) and node.spec.id not in seen:
                seen.add(node.spec.id)
                walk(node.spec.body, tests)
            elif isinstance(node, Branch):
                walk(node.then, (*tests, node.test))
                walk(node.orelse, (*tests, negate(node.test)))
            else:
                for inner in blocks_of(node):
                    walk(inner, tests)

    walk(spec.body, ())
    return found
