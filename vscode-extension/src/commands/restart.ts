import * as vscode from "vscode";
import type { Given } from ".";
import { runningClient } from "./running";

export async function restartServer({ server }: Given): Promise<void> {
  await server.restart("the user asks for it");
  if ((await runningClient(server)) !== undefined) {
    vscode.window.setStatusBarMessage("streamlint: the server was restarted", 3000);
  }
}
