import * as vscode from "vscode";
import { SECTION } from "../settings";
import type { Given } from ".";

const LINES = 60;

/** What a report says. */
export interface Facts {
  readonly extension: string;
  readonly editor: string;
  readonly platform: string;
  readonly state: unknown;
  readonly server: unknown;
  readonly settings: Record<string, unknown>;
  readonly log: readonly string[];
}

/** A report to be completed by the user, as Markdown. */
export function report(facts: Facts): string {
  const { extension, editor, platform, state, server, settings, log } = facts;
  return `## What happens

<!-- Nothing has been sent. Complete this, remove what nobody should see, and paste it into a new issue. -->

## What should happen

## The smallest app with which it happens

\`\`\`python
import streamlit as st
\`\`\`

## Versions

- streamlint for VS Code ${extension}
- ${editor}, ${platform}

## Server

${json(state)}

${json(server ?? "does not run")}

## Settings

${json(settings)}

## The last lines of the log

\`\`\`\`text
${log.slice(-LINES).join("\n")}
\`\`\`\`
`;
}

/** Opens a report that the user may complete and send; sends nothing. */
export async function reportProblem({ context, server, log }: Given): Promise<void> {
  const { version, bugs } = context.extension.packageJSON as { version: string; bugs: { url: string } };
  const content = report({
    extension: version,
    editor: `${vscode.env.appName} ${vscode.version}`,
    platform: `${process.platform} ${process.arch}`,
    state: server.state,
    server: await answer(() => server.ask("streamlint.version")),
    settings: changedSettings(),
    log: log.last,
  });
  const document = await vscode.workspace.openTextDocument({ language: "markdown", content });
  await vscode.window.showTextDocument(document);
  const text = "streamlint: complete the report and paste it into a new issue. Nothing is sent by itself.";
  const choice = await vscode.window.showInformationMessage(text, "Copy and Open Issue Page");
  if (choice === undefined) return;
  await vscode.env.clipboard.writeText(document.getText());
  await vscode.env.openExternal(vscode.Uri.parse(`${bugs.url}/new`));
}

/** The settings that are not the defaults. */
function changedSettings(): Record<string, unknown> {
  const settings = vscode.workspace.getConfiguration(SECTION);
  const names = Object.keys(settings).filter((name) => {
    const found = settings.inspect(name);
    return [found?.globalValue, found?.workspaceValue, found?.workspaceFolderValue].some(
      (each) => each !== undefined,
    );
  });
  return Object.fromEntries(names.map((name) => [name, settings.get(name)]));
}

/** A server that does not answer is reported, too. */
async function answer(ask: () => Promise<unknown>): Promise<unknown> {
  try {
    return await ask();
  } catch (error) {
    return `does not answer: ${error}`;
  }
}

function json(value: unknown): string {
  return `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
}
