import type { ColumnName, Graph, Node } from "./graph";
import { routes } from "./routes";

/** Pixels between what is looked at and the edge of the view. */
const MARGIN = 24;
const SIDES: readonly ColumnName[] = ["page", "key", "callback"];

/** Where a key of the keyboard leads from a node: up and down in its column, left and right along an edge or, where
 * there is none, to what lies beside it. */
export function step(graph: Graph, from: Node, key: string): Node | undefined {
  const column = graph.nodes.filter((node) => node.column === from.column);
  const at = column.indexOf(from);
  switch (key) {
    case "ArrowUp":
      return column[at - 1];
    case "ArrowDown":
      return column[at + 1];
    case "Home":
      return column[0];
    case "End":
      return column.at(-1);
    case "ArrowLeft":
      return beside(graph, from, -1);
    case "ArrowRight":
      return beside(graph, from, 1);
    default:
      return undefined;
  }
}

function beside(graph: Graph, from: Node, way: 1 | -1): Node | undefined {
  const column = SIDES[SIDES.indexOf(from.column) + way];
  const there = graph.nodes.filter((node) => node.column === column);
  const linked = routes(graph)
    .map(({ edge }) => edge)
    .filter((edge) => edge.from === from.id || edge.to === from.id)
    .map((edge) => there.find((node) => node.id === edge.from || node.id === edge.to))
    .filter((node) => node !== undefined);
  return nearest(linked.length > 0 ? linked : there, from);
}

function nearest(nodes: Node[], from: Node): Node | undefined {
  const distance = (node: Node) => Math.abs(node.y + node.height / 2 - from.y - from.height / 2);
  return nodes.reduce<Node | undefined>((a, b) => (a && distance(a) <= distance(b) ? a : b), undefined);
}

/** The node, what it is linked to, and the edges between: by their ids. */
export function surroundings(graph: Graph, id: string): Set<string> {
  const edges = graph.edges.filter((edge) => edge.from === id || edge.to === id);
  return new Set([id, ...edges.flatMap((edge) => [edge.id, edge.from, edge.to])]);
}

/** How far something must move to lie in a room; its beginning is what counts. */
export function shift(start: number, size: number, room: number): number {
  const beyond = start + size + MARGIN - room;
  if (start < MARGIN || beyond <= 0) return Math.max(0, MARGIN - start);
  return Math.max(-beyond, MARGIN - start);
}
