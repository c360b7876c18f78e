import * as vscode from "vscode";

/** Where the pages of the rules are on the web. */
const PAGES = "https://streamlint.readthedocs.io/";
const RULE = /https:\/\/streamlint\.readthedocs\.io\/rules\/([\w-]+)/g;
const EXPLAIN = "streamlint.explainRule";

export function isPage(uri: string): boolean {
  return uri.startsWith(PAGES);
}

/**
 * Lets the rules that a hover names lead to their pages beside the code, which needs no network. The codes of
 * diagnostics cannot: VS Code ignores commands there.
 */
export function linkToPages(hover: vscode.Hover): void {
  hover.contents = hover.contents.map((each) =>
    each instanceof vscode.MarkdownString ? linked(each) : each,
  );
}

function linked(text: vscode.MarkdownString): vscode.MarkdownString {
  const value = text.value.replaceAll(RULE, (_, name) => commandOf(name));
  if (value === text.value) return text;
  const found = new vscode.MarkdownString(value, text.supportThemeIcons);
  found.isTrusted = { enabledCommands: [EXPLAIN] };
  return found;
}

function commandOf(rule: string): string {
  return `command:${EXPLAIN}?${encodeURIComponent(JSON.stringify([rule]))}`;
}
