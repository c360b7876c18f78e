import { describe, expect, it } from "vitest";
import { page } from "../../../src/map/document";
import { asMessage } from "../../../src/map/incoming";
import { asWish, focusOf } from "../../../src/map/wishes";
import { place, SHOP } from "./graphs";

const SVG = '<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>';

describe("a message of the page", () => {
  it("opens a place that the graphs name", () => {
    const message = { type: "open", place: place("Home.py", 7) };
    expect(asMessage(message, [SHOP])).toEqual(message);
  });

  it.each([
    ["another file", { uri: "file:///etc/passwd", range: null }],
    ["another range", place("Home.py", 8)],
    ["no range", { uri: "file:///apps/shop/Home.py" }],
    ["a command", { uri: "command:workbench.action.quit", range: null }],
    ["nothing", undefined],
  ])("opens nothing else: %s", (_, asked) => {
    expect(asMessage({ type: "open", place: asked }, [SHOP])).toBeUndefined();
  });

  it("saves a picture without scripts", () => {
    expect(asMessage({ type: "export", svg: SVG, app: "Home.py" }, [])).toMatchObject({ type: "export" });
    const scripted = SVG.replace("/>", "><SCRIPT>1</SCRIPT></svg>");
    for (const svg of [scripted, "hello", 7]) {
      expect(asMessage({ type: "export", svg, app: "Home.py" }, [])).toBeUndefined();
    }
  });

  it("may be nonsense", () => {
    for (const sent of [undefined, null, "ready", {}, { type: "?" }])
      expect(asMessage(sent, [])).toBeUndefined();
    expect(asMessage({ type: "ready" }, [])).toEqual({ type: "ready" });
  });
});

describe("a wish", () => {
  const uri = (text: string) => ({ scheme: "file", path: text, toString: () => text });

  it("is a key of the explorer, or a file of a menu", () => {
    expect(asWish({ entrypoint: "file:///a.py", key: "k" })).toEqual({
      entrypoint: "file:///a.py",
      key: "k",
    });
    expect(asWish(uri("file:///a.py"))).toEqual({ file: "file:///a.py" });
    for (const nothing of [undefined, null, "x", {}, { entrypoint: 1, key: 2 }])
      expect(asWish(nothing)).toBeUndefined();
  });

  it("is found on the graphs", () => {
    const app = "file:///apps/shop#Home.py";
    const home = "file:///apps/shop/Home.py";
    expect(focusOf({ entrypoint: home, key: "season" }, [SHOP])).toEqual({ app, node: "key:season" });
    expect(focusOf({ entrypoint: home, key: "gone" }, [SHOP])).toEqual({ app, node: undefined });
    expect(focusOf({ entrypoint: "file:///other.py", key: "season" }, [SHOP])).toBeUndefined();
    expect(focusOf({ file: home.replace("Home", "Cart") }, [SHOP])).toEqual({ app, node: "page:Cart" });
    expect(focusOf({ file: "file:///other.py" }, [SHOP])).toBeUndefined();
  });
});

describe("the document", () => {
  it("runs its own script only", () => {
    const text = page({ script: "s.js", style: "s.css", source: "https://webview", nonce: "n0" });
    expect(text).toContain("default-src 'none'; script-src 'nonce-n0'; style-src https://webview;");
    expect(text.match(/<script/g)).toHaveLength(1);
    expect(text).not.toMatch(/unsafe|style="|\son[a-z]+=/);
  });
});
