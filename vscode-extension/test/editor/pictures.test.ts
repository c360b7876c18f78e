import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ARTEFACTS, Code, EXAMPLES, EXTENSION, type Window, workspace } from "./code";

/** The pictures of the README; written there if STREAMLINT_WRITE_PICTURES is set. */
const PICTURES = join(EXTENSION, "media", "screenshots");

let code: Code;
let window: Window;

beforeAll(async () => {
  code = await Code.start();
  const folder = workspace(join(EXAMPLES, "shop"), "shop");
  window = await code.open(folder, join(folder, "pages", "2_Cart.py"), [], 2);
  await window.page.setViewportSize({ width: 1200, height: 640 });
  await window.page.locator(".squiggly-error").first().waitFor();
});
afterAll(() => code.stop());

async function picture(name: string): Promise<void> {
  await window.shot(name);
  if (process.env["STREAMLINT_WRITE_PICTURES"] === undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  copyFileSync(join(ARTEFACTS, `${name}.png`), join(PICTURES, `${name}.png`));
}

describe("the pictures of the README", () => {
  it("show a finding and how it comes about", async () => {
    await window.hover("if st.session_state.coupon", "coupon", "is not set in every run that reads it");
    await picture("squiggle");
    await window.page.keyboard.press("Escape");
  });

  it("show its fixes", async () => {
    await window.clickAt("if st.session_state.coupon", "coupon");
    await window.quickFixes();
    await picture("quickfix");
    await window.page.keyboard.press("Escape");
  });

  it("show the explorer", async () => {
    for (const [title, wanted] of [
      [/^shop$/i, "false"],
      [/session state/i, "true"],
    ] as const) {
      const header = window.page.locator(".explorer-viewlet .pane-header", { hasText: title });
      if ((await header.getAttribute("aria-expanded")) !== wanted) await header.click();
    }
    const row = window.page.locator('.monaco-list-row[aria-label^="coupon, "]').first();
    await row.click();
    await window.page.mouse.move(700, 500);
    expect(await row.isVisible()).toBe(true);
    await picture("explorer");
  });

  it("show the state map", async () => {
    await window.command("View: Toggle Primary Side Bar Visibility");
    await window.command("View: Close All Editors");
    await window.command("streamlint: Show State Map");
    const map = window.page.frameLocator("iframe.webview").frameLocator("#active-frame");
    await map.locator("svg g.node").first().waitFor();
    await window.page.setViewportSize({ width: 1200, height: 900 });
    await window.page.waitForTimeout(1000); // what is drawn takes its place
    await picture("state-map");
  });
});
