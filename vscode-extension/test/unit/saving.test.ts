import { describe, expect, it, vi } from "vitest";
import { Log } from "../../src/log";
import { edits } from "../../src/saving";
import type { Server } from "../../src/server";
import { document } from "./vscode";

const EDIT = { range: 1, newText: "fixed" };
const client = {
  code2ProtocolConverter: { asUri: String },
  protocol2CodeConverter: { asWorkspaceEdit: async () => ({ get: () => [EDIT] }) },
};

/** A document, and a server that answers so. */
function saved(ask: () => Promise<unknown>, patience?: number) {
  const open = { ...document("/app/app.py", ""), version: 3 };
  const server = { client, ask: vi.fn(ask) } as unknown as Server;
  const log = new Log();
  const found = edits(server, open as unknown as Parameters<typeof edits>[1], log, patience);
  return { open, server, log, found };
}

describe("saving", () => {
  it("makes the fixes of the file", async () => {
    const { found, server } = saved(async () => ({ changes: {} }));
    expect(await found).toEqual([EDIT]);
    expect(server.ask).toHaveBeenCalledWith("streamlint.fixAll", "file:///app/app.py", { app: false });
  });

  it("changes nothing where nothing is to be fixed", async () => {
    expect(await saved(async () => null).found).toEqual([]);
  });

  it("changes nothing when the text has changed meanwhile", async () => {
    const { open, found } = saved(async () => ({ changes: {} }));
    open.version = 4;
    expect(await found).toEqual([]);
  });

  it.each([
    ["is late", () => new Promise(() => {}), "longer than saving may"],
    ["fails", async () => Promise.reject(new Error("gone")), "gone"],
  ])("goes on when the server %s", async (_, ask, why) => {
    const { found, log } = saved(ask, 20);
    expect(await found).toEqual([]);
    expect(log.last.at(-1)).toContain(why);
  });
});
