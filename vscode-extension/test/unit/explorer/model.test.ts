import { describe, expect, it } from "vitest";
import { NO_FILTER } from "../../../src/explorer/filter";
import { type Node, tree } from "../../../src/explorer/model";
import { CART, HELPERS, HOME, key, place, shop, use, warning } from "./shop";

/** The tree as indented lines. */
function drawn(nodes: readonly Node[], depth = 0): string[] {
  return nodes.flatMap((node) => {
    const line = `${"  ".repeat(depth)}${caption(node)}`;
    return node.type === "use" ? [line] : [line, ...drawn(node.children, depth + 1)];
  });
}

function caption(node: Node): string {
  if (node.type === "key") return node.key.key;
  if (node.type !== "use") return node.label;
  const codes = node.warnings.map((each) => each.code).join(" ");
  return [node.use.uri.split("/").pop(), node.use.range?.start.line, ...node.elsewhere, codes]
    .join(" ")
    .trimEnd();
}

function ids(nodes: readonly Node[]): string[] {
  return nodes.flatMap((node) => [node.id, ...(node.type === "use" ? [] : ids(node.children))]);
}

const CART_KEY = key(
  "cart",
  [
    use("cart", "initialises", place(HOME, 3)),
    use("cart", "changes", place(HELPERS, 7), { pages: [HOME, CART], callbacks: ["add"], function: "add" }),
    use("cart", "reads", place(CART, 9)),
    use("cart", "reads", place(CART, 12), { protected: false }),
  ],
  { warnings: [warning(place(CART, 12))] },
);

describe("the tree", () => {
  it("has apps, their pages, the keys of each, and the uses of these by what they do", () => {
    expect(drawn(tree([shop([CART_KEY])], NO_FILTER))).toEqual([
      "Home.py",
      "  Home",
      "    cart",
      "      initialised",
      "        Home.py 3",
      "      set",
      "        cart.py 7",
      "      read",
      "        2_%F0%9F%9B%92_Your_Cart.py 9 🛒 Your Cart",
      "        2_%F0%9F%9B%92_Your_Cart.py 12 🛒 Your Cart STL102",
      "  🛒 Your Cart",
      "    cart",
      "      initialised",
      "        Home.py 3 Home",
      "      set",
      "        cart.py 7",
      "      read",
      "        2_%F0%9F%9B%92_Your_Cart.py 9",
      "        2_%F0%9F%9B%92_Your_Cart.py 12 STL102",
    ]);
  });

  it("calls pages as st.navigation does", () => {
    const [app] = tree([shop([CART_KEY], { titles: { [CART]: "Basket" } })], NO_FILTER);
    expect(app?.children.map((page) => page.label)).toEqual(["Home", "Basket"]);
  });

  it("shows what no page is known to use elsewhere", () => {
    const idle = key("idle", [use("idle", "sets", place(HELPERS, 1), { pages: [] })]);
    expect(drawn(tree([shop([idle])], NO_FILTER))).toEqual([
      "Home.py",
      "  elsewhere",
      "    idle",
      "      set",
      "        cart.py 1",
    ]);
  });

  it("gathers the uses of keys that are made at run time by pattern, and those of unknown ones", () => {
    const dynamic = [use("add_…", "draws", place(HOME, 5)), use("add_…", "reads", place(HOME, 6))];
    const lines = drawn(tree([shop([], { dynamic, unknown: [place(CART, 2)] })], NO_FILTER));
    expect(lines).toContain("    add_…");
    expect(lines.slice(-4)).toEqual([
      "  elsewhere",
      "    …",
      "      used",
      "        2_%F0%9F%9B%92_Your_Cart.py 2",
    ]);
  });

  it("leaves out keys that a filter hides, pages without keys, and apps without pages", () => {
    const user = key("user", [use("user", "sets", place(HOME, 1))]);
    const shown = tree([shop([CART_KEY, user]), shop([])], { text: "US", onlyWarnings: false });
    expect(drawn(shown).filter((line) => !line.startsWith("     "))).toEqual([
      "Home.py",
      "  Home",
      "    user",
    ]);
    expect(tree([shop([user])], { text: "", onlyWarnings: true })).toEqual([]);
  });

  it("names the same thing alike when lines move, and nothing alike twice", () => {
    const moved = structuredClone(CART_KEY);
    for (const each of moved.uses) if (each.range) each.range.start.line += 5;
    const before = ids(tree([shop([CART_KEY])], NO_FILTER));
    expect(ids(tree([shop([moved])], NO_FILTER))).toEqual(before);
    expect(new Set(before).size).toBe(before.length);
  });

  it("counts the warnings that a page runs into", () => {
    const [app] = tree([shop([CART_KEY])], NO_FILTER);
    expect(app?.children.map((page) => page.warnings.length)).toEqual([0, 1]);
    expect(app?.warnings.length).toBe(1);
  });
});
