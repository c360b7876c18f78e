import { type Selection, select } from "d3-selection";
import { html, svg } from "./dom";
import type { Column, Edge, Graph, Node } from "./graph";
import { codeLabel, cutTexts, edgeParts, look, nodeParts, text } from "./painting";
import { type Route, routes } from "./routes";
import type { Zoom } from "./state";
import { step, surroundings } from "./walk";
import { spoken, summary } from "./words";
import { Lens } from "./zoom";

const HELP =
  "Up and Down move within a column, Left and Right along the lines. Enter shows details, slash goes to the filter, " +
  "plus, minus and zero zoom.";

export interface Choices {
  /** A node was chosen; with `enters` the keyboard goes on in its details. */
  choose(id: string | undefined, enters: boolean): void;
  /** The view was moved. */
  move(zoom: Zoom): void;
}

type Group = Selection<SVGGElement, unknown, null, undefined>;

/** The graph as an interactive drawing. */
export class Drawing {
  readonly element: HTMLElement;
  readonly svg: SVGSVGElement;
  readonly lens: Lens;
  private readonly columns: Group;
  private readonly lines: Group;
  private readonly codes: Group;
  private graph: Graph | undefined;
  /** The node that the tabulator key leads to. */
  private entry: string | undefined;
  private selected: string | undefined;

  constructor(private readonly choices: Choices) {
    const layers = ["lines", "columns", "codes"].map((name) => svg("g", { class: name }));
    for (const layer of [layers[0], layers[2]]) layer?.setAttribute("aria-hidden", "true");
    const view = svg("g", { class: "view" }, ...layers);
    this.svg = svg("svg", { class: "graph", role: "application", "aria-describedby": "map-help" }, view);
    const help = html("p", { id: "map-help", class: "unseen" }, HELP);
    this.element = html("div", { class: "drawing" }, help, this.svg);
    const [lines, columns, codes] = layers.map((layer) => select(layer));
    if (!lines || !columns || !codes) throw new Error("a drawing has three layers");
    this.lines = lines;
    this.columns = columns;
    this.codes = codes;
    this.lens = new Lens(this.svg, view, (zoom) => choices.move(zoom));
    this.svg.addEventListener("keydown", (event) => this.onKey(event));
    this.svg.addEventListener(
      "click",
      (event) => event.target === this.svg && choices.choose(undefined, false),
    );
  }

  /** Draws a graph in the place of the last one; what has the focus keeps it. */
  draw(graph: Graph, selected: string | undefined): void {
    const focused = this.focused()?.id;
    this.graph = graph;
    this.selected = selected;
    this.svg.setAttribute("aria-label", `State map of ${graph.app}: ${summary(graph)}`);
    this.drawLines(graph);
    this.drawColumns(graph);
    this.lens.size(graph);
    this.enterAt(focused ?? selected ?? this.entry);
    if (focused !== undefined && this.focused()?.id !== focused) this.focus(focused);
    this.light(focused);
  }

  /** Moves the focus to a node, and the view if the node is out of it. */
  focus(id: string | undefined): void {
    const node = this.graph?.nodes.find((each) => each.id === id) ?? this.graph?.nodes[0];
    if (node === undefined) return;
    this.enterAt(node.id);
    this.lens.reveal(node);
    this.group(node.id)?.focus({ preventScroll: true });
  }

  /** Moves the view to a node, unless it is seen. */
  reveal(id: string): void {
    const node = this.graph?.nodes.find((each) => each.id === id);
    if (node !== undefined) this.lens.reveal(node);
  }

  private drawLines(graph: Graph): void {
    const drawn = routes(graph);
    this.lines
      .selectAll<SVGGElement, Route>("g.edge")
      .data(drawn, (route) => route.edge.id)
      .join((enter) => enter.append("g").call((added) => this.listenToEdges(added)))
      .attr("class", ({ edge }) => `edge ${edge.relation}${edge.unprotected ? " unprotected" : ""}`)
      .each((route, at, groups) => groups[at]?.replaceChildren(...edgeParts(route, graph)))
      .order();
    const labels = drawn.flatMap((route) => codeLabel(route) ?? []);
    const coded = drawn.filter((route) => route.edge.codes.length > 0);
    this.codes.node()?.replaceChildren(...labels);
    this.codes.selectAll<SVGGElement, Route>("g.code").data(coded);
  }

