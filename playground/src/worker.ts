/** Python in a thread of its own, so that the page never waits for it. */
import type { loadPyodide } from "pyodide";
import type { Answer, Question } from "./types";

type Check = (files: string) => string;

const ENGINE = "/engine";

async function started(): Promise<Check> {
  const here = new URL("./", self.location.href);
  const module: { loadPyodide: typeof loadPyodide } = await import(new URL("pyodide/pyodide.mjs", here).href);
  const [python, archive] = await Promise.all([
    module.loadPyodide({ indexURL: new URL("pyodide/", here).href }),
    fetch(new URL("engine.zip", here)).then((response) => response.arrayBuffer()),
  ]);
  python.unpackArchive(archive, "zip", { extractDir: ENGINE });
  python.runPython(`import sys; sys.path.insert(0, "${ENGINE}")`);
  return python.runPython("from playground import check; check") as Check;
}

function tell(answer: Answer): void {
  self.postMessage(answer);
}

const check = started();
check.then(
  () => tell({ kind: "ready" }),
  (error) => tell({ kind: "failed", reason: String(error) }),
);

let latest = 0;
self.addEventListener("message", async (event: MessageEvent<Question>) => {
  const { id, files } = event.data;
  latest = id;
  const run = await check;
  await new Promise((resume) => setTimeout(resume)); // newer questions that wait arrive first
  if (id !== latest) return;
  try {
    tell({ kind: "checked", id, checked: JSON.parse(run(JSON.stringify(files))) });
  } catch (error) {
    tell({ kind: "failed", reason: String(error) });
  }
});
