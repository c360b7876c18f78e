import * as vscode from "vscode";
import { type Reach, safeFixes } from "../fixes";
import type { Given } from ".";
import { runningClient } from "./running";

export function fixAllInFile(given: Given): Promise<void> {
  return fixAll(given, "file");
}

export function fixAllInApp(given: Given): Promise<void> {
  return fixAll(given, "app");
}

async function fixAll({ server }: Given, reach: Reach): Promise<void> {
  const document = pythonDocument();
  if (document === undefined) {
    const hint = reach === "app" ? "a Python file of the app" : "a Python file";
    void vscode.window.showWarningMessage(`streamlint: open ${hint} first; its problems are fixed.`);
    return;
  }
  if ((await runningClient(server)) === undefined) return;
  const edit = await safeFixes(server, document.uri, reach);
  if (edit === undefined) say(`nothing in this ${reach} that can be fixed safely`);
  else if (await vscode.workspace.applyEdit(edit)) say(changed(edit));
  else throw new Error("the text has changed in the meantime; try again");
}

/** The Python file that the user looks at, if not in the active editor then beside it. */
function pythonDocument(): vscode.TextDocument | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  const editors =
    activeTextEditor === undefined ? visibleTextEditors : [activeTextEditor, ...visibleTextEditors];
  return editors.map(({ document }) => document).find(({ languageId }) => languageId === "python");
}

function changed(edit: vscode.WorkspaceEdit): string {
  return edit.size === 1 ? "fixed 1 file" : `fixed ${edit.size} files; review and save them`;
}

function say(text: string): void {
  void vscode.window.showInformationMessage(`streamlint: ${text}.`);
}
