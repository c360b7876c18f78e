import { describe, expect, it } from "vitest";
import { paint } from "../../../map/colour";
import type { Graph } from "../../../map/graph";
import { curve, direction, head, routes } from "../../../map/routes";
import { restored } from "../../../map/state";
import { shift, step, surroundings } from "../../../map/walk";
import { sentence, spoken, summary } from "../../../map/words";
import { edge, graph, node, SHOP } from "./graphs";

function named(label: string, within: Graph = SHOP) {
  const found = within.nodes.find((each) => each.label === label);
  if (found === undefined) throw new Error(`no ${label}`);
  return found;
}

describe("a line", () => {
  const all = new Map(routes(SHOP).map((route) => [route.edge.id, route]));
  const of = (id: string) => {
    const route = all.get(id);
    if (route === undefined) throw new Error(`no ${id}`);
    return route;
  };

  it("leads from the page's right to the key's left, and from the callback's left to the key's right", () => {
    expect(of("page:Home sets key:cart")).toMatchObject({ x1: 208, x2: 400 });
    expect(of("callback:add sets key:cart")).toMatchObject({ x1: 800, x2: 580 });
    expect(direction(of("callback:add sets key:cart"))).toBe(-1);
  });

  it("ends at a place of its own, in the order of what lies at the other end", () => {
    const starts = SHOP.edges.filter(({ from }) => from === "page:Cart").map(({ id }) => of(id).y1);
    expect(starts).toEqual([118, 132, 146]);
    expect(of("page:Home sets key:cart").y2).toBe(of("page:Cart reads key:cart").y2 - 14);
  });

  it("leaves room for an arrow at the key or at the reader", () => {
    expect(curve(of("page:Home sets key:cart"))).toMatch(/^M208,.*,391,\d+$/);
    expect(curve(of("page:Cart reads key:cart"))).toMatch(/^M217,.*,400,\d+$/);
    expect(head(of("page:Cart reads key:cart"))).toMatch(/^M208,118L217,/);
  });

  it("is drawn above others if it is unprotected", () => {
    expect(routes(SHOP).at(-1)?.edge.id).toBe("page:Cart reads key:season");
  });
});

describe("the keyboard", () => {
  it.each([
    ["Home", "ArrowDown", "Cart"],
    ["Home", "ArrowUp", undefined],
    ["cart", "End", "add_…"],
    ["season", "Home", "cart"],
    ["Home", "ArrowRight", "cart"],
    ["coupon", "ArrowLeft", "Cart"],
    ["coupon", "ArrowRight", "add"],
    ["season", "ArrowRight", "add"],
    ["add", "ArrowRight", undefined],
    ["add", "x", undefined],
  ])("leads from %s by %s to %s", (from, key, to) => {
    expect(step(SHOP, named(from), key)?.label).toBe(to);
  });

  it("has neighbours to light up", () => {
    expect([...surroundings(SHOP, "key:season")].sort()).toEqual([
      "key:season",
      "page:Cart",
      "page:Cart reads key:season",
      "page:Home",
      "page:Home sets key:season",
    ]);
  });

  it("moves the view only as far as it must", () => {
    expect(shift(100, 50, 400)).toBe(0);
    expect(shift(-10, 50, 400)).toBe(34);
    expect(shift(380, 50, 400)).toBe(-54);
    expect(shift(300, 500, 400)).toBe(24 - 300);
  });
});

describe("words", () => {
  it("say of a key who does what to it, and what is unprotected", () => {
    expect(spoken(named("season"), SHOP)).toBe(
      "season, key. set by Home. read by Cart (unprotected, STL102). 1 warning.",
    );
    expect(spoken(named("coupon"), SHOP)).toBe(
      "coupon, key of a widget, str or None. drawn as a widget by Cart. deleted by add. lost on page switch.",
    );
    expect(spoken(named("add_…"), SHOP)).toBe("add_…, key made at run time. no known use.");
  });

  it("say of a page what it does", () => {
    expect(spoken(named("Cart"), SHOP)).toBe(
      "Cart, page. draws a widget with coupon. reads cart, season (unprotected, STL102).",
    );
  });

  it("tell a line and the whole", () => {
    const bare = SHOP.edges.find((each) => each.unprotected);
    expect(bare && sentence(bare, SHOP)).toBe("Cart reads season (unprotected, STL102)");
    expect(summary(SHOP)).toBe("2 pages, 4 keys, 1 callback, 1 unprotected read");
    expect(summary(graph([node("page:Home", "entrypoint")], []))).toBe("1 page, 0 keys");
    expect(sentence(edge("page:Home", "sets", "key:gone"), SHOP)).toBe("Home sets key:gone");
  });
});

describe("a colour", () => {
  it.each([
    ["rgb(9, 105, 218)", { hex: "#0969da", opacity: 1 }],
    ["rgba(0, 0, 0, 0.5)", { hex: "#000000", opacity: 0.5 }],
    ["rgb(255 0 0 / 25%)", { hex: "#ff0000", opacity: 0.25 }],
    ["color(srgb 1 0.5 0 / 0.2)", { hex: "#ff8000", opacity: 0.2 }],
    ["none", undefined],
  ])("%s is written as %j", (computed, written) => {
    expect(paint(computed)).toEqual(written);
  });
});

describe("a kept state", () => {
  it("is what it was", () => {
    const filter = { text: "a", onlyUnprotected: true, hidden: ["reads"] };
    const state = { app: "x", view: "table", filter, selected: "key:a", zoom: { x: 1, y: 2, k: 0.5 } };
    expect(restored(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  it.each([undefined, null, 7, "x", { zoom: { x: "1" }, filter: { hidden: ["?"], text: 1 }, view: "?" }])(
    "may be nothing that can be used: %j",
    (kept) => {
      const filter = { text: "", onlyUnprotected: false, hidden: [] };
      const nothing = { app: undefined, view: "graph", filter, selected: undefined, zoom: undefined };
      expect(restored(kept)).toEqual(nothing);
    },
  );
});
