import { beforeEach, describe, expect, it } from "vitest";
import { launchOf } from "../../src/launch";
import { expanded, fixesOnSave, isEnabled, launchSettings } from "../../src/settings";
import { document, given, reset } from "./vscode";

beforeEach(reset);

/** How settings name a variable. */
const variable = (name: string) => ["$", "{", name, "}"].join("");

describe("the interpreter's setting", () => {
  it("knows variables", () => {
    process.env["STREAMLINT_UNIT"] = "/tools";
    given.settings.set("streamlint.interpreter", [
      `${variable("workspaceFolder")}/.venv/bin/python`,
      `${variable("env:STREAMLINT_UNIT")}/x`,
      variable("other"),
      "",
      3,
    ]);
    expect(launchSettings().interpreter).toEqual(["/app/.venv/bin/python", "/tools/x", variable("other")]);
  });

  it("knows the home folder", () => {
    const home = (name: string) => (name === "userHome" ? "/people/me" : undefined);
    expect(expanded("~/venv/python", home)).toBe("/people/me/venv/python");
    expect(expanded(variable("userHome"), home)).toBe("/people/me");
    expect(expanded("a~", home)).toBe("a~");
  });

  it("may be nonsense, which is as if it were not there", () => {
    given.settings.set("streamlint.interpreter", "python3");
    given.settings.set("streamlint.importStrategy", "other");
    expect(launchSettings()).toEqual({ interpreter: [], importStrategy: "useBundled" });
  });
});

it("enable and fixOnSave have defaults", () => {
  const app = document("/app/app.py", "") as unknown as Parameters<typeof fixesOnSave>[0];
  expect([isEnabled(), fixesOnSave(app)]).toEqual([true, false]);
  given.settings.set("streamlint.enable", false);
  given.settings.set("streamlint.fixOnSave", true);
  expect([isEnabled(), fixesOnSave(app)]).toEqual([false, true]);
});

describe("a launch", () => {
  const python = { command: ["py", "-3"], from: "PATH", version: "3.12.1" } as const;

  it("keeps the environment away from the bundled server, and lets it reach its own", () => {
    const bundled = launchOf(python, "useBundled", "/ext");
    expect([bundled.command, ...bundled.args]).toEqual([
      "py",
      "-3",
      "-I",
      "-X",
      "utf8",
      "/ext/bundled/tool/server.py",
      "useBundled",
    ]);
    expect(launchOf(python, "fromEnvironment", "/ext").args).not.toContain("-I");
  });

  it("is another one when interpreter, version, or strategy are others", () => {
    const keys = [
      launchOf(python, "useBundled", "/ext"),
      launchOf(python, "fromEnvironment", "/ext"),
      launchOf({ ...python, version: "3.13.0" }, "useBundled", "/ext"),
      launchOf({ ...python, command: ["python"] }, "useBundled", "/ext"),
    ].map(({ key }) => key);
    expect(new Set(keys).size).toBe(4);
    expect(launchOf({ ...python, from: "setting" }, "useBundled", "/ext").key).toBe(keys[0]);
  });
});
