import type { Edge, Graph, Kind, Node, Relation, Severity } from "./graph";

const KINDS: Record<Kind, string> = {
  entrypoint: "entrypoint",
  page: "page",
  plain: "key",
  widget: "key of a widget",
  dynamic: "key made at run time",
  callback: "callback",
};

/** What an edge does, said of its page, and said of its key. */
export const VERBS: Record<Relation, { active: string; passive: string }> = {
  sets: { active: "sets", passive: "set by" },
  reads: { active: "reads", passive: "read by" },
  draws: { active: "draws a widget with", passive: "drawn as a widget by" },
  deletes: { active: "deletes", passive: "deleted by" },
};

export function kindName(node: Node): string {
  return KINDS[node.kind];
}

/** "1 key", "2 keys". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** What stands below a node's label. */
export function secondLine(node: Node): string {
  return [node.detail, node.survivesPageSwitch === false ? "lost on page switch" : ""]
    .filter(Boolean)
    .join(" · ");
}

/** What becomes of a key's value on a page switch. */
export function life(key: { survivesPageSwitch: boolean | null }): string | undefined {
  if (key.survivesPageSwitch === null) return undefined;
  return key.survivesPageSwitch
    ? "Its value survives a page switch."
    : "Its value is lost when the user switches to a page that does not draw the widget.";
}

/** What a screen reader says of a node: what it is, who does what to whom, and what is unprotected. */
export function spoken(node: Node, graph: Graph): string {
  const parts = [`${node.label}, ${kindName(node)}`, node.types.join(" or ")].filter(Boolean).join(", ");
  const labels = new Map(graph.nodes.map((each) => [each.id, each.label]));
  const told = (["sets", "draws", "reads", "deletes"] as const).flatMap((relation) => {
    const edges = graph.edges.filter((edge) => edge.relation === relation && isEnd(edge, node));
    return edges.length > 0 ? [`${verb(relation, node)} ${listed(edges, node, labels)}`] : [];
  });
  const warnings = node.warnings.length > 0 ? [counted(node.warnings.length, "warning")] : [];
  const lost = node.survivesPageSwitch === false ? ["lost on page switch"] : [];
  return `${[parts, ...(told.length > 0 ? told : ["no known use"]), ...lost, ...warnings].join(". ")}.`;
}

function isEnd(edge: Edge, node: Node): boolean {
  return edge.from === node.id || edge.to === node.id;
}

function verb(relation: Relation, node: Node): string {
  const { active, passive } = VERBS[relation];
  return node.column === "key" ? passive : active;
}

function listed(edges: Edge[], node: Node, labels: Map<string, string>): string {
  const names = edges.map((edge) => {
    const name = labels.get(edge.from === node.id ? edge.to : edge.from) ?? "";
    return edge.unprotected ? `${name} (unprotected, ${edge.codes.join(", ")})` : name;
  });
  return names.join(", ");
}

/** What an edge says to those who point at it. */
export function sentence(edge: Edge, graph: Graph): string {
  const label = (id: string) => graph.nodes.find((node) => node.id === id)?.label ?? id;
  const codes =
    edge.codes.length > 0 ? ` (${edge.unprotected ? "unprotected, " : ""}${edge.codes.join(", ")})` : "";
  return `${label(edge.from)} ${VERBS[edge.relation].active} ${label(edge.to)}${codes}`;
}

/** How much there is of everything. */
export function summary(graph: Graph): string {
  const count = (column: Node["column"]) => graph.nodes.filter((node) => node.column === column).length;
  const bare = graph.edges.filter((edge) => edge.unprotected).length;
  const parts = [counted(count("page"), "page"), counted(count("key"), "key")];
  if (count("callback") > 0) parts.push(counted(count("callback"), "callback"));
  if (bare > 0) parts.push(counted(bare, "unprotected read"));
  return parts.join(", ");
}

/** The worst severity among warnings. */
export function worst(warnings: readonly { severity: Severity }[]): Severity | undefined {
  return (["error", "warning", "hint"] as const).find((each) => warnings.some((w) => w.severity === each));
}
