import * as vscode from "vscode";
import type { Server } from "../server";
import type { App, StateMap } from "./data";
import { type Filter, isFiltering, NO_FILTER } from "./filter";
import { item } from "./items";
import { type AppNode, keyCount, keysOf, type Node, tree } from "./model";

/** Why the tree is empty, as `viewsWelcome` asks for it in package.json. */
export type Standing = "off" | "starting" | "failed" | "none" | "hidden" | "some";

/** The keys of the open folders' apps. Keeps the last ones until there are newer. */
export class KeyTree implements vscode.TreeDataProvider<Node> {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private apps: App[] = [];
  private nodes: AppNode[] = [];
  private isKnown = false;
  private filter = NO_FILTER;
  private asked = 0;

  constructor(private readonly server: Server) {}

  getTreeItem(node: Node): vscode.TreeItem {
    return item(node);
  }

  getChildren(node?: Node): Node[] {
    if (node === undefined) return this.nodes;
    return node.type === "use" ? [] : node.children;
  }

  get filtered(): Filter {
    return this.filter;
  }

  set filtered(filter: Filter) {
    this.filter = filter;
    this.show();
  }

  /** How many keys are shown, and how many there are. */
  get counts(): { shown: number; all: number } {
    const shown = this.nodes.reduce((sum, app) => sum + keyCount(app), 0);
    return { shown, all: this.apps.flatMap(keysOf).length };
  }

  get standing(): Standing {
    if (this.nodes.length > 0) return "some";
    if (this.apps.flatMap(keysOf).length > 0 && isFiltering(this.filter)) return "hidden";
    const { kind } = this.server.state;
    if (kind === "running") return this.isKnown ? "none" : "starting";
    return kind;
  }

  /** Asks for the keys; an answer that a newer question has overtaken is dropped. While there will be another soon,
   * because the server starts or has ended meanwhile, the last one stays. */
  async refresh(): Promise<void> {
    this.asked += 1;
    const question = this.asked;
    const answer = await this.server.ask<StateMap>("streamlint.stateMap").catch(() => undefined);
    if (question !== this.asked) return;
    this.isKnown = answer !== undefined;
    if (answer === undefined && ["starting", "running"].includes(this.server.state.kind)) return;
    if (answer !== undefined && JSON.stringify(answer.apps) === JSON.stringify(this.apps)) return;
    this.apps = answer?.apps ?? [];
    this.show();
  }

  private show(): void {
    this.nodes = tree(this.apps, this.filter);
    this.changed.fire();
  }
}
