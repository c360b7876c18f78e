import * as vscode from "vscode";
import { Sleep } from "./activation";
import { StreamlintServer } from "./client";
import { registerCommands } from "./commands";
import { registerExplorer } from "./explorer";
import { Log } from "./log";
import { registerMap } from "./map";
import { middleware } from "./middleware";
import { tellFailures } from "./notices";
import { InterpreterChoice } from "./python/choosing";
import { offBecause } from "./reasons";
import { registerSaving } from "./saving";
import type { Server } from "./server";
import { affectsLaunch } from "./settings";
import { Status } from "./status";

/** What tests and other extensions get. */
export interface Api {
  readonly server: Server;
}

let running: StreamlintServer | undefined;

export function activate(context: vscode.ExtensionContext): Api {
  const log = new Log();
  const sleep = new Sleep();
  const choice = new InterpreterChoice(log);
  const { extensionPath } = context;
  const server = new StreamlintServer({
    log,
    choice,
    extensionPath,
    middleware,
    off: () => offBecause(sleep),
  });
  running = server;
  context.subscriptions.push(log, sleep, choice, server);
  context.subscriptions.push(
    sleep.onDidWake((sign) => wake(context, server, log, sign)),
    choice.onDidChange(() => server.reconsider("another interpreter was selected")),
    vscode.extensions.onDidChange(() => server.reconsider("there are other extensions")),
    vscode.workspace.onDidGrantWorkspaceTrust(() => server.reconsider("the workspace is trusted")),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (affectsLaunch(event)) void server.reconsider("settings have changed");
    }),
  );
  registerCommands(context, server, log);
  registerSaving(context, server, log);
  registerExplorer(context, server);
  registerMap(context, server);
  void sleep.begin();
  return { server };
}

export async function deactivate(): Promise<void> {
  await running?.stop();
}

/** The workspace uses Streamlit: from here on there is something to see. */
function wake(context: vscode.ExtensionContext, server: StreamlintServer, log: Log, sign: string): void {
  const status = new Status();
  let busy = false;
  const show = () => status.show(server.state, busy);
  context.subscriptions.push(
    status,
    tellFailures(server),
    server.onDidChangeState(show),
    server.onDidChangeBusy((now) => {
      busy = now;
      show();
    }),
  );
  log.info(`${sign} uses Streamlit`);
  void vscode.commands.executeCommand("setContext", "streamlint.active", true);
  void server.reconsider("the workspace uses Streamlit");
}
