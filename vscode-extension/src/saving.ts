import * as vscode from "vscode";
import { safeFixes } from "./fixes";
import type { Log } from "./log";
import type { Server } from "./server";
import { fixesOnSave } from "./settings";
import { inTime } from "./time";

/** VS Code saves without us after 1.5 s, and stops asking who is late three times. */
const PATIENCE_MS = 1200;
const LATE = "the analysis takes longer than saving may";

/** Fixes what is safe to fix when a user saves a file, where the settings say so. */
export function registerSaving(context: vscode.ExtensionContext, server: Server, log: Log): void {
  const listening = vscode.workspace.onWillSaveTextDocument((event) => {
    const { document, reason } = event;
    const wanted = document.languageId === "python" && reason === vscode.TextDocumentSaveReason.Manual;
    if (wanted && server.client !== undefined && fixesOnSave(document)) {
      event.waitUntil(edits(server, document, log));
    }
  });
  context.subscriptions.push(listening);
}

/** The fixes of a document as it is now; none if they come too late. Never rejects: the file is saved anyway. */
export async function edits(
  server: Server,
  document: vscode.TextDocument,
  log: Log,
  patience = PATIENCE_MS,
): Promise<vscode.TextEdit[]> {
  const { version, uri } = document;
  try {
    const found = await inTime(safeFixes(server, uri, "file"), patience, LATE);
    return document.version === version ? (found?.get(uri) ?? []) : [];
  } catch (error) {
    log.warn(`saved without fixes: ${error instanceof Error ? error.message : error}`);
    return [];
  }
}
