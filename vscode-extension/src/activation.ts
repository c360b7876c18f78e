import * as vscode from "vscode";

/** An import of Streamlit, at the beginning of a line or after another statement. */
const IMPORT =
  /(?:^|[;:])[ \t]*(?:import[ \t]+(?:[\w.]+(?:[ \t]+as[ \t]+\w+)?[ \t]*,[ \t]*)*|from[ \t]+)streamlit\b/m;
const NAMED = /\bstreamlit\b/i;
const MOST_FILES = 60;
const MOST_CHARACTERS = 100_000;
const SKIPPED = "**/{node_modules,site-packages,.venv,venv,.git,.tox,dist,build}/**";
/** Where an app is most likely to be seen at once: what it requires, its settings, and modules near the top. */
const PLACES = ["{requirements*.txt,pyproject.toml,Pipfile,environment.y*ml}", ".streamlit/*", "{*,*/*}.py"];

/** Whether a Python text imports Streamlit. Code in strings may be taken for an import: it costs a server. */
export function importsStreamlit(text: string): boolean {
  return IMPORT.test(text.slice(0, MOST_CHARACTERS));
}

/** Whether a file, by its name, shows that its project uses Streamlit. */
export function showsStreamlit(name: string, text: string): boolean {
  if (name.endsWith(".py")) return importsStreamlit(text);
  return /(?:^|[\\/])\.streamlit[\\/]/.test(name) || NAMED.test(text.slice(0, MOST_CHARACTERS));
}

/** Waits for the first sign of Streamlit: an open or saved document, or one of a few files of the workspace. */
export class Sleep implements vscode.Disposable {
  private readonly woken = new vscode.EventEmitter<string>();
  private readonly listening: vscode.Disposable[] = [];
  private awake = false;
  /** Fires once, with what was seen. */
  readonly onDidWake = this.woken.event;

  get isAwake(): boolean {
    return this.awake;
  }

  async begin(): Promise<void> {
    this.listening.push(
      vscode.workspace.onDidOpenTextDocument((document) => this.look(document)),
      vscode.workspace.onDidSaveTextDocument((document) => this.look(document)),
      vscode.workspace.onDidChangeWorkspaceFolders(() => void this.lookAround()),
    );
    for (const document of vscode.workspace.textDocuments) this.look(document);
    await this.lookAround();
  }

  dispose(): void {
    for (const each of this.listening.splice(0)) each.dispose();
    this.woken.dispose();
  }

  private look(document: vscode.TextDocument): void {
    if (document.languageId !== "python" || document.uri.scheme !== "file") return;
    if (importsStreamlit(document.getText())) this.wake(vscode.workspace.asRelativePath(document.uri));
  }

  private async lookAround(): Promise<void> {
    for (const place of PLACES) {
      if (this.awake) return;
      const files = await vscode.workspace.findFiles(place, SKIPPED, MOST_FILES);
      for (const file of files) {
        if (!this.awake && showsStreamlit(file.path, await textOf(file))) {
          this.wake(vscode.workspace.asRelativePath(file));
        }
      }
    }
  }

  private wake(sign: string): void {
    if (this.awake) return;
    this.awake = true;
    for (const each of this.listening.splice(0)) each.dispose();
    this.woken.fire(sign);
  }
}

/** The text of a file of reasonable size; empty where it cannot be read. */
async function textOf(file: vscode.Uri): Promise<string> {
  try {
    const { size } = await vscode.workspace.fs.stat(file);
    return size > MOST_CHARACTERS * 4
      ? ""
      : new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  } catch {
    return ""; // it went in the meantime
  }
}
