import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { node, place, SHOP } from "../unit/map/graphs";
import { Pages } from "./browser";

let pages: Pages;

beforeAll(async () => {
  pages = await Pages.start();
});
afterAll(() => pages.stop());

const SEASON = "season, key. set by Home. read by Cart (unprotected, STL102). 1 warning.";

function focused(page: Page): Promise<string | null> {
  return page.evaluate(
    () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? null,
  );
}

function labels(page: Page): Promise<string[]> {
  return page.locator("g.node > text.label").allTextContents();
}

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

describe("the page of a file", () => {
  it("draws all nodes and lines, and tells them to screen readers", async () => {
    const page = await pages.written([SHOP]);
    expect(await page.locator("g.node").count()).toBe(SHOP.nodes.length);
    expect(await page.locator(".lines g.edge").count()).toBe(SHOP.edges.length);
    const told = await page.locator("svg.graph").ariaSnapshot();
    expect(told).toContain(
      'application "State map of Home.py: 2 pages, 4 keys, 1 callback, 1 unprotected read"',
    );
    expect(told).toContain('group "Keys"');
    expect(told).toContain(`button "${SEASON}"`);
  });

  it("tells an unprotected read by more than its colour", async () => {
    const page = await pages.written([SHOP]);
    const styles = await page.evaluate(() =>
      [".unprotected .line", ".reads:not(.unprotected) .line"].map((each) => {
        const line = document.querySelector(`.lines ${each}`);
        return line && [getComputedStyle(line).strokeDasharray, getComputedStyle(line).strokeWidth];
      }),
    );
    expect(styles).toEqual([
      ["7px, 4px", "2.6px"],
      ["none", "1.1px"],
    ]);
    expect(await page.locator(".codes .code").allTextContents()).toEqual(["STL102"]);
  });

  it("is walked by the keyboard, which can go into the details and back", async () => {
    const page = await pages.written([SHOP]);
    await page.locator("g.node").first().focus();
    await press(page, "ArrowRight", "ArrowDown", "ArrowDown");
    expect(await focused(page)).toBe(SEASON);
    expect(await page.locator("g.node.lit > text.label").allTextContents()).toEqual([
      "Home",
      "Cart",
      "season",
    ]);
    await press(page, "Enter");
    expect(await focused(page)).toBe("season");
    expect(await page.getByRole("complementary").ariaSnapshot()).toContain("only another page sets");
    await press(page, "Escape");
    expect(await focused(page)).toBe(SEASON);
    expect(await page.locator(".details").count()).toBe(0);
  });

  it("has one stop for the tabulator key in the graph", async () => {
    const page = await pages.written([SHOP]);
    expect(await page.locator("g.node[tabindex='0']").count()).toBe(1);
  });

  it("filters by text and by what is unprotected, and says how much is left", async () => {
    const page = await pages.written([SHOP]);
    await press(page, "/");
    await page.keyboard.type("coup");
    expect(await labels(page)).toEqual(["Cart", "coupon", "add"]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "only unprotected" }).click();
    expect(await labels(page)).toEqual(["Cart", "season"]);
    expect(await page.getByRole("status").textContent()).toBe("Shown: 1 page, 1 key, 1 unprotected read");
    await page.getByRole("searchbox").fill("zzz");
    expect(await page.getByText("Nothing passes the filter.").isVisible()).toBe(true);
  });

  it("hides lines of a kind", async () => {
    const page = await pages.written([SHOP]);
    const toggle = page.getByRole("button", { name: "reads", exact: true });
    await toggle.click();
    expect(await toggle.getAttribute("aria-pressed")).toBe("false");
    expect(await page.locator(".lines .reads").count()).toBe(0);
  });

  it("is a table, too", async () => {
    const page = await pages.written([SHOP]);
    await page.getByRole("button", { name: "Table" }).click();
    const row = page.getByRole("row", { name: /^season/ });
    expect(await row.getByRole("cell").allTextContents()).toEqual(["sets", "reads, unprotected STL102", ""]);
    await page.getByRole("button", { name: "coupon" }).click();
    expect(await page.getByRole("heading", { name: "coupon" }).isVisible()).toBe(true);
  });

  it("zooms, and shows all", async () => {
    const page = await pages.written([SHOP]);
    await page.locator("g.node").first().focus();
    const width = async () => (await page.locator("g.node").first().boundingBox())?.width ?? 0;
    const before = await width();
    await press(page, "+", "+");
    expect(await width()).toBeGreaterThan(before * 1.5);
    await press(page, "0");
    expect(await width()).toBeCloseTo(before, 0);
  });

  it("asks which app, where there are several", async () => {
    const other = { ...SHOP, app: "Other.py", nodes: [node("page:Other", "entrypoint")], edges: [] };
    const page = await pages.written([SHOP, other]);
    await page.getByRole("combobox", { name: "App" }).selectOption({ label: "Other.py" });
    expect(await labels(page)).toEqual(["Other"]);
  });

  it("saves what is shown as a picture of its own", async () => {
    const page = await pages.written([SHOP], { colorScheme: "dark" });
    await page.getByRole("searchbox").fill("season");
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export SVG" }).click();
    const download = await downloading;
    const text = readFileSync(await download.path(), "utf8");
    const parsed = await page.evaluate((source) => {
      const svg = new DOMParser().parseFromString(source, "image/svg+xml");
      const texts = [...svg.querySelectorAll("text")].map((each) => each.textContent);
      return { root: svg.documentElement.localName, texts, shapes: svg.querySelectorAll("path").length };
    }, text);
    expect(parsed.root).toBe("svg");
    expect(parsed.texts).toEqual(
      expect.arrayContaining(["Home.py", "season", "Home", "STL102", "unprotected read"]),
    );
    expect(parsed.texts).not.toContain("coupon");
    expect(parsed.shapes).toBeGreaterThan(6);
    expect(download.suggestedFilename()).toBe("Home-state.svg");
    expect(text).not.toMatch(/class=|var\(|color-mix|<script|<style|tabindex/);
    expect(text).toContain('fill="#0d1117"');
  });

  it("moves nothing by itself", async () => {
    const page = await pages.written([SHOP]);
    await page.locator("g.node").first().focus();
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  });

  it("shows any text as text", async () => {
    const evil = node("key:<img src=x onerror=alert(1)>", "plain", { types: ["<b>"] });
    const page = await pages.written([{ ...SHOP, nodes: [...SHOP.nodes, evil] }]);
    await page.locator("g.node").last().click();
    await page.locator("g.node", { hasText: "<img" }).first().click();
    expect(await page.getByRole("heading", { level: 2 }).textContent()).toBe("<img src=x onerror=alert(1)>");
    expect(await page.locator("img").count()).toBe(0);
  });
});

