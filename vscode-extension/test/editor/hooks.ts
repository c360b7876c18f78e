import { afterAll, afterEach, beforeAll } from "vitest";
import { Code, type Window } from "./code";

/** One VS Code for all tests of a file. After each test its window is closed, and kept as a picture if the test failed. */
export function oneCode(started: (code: Code) => void, shown: () => Window): void {
  let code: Code;
  beforeAll(async () => {
    code = await Code.start();
    started(code);
  });
  afterAll(() => code.stop());
  afterEach(async (test) => {
    if (test.task.result?.state === "fail")
      await shown().shot(`failed-${test.task.name.replaceAll(/\W+/g, "-")}`);
    await shown().close();
  });
}
