import type { ColumnName, Edge, Graph, Kind, Node, Place, Relation } from "../../../map/graph";

const ROOT = "file:///apps/shop";
const LEFT: Record<ColumnName, number> = { page: 28, key: 400, callback: 800 };
const LABELS: Record<ColumnName, string> = { page: "Pages", key: "Keys", callback: "Callbacks" };

export function place(file: string, line = 0): Place {
  return { uri: `${ROOT}/${file}`, range: { start: { line, character: 0 }, end: { line, character: 9 } } };
}

export function node(id: string, kind: Kind, more: Partial<Node> = {}): Node {
  const column = kind === "callback" ? "callback" : kind === "page" || kind === "entrypoint" ? "page" : "key";
  const label = id.slice(id.indexOf(":") + 1);
  const known = { label, detail: "", types: [], survivesPageSwitch: null, initialisers: [], warnings: [] };
  const where = column === "page" ? place(`${label}.py`) : place("Home.py", 3);
  return { id, column, kind, ...known, place: where, x: LEFT[column], y: 0, width: 180, height: 44, ...more };
}

export function edge(from: string, relation: Relation, to: string, ...codes: string[]): Edge {
  const use = { use: relation, function: null, element: null, place: place("Home.py", 7) };
  const unprotected = relation === "reads" && codes.length > 0;
  return { id: `${from} ${relation} ${to}`, from, to, relation, unprotected, codes, uses: [use] };
}

/** A graph whose columns are stacked from the top. */
export function graph(nodes: Node[], edges: Edge[]): Graph {
  const bottoms: Record<ColumnName, number> = { page: 52, key: 52, callback: 52 };
  const placed = nodes.map((each) => {
    const y = bottoms[each.column];
    bottoms[each.column] += each.height + 14;
    return { ...each, y };
  });
  const names = (["page", "key", "callback"] as const).filter((name) => nodes.some((n) => n.column === name));
  const columns = names.map((id) => ({ id, label: LABELS[id], x: LEFT[id], width: 180 }));
  const height = Math.max(...Object.values(bottoms)) + 14;
  return { version: 1, app: "Home.py", root: ROOT, width: 1008, height, columns, nodes: placed, edges };
}

export const WARNING = {
  code: "STL102",
  name: "page-dependent-key",
  message: "only another page sets `season`",
  severity: "error",
  place: place("Cart.py", 9),
} as const;

/** Two pages, three keys, a callback; Cart reads `season`, which only Home sets. */
export const SHOP = graph(
  [
    node("page:Home", "entrypoint"),
    node("page:Cart", "page"),
    node("key:cart", "plain", { types: ["dict"], detail: "dict", survivesPageSwitch: true }),
    node("key:coupon", "widget", { types: ["str", "None"], detail: "str, None", survivesPageSwitch: false }),
    node("key:season", "plain", { warnings: [WARNING] }),
    node("dynamic:add_…", "dynamic"),
    node("callback:add", "callback", { detail: "Home.py (Cart)" }),
  ],
  [
    edge("page:Home", "sets", "key:cart"),
    edge("page:Cart", "reads", "key:cart"),
    edge("page:Cart", "draws", "key:coupon"),
    edge("page:Home", "sets", "key:season"),
    edge("page:Cart", "reads", "key:season", "STL102"),
    edge("callback:add", "sets", "key:cart"),
    edge("callback:add", "deletes", "key:coupon"),
  ],
);
