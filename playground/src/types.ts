/** What `python/playground.py` says. Offsets count UTF-16 units, as the editor's do. */
export interface Place {
  file: string;
  from: number;
  to: number;
  line: number;
}

export interface Edit {
  from: number;
  to: number;
  insert: string;
}

export interface Fix {
  title: string;
  safe: boolean;
  edits: Record<string, Edit[]>;
}

export interface Finding {
  code: string;
  name: string;
  message: string;
  help: string;
  severity: "error" | "warning" | "hint";
  place: Place;
  witness: { text: string; place: Place | null }[];
  related: { text: string; place: Place }[];
  fix: Fix | null;
}

export interface Problem {
  file: string;
  message: string;
  line: number;
  column: number;
}

export interface Checked {
  findings: Finding[];
  problems: Problem[];
  graphs: unknown[];
}

export type Files = Record<string, string>;

/** What the page asks the worker, and what it answers. */
export interface Question {
  id: number;
  files: Files;
}

export type Answer =
  | { kind: "ready" }
  | { kind: "failed"; reason: string }
  | { kind: "checked"; id: number; checked: Checked };
