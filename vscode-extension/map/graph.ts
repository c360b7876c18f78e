/** The graph of an app, as the server's command `streamlint.graph` and the command line give it. */
export interface Graph {
  version: 1;
  /** The path of the entrypoint, below the root. */
  app: string;
  root: string;
  width: number;
  height: number;
  columns: Column[];
  /** In drawing order, column by column. */
  nodes: Node[];
  edges: Edge[];
}

export type ColumnName = "page" | "key" | "callback";

export interface Column {
  id: ColumnName;
  label: string;
  x: number;
  width: number;
}

export type Kind = "entrypoint" | "page" | "plain" | "widget" | "dynamic" | "callback";

export interface Node {
  id: string;
  column: ColumnName;
  kind: Kind;
  label: string;
  detail: string;
  types: string[];
  /** Null where that is no question. */
  survivesPageSwitch: boolean | null;
  place: Place | null;
  initialisers: Place[];
  warnings: Warning[];
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Warning {
  code: string;
  name: string;
  message: string;
  severity: Severity;
  place: Place;
}

export type Severity = "error" | "warning" | "hint";

/** What one page or callback (`from`) does to one key (`to`). */
export interface Edge {
  id: string;
  from: string;
  to: string;
  relation: Relation;
  /** Whether it is a read that may come before the key is set. */
  unprotected: boolean;
  codes: string[];
  uses: Use[];
}

export const RELATIONS = ["sets", "reads", "draws", "deletes"] as const;
export type Relation = (typeof RELATIONS)[number];

export interface Use {
  use: string;
  function: string | null;
  element: string | null;
  place: Place;
}

/** A place as an editor knows it (lines from 0), or as people do (from 1). */
export type Place = EditorPlace | FilePlace;

/** The range is null in a file that is gone. */
export interface EditorPlace {
  uri: string;
  range: { start: Position; end: Position } | null;
}

export interface Position {
  line: number;
  character: number;
}

export interface FilePlace {
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

/** Names an app among those of several folders. */
export function appId(graph: Graph): string {
  return `${graph.root}#${graph.app}`;
}

/** `file:line` of a place, below the root. */
export function spot(place: Place, root: string): string {
  if ("file" in place) return `${place.file}:${place.line}`;
  const path = below(pathOf(place.uri), pathOf(root));
  return place.range === null ? path : `${path}:${place.range.start.line + 1}`;
}

function pathOf(uri: string): string {
  return decodeURIComponent(uri.replace(/^file:\/\//, ""));
}

function below(path: string, root: string): string {
  const folder = root.endsWith("/") ? root : `${root}/`;
  return path.startsWith(folder) ? path.slice(folder.length) : path;
}
