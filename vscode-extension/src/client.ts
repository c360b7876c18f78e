import * as vscode from "vscode";
import { State as ClientState, type LanguageClient, type Middleware } from "vscode-languageclient/node";
import { connect, disconnect } from "./connection";
import { Crashes } from "./crashes";
import { type Launch, launchOf } from "./launch";
import type { Log } from "./log";
import type { InterpreterChoice } from "./python/choosing";
import { NoInterpreter } from "./python/interpreter";
import { RestartQueue, type Wish } from "./queue";
import { ASLEEP, type Off } from "./reasons";
import type { Remedy, Server, State } from "./server";
import { launchSettings } from "./settings";

const COMPLAINTS_KEPT = 20;

/** What the server rests on. */
export interface Surroundings {
  readonly log: Log;
  readonly choice: InterpreterChoice;
  readonly extensionPath: string;
  readonly middleware: Middleware;
  /** Why the server must not run, if it must not. */
  off(): Off | undefined;
}

/** Runs the bundled server with the chosen interpreter, and keeps it running. */
export class StreamlintServer implements Server, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<State>();
  private readonly analysed = new vscode.EventEmitter<readonly string[]>();
  private readonly busied = new vscode.EventEmitter<boolean>();
  private readonly queue = new RestartQueue((wish) => this.bringAbout(wish));
  private readonly crashes = new Crashes();
  private readonly log: Log;
  private current: { client: LanguageClient; launch: Launch } | undefined;
  private now: State = ASLEEP;
  private complaints: string[] = [];

  readonly onDidChangeState = this.changed.event;
  readonly onDidAnalyse = this.analysed.event;
  /** Fires when the server begins or ends long work. */
  readonly onDidChangeBusy = this.busied.event;

  constructor(private readonly surroundings: Surroundings) {
    this.log = surroundings.log;
  }

  get state(): State {
    return this.now;
  }

  get client(): LanguageClient | undefined {
    return this.now.kind === "running" ? this.current?.client : undefined;
  }

  restart(reason: string): Promise<void> {
    this.crashes.forget();
    return this.queue.add({ reason, force: true });
  }

  /** Starts, stops or restarts the server if what it rests on has changed, and leaves it alone else. */
  reconsider(reason: string): Promise<void> {
    return this.queue.add({ reason, force: false });
  }

  async ask<T>(command: string, ...args: unknown[]): Promise<T | undefined> {
    return this.client?.sendRequest<T>("workspace/executeCommand", { command, arguments: args });
  }

  async stop(): Promise<void> {
    const client = this.current?.client;
    this.current = undefined;
    if (client !== undefined) await disconnect(client, this.log);
  }

  dispose(): void {
    this.changed.dispose();
    this.analysed.dispose();
    this.busied.dispose();
  }

  /** Brings the server into the state that is wanted now. Never rejects. */
  private async bringAbout(wish: Wish): Promise<void> {
    const off = this.surroundings.off();
    if (off !== undefined) return this.rest(off);
    const launch = await this.launch();
    if (launch === undefined) return this.stop();
    if (!wish.force && this.isRunning(launch)) return;
    this.log.info(`start: ${wish.reason}`);
    await this.stop();
    await this.start(launch);
  }

  private async rest(off: Off): Promise<void> {
    if (this.now.kind === "off" && this.now.reason === off.reason) return;
    this.log.info(`off: ${off.reason}`);
    await this.stop();
    this.tell(off);
  }

  private isRunning(launch: Launch): boolean {
    return this.now.kind === "running" && this.current?.launch.key === launch.key;
  }

  /** How the server is to be started; undefined, and told, if it cannot be. */
  private async launch(): Promise<Launch | undefined> {
    try {
      const settings = launchSettings();
      const python = await this.surroundings.choice.interpreter(settings);
      return launchOf(python, settings.importStrategy, this.surroundings.extensionPath);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.fail(reason, error instanceof NoInterpreter ? "selectInterpreter" : "restartServer");
      return undefined;
    }
  }

  private async start(launch: Launch): Promise<void> {
    this.tell({ kind: "starting" });
    this.complaints = [];
    const client = this.connected(launch);
    this.current = { client, launch };
    const begun = Date.now();
    try {
      await client.start();
    } catch (error) {
      this.current = undefined;
      this.fail(`The server did not start: ${this.complaints.at(-1) ?? error}`, "selectInterpreter");
      return;
    }
    const version = client.initializeResult?.serverInfo?.version ?? "?";
    const python = launch.python.command.join(" ");
    this.log.info(`server ${version} started with ${python} in ${Date.now() - begun} ms`);
    this.tell({ kind: "running", python, version });
  }

  private connected(launch: Launch): LanguageClient {
    const listener = {
      closed: () => this.ended(client),
      complained: (line: string) => this.noteComplaint(line),
      busy: (busy: boolean) => this.busied.fire(busy),
    };
    const client = connect(launch, this.log, listener, this.surroundings.middleware);
    client.onNotification("streamlint/analysed", (told: { uris?: string[] }) =>
      this.analysed.fire(told.uris ?? []),
    );
    return client;
  }

  private noteComplaint(line: string): void {
    this.log.warn(`server: ${line}`);
    this.complaints.push(line);
    if (this.complaints.length > COMPLAINTS_KEPT) this.complaints.shift();
  }

  /** The server has gone without being told to: once it ran, it is started again. */
  private ended(client: LanguageClient): void {
    if (this.current?.client !== client || client.state !== ClientState.Running) return;
    this.current = undefined;
    this.busied.fire(false);
    if (!this.crashes.add(Date.now())) {
      const reason = `The server has ended ${this.crashes.count} times in a few minutes. The log says more.`;
      this.fail(reason, "restartServer");
      return;
    }
    this.tell({ kind: "starting" });
    this.sayRestarted();
    void this.queue.add({ reason: "the server has ended by itself", force: true });
  }

  private sayRestarted(): void {
    const text = "streamlint: the server has ended unexpectedly and was restarted.";
    void vscode.window.showWarningMessage(text, "Show Logs").then((answer) => {
      if (answer !== undefined) this.log.show();
    });
  }

  private fail(reason: string, remedy: Remedy): void {
    this.log.error(reason);
    this.tell({ kind: "failed", reason, remedy });
  }

  private tell(state: State): void {
    this.now = state;
    this.changed.fire(state);
  }
}
