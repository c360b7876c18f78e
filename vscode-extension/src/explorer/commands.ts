import * as vscode from "vscode";
import type { Place, Range } from "./data";
import { asRange } from "./items";
import type { KeyNode, PageNode } from "./model";
import { spot } from "./names";
import type { KeyView } from "./view";

/** The commands of the view, its keys and pages. */
export function commands(view: KeyView): vscode.Disposable {
  const all: Record<string, (...args: never[]) => unknown> = {
    filter: () => askForFilter(view),
    clearFilter: () => view.clearFilter(),
    onlyWarnings: () => (view.filter = { ...view.filter, onlyWarnings: true }),
    withoutWarnings: () => (view.filter = { ...view.filter, onlyWarnings: false }),
    refresh: () => view.refreshVisibly(),
    openPage: (page: PageNode) => page.uri && open({ uri: page.uri, range: null }),
    goToInitialiser: (node: KeyNode) => goToInitialiser(node),
    findReferences: (node: KeyNode) => findReferences(node),
    rename: (node: KeyNode) => rename(node),
    showOnMap: (node: KeyNode) => showOnMap(node),
  };
  const registered = Object.entries(all).map(([name, run]) =>
    vscode.commands.registerCommand(`streamlint.keys.${name}`, run),
  );
  return vscode.Disposable.from(...registered);
}

/** Filters while the user types; Escape brings back what was. */
function askForFilter(view: KeyView): void {
  const before = view.filter;
  const box = vscode.window.createInputBox();
  box.title = "Filter keys";
  box.placeholder = "Words of a key's name";
  box.value = before.text;
  let isAccepted = false;
  box.onDidChangeValue((text) => (view.filter = { ...view.filter, text: text.trim() }));
  box.onDidAccept(() => {
    isAccepted = true;
    box.hide();
  });
  box.onDidHide(() => {
    if (!isAccepted) view.filter = before;
    box.dispose();
  });
  box.show();
}

async function goToInitialiser(node: KeyNode): Promise<void> {
  const places = node.key.initialisers;
  const [only] = places;
  if (only !== undefined && places.length === 1) return open(only);
  const picks = places.map((place) => ({ label: spot(place, node.app.root), place }));
  const picked = await vscode.window.showQuickPick(picks, {
    title: `Where ${node.key.key} gets its first value`,
  });
  if (picked !== undefined) await open(picked.place);
}

async function open(place: Place): Promise<void> {
  const selection = place.range === null ? {} : { selection: asRange(place.range) };
  await vscode.window.showTextDocument(vscode.Uri.parse(place.uri), { ...selection, preview: true });
}

/** In the view of references; the server knows those of open documents only. */
async function findReferences(node: KeyNode): Promise<void> {
  const at = spelling(node);
  if (at === undefined) return;
  await open(at);
  await vscode.commands.executeCommand("references-view.findReferences");
}

async function rename(node: KeyNode): Promise<void> {
  const at = spelling(node);
  if (at === undefined) return;
  await open(at);
  const start = asRange(at.range).start;
  await vscode.commands.executeCommand("editor.action.rename", [vscode.Uri.parse(at.uri), start]);
}

/** A place where the key itself is written. */
function spelling(node: KeyNode): { uri: string; range: Range } | undefined {
  const use = node.key.uses.find((each) => each.literal && each.spelled !== null);
  return use?.spelled ? { uri: use.uri, range: use.spelled } : undefined;
}

function showOnMap(node: KeyNode): Thenable<unknown> {
  const focus = { entrypoint: node.app.entrypoint, key: node.key.key };
  return vscode.commands.executeCommand("streamlint.showStateMap", focus);
}
