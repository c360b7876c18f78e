import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { Code, needed, succeeds, until, type Window, workspace, write } from "./code";

const APP = `import streamlit as st

if st.button("Load"):
    st.session_state.rows = [1, 2]
st.write(st.session_state.rows)
`;
const FAKE_PYTHON_EXTENSION = join(dirname(fileURLToPath(import.meta.url)), "ms-python");

let code: Code;
let window: Window;

afterEach(async (test) => {
  if (test.task.result?.state === "fail")
    await window.shot(`failed-${test.task.name.replaceAll(/\W+/g, "-")}`);
  await code.stop();
});

/** The processes of our server that this VS Code has started. */
function servers(): number[] {
  const place = join(code.home, "extensions", "streamlint");
  const { stdout } = spawnSync("pgrep", ["-f", place], { encoding: "utf8" });
  return stdout.split("\n").filter(Boolean).map(Number);
}

/** Another name for the interpreter, which shows in logs. */
function interpreter(name: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "streamlint-python-")), name);
  writeFileSync(path, `#!/bin/sh\nexec "${needed("STREAMLINT_PYTHON")}" "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

async function status(): Promise<string> {
  await window.page
    .locator('.statusbar-item[id*="languageStatus" i], #status\\.languageStatus')
    .first()
    .hover();
  const hover = window.page.locator(".hover-language-status:visible, .monaco-hover:visible");
  await hover.first().waitFor();
  return hover.first().innerText();
}

describe("the server", () => {
  it("runs with the interpreter of the Python extension, and starts again with another one", async () => {
    const [first, second] = [interpreter("first-python"), interpreter("second-python")];
    const settings = { "fakePython.path": first };
    code = await Code.start({ extensions: [FAKE_PYTHON_EXTENSION], settings });
    const folder = workspace({ "app.py": APP, ".vscode/settings.json": "{}" });
    window = await code.open(folder, join(folder, "app.py"));
    await window.page.locator(".squiggly-error").first().waitFor();
    expect(code.log()).toContain(`interpreter ${first} (from ms-python)`);
    write(join(folder, ".vscode/settings.json"), JSON.stringify({ "fakePython.path": second }));
    await until(() => code.log().includes(`interpreter ${second} (from ms-python)`), "the other interpreter");
    await until(() => code.log().match(/ started with /g)?.length === 2, "the new server");
    await window.page.locator(".squiggly-error").first().waitFor();
  });

  it("says what is wrong with an interpreter that does not start, and goes on when it is mended", async () => {
    code = await Code.start({ settings: { "streamlint.interpreter": ["/nowhere/python"] } });
    const folder = workspace({ "app.py": APP, ".vscode/settings.json": "{}" });
    window = await code.open(folder, join(folder, "app.py"));
    const notice = window.page.locator(".notification-toast", { hasText: "/nowhere/python" });
    await notice.first().waitFor();
    await window.shot("broken-interpreter");
    await until(async () => (await status()).includes("/nowhere/python"), "the reason in the status");
    await window.shot("broken-interpreter-status");
    const mended = JSON.stringify({ "streamlint.interpreter": [interpreter("mended-python")] });
    write(join(folder, ".vscode/settings.json"), mended);
    await window.page.locator(".squiggly-error").first().waitFor();
  });

  it("is started again when it dies, which is said", async () => {
    code = await Code.start();
    const folder = workspace({ "app.py": APP });
    window = await code.open(folder, join(folder, "app.py"));
    await window.page.locator(".squiggly-error").first().waitFor();
    const before = servers();
    expect(before.length).toBeGreaterThan(0);
    for (const pid of before) process.kill(pid, "SIGKILL");
    await until(() => servers().some((pid) => !before.includes(pid)), "a new server");
    await window.page
      .locator(".notification-toast", { hasText: /restarted|started again/i })
      .first()
      .waitFor();
    await window.shot("server-killed");
    await window.clickAt("st.write", "rows");
    await window.append("st.write(st.session_state.never)");
    await until(async () => (await window.page.locator(".squiggly-error").count()) >= 2, "the new finding");
  });

  it("says why it is off in a workspace that is not trusted, and starts when it is", async () => {
    code = await Code.start({ trusting: false });
    const folder = workspace({ "app.py": APP });
    window = await code.open(folder, join(folder, "app.py"));
    const dialog = window.page.locator(".monaco-dialog-box", { hasText: /trust/i });
    if (await succeeds(dialog.waitFor({ timeout: 15_000 }))) {
      await dialog.getByRole("button", { name: /don't trust|No, /i }).click();
    }
    await until(async () => /trust/i.test(await status()), "the reason in the status");
    await window.shot("untrusted");
    expect(await window.page.locator(".squiggly-error").count()).toBe(0);
    await window.command("Workspaces: Manage Workspace Trust");
    await window.page
      .locator(".workspace-trust-editor .monaco-button", { hasText: /^Trust$/ })
      .first()
      .click();
    await window.quickOpen("app.py");
    await window.page.locator(".squiggly-error").first().waitFor();
  });

  it("is not there where nothing uses Streamlit", async () => {
    code = await Code.start();
    const folder = workspace({ "main.py": "import os\nprint(os.sep)\n", "notes.md": "# Notes" });
    window = await code.open(folder, join(folder, "main.py"));
    await window.page.waitForTimeout(4000);
    expect(servers()).toEqual([]);
    await window.clickAt("import os", "os");
    await window.append("import streamlit as st\nst.write(st.session_state.never)");
    await window.save();
    await window.page.locator(".squiggly-error").first().waitFor();
  });
});
