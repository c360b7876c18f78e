import * as vscode from "vscode";
import type { Server } from "../server";
import type { Given } from ".";
import { runningClient } from "./running";

const SCHEME = "streamlint-rule";

/** A rule, as the server lists it. */
interface Listed {
  readonly code: string;
  readonly name: string;
  readonly summary: string;
  readonly severity: string;
}

/** A rule's page, as the server has it. */
interface Explained {
  readonly name: string;
  readonly markdown: string;
}

/** The pages of rules as documents that nothing can change. They link to each other by their files' names. */
export class RulePages implements vscode.TextDocumentContentProvider {
  constructor(private readonly server: Server) {}

  register(): vscode.Disposable {
    return vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string | undefined> {
    const name = uri.path.slice(1).replace(/\.md$/, "").replaceAll("_", "-");
    return (await this.server.ask<Explained>("streamlint.explain", name))?.markdown;
  }
}

function pageOf({ name }: Explained): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/${name.replaceAll("-", "_")}.md` });
}

/** Shows the page of a rule beside the code: of the given one, or one that the user picks. */
export async function explainRule({ server }: Given, code: unknown): Promise<void> {
  if ((await runningClient(server)) === undefined) return;
  const wanted =
    typeof code === "string" ? code : await picked((await server.ask<Listed[]>("streamlint.rules")) ?? []);
  if (wanted === undefined) return;
  const page = await server.ask<Explained>("streamlint.explain", wanted);
  if (page !== undefined) await vscode.commands.executeCommand("markdown.showPreviewToSide", pageOf(page));
}

async function picked(rules: readonly Listed[]): Promise<string | undefined> {
  const items = rules.map(({ code, name, summary, severity }) => ({
    label: `${ICONS[severity] ?? ""} ${code}`,
    description: name,
    detail: summary,
    code,
  }));
  const options = { placeHolder: "Which rule?", matchOnDescription: true, matchOnDetail: true };
  return (await vscode.window.showQuickPick(items, options))?.code;
}

const ICONS: Record<string, string> = { error: "$(error)", warning: "$(warning)", hint: "$(info)" };
