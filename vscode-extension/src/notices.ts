import * as vscode from "vscode";
import type { Server } from "./server";
import { buttonOf } from "./status";

const SHOW_LOGS = "Show Logs";

/** Says each failure of the server once, with what helps. */
export function tellFailures(server: Server): vscode.Disposable {
  let said: string | undefined;
  return server.onDidChangeState((state) => {
    if (state.kind === "running") said = undefined;
    if (state.kind !== "failed" || state.reason === said) return;
    said = state.reason;
    void tell(state.reason, buttonOf(state.remedy));
  });
}

async function tell(reason: string, button: { title: string; command: string }): Promise<void> {
  const answer = await vscode.window.showErrorMessage(`streamlint: ${reason}`, button.title, SHOW_LOGS);
  if (answer === button.title) await vscode.commands.executeCommand(button.command);
  else if (answer === SHOW_LOGS) await vscode.commands.executeCommand("streamlint.showLogs");
}
