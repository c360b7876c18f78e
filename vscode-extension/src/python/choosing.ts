import * as vscode from "vscode";
import type { Log } from "../log";
import type { LaunchSettings } from "../settings";
import { inTime } from "../time";
import { environmentsChooser, type PythonChooser, pythonChooser } from "./extensions";
import { chosen, commandsOnPath, type Interpreter, type Origin, type Source } from "./interpreter";
import { probe } from "./probe";

/** The extension "Python" looks for interpreters while it starts, which takes seconds. */
const PATIENCE_MS = 20_000;

type Finder = () => Promise<PythonChooser | undefined>;

/** Knows which Python the server is to run with, and when that may have changed. */
export class InterpreterChoice implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly listening = new Map<Origin, vscode.Disposable>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly log: Log) {}

  /** Throws `NoInterpreter`. */
  async interpreter(settings: LaunchSettings): Promise<Interpreter> {
    const found = await chosen(this.sources(settings), probe, (text) => this.log.warn(text));
    this.log.info(`interpreter ${found.command.join(" ")} (from ${found.from})`);
    return found;
  }

  private sources(settings: LaunchSettings): Source[] {
    if (settings.interpreter.length > 0) {
      return [{ from: "setting", decisive: true, find: async () => [settings.interpreter] }];
    }
    const decisive = settings.importStrategy === "fromEnvironment"; // the server is in that environment, and no other
    return [
      { from: "python-envs", decisive, find: () => this.asked("python-envs", environmentsChooser) },
      { from: "ms-python", decisive, find: () => this.asked("ms-python", pythonChooser) },
      { from: "PATH", decisive: false, find: async () => commandsOnPath(process.platform) },
    ];
  }

  /** What an extension names; an extension that fails or hangs names nothing. */
  private async asked(from: Origin, find: Finder): Promise<string[][]> {
    try {
      const command = await inTime(this.named(from, find), PATIENCE_MS, "it does not answer");
      return command === undefined ? [] : [[...command]];
    } catch (error) {
      this.log.warn(`${from} does not say which interpreter is selected: ${error}`);
      return [];
    }
  }

  private async named(from: Origin, find: Finder): Promise<readonly string[] | undefined> {
    const chooser = await find();
    if (chooser !== undefined && !this.listening.has(from)) {
      this.listening.set(
        from,
        chooser.onDidChange(() => this.changed.fire()),
      );
    }
    return chooser?.selected(vscode.workspace.workspaceFolders?.[0]?.uri);
  }

  dispose(): void {
    this.changed.dispose();
    for (const each of this.listening.values()) each.dispose();
  }
}
