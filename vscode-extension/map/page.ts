import { details, type Links } from "./details";
import { html } from "./dom";
import { Drawing } from "./drawing";
import { type Filter, filtered, isFiltering, NO_FILTER } from "./filter";
import { appId, type Graph } from "./graph";
import type { Host } from "./host";
import type { Focus, ToPage } from "./messages";
import { picture } from "./picture";
import { legend } from "./samples";
import { restored, type State } from "./state";
import { table } from "./table";
import { Toolbar } from "./toolbar";
import { summary } from "./words";

/** The page: a toolbar, the graph as a drawing or a table, the details of a node, and a legend. */
export class Page {
  private graphs: Graph[] = [];
  private state: State;
  /** What passes the filter. */
  private shown: Graph | undefined;
  private drawnApp: string | undefined;
  private readonly toolbar: Toolbar;
  private readonly drawing: Drawing;
  private readonly stage = html("div", { class: "stage" });
  private readonly body = html("div", { class: "body" }, this.stage);
  private readonly note = html("p", { class: "note" });
  private readonly status = html("p", { class: "unseen", role: "status" });
  private readonly legend = legend();

  constructor(
    private readonly main: HTMLElement,
    private readonly host: Host,
  ) {
    this.state = restored(host.kept);
    this.toolbar = new Toolbar({
      chooseApp: (app) => this.change({ app, selected: undefined, zoom: undefined }),
      filter: (filter) => this.filter(filter),
      view: (view) => this.change({ view }),
      zoom: (factor) => this.drawing.lens.by(factor),
      fit: () => this.drawing.lens.fit(),
      export: () => this.export(),
    });
    this.drawing = new Drawing({
      choose: (id, enters) => this.choose(id, enters),
      move: (zoom) => this.keep({ zoom }),
    });
    document.addEventListener("keydown", (event) => this.onKey(event));
    main.replaceChildren(this.toolbar.element, this.note, this.body, this.legend, this.status);
  }

  receive(message: ToPage): void {
    this.graphs = message.type === "graphs" ? message.graphs : [];
    const reason = message.type === "nothing" ? message.reason : "No Streamlit app was found.";
    this.note.textContent = this.graphs.length > 0 ? "" : reason;
    this.note.hidden = this.graphs.length > 0;
    if (message.type === "graphs" && message.focus !== undefined) this.lookAt(message.focus);
    else this.render();
  }

  private lookAt({ app, node }: Focus): void {
    const zoom = app === this.state.app ? this.state.zoom : undefined;
    const kept = this.graphs.find((graph) => appId(graph) === app);
    const isHidden = kept && !filtered(kept, this.state.filter).nodes.some((each) => each.id === node);
    this.change({ app, selected: node, zoom, ...(isHidden ? { filter: NO_FILTER } : {}) });
    if (node !== undefined && this.state.view === "graph") this.drawing.focus(node);
  }

  private filter(change: Partial<Filter>): void {
    this.change({ filter: { ...this.state.filter, ...change } });
    if (this.state.view === "graph") this.drawing.lens.start();
    this.status.textContent = this.shown ? `Shown: ${summary(this.shown)}` : "";
  }

  private choose(id: string | undefined, enters: boolean): void {
    this.change({ selected: id });
    if (id !== undefined && this.state.view === "graph") this.drawing.reveal(id);
    if (enters) this.body.querySelector<HTMLElement>("#details-title")?.focus();
  }

  private change(change: Partial<State>): void {
    this.keep(change);
    this.render();
  }

  private keep(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    this.host.keep(this.state);
  }

  private render(): void {
    const graph = this.graphs.find((each) => appId(each) === this.state.app) ?? this.graphs[0];
    this.main.classList.toggle("empty", graph === undefined);
    if (graph !== undefined) this.state.app = appId(graph);
    this.shown = graph && filtered(graph, this.state.filter);
    this.toolbar.show(this.graphs, this.state);
    if (graph === undefined || this.shown === undefined) return;
    this.renderDetails(graph);
    if (this.state.view === "table") this.renderTable(this.shown);
    else this.renderDrawing(this.shown);
    this.renderNote(graph, this.shown);
  }

  private renderNote(graph: Graph, shown: Graph): void {
    const isEmpty = shown.nodes.length === 0;
    this.note.hidden = !isEmpty;
    if (graph.nodes.length > 0 && isFiltering(this.state.filter))
      this.note.textContent = "Nothing passes the filter.";
    else this.note.textContent = `Nothing in ${graph.app} uses st.session_state.`;
  }

  private renderDrawing(shown: Graph): void {
    if (!this.drawing.element.isConnected) this.stage.replaceChildren(this.drawing.element);
    this.drawing.draw(shown, this.state.selected);
    if (this.drawnApp === this.state.app && this.state.zoom !== undefined) return;
    this.drawnApp = this.state.app;
    if (this.state.zoom === undefined) this.drawing.lens.start();
    else this.drawing.lens.set(this.state.zoom);
  }

  private renderTable(shown: Graph): void {
    this.drawnApp = undefined;
    const focused = document.activeElement?.getAttribute("data-node");
    const { scrollLeft = 0, scrollTop = 0 } = this.stage.querySelector(".table") ?? {};
    const made = table(shown, this.state.selected, (id) => this.choose(id, true));
    this.stage.replaceChildren(made);
    made.scrollTo(scrollLeft, scrollTop);
    if (focused) made.querySelector<HTMLElement>(`[data-node="${CSS.escape(focused)}"]`)?.focus();
  }

  /** The details are made anew, for their places may be others; what has the focus in them keeps it. */
  private renderDetails(graph: Graph): void {
    const node = graph.nodes.find((each) => each.id === this.state.selected);
    const old = this.body.querySelector(".details");
    if (node === undefined) {
      old?.remove();
      return;
    }
    const links: Links = {
      open: this.host.open,
      choose: (id) => this.choose(id, true),
      close: () => this.close(),
    };
    const made = details(graph, node, links);
    const focused = old ? [...old.querySelectorAll("h2, button")].indexOf(document.activeElement ?? old) : -1;
    const scrolled = old?.scrollTop ?? 0;
    if (old) old.replaceWith(made);
    else this.body.append(made);
    made.scrollTop = scrolled;
    made.querySelectorAll<HTMLElement>("h2, button")[focused]?.focus();
  }

  private close(): void {
    const { selected, view } = this.state;
    this.choose(undefined, false);
    if (view === "graph") this.drawing.focus(selected);
    else this.stage.querySelector<HTMLElement>(`[data-node="${CSS.escape(selected ?? "")}"]`)?.focus();
  }

  private export(): void {
    if (this.shown === undefined) return;
    const whole = new Drawing({ choose: () => undefined, move: () => undefined });
    whole.element.classList.add("unseen");
    this.main.append(whole.element);
    whole.draw(this.shown, undefined);
    const view = whole.svg.querySelector<SVGGElement>(".view");
    if (view !== null)
      this.host.export(picture(view, this.main.querySelectorAll(".entry"), this.shown), this.shown.app);
    whole.element.remove();
  }

  private onKey(event: KeyboardEvent): void {
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") this.toolbar.focusFilter();
    else if (event.key === "+" || event.key === "=") this.drawing.lens.by(1.25);
    else if (event.key === "-") this.drawing.lens.by(1 / 1.25);
    else if (event.key === "0") this.drawing.lens.fit();
    else return;
    event.preventDefault();
  }
}
