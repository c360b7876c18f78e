import * as vscode from "vscode";
import type { Server } from "../server";
import { MapPanel } from "./panel";
import { asWish } from "./wishes";

const TYPE = "streamlint.stateMap";

/** The state map: one webview for all apps, which outlives the window. */
export function registerMap(context: vscode.ExtensionContext, server: Server): void {
  const dist = vscode.Uri.joinPath(context.extensionUri, "dist");
  let shown: MapPanel | undefined;
  const adopt = (panel: vscode.WebviewPanel): MapPanel => {
    panel.iconPath = vscode.Uri.joinPath(context.extensionUri, "media", "icon.png");
    panel.onDidDispose(() => {
      shown = undefined;
    });
    shown = new MapPanel(panel, server, dist);
    return shown;
  };
  const show = (argument: unknown) => (shown ?? adopt(created())).show(asWish(argument));
  context.subscriptions.push(
    vscode.commands.registerCommand("streamlint.showStateMap", show),
    vscode.window.registerWebviewPanelSerializer(TYPE, {
      deserializeWebviewPanel: async (panel) => {
        adopt(panel);
      },
    }),
  );
}

function created(): vscode.WebviewPanel {
  return vscode.window.createWebviewPanel(TYPE, "State Map", vscode.ViewColumn.Beside);
}
