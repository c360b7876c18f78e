import * as vscode from "vscode";
import type { Server } from "../server";
import { type Filter, isFiltering, NO_FILTER, told } from "./filter";
import type { Node } from "./model";
import type { KeyTree } from "./tree";

const VIEW = "streamlint.keys";
/** Milliseconds without an analysis before the tree is asked for anew. */
const PAUSE = 200;

/** The view on the tree: asks only while somebody looks, and says what is filtered or why nothing is shown. */
export class KeyView {
  private readonly view: vscode.TreeView<Node>;
  private timer: NodeJS.Timeout | undefined;
  private isStale = true;

  constructor(
    private readonly tree: KeyTree,
    private readonly server: Server,
  ) {
    this.view = vscode.window.createTreeView(VIEW, { treeDataProvider: tree, showCollapseAll: true });
  }

  listen(): vscode.Disposable {
    return vscode.Disposable.from(
      this.view,
      this.view.onDidChangeVisibility(() => this.isStale && void this.refresh()),
      this.server.onDidAnalyse(() => this.refreshSoon()),
      this.server.onDidChangeState(() => this.refresh()),
      { dispose: () => clearTimeout(this.timer) },
    );
  }

  get filter(): Filter {
    return this.tree.filtered;
  }

  set filter(filter: Filter) {
    this.tree.filtered = filter;
    this.tell();
  }

  clearFilter(): void {
    this.filter = NO_FILTER;
  }

  /** Asks for the keys, or, while nobody looks, remembers to. */
  async refresh(): Promise<void> {
    clearTimeout(this.timer);
    this.isStale = !this.view.visible;
    if (this.view.visible) await this.tree.refresh();
    this.tell();
  }

  /** The same with a sign that something happens. */
  refreshVisibly(): Thenable<void> {
    return vscode.window.withProgress({ location: { viewId: VIEW } }, () => this.refresh());
  }

  private refreshSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.refresh(), PAUSE);
  }

  private tell(): void {
    const { shown, all } = this.tree.counts;
    this.view.message = told(this.filter, shown, all) ?? "";
    void vscode.commands.executeCommand("setContext", `${VIEW}.standing`, this.tree.standing);
    void vscode.commands.executeCommand("setContext", `${VIEW}.filtering`, isFiltering(this.filter));
    void vscode.commands.executeCommand("setContext", `${VIEW}.onlyWarnings`, this.filter.onlyWarnings);
  }
}
