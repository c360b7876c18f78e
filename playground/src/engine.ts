import type { Answer, Checked, Files, Question } from "./types";

/** The worker as the page sees it: asked often, it answers the last question. */
export class Engine {
  private readonly worker = new Worker(new URL("worker.js", document.baseURI), { type: "module" });
  private id = 0;
  private timer: number | undefined;

  constructor(
    private readonly on: {
      ready(): void;
      failed(reason: string): void;
      checked(checked: Checked): void;
    },
  ) {
    this.worker.addEventListener("message", (event: MessageEvent<Answer>) => this.hear(event.data));
    this.worker.addEventListener("error", (event) => on.failed(event.message || "the worker did not start"));
  }

  /** Checks the files after a pause; what was asked before is not wanted any more. */
  ask(files: () => Files, pause = 300): void {
    this.id += 1;
    const id = this.id;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      const question: Question = { id, files: files() };
      this.worker.postMessage(question);
    }, pause);
  }

  private hear(answer: Answer): void {
    if (answer.kind === "ready") this.on.ready();
    else if (answer.kind === "failed") this.on.failed(answer.reason);
    else if (answer.id === this.id) this.on.checked(answer.checked);
  }
}
