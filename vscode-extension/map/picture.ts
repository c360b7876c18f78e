import { paint } from "./colour";
import { svg } from "./dom";
import type { Graph } from "./graph";
import { summary } from "./words";

const MARGIN = 28;
/** The height of the app's name and numbers above the graph. */
const HEADER = 46;
const ROW = 26;
const LEAST_WIDTH = 560;

const COLOURS = ["fill", "stroke"] as const;
const STYLES = [
  "stroke-width",
  "stroke-dasharray",
  "stroke-linecap",
  "font-family",
  "font-size",
  "font-weight",
  "text-anchor",
] as const;

/** What is drawn as an SVG file of its own, with the colours it has on the screen: well-formed XML without scripts.
 * `view` is the drawing and `entries` are the legend's samples with their names. */
export function picture(view: SVGGElement, entries: Iterable<Element>, graph: Graph): string {
  const width = Math.max(LEAST_WIDTH, graph.width);
  const moved = svg("g", { transform: `translate(0 ${HEADER})` }, ...resolvedChildren(view));
  const { parts, bottom } = legend(entries, width, HEADER + graph.height);
  const size = { width, height: bottom, viewBox: `0 0 ${width} ${bottom}` };
  const title = svg("title", {}, `Session state of ${graph.app}`);
  const description = svg("desc", {}, summary(graph));
  const background = svg("rect", {
    width,
    height: bottom,
    fill: colourOf(document.body, "background-color"),
  });
  const content = [title, description, background, ...heading(view, graph), moved, ...parts];
  const whole = svg("svg", { role: "img", ...size }, ...content);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(whole)}\n`;
}

function colourOf(element: Element, property: string): string {
  return paint(getComputedStyle(element).getPropertyValue(property))?.hex ?? "#ffffff";
}

function heading(view: SVGGElement, graph: Graph): SVGElement[] {
  const fill = colourOf(view.ownerDocument.body, "color");
  const font = { "font-family": getComputedStyle(view).fontFamily, fill };
  const name = { x: MARGIN, y: 34, "font-size": 15, "font-weight": 600 };
  const numbers = { x: MARGIN, y: 53, "font-size": 11 };
  return [svg("text", { ...name, ...font }, graph.app), svg("text", { ...numbers, ...font }, summary(graph))];
}

function legend(
  entries: Iterable<Element>,
  width: number,
  top: number,
): { parts: SVGElement[]; bottom: number } {
  const parts: SVGElement[] = [];
  let [x, y] = [MARGIN, top + 8];
  for (const entry of entries) {
    const [sample, name] = [entry.querySelector("svg"), entry.querySelector("span")];
    if (!sample || !name) continue;
    const told = entry.getAttribute("data-legend") ?? name.textContent ?? "";
    const needed = 50 + told.length * 7 + 22;
    if (x > MARGIN && x + needed > width) [x, y] = [MARGIN, y + ROW];
    const style = { x: 50, y: 13, "font-size": 11, "font-family": getComputedStyle(name).fontFamily };
    const label = svg("text", { ...style, fill: colourOf(name, "color") }, told);
    parts.push(svg("g", { transform: `translate(${x} ${y})` }, ...resolvedChildren(sample), label));
    x += needed;
  }
  return { parts, bottom: y + ROW + 8 };
}

function resolvedChildren(element: Element): SVGElement[] {
  return [...element.children].flatMap((child) => resolved(child) ?? []);
}

/** A copy with the styles that the original has on the screen, or nothing of what is there only for a user. */
function resolved(original: Element): SVGElement | undefined {
  if (!(original instanceof SVGElement) || original.matches(".hit, .ring")) return undefined;
  const copy = document.createElementNS("http://www.w3.org/2000/svg", original.localName) as SVGElement;
  for (const { name, value } of original.attributes) {
    if (!/^(class|role|tabindex|aria-.*|data-.*|style)$/.test(name)) copy.setAttribute(name, value);
  }
  if (original instanceof SVGGeometryElement || original instanceof SVGTextElement) copyStyle(original, copy);
  const text = [...original.childNodes].filter((child) => child.nodeType === Node.TEXT_NODE);
  copy.append(...text.map((child) => child.textContent ?? ""), ...resolvedChildren(original));
  return copy;
}

function copyStyle(original: Element, copy: SVGElement): void {
  const computed = getComputedStyle(original);
  for (const name of COLOURS) {
    const found = paint(computed.getPropertyValue(name));
    copy.setAttribute(name, found?.hex ?? "none");
    if (found && found.opacity < 1) copy.setAttribute(`${name}-opacity`, String(found.opacity));
  }
  const isText = original instanceof SVGTextElement;
  for (const name of STYLES.filter((style) => isText === /^(font|text)/.test(style))) {
    copy.setAttribute(name, computed.getPropertyValue(name));
  }
}
