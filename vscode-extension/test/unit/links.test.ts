import { expect, it } from "vitest";
import type { Hover } from "vscode";
import { linkToPages } from "../../src/links";
import { MarkdownString } from "./vscode";

const hover = (...contents: unknown[]) => ({ contents }) as unknown as Hover;

it("leads from a hover to the page of a rule beside the code", () => {
  const found = hover(
    new MarkdownString("[STL101](https://streamlint.readthedocs.io/rules/uninitialized-key) here"),
  );
  linkToPages(found);
  const [text] = found.contents as unknown as MarkdownString[];
  const link = "command:streamlint.explainRule?%5B%22uninitialized-key%22%5D";
  expect(text?.value).toBe(`[STL101](${link}) here`);
  expect(text?.isTrusted).toEqual({ enabledCommands: ["streamlint.explainRule"] });
});

it("trusts nothing where there is nothing of ours", () => {
  const other = new MarkdownString("[F401](https://docs.astral.sh/ruff/rules/F401) [x](command:evil)");
  const found = hover(other, "text");
  linkToPages(found);
  expect(found.contents).toEqual([other, "text"]);
  expect(other.isTrusted).toBeUndefined();
});
