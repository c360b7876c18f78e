import { html, svg } from "./dom";
import type { Kind, Relation } from "./graph";
import { text } from "./painting";
import { curve, head } from "./routes";
import { outline } from "./shapes";

const WIDTH = 40;
const HEIGHT = 18;

/** A line as it is drawn, for legends. */
export function lineSample(relation: Relation, unprotected = false): SVGSVGElement {
  const edge = { id: "", from: "", to: "", relation, unprotected, codes: [], uses: [] };
  const route = { edge, x1: 0, y1: HEIGHT / 2, x2: WIDTH, y2: HEIGHT / 2 };
  const line = svg("path", { class: "line", d: curve(route) });
  const end = svg("path", { class: relation === "deletes" ? "cross" : "head", d: head(route) });
  return sample(svg("g", { class: `edge ${relation}${unprotected ? " unprotected" : ""}` }, line, end));
}

function shapeSample(kind: Kind, look: string): SVGSVGElement {
  const shape = svg("path", { class: "shape", d: outline(kind, WIDTH - 4, HEIGHT - 4) });
  return sample(svg("g", { class: look, transform: "translate(2 2)" }, shape));
}

function badgeSample(): SVGSVGElement {
  const rect = svg("rect", { class: "fill", width: 24, height: 16, rx: 8 });
  const group = svg(
    "g",
    { class: "badge error", transform: "translate(8 1)" },
    rect,
    text(12, 12, "!2", "small label on middle"),
  );
  return sample(group);
}

function sample(content: SVGElement): SVGSVGElement {
  const size = { width: WIDTH, height: HEIGHT, viewBox: `0 0 ${WIDTH} ${HEIGHT}` };
  return svg("svg", { class: "sample", "aria-hidden": "true", ...size }, content);
}

/** What shapes mean. */
export function legend(): HTMLElement {
  const entries: [SVGSVGElement, string][] = [
    [shapeSample("page", "page"), "page"],
    [shapeSample("plain", "plain"), "key"],
    [shapeSample("widget", "widget"), "widget's key"],
    [shapeSample("dynamic", "plain dynamic"), "key made at run time"],
    [shapeSample("callback", "callback"), "callback"],
    [badgeSample(), "warnings"],
  ];
  const items = entries.map(([drawn, name]) => html("li", { class: "entry" }, drawn, html("span", {}, name)));
  return html("ul", { class: "legend", "aria-label": "Legend" }, ...items);
}
