import { describe, expect, it } from "vitest";
import manifest from "../../package.json";
import { buttonOf, told } from "../../src/status";

describe("the status", () => {
  it("says what runs", () => {
    const found = told({ kind: "running", python: "/usr/bin/python3", version: "0.1.0" }, false);
    expect(found).toMatchObject({
      text: "streamlint 0.1.0",
      detail: "runs with /usr/bin/python3",
      busy: false,
    });
  });

  it("is busy while the server starts or reads the project", () => {
    expect(told({ kind: "starting" }, false).busy).toBe(true);
    const found = told({ kind: "running", python: "python3", version: "0.1.0" }, true);
    expect(found).toMatchObject({ busy: true, detail: "reading the project" });
  });

  it("says why nothing runs, and offers what helps", () => {
    const failed = told({ kind: "failed", reason: "no Python", remedy: "selectInterpreter" }, true);
    expect(failed).toMatchObject({ severity: "error", detail: "no Python", busy: false });
    expect(failed.button.title).toBe("Select Interpreter");
    const off = told({ kind: "off", reason: "not trusted", remedy: "manageTrust" }, false);
    expect(off).toMatchObject({ severity: "warning", detail: "not trusted" });
  });

  it("has buttons for commands that exist", () => {
    const known = manifest.contributes.commands.map(({ command }) => command);
    for (const remedy of ["selectInterpreter", "restartServer", "openSettings"] as const) {
      expect(known).toContain(buttonOf(remedy).command);
    }
  });
});
