"""Where the lines of a graph run: each ends at a place of its own at the side of a node."""

from __future__ import annotations

from collections.abc import Iterator

from streamlint.pictures.graph import CALLBACK, Edge, Graph, Node
from streamlint.pictures.measures import PORT
from streamlint.records import immutable


@immutable
class Route:
    """An edge from its actor to its key. `direction` is 1 if that leads to the right, else -1."""

    edge: Edge
    x1: int
    y1: int
    x2: int
    y2: int

    @property
    def direction(self) -> int:
        return 1 if self.x2 > self.x1 else -1

    def curve(self, start: int = 0, end: int = 0) -> str:
        """The line as an SVG path, which leaves out so many pixels at its ends; it begins and ends horizontally."""
        x1, x2 = self.x1 + start * self.direction, self.x2 - end * self.direction
        bend = round((x2 - x1) * 0.5)
        return f"M{x1} {self.y1}C{x1 + bend} {self.y1} {x2 - bend} {self.y2} {x2} {self.y2}"


def routes(graph: Graph) -> Iterator[Route]:
    """The edges in the order of the graph."""
    nodes = {node.id: node for node in graph.nodes}
    at_actor = _ports(graph, nodes, at_key=False)
    at_key = _ports(graph, nodes, at_key=True)
    for edge in graph.edges:
        actor, key = nodes[edge.actor], nodes[edge.key]
        left = actor.column == CALLBACK
        x1, x2 = (actor.x, key.x + key.width) if left else (actor.x + actor.width, key.x)
        yield Route(edge, x1, at_actor[edge.id], x2, at_key[edge.id])


def _ports(graph: Graph, nodes: dict[str, Node], *, at_key: bool) -> dict[str, int]:
    """The height at which each edge ends, by its id. At one side of a node the lines have the order of what they lead
    to, so that they need not cross there."""
    sides: dict[tuple[str, str], list[Edge]] = {}
    for edge in graph.edges:
        side = (edge.key, nodes[edge.actor].column) if at_key else (edge.actor, "")
        sides.setdefault(side, []).append(edge)
    found: dict[str, int] = {}
    for (id_, _), edges in sides.items():
        node = nodes[id_]
        middle = node.y + node.height / 2
        edges.sort(key=lambda edge: (_middle(nodes[edge.actor if at_key else edge.key]), edge.relation, edge.id))
        for place, edge in enumerate(edges):
            found[edge.id] = round(middle + (place - (len(edges) - 1) / 2) * PORT)
    return found


def _middle(node: Node) -> float:
    return node.y + node.height / 2
