const WINDOW_MS = 3 * 60_000;
const MOST = 4;

/** Counts the unexpected ends of the server, so that one that cannot live is not started for ever. */
export class Crashes {
  private times: number[] = [];

  /** Notes one; says whether the server may be started once more. */
  add(now: number): boolean {
    this.times = [...this.times.filter((time) => now - time < WINDOW_MS), now];
    return this.times.length <= MOST;
  }

  get count(): number {
    return this.times.length;
  }

  /** The user wants to begin anew. */
  forget(): void {
    this.times = [];
  }
}
