import * as vscode from "vscode";
import { counted, worst } from "../../map/words";
import type { Warning } from "./data";

/** The scheme of the URIs by which nodes of the tree are coloured: VS Code decorates nothing but resources. */
const SCHEME = "streamlint-keys";
export const COLOURS = {
  error: "list.errorForeground",
  warning: "list.warningForeground",
  hint: "list.deemphasizedForeground",
};

/** A URI that says how a node with these warnings is decorated; undefined without any. */
export function mark(id: string, warnings: readonly Warning[]): vscode.Uri | undefined {
  const severity = worst(warnings);
  if (severity === undefined) return undefined;
  const path = `/${encodeURIComponent(id)}`;
  return vscode.Uri.from({ scheme: SCHEME, path, query: `${severity}=${warnings.length}` });
}

/** Colours nodes with warnings and counts these. */
export const decorations: vscode.FileDecorationProvider = {
  provideFileDecoration(uri) {
    const [severity = "", count = ""] = uri.scheme === SCHEME ? uri.query.split("=") : [];
    if (!isSeverity(severity)) return undefined;
    const badge = count.length > 2 ? "9+" : count;
    const colour = new vscode.ThemeColor(COLOURS[severity]);
    return new vscode.FileDecoration(badge, counted(Number(count), "warning"), colour);
  },
};

function isSeverity(word: string): word is keyof typeof COLOURS {
  return Object.hasOwn(COLOURS, word);
}
