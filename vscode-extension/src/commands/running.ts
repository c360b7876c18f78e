import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { Server, State } from "../server";
import { told } from "../status";

/** The client, if the server runs; the user is told why there is none. */
export async function runningClient(server: Server): Promise<LanguageClient | undefined> {
  const state = server.state.kind === "starting" ? await settled(server) : server.state;
  if (state.kind !== "running") {
    const { text, detail, button } = told(state, false);
    const answer = await vscode.window.showWarningMessage(`${text}: ${detail}`, button.title);
    if (answer !== undefined) await vscode.commands.executeCommand(button.command);
  }
  return server.client;
}

function settled(server: Server): Promise<State> {
  return new Promise((resolve) => {
    const listening = server.onDidChangeState((state) => {
      if (state.kind === "starting") return;
      listening.dispose();
      resolve(state);
    });
  });
}
