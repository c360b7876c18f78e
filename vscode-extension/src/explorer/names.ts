import type { App, Place } from "./data";

/** The path of a file below a root; the whole path where it is elsewhere. */
export function relativePath(uri: string, root: string): string {
  const below = root.endsWith("/") ? root : `${root}/`;
  return decodeURIComponent(uri.startsWith(below) ? uri.slice(below.length) : pathOf(uri));
}

function pathOf(uri: string): string {
  return uri.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, "");
}

/** `file:line` of a place, counted from 1 as people do. */
export function spot(place: Place, root: string): string {
  const path = relativePath(place.uri, root);
  return place.range === null ? path : `${path}:${place.range.start.line + 1}`;
}

/** The folder of an app, where its entrypoint is. */
export function folderOf(entrypoint: string): string {
  return entrypoint.slice(0, entrypoint.lastIndexOf("/"));
}

/** How Streamlit's sidebar names a page of an app. */
export function pageLabel(app: App, uri: string): string {
  return app.titles[uri] ?? pageName(uri);
}

/** How Streamlit names a page by its file: without number and underscores. */
export function pageName(uri: string): string {
  const [number, rest] = numbered(uri);
  return rest.replace(/[_ ]+/g, " ").trim() || number;
}

/** The order of Streamlit's sidebar: numbered pages first, then all others by name. */
export function bySidebar(a: string, b: string): number {
  const [left, right] = [numbered(a), numbered(b)];
  const order = Number(left[0] || Number.POSITIVE_INFINITY) - Number(right[0] || Number.POSITIVE_INFINITY);
  return order || left[1].toLowerCase().localeCompare(right[1].toLowerCase());
}

/** The number a script's name begins with, "" for none, and what follows. */
function numbered(uri: string): [string, string] {
  const file = decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1)).replace(/\.py$/, "");
  const [, number = "", rest = ""] = /^(\d*)[_ -]*(.*)$/.exec(file) ?? [];
  return [number, rest];
}
