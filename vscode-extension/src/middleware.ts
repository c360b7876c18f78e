import * as vscode from "vscode";
import type { Middleware } from "vscode-languageclient/node";
import { isPage, linkToPages } from "./links";

/** Where this editor does better than what the server asks of any: pages of rules are shown beside the code. */
export const middleware: Middleware = {
  executeCommand: (command, args, next) =>
    command === "streamlint.explain"
      ? vscode.commands.executeCommand("streamlint.explainRule", ...args)
      : next(command, args),
  window: {
    showDocument: async (params, token, next) => {
      if (params.external === true && isPage(params.uri)) return { success: true };
      return next(params, token);
    },
  },
  provideHover: async (document, position, token, next) => {
    const hover = await next(document, position, token);
    if (hover) linkToPages(hover);
    return hover;
  },
};
