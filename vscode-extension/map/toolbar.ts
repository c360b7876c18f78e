import { button, html } from "./dom";
import { type Filter, NO_FILTER } from "./filter";
import { appId, type Graph, RELATIONS, type Relation } from "./graph";
import { lineSample } from "./samples";
import type { State } from "./state";
import { VERBS } from "./words";

export interface Actions {
  chooseApp(app: string): void;
  filter(change: Partial<Filter>): void;
  view(view: State["view"]): void;
  zoom(factor: number): void;
  fit(): void;
  export(): void;
}

/** What is shown, and how: the app, the filter, the view. */
export class Toolbar {
  readonly element: HTMLElement;
  private readonly apps = html("select", { "aria-label": "App" });
  private readonly text = html("input", {
    type: "search",
    placeholder: "Filter by name ( / )",
    "aria-label": "Filter by name",
  });
  private readonly bare: HTMLButtonElement;
  private readonly relations: [Relation, HTMLButtonElement][];
  private readonly table: HTMLButtonElement;
  private readonly zooming: HTMLElement;

  constructor(private readonly actions: Actions) {
    this.apps.addEventListener("change", () => actions.chooseApp(this.apps.value));
    this.text.addEventListener("input", () => actions.filter({ text: this.text.value.trim() }));
    this.text.addEventListener("keydown", (event) => event.key === "Escape" && this.clear());
    this.bare = button({ class: "toggle entry" }, undefined, () =>
      actions.filter({ onlyUnprotected: !isOn(this.bare) }),
    );
    this.bare.append(lineSample("reads", true), html("span", {}, "only unprotected"));
    this.bare.dataset["legend"] = "unprotected read";
    this.relations = RELATIONS.map((relation) => [relation, this.relationToggle(relation)]);
    this.table = button({ class: "toggle" }, "Table", () =>
      actions.view(isOn(this.table) ? "graph" : "table"),
    );
    this.zooming = this.zoomButtons();
    this.element = this.assembled();
  }

  focusFilter(): void {
    this.text.focus();
    this.text.select();
  }

  show(graphs: Graph[], state: State): void {
    const options = graphs.map((graph) => html("option", { value: appId(graph) }, appName(graph, graphs)));
    if (options.map((each) => each.outerHTML).join("") !== this.apps.innerHTML)
      this.apps.replaceChildren(...options);
    this.apps.hidden = graphs.length < 2;
    this.apps.value = state.app ?? "";
    if (this.text.value.trim() !== state.filter.text) this.text.value = state.filter.text;
    press(this.bare, state.filter.onlyUnprotected);
    for (const [relation, toggle] of this.relations) press(toggle, !state.filter.hidden.includes(relation));
    press(this.table, state.view === "table");
    this.zooming.hidden = state.view === "table";
  }

  private clear(): void {
    this.text.value = "";
    this.actions.filter({ text: NO_FILTER.text });
  }

  private relationToggle(relation: Relation): HTMLButtonElement {
    const toggle = button({ class: "toggle relation entry" }, lineSample(relation), () => {
      const others = this.relations
        .filter(([name, each]) => name !== relation && !isOn(each))
        .map(([name]) => name);
      this.actions.filter({ hidden: isOn(toggle) ? [...others, relation] : others });
    });
    toggle.append(html("span", {}, VERBS[relation].active.replace(" with", "")));
    return toggle;
  }

  private zoomButtons(): HTMLElement {
    return html(
      "div",
      { class: "group", role: "group", "aria-label": "Zoom" },
      button({ class: "tool", "aria-label": "Zoom out", title: "Zoom out (-)" }, "−", () =>
        this.actions.zoom(1 / 1.25),
      ),
      button({ class: "tool", "aria-label": "Show all", title: "Show all (0)" }, "⤢", () =>
        this.actions.fit(),
      ),
      button({ class: "tool", "aria-label": "Zoom in", title: "Zoom in (+)" }, "+", () =>
        this.actions.zoom(1.25),
      ),
    );
  }

  private assembled(): HTMLElement {
    const lines = this.relations.map(([, toggle]) => toggle);
    const label = { role: "group", "aria-label": "Lines" };
    const exporting = button(
      { class: "plain", title: "Save what is shown as a picture" },
      "Export SVG",
      this.actions.export,
    );
    return html(
      "header",
      { class: "toolbar" },
      this.apps,
      this.text,
      html("div", { class: "group relations", ...label }, this.bare, ...lines),
      html("div", { class: "group end" }, this.zooming, this.table, exporting),
    );
  }
}

/** The path of an app, with its folder where another folder has the same. */
function appName(graph: Graph, graphs: Graph[]): string {
  const isAlone = graphs.filter(({ app }) => app === graph.app).length < 2;
  return isAlone ? graph.app : `${decodeURIComponent(graph.root.split("/").at(-1) ?? "")}: ${graph.app}`;
}

function isOn(toggle: HTMLButtonElement): boolean {
  return toggle.getAttribute("aria-pressed") === "true";
}

function press(toggle: HTMLButtonElement, isOn: boolean): void {
  toggle.setAttribute("aria-pressed", String(isOn));
}
