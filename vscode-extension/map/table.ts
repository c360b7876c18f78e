import { button, html } from "./dom";
import type { Edge, Graph, Node } from "./graph";
import { counted, kindName, summary, VERBS } from "./words";

/** The same as the drawing for those who read tables: keys × pages and callbacks. */
export function table(graph: Graph, selected: string | undefined, choose: (id: string) => void): HTMLElement {
  const actors = graph.nodes.filter((node) => node.column !== "key");
  const keys = graph.nodes.filter((node) => node.column === "key");
  const head = html(
    "tr",
    {},
    html("th", { scope: "col" }, "Key"),
    ...actors.map((node) => columnHead(node, choose)),
  );
  const rows = keys.map((key) => row(graph, key, actors, selected, choose));
  const caption = html("caption", {}, `${graph.app}: ${summary(graph)}`);
  const made = html("table", {}, caption, html("thead", {}, head), html("tbody", {}, ...rows));
  return html(
    "div",
    { class: "table", tabindex: "0", role: "region", "aria-label": "State map as a table" },
    made,
  );
}

function columnHead(node: Node, choose: (id: string) => void): HTMLElement {
  const name = button({ class: "link name" }, node.label, () => choose(node.id));
  return html("th", { scope: "col" }, name, html("small", {}, kindName(node)));
}

function row(
  graph: Graph,
  key: Node,
  actors: Node[],
  selected: string | undefined,
  choose: (id: string) => void,
): HTMLElement {
  const name = button({ class: "link name", "data-node": key.id }, key.label, () => choose(key.id));
  const facts = [kindName(key), key.types.join(" | "), warnings(key)].filter(Boolean).join(" · ");
  const cells = actors.map((actor) => {
    const edges = graph.edges.filter((edge) => edge.from === actor.id && edge.to === key.id);
    return html("td", {}, ...edges.map(word));
  });
  const current = key.id === selected ? "true" : undefined;
  return html(
    "tr",
    { "aria-current": current },
    html("th", { scope: "row" }, name, html("small", {}, facts)),
    ...cells,
  );
}

function warnings(key: Node): string {
  return key.warnings.length > 0 ? counted(key.warnings.length, "warning") : "";
}

function word(edge: Edge): HTMLElement {
  const codes = edge.codes.length > 0 ? ` ${edge.codes.join(" ")}` : "";
  const verb = VERBS[edge.relation].active.replace(" with", "");
  const told = edge.unprotected ? `${verb}, unprotected${codes}` : `${verb}${codes}`;
  return html("span", { class: `word ${edge.unprotected ? "unprotected" : edge.relation}` }, told);
}