  private drawColumns(graph: Graph): void {
    this.columns
      .selectAll<SVGGElement, Column>("g.column")
      .data(graph.columns, (column) => column.id)
      .join("g")
      .attr("class", "column")
      .attr("role", "group")
      .attr("aria-label", (column) => column.label)
      .each((column, at, groups) => this.drawColumn(graph, column, groups[at]))
      .order();
  }

  private drawColumn(graph: Graph, column: Column, group: SVGGElement | undefined): void {
    if (group === undefined) return;
    group.querySelector(":scope > text")?.remove();
    const title = text(column.x + column.width / 2, 36, column.label, "quiet middle");
    title.setAttribute("aria-hidden", "true");
    group.prepend(title);
    const nodes = graph.nodes.filter((node) => node.column === column.id);
    select(group)
      .selectAll<SVGGElement, Node>("g.node")
      .data(nodes, (node) => node.id)
      .join((enter) => enter.append("g").call((added) => this.listenToNodes(added)))
      .attr("class", (node) => `node ${look(node)}`)
      .classed("selected", (node) => node.id === this.selected)
      .attr("transform", (node) => `translate(${node.x} ${node.y})`)
      .attr("role", "button")
      .attr("aria-label", (node) => spoken(node, graph))
      .attr("aria-expanded", (node) => String(node.id === this.selected))
      .each((node, at, groups) => paint(groups[at], node))
      .order();
  }

  private listenToNodes(added: Selection<SVGGElement, Node, SVGGElement, unknown>): void {
    added
      .on("click", (_, node) => this.choices.choose(node.id, false))
      .on("mouseenter focus", (_, node) => this.light(node.id))
      .on("mouseleave blur", () => this.light(this.focused()?.id))
      .on("focus.entry", (_, node) => this.enterAt(node.id));
  }

  private listenToEdges(added: Selection<SVGGElement, Route, SVGGElement, unknown>): void {
    added
      .on("click", (_, { edge }) => this.choices.choose(edge.to, false))
      .on("mouseenter", (_, { edge }) => this.show(new Set([edge.id, edge.from, edge.to])))
      .on("mouseleave", () => this.light(this.focused()?.id));
  }

  /** Makes a node, its neighbours and the lines between stand out; of none, what is selected. */
  private light(id: string | undefined): void {
    const centre = id ?? this.selected;
    const isThere = this.graph?.nodes.some((node) => node.id === centre);
    this.show(this.graph && centre !== undefined && isThere ? surroundings(this.graph, centre) : undefined);
  }

  private show(lit: Set<string> | undefined): void {
    this.svg.classList.toggle("dimmed", lit !== undefined);
    const is = (id: string) => lit?.has(id) ?? false;
    this.columns.selectAll<SVGGElement, Node>("g.node").classed("lit", (node) => is(node.id));
    this.lines.selectAll<SVGGElement, { edge: Edge }>("g.edge").classed("lit", ({ edge }) => is(edge.id));
    this.codes.selectAll<SVGGElement, { edge: Edge }>("g.code").classed("lit", ({ edge }) => is(edge.id));
  }

  private onKey(event: KeyboardEvent): void {
    const node = this.focused();
    if (!this.graph || !node || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") this.choices.choose(node.id, true);
    else if (event.key === "Escape") this.choices.choose(undefined, false);
    else if (/^(Arrow|Home$|End$)/.test(event.key))
      this.focus((step(this.graph, node, event.key) ?? node).id);
    else return;
    event.preventDefault();
  }

  private focused(): Node | undefined {
    const active = document.activeElement;
    if (!(active instanceof SVGGElement) || !this.svg.contains(active)) return undefined;
    return select<SVGGElement, Node>(active).datum();
  }

  /** Lets the tabulator key lead to one node only. */
  private enterAt(id: string | undefined): void {
    const nodes = this.graph?.nodes ?? [];
    this.entry = nodes.some((node) => node.id === id) ? id : nodes[0]?.id;
    const all = this.columns.selectAll<SVGGElement, Node>("g.node");
    all.attr("tabindex", (node) => (node.id === this.entry ? 0 : -1));
  }

  private group(id: string): SVGGElement | undefined {
    const all = this.columns.selectAll<SVGGElement, Node>("g.node");
    return all.filter((node) => node.id === id).node() ?? undefined;
  }
}

function paint(group: SVGGElement | undefined, node: Node): void {
  if (group === undefined) return;
  group.replaceChildren(...nodeParts(node));
  cutTexts(group, node);
}
