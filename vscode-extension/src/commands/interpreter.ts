import * as vscode from "vscode";
import { commandsOnPath } from "../python/interpreter";
import { probe } from "../python/probe";
import { SECTION } from "../settings";
import type { Given } from ".";

interface Choice extends vscode.QuickPickItem {
  readonly choose: () => Thenable<unknown>;
}

/** Lets the user say which Python runs the server. */
export async function selectInterpreter({ server }: Given): Promise<void> {
  const choices = [...(await onPath()), browsed(), ...extensions(), automatic()];
  const placeHolder = "Which Python (3.10 or newer) runs streamlint? Your app may use another one.";
  await (await vscode.window.showQuickPick(choices, { placeHolder }))?.choose();
  if (server.state.kind === "failed") await server.restart("an interpreter was selected");
}

async function onPath(): Promise<Choice[]> {
  const found = await Promise.all(
    commandsOnPath(process.platform).map(async (command) => ({ command, answer: await probe(command) })),
  );
  return found.flatMap(({ command, answer }) =>
    answer.kind === "python"
      ? [
          {
            label: command.join(" "),
            description: `Python ${answer.version}, on the PATH`,
            choose: () => set(command),
          },
        ]
      : [],
  );
}

function browsed(): Choice {
  const choose = async () => {
    const [file] = (await vscode.window.showOpenDialog({ title: "Select a Python interpreter" })) ?? [];
    if (file !== undefined) await set([file.fsPath]);
  };
  return { label: "$(folder-opened) Find…", description: "a Python on the disk", choose };
}

function extensions(): Choice[] {
  if (vscode.extensions.getExtension("ms-python.python") === undefined) return [];
  const choose = () => vscode.commands.executeCommand("python.setInterpreter");
  return [{ label: "$(snake) Select in the Python extension…", choose }];
}

function automatic(): Choice {
  const description = "the one of the Python extensions, else of the PATH";
  return { label: "$(discard) Automatic", description, choose: () => set(undefined) };
}

function set(command: readonly string[] | undefined): Thenable<void> {
  const target = vscode.workspace.workspaceFolders === undefined;
  return vscode.workspace.getConfiguration(SECTION).update("interpreter", command, target);
}
