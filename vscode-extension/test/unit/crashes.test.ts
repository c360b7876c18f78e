import { expect, it } from "vitest";
import { Crashes } from "../../src/crashes";

it("lets a server be started again four times in three minutes", () => {
  const crashes = new Crashes();
  expect([0, 1, 2, 3].map((second) => crashes.add(second * 1000))).toEqual([true, true, true, true]);
  expect(crashes.add(4000)).toBe(false);
  expect(crashes.count).toBe(5);
});

it("forgives what is long ago, and all when the user begins anew", () => {
  const crashes = new Crashes();
  for (let minute = 0; minute < 20; minute++) expect(crashes.add(minute * 60_000)).toBe(true);
  crashes.forget();
  for (let time = 0; time < 4; time++) expect(crashes.add(time)).toBe(true);
});
