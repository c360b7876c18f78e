import { join } from "node:path";
import * as vscode from "vscode";
import type { Interpreter } from "./python/interpreter";
import type { ImportStrategy } from "./settings";

/** How a server is started. Two launches with the same key start the same server. */
export interface Launch {
  readonly command: string;
  readonly args: string[];
  readonly cwd: string | undefined;
  readonly python: Interpreter;
  readonly key: string;
}

export function launchOf(python: Interpreter, strategy: ImportStrategy, extensionPath: string): Launch {
  const [command = "", ...words] = python.command;
  // What the workspace and the environment put on Python's path must not stand in for modules of the bundle.
  const flags = strategy === "useBundled" ? ["-I", "-X", "utf8"] : ["-X", "utf8"];
  const args = [...words, ...flags, join(extensionPath, "bundled", "tool", "server.py"), strategy];
  const cwd = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  return { command, args, cwd, python, key: JSON.stringify([command, args, python.version, cwd]) };
}
