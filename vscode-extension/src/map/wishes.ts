import { appId, type Graph } from "../../map/graph";
import type { Focus } from "../../map/messages";

/** What somebody wants to see on the map: a key of an app, or the page that a file is. */
export type Wish = { entrypoint: string; key: string } | { file: string };

/** What the arguments of the command mean: the explorer names a key, menus give a file's URI, other views anything. */
export function asWish(argument: unknown): Wish | undefined {
  if (typeof argument !== "object" || argument === null) return undefined;
  if ("entrypoint" in argument && "key" in argument) {
    const { entrypoint, key } = argument;
    return typeof entrypoint === "string" && typeof key === "string" ? { entrypoint, key } : undefined;
  }
  return "scheme" in argument && "path" in argument ? { file: String(argument) } : undefined;
}

/** Where a wish is on the graphs. */
export function focusOf(wish: Wish, graphs: readonly Graph[]): Focus | undefined {
  return "file" in wish ? focusOfFile(wish.file, graphs) : focusOfKey(wish.entrypoint, wish.key, graphs);
}

function focusOfKey(entrypoint: string, key: string, graphs: readonly Graph[]): Focus | undefined {
  const graph = graphs.find((each) =>
    each.nodes.some((node) => node.kind === "entrypoint" && isIn(node, entrypoint)),
  );
  const node = graph?.nodes.find((each) => each.column === "key" && each.label === key);
  return graph && { app: appId(graph), node: node?.id };
}

/** The page that a file is; for a file that is none, an app that uses it. */
function focusOfFile(file: string, graphs: readonly Graph[]): Focus | undefined {
  for (const graph of graphs) {
    const page = graph.nodes.find((node) => node.column === "page" && isIn(node, file));
    if (page !== undefined) return { app: appId(graph), node: page.id };
  }
  const user = graphs.find((graph) => graph.edges.some(({ uses }) => uses.some((use) => isIn(use, file))));
  return user && { app: appId(user) };
}

function isIn({ place }: { place: Graph["nodes"][number]["place"] }, uri: string): boolean {
  return place !== null && "uri" in place && decodeURIComponent(place.uri) === decodeURIComponent(uri);
}
