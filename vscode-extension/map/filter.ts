import type { Edge, Graph, Node, Relation } from "./graph";
import { restacked } from "./layout";

/** What of a graph is shown. */
export interface Filter {
  text: string;
  onlyUnprotected: boolean;
  hidden: Relation[];
}

export const NO_FILTER: Filter = { text: "", onlyUnprotected: false, hidden: [] };

export function isFiltering(filter: Filter): boolean {
  return filter.text !== "" || filter.onlyUnprotected || filter.hidden.length > 0;
}

/** The graph with what passes the filter, moved together; as it is without a filter. */
export function filtered(graph: Graph, filter: Filter): Graph {
  if (!isFiltering(filter)) return graph;
  const matches = matcher(graph, filter.text);
  const edges = graph.edges.filter(
    (edge) => allows(filter, edge) && (matches(edge.from) || matches(edge.to)),
  );
  const ends = new Set(edges.flatMap((edge) => [edge.from, edge.to]));
  const lonely = filter.onlyUnprotected ? new Set<string>() : loners(graph);
  const nodes = graph.nodes.filter((node) => ends.has(node.id) || (lonely.has(node.id) && matches(node.id)));
  return restacked(graph, nodes, edges);
}

function allows(filter: Filter, edge: Edge): boolean {
  return !filter.hidden.includes(edge.relation) && (edge.unprotected || !filter.onlyUnprotected);
}

/** Tells by its id whether the label of a node has all words of a text. */
function matcher(graph: Graph, text: string): (id: string) => boolean {
  const words = text.toLowerCase().split(/\s+/);
  const matches = (node: Node) => words.every((word) => node.label.toLowerCase().includes(word));
  const found = new Set(graph.nodes.filter(matches).map((node) => node.id));
  return (id) => found.has(id);
}

/** The nodes that no edge has. */
function loners(graph: Graph): Set<string> {
  const linked = new Set(graph.edges.flatMap((edge) => [edge.from, edge.to]));
  return new Set(graph.nodes.map((node) => node.id).filter((id) => !linked.has(id)));
}
