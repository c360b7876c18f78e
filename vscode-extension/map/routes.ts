import { linkHorizontal } from "d3-shape";
import type { Edge, Graph, Node } from "./graph";
import { PORT } from "./layout";

/** Where an edge runs: from a place at its page or callback to one at its key. */
export interface Route {
  edge: Edge;
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

export const ARROW = 9;

/** The edges of a graph, the important ones last, so that they are drawn above the others. */
export function routes(graph: Graph): Route[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const starts = ports(graph, nodes, "from");
  const ends = ports(graph, nodes, "to");
  const found = graph.edges.flatMap((edge) => {
    const [actor, key] = [nodes.get(edge.from), nodes.get(edge.to)];
    return actor && key ? [route(edge, actor, key, starts.get(edge.id) ?? 0, ends.get(edge.id) ?? 0)] : [];
  });
  return found.sort((a, b) => weight(a.edge) - weight(b.edge));
}

function weight(edge: Edge): number {
  return edge.unprotected ? 2 : edge.relation === "reads" ? 0 : 1;
}

function route(edge: Edge, actor: Node, key: Node, y1: number, y2: number): Route {
  const isRight = actor.x < key.x;
  const [x1, x2] = isRight ? [actor.x + actor.width, key.x] : [actor.x, key.x + key.width];
  return { edge, x1, y1, x2, y2 };
}

/** The height at which each edge ends, by its id. At one side of a node the lines have the order of what they lead to,
 * so that they need not cross there. */
function ports(graph: Graph, nodes: Map<string, Node>, end: "from" | "to"): Map<string, number> {
  const other = end === "from" ? "to" : "from";
  const sides = new Map<string, Edge[]>();
  for (const edge of graph.edges) {
    const side = `${edge[end]} ${nodes.get(edge.from)?.column}`;
    sides.set(side, [...(sides.get(side) ?? []), edge]);
  }
  const found = new Map<string, number>();
  for (const edges of sides.values()) {
    edges.sort((a, b) => middle(nodes.get(a[other])) - middle(nodes.get(b[other])) || compare(a, b));
    for (const [at, edge] of edges.entries()) {
      const offset = (at - (edges.length - 1) / 2) * PORT;
      found.set(edge.id, Math.round(middle(nodes.get(edge[end])) + offset));
    }
  }
  return found;
}

function middle(node: Node | undefined): number {
  return node === undefined ? 0 : node.y + node.height / 2;
}

function compare(a: Edge, b: Edge): number {
  return a.relation.localeCompare(b.relation) || a.id.localeCompare(b.id);
}

/** 1 for an edge whose key is at the right of its page, -1 for one whose key is at the left of its callback. */
export function direction(route: Route): 1 | -1 {
  return route.x2 > route.x1 ? 1 : -1;
}

const link = linkHorizontal<
  unknown,
  { source: [number, number]; target: [number, number] },
  [number, number]
>();

/** The line as an SVG path; it leaves room for what stands at its end. */
export function curve(route: Route): string {
  const way = direction(route);
  const [start, end] = ROOM[route.edge.relation];
  const source: [number, number] = [route.x1 + start * way, route.y1];
  const target: [number, number] = [route.x2 - end * way, route.y2];
  return link({ source, target }) ?? "";
}

/** Pixels that a line leaves out where it begins and ends. */
const ROOM = { sets: [0, ARROW], reads: [ARROW, 0], draws: [0, 4], deletes: [0, 7] } as const;

/** What stands at the end of a line: a head that points where the value goes, a widget's dot, a deletion's cross. */
export function head(route: Route): string {
  const way = direction(route);
  switch (route.edge.relation) {
    case "sets":
      return arrow(route.x2, route.y2, way);
    case "reads":
      return arrow(route.x1, route.y1, -way);
    case "draws":
      return dot(route.x2 - 5 * way, route.y2);
    case "deletes":
      return cross(route.x2 - 7 * way, route.y2);
  }
}

function arrow(x: number, y: number, way: number): string {
  return `M${x},${y}L${x - ARROW * way},${y - 4}V${y + 4}Z`;
}

function dot(x: number, y: number): string {
  return `M${x - 4.5},${y}a4.5,4.5 0 1,0 9,0a4.5,4.5 0 1,0 -9,0Z`;
}

function cross(x: number, y: number): string {
  return `M${x - 4},${y - 4}l8,8m-8,0l8,-8`;
}
