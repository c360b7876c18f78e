import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Code, EXAMPLES, until, type Window, workspace } from "./code";
import { oneCode } from "./hooks";

let code: Code;
let window: Window;
let folder: string;

oneCode(
  (started) => {
    code = started;
  },
  () => window,
);

async function openShop(): Promise<void> {
  folder = workspace(join(EXAMPLES, "shop"), "shop");
  window = await code.open(folder, join(folder, "pages", "2_Cart.py"));
  await window.page.locator(".squiggly-error").first().waitFor();
}

/** Opens the view of the keys, and closes the files above it, which leave it little room. */
async function openExplorer(): Promise<void> {
  for (const [title, wanted] of [
    [/^shop$/i, "false"],
    [/session state/i, "true"],
  ] as const) {
    const header = window.page.locator(".explorer-viewlet .pane-header", { hasText: title });
    await header.waitFor();
    if ((await header.getAttribute("aria-expanded")) !== wanted) await header.click();
  }
  await row("Home").first().waitFor();
}

function row(text: string | RegExp) {
  const pane = window.page.locator(".pane", {
    has: window.page.locator(".pane-header", { hasText: /session state/i }),
  });
  return pane.locator(".monaco-list-row", { hasText: text });
}

describe("the Session State explorer", () => {
  it("shows apps, their pages and keys with types, kinds and warnings, and leads to each use", async () => {
    await openShop();
    await openExplorer();
    await row(/^Home\.py/)
      .first()
      .waitFor();
    await window.shot("explorer");
    await window.command("streamlint: Filter Keys");
    await window.page.locator(".quick-input-widget:visible input").fill("coupon");
    await window.page.keyboard.press("Enter");
    await row(/^cart/).first().waitFor({ state: "detached" });
    await window.shot("explorer-filtered");
    await row(/^coupon_input/)
      .first()
      .click();
    await row("2_Cart.py:15").first().click();
    await window.page.locator(".statusbar-item", { hasText: "Ln 15, Col" }).waitFor();
  });

  it("follows what is typed", async () => {
    await openShop();
    await openExplorer();
    await window.command("streamlint: Filter Keys");
    await window.page.locator(".quick-input-widget:visible input").fill("brand");
    await window.page.keyboard.press("Enter");
    await window.clickAt("import streamlit as st", "st");
    await window.append('st.session_state.brand_new = "now"');
    await row("brand_new").first().waitFor();
  });
});

describe("the state map", () => {
  it("draws keys, pages and callbacks, and leads to the code", async () => {
    await openShop();
    await window.command("streamlint: Show State Map");
    const map = window.page.frameLocator("iframe.webview").frameLocator("#active-frame");
    await map.locator("svg").first().waitFor();
    await map.getByText("coupon", { exact: true }).first().waitFor();
    await window.shot("state-map");
    expect(await map.getByText("use_coupon").count()).toBeGreaterThan(0);
    expect(await map.getByText("STL101").count()).toBeGreaterThan(0);
    await map.locator('g.node[aria-label^="coupon, key"]').click();
    await window.shot("state-map-details");
    await map.getByText("2_Cart.py:15").first().click();
    await window.page.locator(".statusbar-item", { hasText: "Ln 15, Col" }).waitFor();
  });
});

describe("a rule", () => {
  it("is explained on a page beside the editor", async () => {
    await openShop();
    await window.command("streamlint: Explain a Rule");
    await window.page.locator(".quick-input-widget:visible input").fill("STL101");
    await window.page
      .locator(".quick-input-list .monaco-list-row", { hasText: "uninitialized-key" })
      .first()
      .waitFor();
    await window.page.keyboard.press("Enter");
    const frame = window.page.frameLocator("iframe.webview").frameLocator("#active-frame");
    await frame.getByText("What it does").first().waitFor();
    await window.shot("explain");
  });
});

describe("a project", () => {
  it("is initialised with the settings of streamlint and of Ruff, after a look at them", async () => {
    folder = workspace({
      "app.py": "import streamlit as st\n\nst.write(st.session_state.never)\n",
      "pyproject.toml": "# mine\n[project]\nname = 'shop'\n\n[tool.ruff.lint]\nselect = ['E'] # few\n",
    });
    window = await code.open(folder, join(folder, "app.py"));
    await window.page.locator(".squiggly-error").first().waitFor();
    await window.command("streamlint: Initialise Project");
    const consent = window.page.locator(
      ".monaco-dialog-box .monaco-button, .notification-toast .monaco-button",
    );
    await consent.first().waitFor();
    await window.shot("initialise");
    await window.page
      .getByRole("button", { name: /write|apply|initialise/i })
      .first()
      .click();
    const written = () => readFileSync(join(folder, "pyproject.toml"), "utf8");
    await until(() => written().includes("[tool.streamlint]"), "the settings");
    expect(written()).toContain('external = ["STL"]');
    expect(written()).toContain("select = ['E'] # few");
    expect(written()).toContain("# mine");
  });
});
