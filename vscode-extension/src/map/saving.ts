import { posix } from "node:path";
import * as vscode from "vscode";

/** Asks where to save a picture of an app, writes it there, and offers to open it. */
export async function save(svg: string, app: string): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `${posix.basename(app, ".py")}-state.svg`;
  const target = await vscode.window.showSaveDialog({
    title: "Save the state map",
    filters: { "SVG pictures": ["svg"] },
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
  });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(svg));
  const saved = `Saved ${vscode.workspace.asRelativePath(target)}.`;
  const answer = await vscode.window.showInformationMessage(saved, "Open");
  if (answer !== undefined) await vscode.commands.executeCommand("vscode.open", target);
}
