import { createInterface } from "node:readline";
import {
  type ClientCapabilities,
  CloseAction,
  ErrorAction,
  type FeatureState,
  LanguageClient,
  type LanguageClientOptions,
  type Middleware,
  RevealOutputChannelOn,
  type StaticFeature,
} from "vscode-languageclient/node";
import type { Launch } from "./launch";
import type { Log } from "./log";

const STREAMLIT_FILES = [{ scheme: "file", language: "python" }];

/** What a connection tells its owner. */
export interface Listener {
  /** The connection has ended by itself, during the start or later. */
  closed(): void;
  /** A line of the server's standard error. */
  complained(line: string): void;
  busy(busy: boolean): void;
}

/** A client that has not been started yet. */
export function connect(
  launch: Launch,
  log: Log,
  listener: Listener,
  middleware: Middleware,
): LanguageClient {
  const { command, args, cwd } = launch;
  const options: LanguageClientOptions = {
    documentSelector: STREAMLIT_FILES,
    outputChannel: log.channel,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationFailedHandler: () => false,
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => {
        listener.closed();
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    },
    diagnosticPullOptions: { onChange: true, onTabs: false },
    stdioOptions: {
      stdout: (input) => input.resume(),
      stderr: (input) => createInterface({ input }).on("line", (line) => listener.complained(line)),
    },
    middleware: { ...middleware, handleWorkDoneProgress: progressTold(listener) },
  };
  const run = { command, args, options: cwd === undefined ? {} : { cwd } };
  const client = new QuietClient(log, run, options);
  client.registerFeature(new Analysed());
  return client;
}

function progressTold(listener: Listener): NonNullable<Middleware["handleWorkDoneProgress"]> {
  return (token, params, next) => {
    if (params.kind !== "report") listener.busy(params.kind === "begin");
    next(token, params);
  };
}

/** Writes to the log what the client would show in boxes: the state of the server says it to the user. */
class QuietClient extends LanguageClient {
  constructor(
    private readonly log: Log,
    run: { command: string; args: string[]; options: { cwd?: string } },
    options: LanguageClientOptions,
  ) {
    super("streamlint", "streamlint", run, options);
  }

  override error(message: string, data?: unknown): void {
    this.log.error(data === undefined ? message : `${message} ${data}`);
  }

  override warn(message: string, data?: unknown): void {
    this.log.warn(data === undefined ? message : `${message} ${data}`);
  }
}

/** Asks the server to say when it has analysed something. */
class Analysed implements StaticFeature {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    capabilities.experimental = { ...capabilities.experimental, streamlint: { analysed: true } };
  }

  initialize(): void {}

  getState(): FeatureState {
    return { kind: "static" };
  }

  clear(): void {}
}

/** Stops a client, whatever state it is in; a server that does not go is killed by the client. */
export async function disconnect(client: LanguageClient, log: Log): Promise<void> {
  try {
    if (client.needsStop()) await client.dispose();
  } catch (error) {
    log.warn(`the server did not stop in an orderly way: ${error}`);
  }
}
