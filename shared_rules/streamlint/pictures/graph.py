"""The state map of an app as a graph: pages on the left, keys in the middle, callbacks on the right.

What a callback does belongs to the callback and not to the page that draws its widget; what a helper does belongs to
all that call it. A use that no run is known to reach belongs to nobody, but its key is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from streamlint.findings import Finding, Place, Span
from streamlint.pictures.judging import Judgement
from streamlint.pictures.layout import arranged, tops
from streamlint.pictures.measures import MARGIN, TOP, column_width, gap, height
from streamlint.pictures.names import page_name, relative, sidebar_order
from streamlint.pictures.places import Json, Places, spelled, warning
from streamlint.records import immutable
from streamlint.statemap import DELETES, DRAWS, Access, StateMap, beginnings

if TYPE_CHECKING:
    from streamlint.flow.key_uses import Run

PAGE, KEY, CALLBACK = "page", "key", "callback"
COLUMNS = {PAGE: "Pages", KEY: "Keys", CALLBACK: "Callbacks"}
MANY_PAGES = 3
"""A callback of more pages than this does not name them all."""


@immutable
class Node:
    """`column` is one of `COLUMNS`, `kind` entrypoint, page, plain, widget, dynamic or callback."""

    id: str
    column: str
    kind: str
    label: str
    detail: str
    place: Place | None = None
    types: tuple[str, ...] = ()
    survives: bool | None = None
    """Whether a key's value is there after a page switch; None where that is no question."""
    initialisers: tuple[Place, ...] = ()
    warnings: tuple[Finding, ...] = ()
    x: int = 0
    y: int = 0
    width: int = 0
    height: int = 0


@immutable
class Edge:
    """What one page or callback (`actor`) does to one key: `relation` is sets, reads, draws or deletes."""

    actor: str
    key: str
    relation: str
    uses: tuple[Access, ...]
    codes: tuple[str, ...] = ()
    unprotected: bool = False
    """Whether it is a read, and something is found about it."""

    @property
    def id(self) -> str:
        return f"{self.actor} {self.relation} {self.key}"


@immutable
class Column:
    id: str
    label: str
    x: int
    width: int


