import { expect, it } from "vitest";
import { report } from "../../src/commands/report";

const FACTS = {
  extension: "0.1.0",
  editor: "Visual Studio Code 1.91.0",
  platform: "linux x64",
  state: { kind: "failed", reason: "no Python" },
  server: undefined,
  settings: { select: ["STL1"] },
  log: Array.from({ length: 100 }, (_, index) => `line ${index}`),
};

it("has what helps, and no more of the log than one reads", () => {
  const text = report(FACTS);
  for (const part of ["0.1.0", "1.91.0", "linux x64", '"no Python"', '"does not run"', '"STL1"', "line 99"]) {
    expect(text).toContain(part);
  }
  expect(text).not.toContain("line 39\n");
  expect(text).toContain("Nothing has been sent");
});

it("stays Markdown whatever the log has in it", () => {
  const text = report({ ...FACTS, log: ["```", "# no heading"] });
  expect(text.split("````")).toHaveLength(3);
});
