import * as vscode from "vscode";
import type { Log } from "../log";
import type { Server } from "../server";
import { explainRule, RulePages } from "./explain";
import { fixAllInApp, fixAllInFile } from "./fixing";
import { initialiseProject } from "./initialise";
import { selectInterpreter } from "./interpreter";
import { showReferences } from "./references";
import { reportProblem } from "./report";
import { restartServer } from "./restart";

/** What commands work with. */
export interface Given {
  readonly context: vscode.ExtensionContext;
  readonly server: Server;
  readonly log: Log;
}

type Command = (...words: unknown[]) => unknown;

/** Makes all commands known, except those that the server answers. */
export function registerCommands(context: vscode.ExtensionContext, server: Server, log: Log): void {
  const given: Given = { context, server, log };
  const commands: Record<string, Command> = {
    fixAllInFile: () => fixAllInFile(given),
    fixAllInApp: () => fixAllInApp(given),
    explainRule: (code) => explainRule(given, code),
    initialiseProject: () => initialiseProject(given),
    restartServer: () => restartServer(given),
    selectInterpreter: () => selectInterpreter(given),
    showLogs: () => log.show(),
    openSettings: () => openSettings(context),
    reportProblem: () => reportProblem(given),
    showReferences,
  };
  context.subscriptions.push(new RulePages(server).register());
  for (const [name, run] of Object.entries(commands)) {
    context.subscriptions.push(vscode.commands.registerCommand(`streamlint.${name}`, told(log, run)));
  }
}

function openSettings(context: vscode.ExtensionContext): unknown {
  return vscode.commands.executeCommand("workbench.action.openSettings", `@ext:${context.extension.id}`);
}

/** The command, whose failure the user is told of. */
function told(log: Log, run: Command): Command {
  return async (...words) => {
    try {
      return await run(...words);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.error(error instanceof Error && error.stack ? error.stack : reason);
      const answer = await vscode.window.showErrorMessage(`streamlint: ${reason}`, "Show Logs");
      if (answer !== undefined) log.show();
      return undefined;
    }
  };
}