@immutable
class Graph:
    """`app` is the entrypoint, relative to the root. Nodes are in drawing order, column by column."""

    app: str
    width: int
    height: int
    columns: tuple[Column, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def graph_of(app: StateMap, findings: Iterable[Finding], root: str, text: str = "") -> Graph:
    """The graph of an app. With a `text` it has only the keys that contain it, and who uses them."""
    builder = _Builder(app, Judgement(app, findings), root, text.casefold())
    return _laid_out(relative(app.entry, root), builder.nodes(), builder.edges())


def as_json(graph: Graph, root: str, places: Places) -> Json:
    """The graph as plain data, for programs that draw it; `root` is what they are told of the root."""
    return {
        "version": 1,
        "app": graph.app,
        "root": root,
        "width": graph.width,
        "height": graph.height,
        "columns": [{"id": c.id, "label": c.label, "x": c.x, "width": c.width} for c in graph.columns],
        "nodes": [_node_json(node, places) for node in graph.nodes],
        "edges": [_edge_json(edge, places) for edge in graph.edges],
    }


def _node_json(node: Node, places: Places) -> Json:
    return {
        "id": node.id,
        "column": node.column,
        "kind": node.kind,
        "label": node.label,
        "detail": node.detail,
        "types": list(node.types),
        "survivesPageSwitch": node.survives,
        "place": places.place(node.place) if node.place is not None else None,
        "initialisers": [places.place(place) for place in node.initialisers],
        "warnings": [_warning_json(finding, places) for finding in node.warnings],
        "x": node.x,
        "y": node.y,
        "width": node.width,
        "height": node.height,
    }


def _warning_json(finding: Finding, places: Places) -> Json:
    told = warning(finding, places)
    where = places.place(finding.place)
    return {name: value for name, value in told.items() if name not in where} | {"place": where}


def _edge_json(edge: Edge, places: Places) -> Json:
    return {
        "id": edge.id,
        "from": edge.actor,
        "to": edge.key,
        "relation": edge.relation,
        "unprotected": edge.unprotected,
        "codes": list(edge.codes),
        "uses": [_use_json(access, places) for access in edge.uses],
    }


def _use_json(access: Access, places: Places) -> Json:
    return {
        "use": access.use,
        "function": access.function or None,
        "element": access.element,
        "place": places.place(access.place),
    }


# --- nodes and edges ---------------------------------------------------------------------------------------------


def relations(access: Access) -> Iterator[str]:
    """What an access does, in the words of a graph: `+=` reads and sets."""
    if access.writes:
        yield "sets"
    if access.reads:
        yield "reads"
    if access.use in (DRAWS, DELETES):
        yield access.use


class _Builder:
    def __init__(self, app: StateMap, judgement: Judgement, root: str, text: str) -> None:
        self._app = app
        self._judgement = judgement
        self._root = root
        self._chosen = [access for access in app.accesses if text in access.key.casefold()]
        self._all_pages = not text
        self._runs = sorted({run for access in self._chosen for run in access.runs})
        self._callbacks = self._named_callbacks()

    def nodes(self) -> list[Node]:
        return [*self._pages(), *self._keys(), *self._callback_nodes()]

    # --- pages ---------------------------------------------------------------------------------------------------

    def _pages(self) -> Iterator[Node]:
        used = {run.page for run in self._runs if not run.callback}
        known = {self._app.entry, *self._app.pages} if self._all_pages else set[str]()
        for path in sorted(used | known, key=lambda path: (path != self._app.entry, sidebar_order(path), path)):
            kind = "entrypoint" if path == self._app.entry else "page"
            uses = self._found_by({run for run in self._runs if run.page == path and not run.callback})
            found = dict.fromkeys([*self._judgement.in_file(path), *uses])
            file = self._relative(path)
            start = Place(path, Span(0, 0))
            yield Node(f"{PAGE}:{file}", PAGE, kind, self._name(path), file, start, warnings=tuple(found))

    def _found_by(self, runs: set[Run]) -> Iterator[Finding]:
        """What is found about the uses that some runs come to, whatever file they are in."""
        for access in self._chosen:
            if not runs.isdisjoint(access.runs):
                yield from self._judgement.of_use(access)

    def _name(self, path: str) -> str:
        return self._app.titles.get(path) or page_name(path)

    def _relative(self, path: str) -> str:
        return relative(path, self._root)

    # --- keys ----------------------------------------------------------------------------------------------------

    def _keys(self) -> Iterator[Node]:
        chosen: dict[tuple[bool, str], list[Access]] = {}
        for access in self._chosen:
            chosen.setdefault((not access.exact, access.key), []).append(access)
        for (dynamic, key), accesses in sorted(chosen.items()):
            yield self._dynamic(key, accesses) if dynamic else self._key(key, accesses)

    def _key(self, key: str, accesses: Sequence[Access]) -> Node:
        types = self._app.types.get(key, ())
        kind = "widget" if self._app.widgets(key) else "plain"
        first = tuple(spelled(access) for access in self._app.initialisers(key))
        start = first[0] if first else spelled(accesses[0])
        found = tuple(self._judgement.of_key(key))
        survives = self._app.survives(key)
        return Node(f"{KEY}:{key}", KEY, kind, key, ", ".join(types), start, types, survives, first, found)

    def _dynamic(self, key: str, accesses: Sequence[Access]) -> Node:
        first = tuple(spelled(access) for access in beginnings(accesses))
        start = first[0] if first else spelled(accesses[0])
        found = tuple(self._judgement.of_key(key))
        return Node(f"dynamic:{key}", KEY, "dynamic", key, "", start, initialisers=first, warnings=found)

    # --- callbacks -----------------------------------------------------------------------------------------------

    def _named_callbacks(self) -> dict[tuple[str, Place], str]:
        """The callbacks with the ids of their nodes; of those that are called alike in a file, the later ones are
        numbered."""
        found: dict[tuple[str, Place], str] = {}
        taken: dict[str, int] = {}
        for callback, place in sorted({(run.callback, run.place) for run in self._runs if run.callback}):
            name = f"{CALLBACK}:{self._relative(place.path)}:{callback}"
            taken[name] = taken.get(name, 0) + 1
            found[callback, place] = name if taken[name] == 1 else f"{name}#{taken[name]}"
        return found

    def _callback_nodes(self) -> Iterator[Node]:
        for (callback, place), id_ in sorted(self._callbacks.items(), key=lambda item: item[0][::-1]):
            mine = {run for run in self._runs if (run.callback, run.place) == (callback, place)}
            found = dict.fromkeys(self._found_by(mine))
            detail = f"{self._relative(place.path)} ({self._listed(run.page for run in mine)})"
            yield Node(id_, CALLBACK, CALLBACK, _callback_name(callback), detail, place, warnings=tuple(found))

    def _listed(self, pages: Iterable[str]) -> str:
        names = [self._name(path) for path in sorted(set(pages), key=sidebar_order)]
        more = len(names) - MANY_PAGES
        return ", ".join(names[:MANY_PAGES]) + (f" and {more} more" if more > 0 else "")

    # --- edges ---------------------------------------------------------------------------------------------------

    def edges(self) -> list[Edge]:
        found: dict[tuple[str, str, str], list[Access]] = {}
        for access in self._chosen:
            key = f"{KEY if access.exact else 'dynamic'}:{access.key}"
            for actor in sorted({self._actor(run) for run in access.runs}):
                for relation in relations(access):
                    found.setdefault((actor, key, relation), []).append(access)
        return [self._edge(*which, found[which]) for which in sorted(found)]

    def _actor(self, run: Run) -> str:
        if run.callback:
            return self._callbacks[run.callback, run.place]
        return f"{PAGE}:{self._relative(run.page)}"

    def _edge(self, actor: str, key: str, relation: str, uses: Sequence[Access]) -> Edge:
        """What is found about an expression that reads and sets is about the read."""
        told = [access for access in uses if relation == "reads" or not access.reads]
        codes = {finding.code for access in told for finding in self._judgement.of_use(access)}
        open_ = relation == "reads" and not all(self._judgement.is_protected(access) for access in uses)
        return Edge(actor, key, relation, tuple(uses), tuple(sorted(codes)), open_)


def _callback_name(callback: str) -> str:
    """Lambdas and what is put together at run time have no name."""
    return {"a callback": "callback", "<lambda>": "lambda"}.get(callback, callback)


# --- layout ------------------------------------------------------------------------------------------------------


def _laid_out(app: str, nodes: Sequence[Node], edges: Sequence[Edge]) -> Graph:
    known = {node.id: node for node in nodes}
    links = [(edge.actor, edge.key) for edge in edges]
    left, middle, right = ([node.id for node in nodes if node.column == column] for column in COLUMNS)
    first = next((node.id for node in nodes if node.kind == "entrypoint"), "")
    ordered = arranged((left, middle, right), links, first)
    heights = _heights(nodes, links)
    above = tops(ordered, heights, links)
    columns = tuple(_columns(nodes, len(links)))
    at = {column.id: column for column in columns}
    placed = [_placed(known[id_], at, above[id_], heights[id_]) for column in ordered for id_ in column]
    width = max((column.x + column.width for column in columns), default=0) + MARGIN
    bottom = max((node.y + node.height for node in placed), default=TOP) + MARGIN
    return Graph(app, width, bottom, columns, tuple(placed), tuple(edges))


def _heights(nodes: Iterable[Node], links: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Each node has room for the lines that end at its side: keys have two sides."""
    ends: dict[tuple[str, str], int] = {}
    columns = {node.id: node.column for node in nodes}
    for actor, key in links:
        for end in ((actor, KEY), (key, columns[actor])):
            ends[end] = ends.get(end, 0) + 1
    return {node: height(max(ends.get((node, side), 0) for side in COLUMNS)) for node in columns}


def _columns(nodes: Sequence[Node], links: int) -> Iterator[Column]:
    x = MARGIN
    for column, label in COLUMNS.items():
        mine = [node for node in nodes if node.column == column]
        if mine:
            width = column_width((node.label, second_line(node), bool(node.warnings)) for node in mine)
            yield Column(column, label, x, width)
            x += width + gap(links)


def second_line(node: Node) -> str:
    """What stands below a node's label."""
    lost = "lost on page switch" if node.survives is False else ""
    return " · ".join(filter(None, (node.detail, lost)))


def _placed(node: Node, columns: dict[str, Column], above: float, high: float) -> Node:
    column = columns[node.column]
    return replace(node, x=column.x, y=TOP + round(above), width=column.width, height=round(high))
