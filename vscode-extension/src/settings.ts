import { homedir } from "node:os";
import * as vscode from "vscode";

export const SECTION = "streamlint";
const LAUNCH = ["interpreter", "importStrategy", "enable"];

/** Where the server's code comes from: the extension, or the interpreter's environment. */
export type ImportStrategy = "useBundled" | "fromEnvironment";

/** The settings of the client that say how the server is started. */
export interface LaunchSettings {
  /** A command with its first arguments; empty where none is set. */
  readonly interpreter: readonly string[];
  readonly importStrategy: ImportStrategy;
}

export function launchSettings(): LaunchSettings {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const settings = vscode.workspace.getConfiguration(SECTION, folder);
  const strategy = settings.get<string>("importStrategy");
  return {
    interpreter: words(settings.get("interpreter")).map((word) => expanded(word, variables(folder))),
    importStrategy: strategy === "fromEnvironment" ? strategy : "useBundled",
  };
}

/** Whether any open folder wants reports at all. */
export function isEnabled(): boolean {
  const folders = vscode.workspace.workspaceFolders ?? [undefined];
  return folders.some((folder) =>
    vscode.workspace.getConfiguration(SECTION, folder?.uri).get<boolean>("enable", true),
  );
}

/** Whether the server may have to be started in another way: the other settings it asks for by itself. */
export function affectsLaunch(event: vscode.ConfigurationChangeEvent): boolean {
  return LAUNCH.some((name) => event.affectsConfiguration(`${SECTION}.${name}`));
}

export function fixesOnSave(document: vscode.TextDocument): boolean {
  return vscode.workspace.getConfiguration(SECTION, document.uri).get<boolean>("fixOnSave", false);
}

/** `${name}` replaced by the variable's value, and `~` at the beginning by the home folder. Unknown names stay. */
export function expanded(word: string, values: (name: string) => string | undefined): string {
  const home = word.replace(/^~(?=$|[\\/])/, () => values("userHome") ?? "~");
  return home.replace(/\$\{([^}]+)\}/g, (whole, name: string) => values(name) ?? whole);
}

function variables(folder: vscode.Uri | undefined): (name: string) => string | undefined {
  return (name) => {
    if (name.startsWith("env:")) return process.env[name.slice("env:".length)] ?? "";
    if (name === "userHome") return homedir();
    return name === "workspaceFolder" ? folder?.fsPath : undefined;
  };
}

function words(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((word): word is string => typeof word === "string" && word !== "")
    : [];
}
