import type { App, Key, Place, Use, Verb, Warning } from "../../../src/explorer/data";

const ROOT = "file:///apps/shop";
export const HOME = `${ROOT}/Home.py`;
export const CART = `${ROOT}/pages/2_%F0%9F%9B%92_Your_Cart.py`;
export const HELPERS = `${ROOT}/store/cart.py`;

export function place(uri: string, line: number): Place {
  return { uri, range: { start: { line, character: 4 }, end: { line, character: 20 } } };
}

export function use(key: string, verb: Verb, at: Place, more: Partial<Use> = {}): Use {
  const reads = verb === "reads" ? true : null;
  const known = { function: null, pages: [at.uri], callbacks: [], element: null, protected: reads };
  return { key, use: verb, ...at, spelled: at.range, literal: true, ...known, ...more };
}

export function warning(at: Place, code = "STL102"): Warning {
  const message = "`cart` may not be set [yet]";
  return { ...at, code, name: "uninitialized-on-page", message, severity: "error" };
}

export function key(name: string, uses: Use[], more: Partial<Key> = {}): Key {
  const initialisers = uses.filter((each) => each.use === "initialises");
  const known = { types: ["dict"], survivesPageSwitch: true, initialisers, warnings: [] };
  return { key: name, kind: "plain", uses, ...known, ...more };
}

/** An app of two pages with a helper that both call, a callback, and a key that nothing runs. */
export function shop(keys: Key[], more: Partial<App> = {}): App {
  return { root: ROOT, entrypoint: HOME, pages: [CART], titles: {}, keys, dynamic: [], unknown: [], ...more };
}
