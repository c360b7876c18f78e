import { type Filter, NO_FILTER } from "./filter";
import { RELATIONS, type Relation } from "./graph";

/** What a user has chosen, kept while the page is hidden. */
export interface State {
  /** The `appId` of what is shown. */
  app: string | undefined;
  view: "graph" | "table";
  filter: Filter;
  /** The node whose details are shown. */
  selected: string | undefined;
  zoom: Zoom | undefined;
}

export interface Zoom {
  x: number;
  y: number;
  k: number;
}

/** The state that was kept, maybe by another version of the page. */
export function restored(kept: unknown): State {
  const { app, view, filter, selected, zoom } = asRecord(kept);
  return {
    app: asText(app),
    view: view === "table" ? "table" : "graph",
    filter: asFilter(asRecord(filter)),
    selected: asText(selected),
    zoom: asZoom(asRecord(zoom)),
  };
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function asFilter({ text, onlyUnprotected, hidden }: Record<string, unknown>): Filter {
  return {
    text: asText(text) ?? NO_FILTER.text,
    onlyUnprotected: onlyUnprotected === true,
    hidden: Array.isArray(hidden) ? RELATIONS.filter((relation: Relation) => hidden.includes(relation)) : [],
  };
}

function asZoom({ x, y, k }: Record<string, unknown>): Zoom | undefined {
  if (typeof x !== "number" || typeof y !== "number" || typeof k !== "number") return undefined;
  return { x, y, k };
}