describe("the page in an editor", () => {
  it("opens places", async () => {
    const { page, said } = await pages.inEditor([SHOP]);
    await page.locator(`g.node[aria-label="${SEASON}"]`).click();
    await page.locator(".warnings .place").click();
    expect(await said()).toEqual([{ type: "ready" }, { type: "open", place: place("Cart.py", 9) }]);
  });

  it("keeps the focus, the details and the view while the code changes", async () => {
    const { page } = await pages.inEditor([SHOP]);
    await page.locator(`g.node[aria-label="${SEASON}"]`).focus();
    await press(page, "+", "Enter", "Escape");
    await page.locator(`g.node[aria-label="${SEASON}"]`).click();
    const view = () => page.locator("svg.graph .view").getAttribute("transform");
    const before = await view();
    const added = { ...SHOP, nodes: [node("key:another", "plain", { y: 400 }), ...SHOP.nodes].reverse() };
    await page.evaluate((message) => window.postMessage(message), { type: "graphs", graphs: [added] });
    await page.waitForSelector("g.node[aria-label^='another']");
    expect(await view()).toBe(before);
    expect(await focused(page)).toBe(SEASON);
    expect(await page.getByRole("heading", { name: "season" }).isVisible()).toBe(true);
  });

  it("comes back as it went", async () => {
    const { page } = await pages.inEditor([SHOP]);
    await page.getByRole("searchbox").fill("season");
    await page.locator(`g.node[aria-label="${SEASON}"]`).click();
    const kept = await page.evaluate<unknown>("state");
    const { page: next } = await pages.inEditor([SHOP], kept);
    expect(await labels(next)).toEqual(["Home", "Cart", "season"]);
    expect(await next.getByRole("heading", { name: "season" }).isVisible()).toBe(true);
    expect(await next.getByRole("searchbox").inputValue()).toBe("season");
  });

  it("goes to what somebody wants to see, even if a filter hides it", async () => {
    const { page } = await pages.inEditor([SHOP]);
    await page.getByRole("searchbox").fill("coupon");
    const focus = { app: "file:///apps/shop#Home.py", node: "key:season" };
    await page.evaluate((message) => window.postMessage(message), { type: "graphs", graphs: [SHOP], focus });
    await page.waitForSelector(`g.node[aria-label="${SEASON}"]`);
    expect(await focused(page)).toBe(SEASON);
  });

  it("says why there is nothing", async () => {
    const { page } = await pages.inEditor([SHOP]);
    await page.evaluate((message) => window.postMessage(message), { type: "nothing", reason: "No Python." });
    await page.getByText("No Python.").waitFor();
    expect(await page.locator("svg.graph").isVisible()).toBe(false);
  });
});
