import * as vscode from "vscode";

const KEPT = 200;

/** The output channel "streamlint", which remembers its last lines for reports of problems. */
export class Log implements vscode.Disposable {
  readonly channel = vscode.window.createOutputChannel("streamlint", { log: true });
  private readonly kept: string[] = [];

  /** The newest lines, oldest first. */
  get last(): readonly string[] {
    return this.kept;
  }

  info(text: string): void {
    this.keep("info", text);
    this.channel.info(text);
  }

  warn(text: string): void {
    this.keep("warning", text);
    this.channel.warn(text);
  }

  error(text: string): void {
    this.keep("error", text);
    this.channel.error(text);
  }

  show(): void {
    this.channel.show(true);
  }

  dispose(): void {
    this.channel.dispose();
  }

  private keep(level: string, text: string): void {
    const time = new Date().toISOString().slice(11, 19);
    this.kept.push(`${time} [${level}] ${text}`);
    if (this.kept.length > KEPT) this.kept.shift();
  }
}
