import { describe, expect, it } from "vitest";
import { NO_FILTER, passes, told } from "../../../src/explorer/filter";
import { type KeyNode, tree } from "../../../src/explorer/model";
import { bySidebar, pageName, relativePath, spot } from "../../../src/explorer/names";
import { keyDescription, keyTooltip, useDescription } from "../../../src/explorer/texts";
import { HELPERS, HOME, key, place, shop, use, warning } from "./shop";

function keyNode(...keys: Parameters<typeof shop>): KeyNode {
  const [found] = tree([shop(...keys)], NO_FILTER)[0]?.children[0]?.children ?? [];
  if (found === undefined) throw new Error("there is no key");
  return found;
}

describe("names", () => {
  it.each([
    ["file:///a/Home.py", "Home"],
    ["file:///a/pages/1_Catalog.py", "Catalog"],
    ["file:///a/pages/02_%F0%9F%93%8A_Sales_report.py", "📊 Sales report"],
    ["file:///a/pages/3%20-%20About%20us.py", "About us"],
    ["file:///a/pages/2024.py", "2024"],
    ["file:///a/streamlit_app.py", "streamlit app"],
  ])("%s is %s in the sidebar", (uri, name) => {
    expect(pageName(uri)).toBe(name);
  });

  it("of pages are sorted by number, then by name", () => {
    const pages = ["file:///a/10_b.py", "file:///a/zoo.py", "file:///a/2_c.py", "file:///a/Bar.py"];
    expect(pages.sort(bySidebar).map(pageName)).toEqual(["c", "b", "Bar", "zoo"]);
  });

  it("are relative to the root, or whole elsewhere", () => {
    expect(relativePath("file:///a/b%20c/d.py", "file:///a")).toBe("b c/d.py");
    expect(relativePath("file:///other/d.py", "file:///a")).toBe("/other/d.py");
    expect(spot(place("file:///a/d.py", 4), "file:///a")).toBe("d.py:5");
    expect(spot({ uri: "file:///a/d.py", range: null }, "file:///a")).toBe("d.py");
  });
});

describe("a key", () => {
  const read = use("cart", "reads", place(HELPERS, 2), {
    pages: [HOME],
    callbacks: ["add"],
    protected: false,
  });
  const cart = key("cart", [use("cart", "initialises", place(HOME, 3)), read], {
    warnings: [warning(place(HELPERS, 2))],
    types: ["dict", "None"],
  });

  it("is described by its types and kind", () => {
    expect(keyDescription(cart)).toBe("dict, None");
    expect(keyDescription({ ...cart, kind: "widget" })).toBe("dict, None · widget");
    expect(keyDescription({ ...cart, kind: "dynamic", types: [] })).toBe("dynamic");
  });

  it("has its life and its warnings in the tooltip", () => {
    expect(keyTooltip(keyNode([cart]))).toBe(
      [
        "**`cart`** (key): `dict | None`",
        "Gets its first value in `Home.py:4`.",
        "Its value survives a page switch.",
        "$(error) **STL102** uninitialized-on-page (`store/cart.py:3`)\\\n`cart` may not be set \\[yet\\]",
      ].join("\n\n"),
    );
  });

  it("may have any characters", () => {
    expect(keyTooltip(keyNode([key("a`b", [read])]))).toContain("**``a`b``**");
  });

  it("says where and how it is used", () => {
    const uses = keyNode([cart]).children.flatMap((group) => group.children);
    expect(uses.map(useDescription)).toEqual(["", "STL102 · callback add"]);
  });
});

describe("the filter", () => {
  it("passes names with all its words", () => {
    const named = { key: "cart_Total", warnings: [] };
    expect(passes({ text: "tot CART", onlyWarnings: false }, named)).toBe(true);
    expect(passes({ text: "cart x", onlyWarnings: false }, named)).toBe(false);
    expect(passes({ text: "", onlyWarnings: true }, named)).toBe(false);
  });

  it("says what it hides", () => {
    expect(told(NO_FILTER, 3, 3)).toBeUndefined();
    expect(told({ text: "cart", onlyWarnings: true }, 1, 3)).toBe("1 of 3 keys: “cart”, with warnings");
  });
});
