import type { App, Key, Place, Use, Verb, Warning } from "./data";
import { type Filter, passes } from "./filter";
import { bySidebar, folderOf, pageLabel, relativePath } from "./names";

/** A node of the tree. Its `id` names the same thing in the next state map, so that it stays expanded and selected. */
export type Node = AppNode | PageNode | KeyNode | GroupNode | UseNode;

export interface AppNode {
  type: "app";
  id: string;
  app: App;
  label: string;
  warnings: Warning[];
  children: PageNode[];
}

export interface PageNode {
  type: "page";
  id: string;
  app: App;
  /** Undefined for the keys that no page is known to use. */
  uri: string | undefined;
  label: string;
  path: string;
  isEntrypoint: boolean;
  warnings: Warning[];
  children: KeyNode[];
}

/** A key, or a pattern of keys that are made at run time. */
export interface ShownKey extends Omit<Key, "kind"> {
  kind: Key["kind"] | "dynamic";
  /** Uses of which not even the key is known. */
  unknown?: readonly Place[];
}

export interface KeyNode {
  type: "key";
  id: string;
  app: App;
  key: ShownKey;
  children: GroupNode[];
}

export interface GroupNode {
  type: "group";
  id: string;
  label: GroupName;
  children: UseNode[];
}

export interface UseNode {
  type: "use";
  id: string;
  app: App;
  use: Use | Place;
  /** The warnings that stand there. */
  warnings: Warning[];
  /** Where else it runs, if not on the page it is shown under. */
  elsewhere: string[];
}

export type GroupName = "initialised" | "set" | "read" | "widget" | "deleted" | "used";

const GROUPS: Record<Verb, GroupName> = {
  initialises: "initialised",
  sets: "set",
  updates: "set",
  changes: "set",
  reads: "read",
  asks: "read",
  draws: "widget",
  deletes: "deleted",
};
const ORDER: readonly GroupName[] = ["initialised", "set", "widget", "read", "deleted", "used"];
/** The name of what nothing is known of. */
export const UNKNOWN = "…";

/** The tree of the apps' keys that pass a filter; pages without such a key are left out while there is one. */
export function tree(apps: readonly App[], filter: Filter): AppNode[] {
  return apps.map((app) => appNode(app, filter)).filter((app) => app.children.length > 0);
}

/** All keys of an app: those known by name, then patterns, then what is not known at all. */
export function keysOf(app: App): ShownKey[] {
  return [...app.keys, ...patterns(app.dynamic), ...unknowns(app.unknown)];
}

/** How many keys are shown of an app. */
export function keyCount(app: AppNode): number {
  return new Set(app.children.flatMap((page) => page.children.map((key) => key.key))).size;
}

function patterns(dynamic: readonly Use[]): ShownKey[] {
  const names = [...new Set(dynamic.map((use) => use.key))].sort();
  return names.map((name) =>
    made(
      name,
      dynamic.filter((use) => use.key === name),
    ),
  );
}

function unknowns(places: readonly Place[]): ShownKey[] {
  return places.length === 0 ? [] : [{ ...made(UNKNOWN, []), unknown: places }];
}

function made(key: string, uses: Use[]): ShownKey {
  return { key, kind: "dynamic", types: [], survivesPageSwitch: null, initialisers: [], uses, warnings: [] };
}

function appNode(app: App, filter: Filter): AppNode {
  const keys = keysOf(app).filter((key) => passes(filter, key));
  const id = app.entrypoint;
  const pages = [...new Set([app.entrypoint, ...[...app.pages].sort(bySidebar)])].map((uri) =>
    pageNode(app, id, uri, keys),
  );
  const nowhere = pageNode(app, id, undefined, keys);
  const warnings = keys.flatMap((key) => key.warnings);
  const children = [...pages, nowhere].filter((page) => page.children.length > 0);
  return { type: "app", id, app, label: relativePath(app.entrypoint, app.root), warnings, children };
}

function pageNode(app: App, parent: string, uri: string | undefined, keys: readonly ShownKey[]): PageNode {
  const id = `${parent}|${uri ?? "elsewhere"}`;
  const mine = keys.filter((key) => isOn(key, uri));
  return {
    type: "page",
    id,
    app,
    uri,
    label: uri === undefined ? "elsewhere" : pageLabel(app, uri),
    path: uri === undefined ? "" : relativePath(uri, folderOf(app.entrypoint)),
    isEntrypoint: uri === app.entrypoint,
    warnings: mine.flatMap((key) => warningsOn(key, uri)),
    children: mine.map((key) => keyNode(app, id, key, uri)),
  };
}

/** Whether a page uses a key; without a page, whether none is known to. */
function isOn(key: ShownKey, page: string | undefined): boolean {
  if (page === undefined) return key.uses.every((use) => use.pages.length === 0);
  return key.uses.some((use) => use.pages.includes(page));
}

/** What is wrong with a key where a page comes. */
function warningsOn(key: ShownKey, page: string | undefined): Warning[] {
  const here = key.uses.filter((use) => runsOn(use, page));
  return key.warnings.filter((warning) => warning.uri === page || here.some((use) => isSame(use, warning)));
}

function keyNode(app: App, parent: string, key: ShownKey, page: string | undefined): KeyNode {
  const id = `${parent}|${key.kind === "dynamic" ? "dynamic" : "key"}:${key.key}`;
  const groups = ORDER.map((name) => groupNode(app, id, name, key, page));
  return { type: "key", id, app, key, children: groups.filter((group) => group.children.length > 0) };
}

function groupNode(
  app: App,
  parent: string,
  label: GroupName,
  key: ShownKey,
  page: string | undefined,
): GroupNode {
  const id = `${parent}|${label}`;
  const uses = label === "used" ? (key.unknown ?? []) : key.uses.filter((use) => GROUPS[use.use] === label);
  const here = uses.filter((use) => runsOn(use, page));
  const sorted = [...here, ...uses.filter((use) => !here.includes(use))];
  const counts = new Map<string, number>();
  const children = sorted.map((use) => {
    const count = (counts.get(use.uri) ?? 0) + 1;
    counts.set(use.uri, count);
    return useNode(app, `${id}|${use.uri}#${count}`, use, key, page);
  });
  return { type: "group", id, label, children };
}

function runsOn(use: Use | Place, page: string | undefined): boolean {
  return page === undefined || !("pages" in use) || use.pages.includes(page);
}

function useNode(app: App, id: string, use: Use | Place, key: ShownKey, page: string | undefined): UseNode {
  const elsewhere =
    runsOn(use, page) || !("pages" in use) ? [] : use.pages.map((each) => pageLabel(app, each));
  const warnings = key.warnings.filter((warning) => isSame(warning, use));
  return { type: "use", id, app, use, warnings, elsewhere };
}

function isSame(a: Place, b: Place): boolean {
  return a.uri === b.uri && JSON.stringify(a.range) === JSON.stringify(b.range);
}
