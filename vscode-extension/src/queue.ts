/** What is asked of the queue: `force` restarts even where nothing has changed. */
export interface Wish {
  readonly reason: string;
  readonly force: boolean;
}

interface Waiting {
  wish: Wish;
  readonly done: Promise<void>;
}

/**
 * Does one thing at a time, and keeps at most one waiting: what is wished while one runs and another waits is done
 * by the waiting one, which starts after all of these wishes were made.
 */
export class RestartQueue {
  private running: Promise<void> = Promise.resolve();
  private waiting: Waiting | undefined;

  constructor(private readonly restart: (wish: Wish) => Promise<void>) {}

  /** Resolves when what was wished has been done; `restart` must not reject. */
  add(wish: Wish): Promise<void> {
    if (this.waiting !== undefined) {
      this.waiting.wish = { reason: wish.reason, force: wish.force || this.waiting.wish.force };
      return this.waiting.done;
    }
    const done = this.running.then(() => this.next());
    this.waiting = { wish, done };
    this.running = done;
    return done;
  }

  private async next(): Promise<void> {
    const wish = this.waiting?.wish;
    this.waiting = undefined;
    if (wish !== undefined) await this.restart(wish);
  }
}
