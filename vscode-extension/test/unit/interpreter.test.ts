import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chosen, commandsOnPath, type Origin, type Source } from "../../src/python/interpreter";
import { type Probe, probe } from "../../src/python/probe";

const PYTHONS: Record<string, Probe> = {
  new: { kind: "python", version: "3.13.0" },
  oldest: { kind: "python", version: "3.10.0" },
  old: { kind: "python", version: "3.9.18" },
  two: { kind: "python", version: "2.7.18" },
  four: { kind: "python", version: "4.0.0" },
  broken: { kind: "broken", output: "no module named encodings" },
};
const asked = async ([name = ""]: readonly string[]) => PYTHONS[name] ?? { kind: "missing" as const };

function source(from: Origin, names: string[], decisive = false): Source {
  return { from, decisive, find: async () => names.map((name) => [name]) };
}

describe("the interpreter", () => {
  it.each(["new", "oldest", "four"])("may be %s", async (name) => {
    const found = await chosen([source("PATH", [name])], asked, () => {});
    expect(found).toMatchObject({ command: [name], from: "PATH" });
  });

  it("is the first that will do, and the log says what was passed over", async () => {
    const notes: string[] = [];
    const sources = [
      source("python-envs", []),
      source("ms-python", ["old"]),
      source("PATH", ["broken", "new"]),
    ];
    const found = await chosen(sources, asked, (note) => notes.push(note));
    expect(found).toEqual({ command: ["new"], from: "PATH", version: "3.13.0" });
    expect(notes).toEqual([
      "interpreter passed over (from ms-python): old is Python 3.9.18, and streamlint needs 3.10",
      "interpreter passed over (from PATH): broken does not start (no module named encodings)",
    ]);
  });

  it.each([
    ["/nowhere/python", /streamlint\.interpreter, \/nowhere\/python does not exist\. Select another/],
    ["two", /two is Python 2\.7\.18, and streamlint needs 3\.10/],
    ["broken", /does not start \(no module named encodings\)/],
  ])("of the setting is taken or refused: %s", async (name, reason) => {
    const sources = [source("setting", [name], true), source("PATH", ["new"])];
    await expect(chosen(sources, asked, () => {})).rejects.toThrow(reason);
  });

  it("that is nowhere is asked for", async () => {
    await expect(chosen([source("PATH", ["old"])], asked, () => {})).rejects.toThrow(
      /No Python 3\.10 or newer/,
    );
  });

  it("has another name on Windows", () => {
    expect(commandsOnPath("win32")).toEqual([["py", "-3"], ["python"]]);
    expect(commandsOnPath("linux")[0]).toEqual(["python3"]);
  });
});

describe("an interpreter that is asked for its version", () => {
  const program = (text: string) => {
    const path = join(mkdtempSync(join(tmpdir(), "streamlint-unit-")), "python");
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
    return path;
  };

  it("says it", async () => {
    expect(await probe(["python3"])).toEqual({
      kind: "python",
      version: expect.stringMatching(/^3\.\d+\.\d+$/),
    });
  });

  it("does not exist", async () => {
    expect(await probe(["/nowhere/python"])).toEqual({ kind: "missing" });
  });

  it("fails", async () => {
    expect(await probe([program("echo first >&2; echo last >&2; exit 3")])).toEqual({
      kind: "broken",
      output: "last",
    });
  });

  it("is something else", async () => {
    expect(await probe([program("echo hello")])).toEqual({ kind: "broken", output: "hello" });
  });
});
