// Finds a Python that can install packages: any from 3.10 up will do, since the bundle is the same for all.
import { spawnSync } from "node:child_process";

const NAMES = [
  "python3",
  "python",
  "py",
  "python3.10",
  "python3.11",
  "python3.12",
  "python3.13",
  "python3.14",
];
const PROBE = "import sys, pip; sys.exit(sys.version_info < (3, 10))";

/** A command that starts a Python 3.10 or newer with pip; `PYTHON` in the environment is preferred. */
export function findPython() {
  const names = process.env["PYTHON"] ? [process.env["PYTHON"], ...NAMES] : NAMES;
  const found = names.find((name) => spawnSync(name, ["-c", PROBE], { stdio: "ignore" }).status === 0);
  if (found === undefined) {
    throw new Error(
      "the bundle needs a Python 3.10 or newer with pip: put it on the PATH or name it in PYTHON",
    );
  }
  return found;
}
