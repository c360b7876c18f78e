import type * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

/** What the user can do about a server that does not run. */
export type Remedy = "selectInterpreter" | "restartServer" | "openSettings" | "manageTrust";

/** What the language server is doing. A failure carries a reason that a user can act on. */
export type State =
  | { kind: "off"; reason: string; remedy?: Remedy }
  | { kind: "starting" }
  | { kind: "running"; python: string; version: string }
  | { kind: "failed"; reason: string; remedy: Remedy };

/** The language server as the rest of the extension sees it. */
export interface Server {
  readonly state: State;
  readonly onDidChangeState: vscode.Event<State>;
  /** Fires when findings or keys may have changed (the server's `streamlint/analysed`), with the documents' URIs. */
  readonly onDidAnalyse: vscode.Event<readonly string[]>;
  /** The client while the server runs. */
  readonly client: LanguageClient | undefined;
  restart(reason: string): Promise<void>;
  /** Asks for one of the server's commands (`streamlint.stateMap`, …); undefined while it does not run. */
  ask<T>(command: string, ...args: unknown[]): Promise<T | undefined>;
}
