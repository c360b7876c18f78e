import { describe, expect, it } from "vitest";
import { RestartQueue, type Wish } from "../../src/queue";

/** A queue whose restarts last until they are let go. */
function held() {
  const begun: Wish[] = [];
  const ends: (() => void)[] = [];
  const queue = new RestartQueue((wish) => {
    begun.push(wish);
    return new Promise<void>((resolve) => ends.push(resolve));
  });
  return { queue, begun, end: () => ends.shift()?.() };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe("the restart queue", () => {
  it("runs one, keeps one, and lets the kept one stand for all that come meanwhile", async () => {
    const { queue, begun, end } = held();
    const first = queue.add({ reason: "first", force: false });
    await settled();
    const others = ["second", "third", "fourth"].map((reason) =>
      queue.add({ reason, force: reason === "third" }),
    );
    await settled();
    expect(begun).toEqual([{ reason: "first", force: false }]);
    end();
    await first;
    await settled();
    expect(begun.slice(1)).toEqual([{ reason: "fourth", force: true }]);
    end();
    await Promise.all(others);
    expect(begun.length).toBe(2);
  });

  it("starts anew for what is wished after the kept one has begun", async () => {
    const { queue, begun, end } = held();
    for (const reason of ["first", "second", "third"]) {
      const done = queue.add({ reason, force: false });
      await settled();
      end();
      await done;
    }
    expect(begun.map(({ reason }) => reason)).toEqual(["first", "second", "third"]);
  });
});
