import type { EditorPlace, Graph } from "./graph";

/** What the extension tells the page. */
export type ToPage =
  | { type: "graphs"; graphs: Graph[]; focus?: Focus }
  /** There is nothing to draw, for a reason. */
  | { type: "nothing"; reason: string };

/** What the page is to show: an app by its `appId`, and one of its nodes by its id. */
export interface Focus {
  app: string;
  node?: string | undefined;
}

/** What the page tells the extension. */
export type FromPage =
  | { type: "ready" }
  | { type: "open"; place: EditorPlace }
  | { type: "export"; svg: string; app: string };
