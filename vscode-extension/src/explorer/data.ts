/** What the server's command `streamlint.stateMap` gives: the apps of a place, with their keys. */
export interface StateMap {
  version: 1;
  apps: App[];
}

export interface App {
  root: string;
  entrypoint: string;
  pages: string[];
  /** What `st.navigation` calls pages. */
  titles: Record<string, string>;
  keys: Key[];
  /** Uses of keys that are made at run time; what is not known of a name is "…". */
  dynamic: Use[];
  /** Where keys are used of which nothing is known. */
  unknown: Place[];
}

export interface Key {
  key: string;
  kind: "plain" | "widget";
  types: string[];
  /** Null for an app of one page. */
  survivesPageSwitch: boolean | null;
  initialisers: Place[];
  uses: Use[];
  warnings: Warning[];
}

export interface Use extends Place {
  key: string;
  use: Verb;
  /** The characters that spell the key. */
  spelled: Range | null;
  /** Whether they are the key itself, so that it can be renamed there. */
  literal: boolean;
  function: string | null;
  pages: string[];
  callbacks: string[];
  element: string | null;
  /** Null for what does not read. */
  protected: boolean | null;
}

export type Verb = "initialises" | "sets" | "updates" | "changes" | "reads" | "asks" | "draws" | "deletes";

export interface Warning extends Place {
  code: string;
  name: string;
  message: string;
  severity: Severity;
}

export type Severity = "error" | "warning" | "hint";

/** The range is null in a file that is gone. */
export interface Place {
  uri: string;
  range: Range | null;
}

export interface Range {
  start: Position;
  end: Position;
}

export interface Position {
  line: number;
  character: number;
}
