import * as vscode from "vscode";
import type { Location, Position } from "vscode-languageclient";

/** What a click on a lens of the server does: lists places beside a position. */
export function showReferences(
  uri: unknown,
  position: unknown,
  places: unknown,
): Thenable<unknown> | undefined {
  if (typeof uri !== "string" || !Array.isArray(places)) return undefined; // a lens that has not been resolved
  return vscode.commands.executeCommand(
    "editor.action.showReferences",
    vscode.Uri.parse(uri),
    asPosition(position as Position),
    (places as Location[]).map(asLocation),
  );
}

function asPosition({ line, character }: Position): vscode.Position {
  return new vscode.Position(line, character);
}

function asLocation({ uri, range }: Location): vscode.Location {
  const found = new vscode.Range(asPosition(range.start), asPosition(range.end));
  return new vscode.Location(vscode.Uri.parse(uri), found);
}
