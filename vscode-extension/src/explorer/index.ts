import * as vscode from "vscode";
import type { Server } from "../server";
import { commands } from "./commands";
import { decorations } from "./decorations";
import { KeyTree } from "./tree";
import { KeyView } from "./view";

/** The Session State explorer: apps, their pages and keys, and where these are used. */
export function registerExplorer(context: vscode.ExtensionContext, server: Server): void {
  const view = new KeyView(new KeyTree(server), server);
  context.subscriptions.push(
    view.listen(),
    commands(view),
    vscode.window.registerFileDecorationProvider(decorations),
  );
  void view.refresh();
}
