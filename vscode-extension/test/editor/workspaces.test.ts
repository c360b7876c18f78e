import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Code, EXAMPLES, until, type Window, workspace, write } from "./code";
import { oneCode } from "./hooks";

const APP = `import streamlit as st

if st.button("Load"):
    st.session_state.rows = [1, 2]
st.write(st.session_state.rows)
`;

let code: Code;
let window: Window;

oneCode(
  (started) => {
    code = started;
  },
  () => window,
);

describe("a workspace", () => {
  it("may have settings of its own, which count as soon as they are written", async () => {
    const folder = workspace({ "app.py": APP, ".vscode/settings.json": "{}" });
    window = await code.open(folder, join(folder, "app.py"));
    await window.page.locator(".squiggly-error").first().waitFor();
    const settings = join(folder, ".vscode/settings.json");
    write(settings, JSON.stringify({ "streamlint.ignore": ["STL101"] }));
    await window.page.locator(".squiggly-error").first().waitFor({ state: "detached" });
    write(settings, JSON.stringify({ "streamlint.severity": { STL1: "warning" } }));
    await window.page.locator(".squiggly-warning").first().waitFor();
    expect(code.log().match(/ started with /g)?.length).toBe(1);
  });

  it("may stand in a folder with spaces and other letters", async () => {
    const folder = workspace({ "Übersicht 数据.py": APP }, "mein schönes Projekt – 数据 #1");
    window = await code.open(folder);
    await window.quickOpen("Übersicht");
    await window.page.locator(".squiggly-error").first().waitFor();
    await window.clickAt("st.write", "rows");
    await window.quickFixes();
    await window.page.keyboard.press("Enter");
    await window.page.locator(".squiggly-error").first().waitFor({ state: "detached" });
    await window.save();
    expect(readFileSync(join(folder, "Übersicht 数据.py"), "utf8")).not.toBe(APP);
  });

  it("may have several folders, each with settings of its own", async () => {
    const first = workspace({ "one.py": APP }, "first");
    const second = workspace(
      { "two.py": APP, ".vscode/settings.json": JSON.stringify({ "streamlint.ignore": ["STL1"] }) },
      "second",
    );
    const both = workspace({
      "both.code-workspace": JSON.stringify({ folders: [{ path: first }, { path: second }] }),
    });
    window = await code.open(join(both, "both.code-workspace"));
    await window.quickOpen("two.py");
    await window.quickOpen("one.py");
    await window.page.locator(".squiggly-error").first().waitFor();
    await window.quickOpen("two.py");
    await window.line("st.write").waitFor();
    await window.page.waitForTimeout(3000);
    expect(await window.page.locator(".squiggly-error").count()).toBe(0);
  });

  it("is as it was after the window is loaded again", async () => {
    const folder = workspace({ "app.py": APP });
    window = await code.open(folder, join(folder, "app.py"));
    await window.page.locator(".squiggly-error").first().waitFor();
    await window.page.reload();
    await window.page.waitForSelector(".monaco-workbench");
    await window.quickOpen("app.py");
    await window.page.locator(".squiggly-error").first().waitFor();
  });

  it("shows the bugs of the examples, and fixes what can be fixed", async () => {
    const folder = workspace(EXAMPLES, "examples");
    window = await code.open(folder, join(folder, "shop", "pages", "2_Cart.py"));
    await window.page.locator(".squiggly-error").first().waitFor();
    await window.page.keyboard.press("Control+Shift+M");
    await window.page.locator(".panel .action-label.codicon-collapse-all:visible").first().click(); // it draws only what can be seen
    const rows = window.page.locator(".markers-panel .monaco-list-row");
    const bugs = JSON.stringify(seeded(folder));
    await until(async () => {
      const shown = (await rows.allInnerTexts()).map((text) => text.replaceAll(/\s/g, ""));
      return JSON.stringify(shown.sort()) === bugs;
    }, `the bugs of all files: ${bugs}`);
    await window.shot("examples");
    await window.command("streamlint: Fix All in App");
    await window.page.locator(".tab.active.dirty").waitFor();
    await window.command("File: Save All");
    const fixed = () => readFileSync(join(folder, "shop", "pages", "2_Cart.py"), "utf8");
    await until(() => fixed().includes('session_state.get("coupon")'), "the fix on the disk");
  });
});

/** What the Problems panel says of files whose lines are marked as bugs: name, folder and number. */
function seeded(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".py"),
  );
  const counted = files.map((path) => {
    const count = readFileSync(join(folder, path), "utf8").match(/# bug: STL/g)?.length ?? 0;
    return count === 0 ? "" : `${basename(path)}${dirname(path)}${count}`;
  });
  return counted.filter(Boolean).sort();
}
