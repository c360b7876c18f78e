import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { EditorPlace, Graph } from "../../map/graph";
import type { ToPage } from "../../map/messages";
import type { Server } from "../server";
import { page } from "./document";
import { asMessage } from "./incoming";
import { save } from "./saving";
import { focusOf, type Wish } from "./wishes";

/** Milliseconds without an analysis before the graphs are asked for anew. */
const PAUSE = 250;

/** The webview with the map. Asks for graphs only while it is seen. */
export class MapPanel {
  private graphs: Graph[] = [];
  /** What the page shows, as it was told. */
  private told = "";
  private isReady = false;
  private wish: Wish | undefined;
  private timer: NodeJS.Timeout | undefined;
  private asked = 0;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly server: Server,
    dist: vscode.Uri,
  ) {
    const { webview } = panel;
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    const listening = vscode.Disposable.from(
      webview.onDidReceiveMessage((message) => this.receive(message)),
      panel.onDidChangeViewState(() => this.onVisibility()),
      server.onDidAnalyse(() => this.refreshSoon()),
      server.onDidChangeState(() => this.refresh()),
      { dispose: () => clearTimeout(this.timer) },
    );
    panel.onDidDispose(() => listening.dispose());
    const uri = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
    const nonce = randomBytes(16).toString("hex");
    webview.html = page({ script: uri("map.js"), style: uri("map.css"), source: webview.cspSource, nonce });
  }

  get column(): vscode.ViewColumn | undefined {
    return this.panel.viewColumn;
  }

  /** Brings the map to the front, with what somebody wants to see. */
  async show(wish: Wish | undefined): Promise<void> {
    this.wish = wish;
    this.panel.reveal();
    if (this.isReady) await this.refresh();
  }

  private onVisibility(): void {
    if (!this.panel.visible) this.isReady = false; // the page goes, and says so when it is back
  }

  private async receive(sent: unknown): Promise<void> {
    const message = asMessage(sent, this.graphs);
    switch (message?.type) {
      case "ready":
        this.isReady = true;
        this.told = "";
        return this.refresh();
      case "open":
        return this.open(message.place);
      case "export":
        return save(message.svg, message.app);
    }
  }

  /** Opens a place beside the map, in the group where files were opened last. */
  private async open({ uri, range }: EditorPlace): Promise<void> {
    const { start, end } = range ?? { start: undefined, end: undefined };
    const selection = start && end && new vscode.Range(start.line, start.character, end.line, end.character);
    await vscode.window.showTextDocument(vscode.Uri.parse(uri), {
      viewColumn: this.besides(),
      preview: true,
      ...(selection ? { selection } : {}),
    });
  }

  private besides(): vscode.ViewColumn {
    const others = vscode.window.tabGroups.all.filter((group) => group.viewColumn !== this.column);
    return others[0]?.viewColumn ?? vscode.ViewColumn.Beside;
  }

  private refreshSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.refresh(), PAUSE);
  }

  /** Asks for the graphs and shows them; an answer that a newer question has overtaken is dropped. */
  private async refresh(): Promise<void> {
    clearTimeout(this.timer);
    if (!this.isReady) return;
    this.asked += 1;
    const question = this.asked;
    const asking = this.server.ask<{ graphs: Graph[] }>("streamlint.graph", null, { format: "json" });
    const answer = await asking.catch(() => undefined);
    if (question !== this.asked) return;
    if (answer !== undefined) this.showGraphs(answer.graphs);
    else if ("reason" in this.server.state) this.tell({ type: "nothing", reason: this.server.state.reason });
    else if (this.graphs.length === 0) this.tell({ type: "nothing", reason: "streamlint is starting…" });
  }

  private showGraphs(graphs: Graph[]): void {
    this.graphs = graphs;
    const focus = this.wish && focusOf(this.wish, graphs);
    this.wish = undefined;
    this.tell({ type: "graphs", graphs, ...(focus ? { focus } : {}) });
  }

  /** Tells the page, unless it knows. */
  private tell(message: ToPage): void {
    const told = JSON.stringify(message);
    if (told === this.told) return;
    this.told = "focus" in message ? "" : told;
    void this.panel.webview.postMessage(message);
  }
}
