import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Code, until, type Window, workspace } from "./code";
import { oneCode } from "./hooks";

const APP = `import streamlit as st

st.title("Ünïcode 🎈")
if st.button("Load"):
    st.session_state.rows = [1, 2]

st.write("🎈", st.session_state.rows)
`;
const CART = `import streamlit as st

if "coupon" not in st.session_state:
    st.session_state.coupon = None


def use_coupon():
    st.session_state.coupon = st.session_state.coupon_input.strip()


st.text_input("Coupon", key="coupon_input", on_change=use_coupon)
if st.button("Remove the coupon"):
    del st.session_state.coupon
if st.session_state.coupon:
    st.write("10 % off")
`;
const PAGES = {
  "Home.py": `import streamlit as st

if "city" not in st.session_state:
    st.session_state.city = "Paris"
st.title(st.session_state.city)
`,
  "pages/Report.py": `import streamlit as st

if "city" not in st.session_state:
    st.session_state["city"] = "Rome"
st.write(st.session_state.get("city"))
`,
};

let code: Code;
let window: Window;

oneCode(
  (started) => {
    code = started;
  },
  () => window,
);

describe("a finding", () => {
  it("is underlined where it is and in the colour of its severity", async () => {
    const folder = workspace({ "app.py": APP });
    window = await code.open(folder, join(folder, "app.py"));
    const squiggle = window.page.locator(".squiggly-error").first();
    await squiggle.waitFor();
    const wanted = await window.box('🎈", st', "st.session_state.rows");
    const found = await squiggle.boundingBox();
    expect(Math.abs((found?.x ?? 0) - wanted.x)).toBeLessThan(3);
    expect(Math.abs((found?.width ?? 0) - wanted.width)).toBeLessThan(3);
    const image = await squiggle.evaluate(
      (element) =>
        getComputedStyle(element, "::before").backgroundImage + getComputedStyle(element).background,
    );
    expect(image.replaceAll("%20", " ")).toContain(encodeURIComponent("#e51400"));
    expect(await window.page.locator(".squiggly-warning, .squiggly-error").count()).toBe(1);
  });

  it("is explained by hovering: the clicks that lead to it, and a link to its rule", async () => {
    const folder = workspace({ "app.py": APP });
    window = await code.open(folder, join(folder, "app.py"));
    await window.page.locator(".squiggly-error").first().waitFor();
    const hover = await window.hover('🎈", st', "rows", "is not set in every run that reads it");
    await hover
      .getByRole("link", { name: "STL101" })
      .or(hover.locator("a", { hasText: "STL101" }))
      .first()
      .waitFor();
    expect(await hover.innerText()).toMatch(/first visit|first run|session begins/i);
    await window.shot("hover");
    expect(await hover.locator("a.code-link").getAttribute("href")).toMatch(/^https:.*uninitialized-key/);
    await hover.locator("a", { hasText: "uninitialized-key" }).click();
    const page = window.page.frameLocator("iframe.webview").frameLocator("#active-frame");
    await page.getByText("What it does").first().waitFor();
  });

  it("stands in the Problems panel with its code and source", async () => {
    const folder = workspace({ "app.py": APP });
    window = await code.open(folder, join(folder, "app.py"));
    await window.page.locator(".squiggly-error").first().waitFor();
    await window.page.keyboard.press("Control+Shift+M");
    const panel = window.page.locator(".markers-panel");
    await panel.getByText("is not set in every run").first().waitFor();
    const text = await panel.innerText();
    expect(text).toContain("STL101");
    expect(text).toContain("streamlint");
    expect(text).toContain("app.py");
  });
});

describe("a quick-fix", () => {
  it("by keyboard alone writes the file", async () => {
    const folder = workspace({ "app.py": CART });
    window = await code.open(folder, join(folder, "app.py"));
    await window.page.locator(".squiggly-error").first().waitFor();
    await window.clickAt("if st.session_state.coupon:", "coupon");
    await window.quickFixes();
    await window.shot("quickfix-menu");
    await window.page.keyboard.press("Enter");
    await window.page.locator(".squiggly-error").first().waitFor({ state: "detached" });
    await window.save();
    const text = readFileSync(join(folder, "app.py"), "utf8");
    expect(text).not.toBe(CART);
    expect(text).toMatch(/session_state\.get\("coupon"\)|setdefault/);
  });

  const ours = { "streamlint.fixOnSave": true };
  const usual = { "editor.codeActionsOnSave": { "source.fixAll.streamlint": "explicit" } };
  it.each([ours, usual])(
    "of all safe kinds is applied on save where that is wanted: %o",
    async (settings) => {
      const folder = workspace({ "app.py": CART, ".vscode/settings.json": JSON.stringify(settings) });
      window = await code.open(folder, join(folder, "app.py"));
      await window.page.locator(".squiggly-error").first().waitFor();
      await window.clickAt("import streamlit", "streamlit");
      await window.page.keyboard.press("End");
      await window.page.keyboard.type("  # mine");
      await window.save();
      await until(() => readFileSync(join(folder, "app.py"), "utf8").includes("# mine"), "the save");
      const text = readFileSync(join(folder, "app.py"), "utf8");
      expect(text).toMatch(/session_state\.get\("coupon"\)|setdefault/);
      await window.page.locator(".squiggly-error").first().waitFor({ state: "detached" });
    },
  );
});

describe("a key", () => {
  it("shows its uses when its lens is clicked", async () => {
    const folder = workspace(PAGES);
    window = await code.open(folder, join(folder, "Home.py"));
    await window.page.locator(".codelens-decoration a").first().click();
    await window.page.locator(".reference-zone-widget .monaco-list-row", { hasText: "Report.py" }).waitFor();
    await window.shot("lens");
  });

  it("is completed while it is typed", async () => {
    const folder = workspace(PAGES);
    window = await code.open(folder, join(folder, "Home.py"));
    await window.page.locator(".codelens-decoration").first().waitFor();
    await window.clickAt("st.title", "city");
    await window.page.keyboard.press("End");
    await window.page.keyboard.press("Enter");
    await window.page.keyboard.type("st.session_state.ci", { delay: 40 });
    const list = window.page.locator(".suggest-widget:visible .monaco-list-row", { hasText: "city" });
    await list.first().waitFor();
    await window.shot("completion");
    await window.page.keyboard.press("Enter");
    await window.line("st.session_state.city").waitFor();
  });

  it("is renamed on both pages at once", async () => {
    const folder = workspace(PAGES);
    window = await code.open(folder, join(folder, "Home.py"));
    await window.page.locator(".codelens-decoration").first().waitFor();
    await window.clickAt("st.title", "city");
    await window.page.keyboard.press("F2");
    await window.page.locator(".rename-box input").fill("town");
    await window.page.keyboard.press("Enter");
    await window.line('if "town" not in').waitFor();
    await window.command("File: Save All");
    await until(
      () => readFileSync(join(folder, "pages/Report.py"), "utf8").includes("town"),
      "the other page",
    );
    expect(readFileSync(join(folder, "Home.py"), "utf8")).toBe(PAGES["Home.py"].replaceAll("city", "town"));
    const report = readFileSync(join(folder, "pages/Report.py"), "utf8");
    expect(report).toBe(PAGES["pages/Report.py"].replaceAll("city", "town"));
  });
});
