import { button, html } from "./dom";
import {
  type Edge,
  type Graph,
  type Node,
  type Place,
  RELATIONS,
  type Relation,
  spot,
  type Warning,
} from "./graph";
import { kindName, life, VERBS } from "./words";

/** What the details of a node can do. */
export interface Links {
  /** Undefined where no place can be opened. */
  open: ((place: Place) => void) | undefined;
  choose(id: string): void;
  close(): void;
}

/** All that is known of a node: what it is, what is wrong, and each use with its place. */
export function details(graph: Graph, node: Node, links: Links): HTMLElement {
  const writer = new Writer(graph, node, links);
  const close = button(
    { class: "tool close", "aria-label": "Close details", title: "Close (Escape)" },
    "✕",
    links.close,
  );
  const title = html("h2", { tabindex: "-1", id: "details-title" }, node.label);
  const element = html("aside", { class: "details", "aria-labelledby": "details-title" }, close, title);
  element.append(writer.facts(), ...writer.warnings(), ...writer.relations());
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") links.close();
  });
  return element;
}

class Writer {
  constructor(
    private readonly graph: Graph,
    private readonly node: Node,
    private readonly links: Links,
  ) {}

  facts(): HTMLElement {
    const { node } = this;
    const rows: [string, (Element | string)[]][] = [["Kind", [kindName(node)]]];
    if (node.types.length > 0) rows.push(["Type", [html("code", {}, node.types.join(" | "))]]);
    if (node.column === "callback") rows.push(["In", [node.detail]]);
    if (node.column !== "key" && node.place !== null) rows.push(["Code", [this.place(node.place)]]);
    if (node.initialisers.length > 0)
      rows.push(["First value", node.initialisers.map((place) => this.place(place))]);
    const lasting = life(node);
    if (lasting !== undefined) rows.push(["Life", [lasting]]);
    return html(
      "dl",
      {},
      ...rows.flatMap(([name, facts]) => [html("dt", {}, name), html("dd", {}, ...facts)]),
    );
  }

  warnings(): HTMLElement[] {
    const { warnings } = this.node;
    if (warnings.length === 0) return [];
    const items = warnings.map((warning) => this.warning(warning));
    return [section(`Warnings (${warnings.length})`, html("ul", { class: "warnings" }, ...items))];
  }

  private warning(warning: Warning): HTMLElement {
    const head = html(
      "p",
      {},
      html("strong", {}, warning.code),
      ` ${warning.name} `,
      this.place(warning.place),
    );
    return html("li", { class: warning.severity }, head, html("p", {}, ...prose(warning.message)));
  }

  relations(): HTMLElement[] {
    return RELATIONS.flatMap((relation) => {
      const edges = this.graph.edges.filter(
        (edge) => edge.relation === relation && this.other(edge) !== undefined,
      );
      return edges.length === 0 ? [] : [section(this.heading(relation), this.uses(edges))];
    });
  }

  private heading(relation: Relation): string {
    const verb = VERBS[relation][this.node.column === "key" ? "passive" : "active"];
    return verb.charAt(0).toUpperCase() + verb.slice(1);
  }

  private uses(edges: Edge[]): HTMLElement {
    const items = edges.map((edge) => {
      const places = edge.uses.map((use) => html("li", {}, this.place(use.place), ` ${hint(use)}`));
      return html("li", {}, this.name(edge), ...mark(edge), html("ul", { class: "places" }, ...places));
    });
    return html("ul", { class: "uses" }, ...items);
  }

  private name(edge: Edge): HTMLElement | undefined {
    const other = this.other(edge);
    return other && button({ class: "link name" }, other.label, () => this.links.choose(other.id));
  }

  private other(edge: Edge): Node | undefined {
    const id = edge.from === this.node.id ? edge.to : edge.to === this.node.id ? edge.from : undefined;
    return this.graph.nodes.find((node) => node.id === id);
  }

  private place(place: Place): HTMLElement {
    const told = spot(place, this.graph.root);
    const { open } = this.links;
    if (open === undefined) return html("code", { class: "place" }, told);
    return button({ class: "link place", title: `Open ${told}` }, told, () => open(place));
  }
}

function section(title: string, content: HTMLElement): HTMLElement {
  return html("section", {}, html("h3", {}, title), content);
}

function hint(use: { use: string; function: string | null; element: string | null }): string {
  return [use.element ?? use.use, use.function === null ? "" : `in ${use.function}`]
    .filter(Boolean)
    .join(" ");
}

function mark(edge: Edge): HTMLElement[] {
  const codes = edge.codes.join(", ");
  if (edge.unprotected) return [html("span", { class: "mark error" }, `unprotected ${codes}`)];
  return codes === "" ? [] : [html("span", { class: "mark" }, codes)];
}

/** A message with its code in backticks. */
function prose(message: string): (HTMLElement | string)[] {
  return message.split(/`([^`]+)`/).map((part, at) => (at % 2 === 1 ? html("code", {}, part) : part));
}
