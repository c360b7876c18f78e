import type { ColumnName, Edge, Graph, Node } from "./graph";

/** Pixels between two lines that end at the same side of a node. */
export const PORT = 14;
const LEAST_HEIGHT = 44;
/** Pixels between two nodes of a column. */
const SPACE = 14;
const COLUMNS: readonly ColumnName[] = ["key", "page", "callback"];

/** A graph of some nodes and edges of another: each column keeps its order and place and is moved together, the nodes
 * as near to what they are linked to as they can. */
export function restacked(graph: Graph, nodes: Node[], edges: Edge[]): Graph {
  const top = Math.min(...graph.nodes.map((node) => node.y));
  const margin = graph.height - Math.max(...graph.nodes.map((node) => node.y + node.height));
  const resized = withHeights(nodes, edges);
  const tops = topsOf(resized, edges);
  const placed = resized.map((node) => ({ ...node, y: top + Math.round(tops.get(node.id) ?? 0) }));
  const height = Math.max(top, ...placed.map((node) => node.y + node.height)) + margin;
  const columns = graph.columns.filter((column) => placed.some((node) => node.column === column.id));
  return { ...graph, height, columns, nodes: placed, edges };
}

/** The nodes with room for the lines that end at their sides. */
function withHeights(nodes: Node[], edges: Edge[]): Node[] {
  const columns = new Map(nodes.map((node) => [node.id, node.column]));
  const ends = new Map<string, number>();
  for (const { from, to } of edges) {
    for (const side of [from, `${to} ${columns.get(from)}`]) ends.set(side, (ends.get(side) ?? 0) + 1);
  }
  return nodes.map((node) => {
    const sides = [node.id, `${node.id} page`, `${node.id} callback`].map((side) => ends.get(side) ?? 0);
    return { ...node, height: Math.max(LEAST_HEIGHT, PORT * (Math.max(...sides) + 1)) };
  });
}

/** The upper edge of each node, from 0: the tallest column is stacked, the others stand near to what they are linked
 * to. */
function topsOf(nodes: Node[], edges: Edge[]): Map<string, number> {
  const columns = COLUMNS.map((name) => nodes.filter((node) => node.column === name));
  const tallest = columns.reduce((a, b) => (total(b) > total(a) ? b : a));
  const tops = new Map(columns.flatMap((column) => [...stacked(column)]));
  for (const column of columns) {
    if (column !== tallest) for (const [id, y] of drawnNear(column, nodes, edges, tops)) tops.set(id, y);
  }
  return tops;
}

function total(column: Node[]): number {
  return column.reduce((sum, node) => sum + node.height + SPACE, 0);
}

function stacked(column: Node[]): Map<string, number> {
  let y = 0;
  const tops = new Map<string, number>();
  for (const node of column) {
    tops.set(node.id, y);
    y += node.height + SPACE;
  }
  return tops;
}

/** The nodes where they would like to be, moved apart as little as possible: a node's wish, less the room that those
 * above take, must not decrease. */
function drawnNear(
  column: Node[],
  nodes: Node[],
  edges: Edge[],
  tops: Map<string, number>,
): Map<string, number> {
  const centres = new Map(nodes.map((node) => [node.id, (tops.get(node.id) ?? 0) + node.height / 2]));
  const above = stacked(column);
  let last = 0;
  const wishes = column.map((node) => {
    const near = neighbours(node, edges).map((id) => centres.get(id) ?? 0);
    if (near.length > 0) last = mean(near) - node.height / 2 - (above.get(node.id) ?? 0);
    return last;
  });
  const free = increasing(wishes);
  return new Map(column.map((node, at) => [node.id, Math.max(0, free[at] ?? 0) + (above.get(node.id) ?? 0)]));
}

function neighbours(node: Node, edges: Edge[]): string[] {
  const mine = edges.filter((edge) => edge.from === node.id || edge.to === node.id);
  return mine.map((edge) => (edge.from === node.id ? edge.to : edge.from));
}

function mean(numbers: number[]): number {
  return numbers.reduce((a, b) => a + b, 0) / numbers.length;
}

/** The numbers that never decrease and are closest to these: neighbours in the wrong order share their mean. */
export function increasing(values: number[]): number[] {
  const pools: number[][] = [];
  for (const value of values) {
    let pool = [value];
    for (let before = pools.at(-1); before && mean(before) > mean(pool); before = pools.at(-1)) {
      pool = [...before, ...pool];
      pools.pop();
    }
    pools.push(pool);
  }
  return pools.flatMap((pool) => pool.map(() => mean(pool)));
}
