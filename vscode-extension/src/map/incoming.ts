import type { EditorPlace, Graph, Place, Position } from "../../map/graph";
import type { FromPage } from "../../map/messages";

const MOST_CHARACTERS = 50_000_000;
const SVG = /^<\?xml version="1\.0" encoding="UTF-8"\?>\s*<svg\s/;

/** A message of the page, if it is one: it may open only places that the graphs name. */
export function asMessage(message: unknown, graphs: readonly Graph[]): FromPage | undefined {
  if (!isRecord(message)) return undefined;
  switch (message["type"]) {
    case "ready":
      return { type: "ready" };
    case "open":
      return asOpen(message["place"], graphs);
    case "export":
      return asExport(message["svg"], message["app"]);
    default:
      return undefined;
  }
}

function asOpen(place: unknown, graphs: readonly Graph[]): FromPage | undefined {
  if (!isRecord(place)) return undefined;
  const { uri, range } = place;
  if (typeof uri !== "string" || (range !== null && !isRange(range))) return undefined;
  const asked: EditorPlace = { uri, range };
  return named(graphs).has(id(asked)) ? { type: "open", place: asked } : undefined;
}

function asExport(svg: unknown, app: unknown): FromPage | undefined {
  if (typeof svg !== "string" || typeof app !== "string") return undefined;
  const isPicture = svg.length <= MOST_CHARACTERS && SVG.test(svg) && !/<script/i.test(svg);
  return isPicture ? { type: "export", svg, app } : undefined;
}

/** All places of some graphs. */
function named(graphs: readonly Graph[]): Set<string> {
  const places = graphs.flatMap(({ nodes, edges }) => [
    ...nodes.flatMap((node) => [
      node.place,
      ...node.initialisers,
      ...node.warnings.map(({ place }) => place),
    ]),
    ...edges.flatMap((edge) => edge.uses.map(({ place }) => place)),
  ]);
  return new Set(places.filter((place) => place !== null).map(id));
}

function id(place: Place): string {
  if (!("uri" in place)) return "";
  const { uri, range } = place;
  const ends = range === null ? [] : [range.start, range.end];
  return [uri, ...ends.flatMap((end) => [end.line, end.character])].join(" ");
}

function isRange(value: unknown): value is { start: Position; end: Position } {
  return isRecord(value) && isPosition(value["start"]) && isPosition(value["end"]);
}

function isPosition(value: unknown): value is Position {
  return isRecord(value) && Number.isInteger(value["line"]) && Number.isInteger(value["character"]);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
