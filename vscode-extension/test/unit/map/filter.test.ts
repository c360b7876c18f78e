import { describe, expect, it } from "vitest";
import { filtered, NO_FILTER } from "../../../map/filter";
import type { Graph } from "../../../map/graph";
import { increasing } from "../../../map/layout";
import { SHOP } from "./graphs";

function shown(filter: Partial<typeof NO_FILTER>): string[] {
  return filtered(SHOP, { ...NO_FILTER, ...filter }).nodes.map((node) => node.label);
}

function overlaps(graph: Graph): boolean {
  return graph.nodes.some((a) =>
    graph.nodes.some((b) => a !== b && a.column === b.column && a.y <= b.y && b.y < a.y + a.height),
  );
}

describe("the filter", () => {
  it("leaves a graph alone if there is none", () => {
    expect(filtered(SHOP, NO_FILTER)).toBe(SHOP);
  });

  it("shows the keys whose name has all words, and who uses them", () => {
    expect(shown({ text: "OU co" })).toEqual(["Cart", "coupon", "add"]);
  });

  it("shows what a page or callback does by its name", () => {
    expect(shown({ text: "home" })).toEqual(["Home", "cart", "season"]);
  });

  it("shows only what is unprotected", () => {
    const graph = filtered(SHOP, { ...NO_FILTER, onlyUnprotected: true });
    expect(graph.edges.map((edge) => edge.id)).toEqual(["page:Cart reads key:season"]);
    expect(graph.nodes.map((node) => node.label)).toEqual(["Cart", "season"]);
    expect(graph.columns.map((column) => column.id)).toEqual(["page", "key"]);
  });

  it("hides relations, and nodes that have no other", () => {
    expect(shown({ hidden: ["draws", "deletes"] })).toEqual([
      "Home",
      "Cart",
      "cart",
      "season",
      "add_…",
      "add",
    ]);
  });

  it("keeps keys that nothing is known to use, unless it is about uses", () => {
    expect(shown({ text: "add_" })).toEqual(["add_…"]);
    expect(shown({ text: "add_", onlyUnprotected: true })).toEqual([]);
  });
});

describe("what is left", () => {
  it("is moved together without overlaps, in the same order and columns", () => {
    const graph = filtered(SHOP, { ...NO_FILTER, text: "c" });
    expect(overlaps(graph)).toBe(false);
    const before = SHOP.nodes.filter((node) => graph.nodes.some(({ id }) => id === node.id));
    expect(graph.nodes.map(({ id, x }) => [id, x])).toEqual(before.map(({ id, x }) => [id, x]));
    expect(Math.min(...graph.nodes.map((node) => node.y))).toBe(52);
    expect(graph.height).toBeLessThan(SHOP.height);
  });

  it("has room for the lines at each node's side", () => {
    const graph = filtered(SHOP, { ...NO_FILTER, hidden: ["deletes"] });
    const page = graph.nodes.find((node) => node.label === "Cart");
    expect(page?.height).toBe(14 * 4);
  });

  it("may be nothing", () => {
    expect(filtered(SHOP, { ...NO_FILTER, text: "zzz" })).toMatchObject({
      nodes: [],
      edges: [],
      columns: [],
    });
  });
});

describe("numbers that may not decrease", () => {
  it.each([
    [[], []],
    [
      [1, 2, 3],
      [1, 2, 3],
    ],
    [
      [3, 1],
      [2, 2],
    ],
    [
      [5, 4, 3, 9],
      [4, 4, 4, 9],
    ],
    [
      [1, 9, 2, 4],
      [1, 5, 5, 5],
    ],
  ])("%j become %j", (given, found) => {
    expect(increasing(given)).toEqual(found);
  });
});
