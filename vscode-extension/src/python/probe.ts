import { execFile } from "node:child_process";

/** What is asked of an interpreter; every Python since 2.6 can answer. */
const QUESTION = "import sys; sys.stdout.write('%d.%d.%d' % sys.version_info[:3])";
const PATIENCE_MS = 15_000;

/** What came of starting an interpreter. */
export type Probe =
  | { kind: "python"; version: string }
  | { kind: "missing" }
  | { kind: "broken"; output: string };

/** Starts an interpreter and asks for its version. The user's start-up files and environment variables are left out. */
export function probe(command: readonly string[]): Promise<Probe> {
  const [program = "", ...words] = command;
  return new Promise((resolve) => {
    const done = (error: Error | null, output: string, complaint: string) =>
      resolve(judged(error, output, complaint));
    execFile(program, [...words, "-E", "-c", QUESTION], { timeout: PATIENCE_MS, windowsHide: true }, done);
  });
}

function judged(error: NodeJS.ErrnoException | null, output: string, complaint: string): Probe {
  if (error?.code === "ENOENT") return { kind: "missing" };
  const version = /^\d+\.\d+\.\d+$/.exec(output.trim())?.[0];
  if (error === null && version !== undefined) return { kind: "python", version };
  const said = complaint.trim().split("\n").at(-1);
  return { kind: "broken", output: said || error?.message.split("\n")[0] || output.trim() };
}
