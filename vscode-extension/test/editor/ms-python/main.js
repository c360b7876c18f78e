// A stand-in for the Python extension: the interpreter that is chosen in it is a setting.
const vscode = require("vscode");

const chosen = () => vscode.workspace.getConfiguration("fakePython").get("path");
const environment = (path) => ({
  id: path,
  path,
  executable: { uri: vscode.Uri.file(path), bitness: "64-bit", sysPrefix: path },
  version: { major: 3, minor: 11, micro: 7, sysVersion: "3.11.7", release: { level: "final", serial: 0 } },
  environment: undefined,
  tools: [],
});

exports.activate = () => {
  const changed = new vscode.EventEmitter();
  vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration("fakePython")) {
      changed.fire({ id: chosen(), path: chosen(), resource: undefined });
    }
  });
  return {
    ready: Promise.resolve(),
    debug: { getRemoteLauncherCommand: async () => [], getDebuggerPackagePath: async () => undefined },
    environments: {
      known: [],
      getActiveEnvironmentPath: () => ({ id: chosen(), path: chosen() }),
      onDidChangeActiveEnvironmentPath: changed.event,
      resolveEnvironment: async (asked) => environment(typeof asked === "string" ? asked : asked.path),
      onDidChangeEnvironments: new vscode.EventEmitter().event,
      refreshEnvironments: async () => {},
      getEnvironmentVariables: () => process.env,
      onDidEnvironmentVariablesChange: new vscode.EventEmitter().event,
    },
  };
};
