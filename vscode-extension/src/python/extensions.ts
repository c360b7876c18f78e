import type { PythonEnvironmentApi } from "@vscode/python-environments";
import type { PythonExtension } from "@vscode/python-extension";
import * as vscode from "vscode";

const ENVIRONMENTS = "ms-python.vscode-python-envs";
const PYTHON = "ms-python.python";

/** An extension that knows which Python the user has selected. None of them need be installed. */
export interface PythonChooser {
  /** The command that starts the selected Python for a folder, if one is selected. */
  selected(folder: vscode.Uri | undefined): Promise<readonly string[] | undefined>;
  readonly onDidChange: (listener: () => void) => vscode.Disposable;
}

/** The extension "Python Environments", where it is installed and in use. */
export async function environmentsChooser(): Promise<PythonChooser | undefined> {
  const api = await exportsOf<PythonEnvironmentApi>(ENVIRONMENTS);
  if (api?.getEnvironment === undefined) return undefined; // it exports nothing where its use is switched off
  return {
    selected: async (folder) => {
      const run = (await api.getEnvironment(folder))?.execInfo?.run;
      return run === undefined ? undefined : [run.executable, ...(run.args ?? [])];
    },
    onDidChange: (listener) => api.onDidChangeEnvironment(listener),
  };
}

/** The extension "Python". */
export async function pythonChooser(): Promise<PythonChooser | undefined> {
  const api = await exportsOf<PythonExtension>(PYTHON);
  if (api?.environments === undefined) return undefined;
  await api.ready;
  const { environments } = api;
  return {
    selected: async (folder) => {
      const found = await environments.resolveEnvironment(environments.getActiveEnvironmentPath(folder));
      const executable = found?.executable.uri?.fsPath;
      return executable === undefined ? undefined : [executable];
    },
    onDidChange: (listener) => environments.onDidChangeActiveEnvironmentPath(listener),
  };
}

async function exportsOf<T>(id: string): Promise<T | undefined> {
  const extension = vscode.extensions.getExtension<T | undefined>(id);
  return extension?.isActive ? extension.exports : extension?.activate();
}
