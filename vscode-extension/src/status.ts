import * as vscode from "vscode";
import type { Remedy, State } from "./server";

/** What a status says, without VS Code's objects. */
export interface Told {
  readonly text: string;
  readonly detail: string;
  readonly severity: "information" | "warning" | "error";
  readonly busy: boolean;
  readonly button: Button;
}

export interface Button {
  readonly title: string;
  readonly command: string;
}

const SHOW_LOGS: Button = { title: "Show Logs", command: "streamlint.showLogs" };
const BUTTONS: Record<Remedy, Button> = {
  selectInterpreter: { title: "Select Interpreter", command: "streamlint.selectInterpreter" },
  restartServer: { title: "Restart Server", command: "streamlint.restartServer" },
  openSettings: { title: "Open Settings", command: "streamlint.openSettings" },
  manageTrust: { title: "Manage Trust", command: "workbench.trust.manage" },
};

/** The button that helps against a failure. */
export function buttonOf(remedy: Remedy): Button {
  return BUTTONS[remedy];
}

export function told(state: State, busy: boolean): Told {
  switch (state.kind) {
    case "off": {
      const button = state.remedy === undefined ? SHOW_LOGS : buttonOf(state.remedy);
      return { text: "streamlint is off", detail: state.reason, severity: "warning", busy: false, button };
    }
    case "starting":
      return {
        text: "streamlint",
        detail: "starting",
        severity: "information",
        busy: true,
        button: SHOW_LOGS,
      };
    case "running": {
      const detail = busy ? "reading the project" : `runs with ${state.python}`;
      return {
        text: `streamlint ${state.version}`,
        detail,
        severity: "information",
        busy,
        button: SHOW_LOGS,
      };
    }
    case "failed": {
      const button = buttonOf(state.remedy);
      return {
        text: "streamlint does not run",
        detail: state.reason,
        severity: "error",
        busy: false,
        button,
      };
    }
  }
}

/** The status in the `{}` of the status bar, beside Python files. */
export class Status implements vscode.Disposable {
  private readonly item = vscode.languages.createLanguageStatusItem("streamlint", { language: "python" });

  constructor() {
    this.item.name = "streamlint";
  }

  show(state: State, busy: boolean): void {
    const { text, detail, severity, button, ...rest } = told(state, busy);
    this.item.text = text;
    this.item.detail = detail;
    this.item.busy = rest.busy;
    this.item.severity = SEVERITIES[severity];
    this.item.command = button;
  }

  dispose(): void {
    this.item.dispose();
  }
}

const SEVERITIES = {
  information: vscode.LanguageStatusSeverity.Information,
  warning: vscode.LanguageStatusSeverity.Warning,
  error: vscode.LanguageStatusSeverity.Error,
};
