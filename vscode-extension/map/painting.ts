import { svg } from "./dom";
import type { Graph, Node } from "./graph";
import { curve, direction, head, type Route } from "./routes";
import { corner, outline } from "./shapes";
import { secondLine, sentence, worst } from "./words";

const PADDING = 16;
const BADGE = 24;
/** How far a ring stands off its node. */
const RING = 4;

/** What a node consists of. The texts still have to be cut to its width. */
export function nodeParts(node: Node): SVGElement[] {
  const below = secondLine(node);
  const middle = node.height / 2;
  return [
    ring(node),
    svg("path", { class: "shape", d: outline(node.kind, node.width, node.height) }),
    text(PADDING, below ? middle - 3 : middle + 5, node.label, "label"),
    ...(below ? [text(PADDING, middle + 13, below, "small quiet")] : []),
    ...badge(node),
  ];
}

/** The class names by which a node is drawn. */
export function look(node: Node): string {
  if (node.kind === "entrypoint") return "page entrypoint";
  return node.kind === "dynamic" ? "plain dynamic" : node.kind;
}

/** Shown around the node that has the focus or is selected. */
function ring(node: Node): SVGElement {
  const d = outline(node.kind, node.width + 2 * RING, node.height + 2 * RING);
  return svg("path", { class: "ring", d, transform: `translate(${-RING} ${-RING})` });
}

/** How many warnings there are, in the colour of the worst. */
function badge(node: Node): SVGElement[] {
  const severity = worst(node.warnings);
  if (severity === undefined) return [];
  const x = node.width - corner(node.kind) - BADGE;
  const rect = svg("rect", { class: "fill", width: BADGE, height: 16, rx: 8 });
  const number = text(BADGE / 2, 12, `!${Math.min(99, node.warnings.length)}`, "small label on middle");
  return [svg("g", { class: `badge ${severity}`, transform: `translate(${x} 7)` }, rect, number)];
}

export function text(x: number, y: number, content: string, look: string): SVGTextElement {
  return svg("text", { x, y, class: look }, content);
}

/** Cuts the texts of a node that is in the document to the node's width. */
export function cutTexts(group: SVGGElement, node: Node): void {
  const badge = node.warnings.length > 0 ? BADGE : 0;
  for (const text of group.querySelectorAll<SVGTextElement>(":scope > text")) {
    const taken = text.classList.contains("label") ? badge + PADDING / 2 : 0;
    cut(text, node.width - 2 * PADDING - taken);
  }
}

function cut(text: SVGTextElement, width: number): void {
  let letters = [...(text.textContent ?? "")];
  while (letters.length > 1 && text.getComputedTextLength() > width) {
    const share = width / text.getComputedTextLength();
    letters = letters.slice(0, Math.min(letters.length - 1, Math.floor(letters.length * share)));
    text.textContent = `${letters.join("")}…`;
  }
}

/** What an edge consists of; a wide transparent line makes it easy to point at. */
export function edgeParts(route: Route, graph: Graph): SVGElement[] {
  const d = curve(route);
  return [
    svg("title", {}, sentence(route.edge, graph)),
    svg("path", { class: "hit", d }),
    svg("path", { class: "line", d }),
    svg("path", { class: route.edge.relation === "deletes" ? "cross" : "head", d: head(route) }),
  ];
}

/** The codes of what is found, beside the page or callback; undefined without any. */
export function codeLabel(route: Route): SVGGElement | undefined {
  const { codes } = route.edge;
  if (codes.length === 0) return undefined;
  const told = codes.slice(0, 2).join(" ") + (codes.length > 2 ? " …" : "");
  const width = told.length * 6.7 + 8;
  const way = direction(route);
  const x = route.x1 + 14 * way - (way < 0 ? width : 0);
  const rect = svg("rect", { class: "canvas", x, y: route.y1 - 7, width, height: 14, rx: 3 });
  return svg("g", { class: "code" }, rect, text(x + width / 2, route.y1 + 4, told, "small label middle"));
}
