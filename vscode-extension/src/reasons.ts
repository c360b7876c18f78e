import * as vscode from "vscode";
import type { Sleep } from "./activation";
import type { State } from "./server";
import { isEnabled } from "./settings";

export type Off = Extract<State, { kind: "off" }>;

/** The extension has not seen Streamlit yet. */
export const ASLEEP: Off = { kind: "off", reason: "Nothing here uses Streamlit yet." };

/** Why the server is not to run now, if it is not. */
export function offBecause(sleep: Sleep): Off | undefined {
  if (!sleep.isAwake) return ASLEEP;
  if (!vscode.workspace.isTrusted) {
    const reason = "It runs a Python interpreter, so it waits until you trust this workspace.";
    return { kind: "off", reason, remedy: "manageTrust" };
  }
  if (isEnabled()) return undefined;
  return { kind: "off", reason: "The setting streamlint.enable is false.", remedy: "openSettings" };
}
