import type * as vscode from "vscode";
import type { WorkspaceEdit } from "vscode-languageclient/node";
import type { Server } from "./server";

/** How far fixes reach. */
export type Reach = "file" | "app";

/** The edits of all safe fixes; undefined if there are none, or the server does not run. */
export async function safeFixes(
  server: Server,
  document: vscode.Uri,
  reach: Reach,
): Promise<vscode.WorkspaceEdit | undefined> {
  const { client } = server;
  if (client === undefined) return undefined;
  const uri = client.code2ProtocolConverter.asUri(document);
  const edit = await server.ask<WorkspaceEdit | null>("streamlint.fixAll", uri, { app: reach === "app" });
  return edit ? client.protocol2CodeConverter.asWorkspaceEdit(edit) : undefined;
}
