import * as vscode from "vscode";
import { counted, worst } from "../../map/words";
import type { Place, Range, Use, Warning } from "./data";
import { COLOURS, mark } from "./decorations";
import {
  type AppNode,
  type GroupName,
  type GroupNode,
  type KeyNode,
  keyCount,
  type Node,
  type PageNode,
  type UseNode,
} from "./model";
import { pageLabel, spot } from "./names";
import { icon, keyDescription, keyLabel, keyTooltip, pageDescription, useDescription } from "./texts";

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/** How a key looks by its kind. */
const KEY_ICONS = {
  plain: ["symbol-field", "symbolIcon.fieldForeground"],
  widget: ["settings", "charts.blue"],
  dynamic: ["symbol-string", "charts.purple"],
} as const;

const GROUP_ICONS: Record<GroupName, string> = {
  initialised: "circle-filled",
  set: "edit",
  read: "eye",
  widget: "settings",
  deleted: "trash",
  used: "question",
};

/** How VS Code draws a node. */
export function item(node: Node): vscode.TreeItem {
  switch (node.type) {
    case "app":
      return appItem(node);
    case "page":
      return pageItem(node);
    case "key":
      return keyItem(node);
    case "group":
      return groupItem(node);
    case "use":
      return useItem(node);
  }
}

function made(node: Node, label: string, state: vscode.TreeItemCollapsibleState): vscode.TreeItem {
  const made = new vscode.TreeItem(label, state);
  made.id = node.id;
  made.contextValue = node.type;
  return made;
}

function appItem(node: AppNode): vscode.TreeItem {
  const shown = made(node, node.label, Expanded);
  shown.iconPath = new vscode.ThemeIcon("browser");
  shown.description = counted(keyCount(node), "key");
  shown.tooltip = `The app of ${node.label}`;
  return decorated(shown, node.id, node.warnings);
}

function pageItem(node: PageNode): vscode.TreeItem {
  const shown = made(node, node.label, Expanded);
  shown.description = pageDescription(node);
  shown.tooltip = node.uri === undefined ? "Keys that no page is known to use" : node.path;
  if (node.uri === undefined) shown.iconPath = new vscode.ThemeIcon("question");
  else shown.iconPath = new vscode.ThemeIcon(node.isEntrypoint ? "home" : "file-code");
  if (node.uri === undefined) shown.contextValue = "elsewhere";
  return decorated(shown, node.id, node.warnings);
}

function keyItem(node: KeyNode): vscode.TreeItem {
  const shown = made(node, node.key.key, Collapsed);
  const [name, colour] = KEY_ICONS[node.key.kind];
  shown.iconPath = new vscode.ThemeIcon(name, new vscode.ThemeColor(colour));
  shown.description = keyDescription(node.key);
  shown.tooltip = new vscode.MarkdownString(keyTooltip(node), true);
  shown.accessibilityInformation = { label: keyLabel(node.key) };
  shown.contextValue = ["key", node.key.kind, ...abilities(node)].join(" ");
  return decorated(shown, node.id, node.key.warnings);
}

/** What the menus of a key ask for. */
function abilities(node: KeyNode): string[] {
  const found = node.key.initialisers.length > 0 ? ["initialised"] : [];
  return node.key.uses.some((use) => use.literal) ? [...found, "spelled"] : found;
}

function groupItem(node: GroupNode): vscode.TreeItem {
  const shown = made(node, node.label, Expanded);
  shown.iconPath = new vscode.ThemeIcon(GROUP_ICONS[node.label]);
  shown.description = String(node.children.length);
  return shown;
}

function useItem(node: UseNode): vscode.TreeItem {
  const shown = made(node, spot(node.use, node.app.root), None);
  shown.description = useDescription(node);
  shown.tooltip = useTooltip(node);
  const range = placeOf(node.use);
  shown.command = {
    command: "vscode.open",
    title: "Open",
    arguments: [vscode.Uri.parse(node.use.uri), range === null ? {} : { selection: asRange(range) }],
  };
  const severity = worst(node.warnings);
  if (severity === undefined) return shown;
  shown.iconPath = new vscode.ThemeIcon(icon(severity), new vscode.ThemeColor(COLOURS[severity]));
  return shown;
}

function useTooltip(node: UseNode): string {
  const pages = "pages" in node.use ? node.use.pages.map((page) => pageLabel(node.app, page)) : [];
  const runs = pages.length > 0 ? `Runs on ${pages.join(", ")}` : spot(node.use, node.app.root);
  return [runs, ...node.warnings.map((w) => `${w.code}: ${w.message}`)].join("\n");
}

/** Where the key is spelled, or else the whole expression. */
function placeOf(use: Use | Place): Range | null {
  return "spelled" in use && use.spelled !== null ? use.spelled : use.range;
}

export function asRange(range: Range): vscode.Range {
  return new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character);
}

function decorated(shown: vscode.TreeItem, id: string, warnings: readonly Warning[]): vscode.TreeItem {
  const uri = mark(id, warnings);
  if (uri !== undefined) shown.resourceUri = uri;
  return shown;
}
