import * as vscode from "vscode";
import type { Given } from ".";
import { runningClient } from "./running";

const SCHEME = "streamlint-proposal";
const WRITE = "Write";
const REVIEW = "Review First";

/** A file as it would be, as the server says it. */
interface Proposal {
  readonly uri: string;
  /** The text that the proposal is made for; null where there is no file. */
  readonly before: string | null;
  readonly after: string;
  /** What changes, a sentence each. */
  readonly changes: readonly string[];
}

/** Adds streamlint to the project's settings, after the user has seen what would be written. */
export async function initialiseProject({ server }: Given): Promise<void> {
  const folder = await chosenFolder();
  if (folder === undefined || (await runningClient(server)) === undefined) return;
  const proposals = (await server.ask<Proposal[]>("streamlint.initialise", folder.uri.toString())) ?? [];
  if (proposals.length === 0) {
    void vscode.window.showInformationMessage("streamlint: the project is set up already; nothing to write.");
    return;
  }
  if (await accepted(proposals)) await write(proposals);
}

async function chosenFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) {
    void vscode.window.showWarningMessage("streamlint: open the folder of the project first.");
    return undefined;
  }
  return folders.length === 1 ? folders[0] : vscode.window.showWorkspaceFolderPick();
}

/** Shows each file as it is beside what it would be, and asks. */
async function accepted(proposals: readonly Proposal[]): Promise<boolean> {
  const texts = new Map(proposals.flatMap((each) => sides(each)));
  const provider = { provideTextDocumentContent: (uri: vscode.Uri) => texts.get(uri.toString()) ?? "" };
  const shown = vscode.workspace.registerTextDocumentContentProvider(SCHEME, provider);
  try {
    for (const each of proposals) await compare(each);
    return await consented(proposals);
  } finally {
    await closeComparisons();
    shown.dispose();
  }
}

/** Asks at once, or beside the comparison for as long as the user looks at it. */
async function consented(proposals: readonly Proposal[]): Promise<boolean> {
  const question = `Write this to ${proposals.map(name).join(" and ")}?`;
  const detail = proposals.flatMap((each) => each.changes).join("\n");
  const answer = await vscode.window.showInformationMessage(question, { modal: true, detail }, WRITE, REVIEW);
  return answer === REVIEW
    ? (await vscode.window.showInformationMessage(`streamlint: ${question}`, WRITE)) === WRITE
    : answer === WRITE;
}

function sides(proposal: Proposal): [string, string][] {
  return [
    [virtual(proposal, "before").toString(), proposal.before ?? ""],
    [virtual(proposal, "after").toString(), proposal.after],
  ];
}

async function compare(proposal: Proposal): Promise<void> {
  const title = `${name(proposal)} (what streamlint would write)`;
  await vscode.commands.executeCommand(
    "vscode.diff",
    virtual(proposal, "before"),
    virtual(proposal, "after"),
    title,
    { preview: false },
  );
}

async function closeComparisons(): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const ours = tabs.filter(
    ({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.scheme === SCHEME,
  );
  await vscode.window.tabGroups.close(ours);
}

/** Writes the files, if each still is what its proposal was made for. */
async function write(proposals: readonly Proposal[]): Promise<void> {
  for (const each of proposals) await refuseChanged(each);
  for (const { uri, after } of proposals) {
    await vscode.workspace.fs.writeFile(vscode.Uri.parse(uri), new TextEncoder().encode(after));
  }
  const [first] = proposals;
  if (first !== undefined) void vscode.window.showTextDocument(vscode.Uri.parse(first.uri));
}

async function refuseChanged(proposal: Proposal): Promise<void> {
  const uri = vscode.Uri.parse(proposal.uri);
  const open = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
  if (open?.isDirty) throw new Error(`${name(proposal)} has unsaved changes; save it and try again.`);
  if ((await textOf(uri)) !== proposal.before) throw new Error(`${name(proposal)} has changed; try again.`);
}

/** The text of a file; null where there is none. */
async function textOf(uri: vscode.Uri): Promise<string | null> {
  try {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await vscode.workspace.fs.readFile(uri));
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === "FileNotFound") return null;
    throw error;
  }
}

function name({ uri }: Proposal): string {
  return vscode.Uri.parse(uri).path.split("/").at(-1) ?? uri;
}

function virtual(proposal: Proposal, side: string): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/${side}/${name(proposal)}` });
}
