import assert from "node:assert/strict";
import * as vscode from "vscode";

const APP = "app.py";
const PAGE = "pages/Report.py";

function uri(path: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder);
  return vscode.Uri.joinPath(folder.uri, path);
}

async function open(path: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uri(path));
  await vscode.window.showTextDocument(document);
  return document;
}

/** Where a text stands; the position is inside of it. */
function at(document: vscode.TextDocument, text: string, inside = 1): vscode.Position {
  const offset = document.getText().indexOf(text);
  assert.ok(offset >= 0, `${text} is not in ${document.uri.path}`);
  return document.positionAt(offset + inside);
}

async function until<T>(holds: () => T | Promise<T>, what: string): Promise<NonNullable<T>> {
  for (let tries = 0; tries < 400; tries++) {
    const found = await holds();
    if (found) return found as NonNullable<T>;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited in vain for ${what}`);
}

function ask<T>(command: string, ...given: unknown[]): Promise<T> {
  return Promise.resolve(vscode.commands.executeCommand<T>(command, ...given));
}

/** The findings in a document, as soon as there are any. */
function findings(document: vscode.TextDocument): Promise<vscode.Diagnostic[]> {
  const mine = () =>
    vscode.languages.getDiagnostics(document.uri).filter((each) => each.source === "streamlint");
  return until(() => (mine().length > 0 ? mine() : undefined), "findings");
}

/** The characters that a range stands for. */
function inRange(document: vscode.TextDocument, range: vscode.Range): string {
  return document.getText(range);
}

describe("in VS Code", () => {
  let document: vscode.TextDocument;

  before(async () => {
    document = await open(APP);
    await findings(document);
  });

  it("a finding has its range beside an emoji, a severity, a link and the steps that lead to it", async () => {
    const [finding] = await findings(document);
    assert.ok(finding);
    assert.equal(inRange(document, finding.range), "st.session_state.rows");
    assert.equal(finding.severity, vscode.DiagnosticSeverity.Error);
    assert.ok(typeof finding.code === "object" && finding.code.value === "STL101");
    assert.match(finding.code.target.toString(), /uninitialized/);
    assert.ok((finding.relatedInformation ?? []).length > 0);
  });

  it("hovering over a key tells its life", async () => {
    const hovers = await ask<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      document.uri,
      at(document, "city"),
    );
    const text = hovers
      .flatMap((each) => each.contents.map((part) => (part as vscode.MarkdownString).value))
      .join();
    assert.match(text, /city/);
    assert.match(text, /Report\.py|Report/);
  });

  it("a key's definition is where it is initialised", async () => {
    const found = await ask<vscode.Location[]>(
      "vscode.executeDefinitionProvider",
      document.uri,
      at(document, "session_state.city)", 15),
    );
    assert.deepEqual(found.map((each) => [each.uri.path, each.range.start.line]).sort(), [
      [uri(APP).path, at(document, 'session_state.city = "Paris"').line],
      [uri(PAGE).path, 2],
    ]);
  });

  it("a key's references are on all pages", async () => {
    const found = await ask<vscode.Location[]>(
      "vscode.executeReferenceProvider",
      document.uri,
      at(document, "session_state.city)", 15),
    );
    const files = new Set(found.map((each) => each.uri.path));
    assert.ok(files.has(uri(APP).path) && files.has(uri(PAGE).path));
  });

  it("a rename changes all pages", async () => {
    const edit = await ask<vscode.WorkspaceEdit>(
      "vscode.executeDocumentRenameProvider",
      document.uri,
      at(document, "session_state.city)", 15),
      "town",
    );
    assert.deepEqual(
      edit
        .entries()
        .map(([each]) => each.path)
        .sort(),
      [uri(APP).path, uri(PAGE).path].sort(),
    );
  });

  it("a rename to a key that there is already is refused with a reason", async () => {
    const position = at(document, "session_state.city)", 15);
    await assert.rejects(
      ask("vscode.executeDocumentRenameProvider", document.uri, position, "rows"),
      (error: Error) => error.message.length > 10,
    );
  });

  it("keys are symbols of the document and of the workspace", async () => {
    const inFile = await ask<vscode.DocumentSymbol[]>("vscode.executeDocumentSymbolProvider", document.uri);
    assert.match(JSON.stringify(inFile.map((each) => [each.name, each.children])), /city/);
    const everywhere = await ask<vscode.SymbolInformation[]>("vscode.executeWorkspaceSymbolProvider", "city");
    assert.ok(everywhere.some((each) => each.name.includes("city")));
  });

  it("completion offers keys with their types", async () => {
    const list = await ask<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      document.uri,
      at(document, "st.session_state.city)", 17),
      ".",
    );
    const labels = list.items.map((each) => (typeof each.label === "string" ? each.label : each.label.label));
    assert.ok(labels.includes("city") && labels.includes("rows"));
  });

  it("lenses count a key's uses, and their commands exist", async () => {
    const lenses = await ask<vscode.CodeLens[]>("vscode.executeCodeLensProvider", document.uri, 20);
    const ours = lenses.filter((each) => /read|use|set/i.test(each.command?.title ?? ""));
    assert.ok(ours.length > 0);
    const commands = await vscode.commands.getCommands();
    for (const lens of ours) {
      assert.ok(lens.command);
      assert.ok(lens.command.command === "" || commands.includes(lens.command.command), lens.command.command);
    }
  });

  it("hints of types come as soon as they are wanted", async () => {
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = () => ask<vscode.InlayHint[]>("vscode.executeInlayHintProvider", document.uri, whole);
    assert.equal((await hints()).length, 0);
    const settings = vscode.workspace.getConfiguration("streamlint");
    await settings.update("inlayHints", true, vscode.ConfigurationTarget.Workspace);
    await until(async () => (await hints()).length > 0, "hints");
    await settings.update("inlayHints", undefined, vscode.ConfigurationTarget.Workspace);
  });

  it("a quick-fix is preferred where it is safe, and removes the finding", async () => {
    const page = await open(PAGE);
    const [finding] = await findings(page);
    assert.ok(finding);
    const actions = await ask<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      page.uri,
      finding.range,
      vscode.CodeActionKind.QuickFix.value,
      20,
    );
    const fix = actions.find((each) => each.edit !== undefined && each.edit.size > 0);
    assert.ok(fix?.edit, actions.map((each) => each.title).join());
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    await until(() => vscode.languages.getDiagnostics(page.uri).length === 0, "the end of the finding");
    await vscode.commands.executeCommand("workbench.action.files.revert");
  });

  it("all commands that are offered exist", async () => {
    const extension = vscode.extensions.getExtension("streamlint.streamlint");
    assert.ok(extension?.isActive);
    const known = await vscode.commands.getCommands();
    for (const { command } of extension.packageJSON.contributes.commands)
      assert.ok(known.includes(command), command);
  });
});
