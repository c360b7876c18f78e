import { beforeEach, describe, expect, it, vi } from "vitest";
import { Log } from "../../src/log";
import { InterpreterChoice } from "../../src/python/choosing";
import { EventEmitter, given, reset, Uri } from "./vscode";

vi.mock("../../src/python/probe", () => ({
  probe: async (command: readonly string[]) =>
    command[0] === "/old" ? { kind: "python", version: "3.8.0" } : { kind: "python", version: "3.12.0" },
}));

const SETTINGS = { interpreter: [], importStrategy: "useBundled" } as const;
const selected = new EventEmitter<void>();

/** The extension "Python" with this interpreter selected. */
function python(path: string | undefined) {
  const environment = path === undefined ? undefined : { executable: { uri: Uri.file(path) } };
  return {
    isActive: true,
    exports: {
      ready: Promise.resolve(),
      environments: {
        getActiveEnvironmentPath: () => ({ path }),
        resolveEnvironment: async () => environment,
        onDidChangeActiveEnvironmentPath: selected.event,
      },
    },
  };
}

/** The extension "Python Environments" with this interpreter selected. */
function environments(executable: string) {
  const getEnvironment = async () => ({ execInfo: { run: { executable, args: ["-q"] } } });
  return {
    isActive: false,
    activate: async () => ({ getEnvironment, onDidChangeEnvironment: new EventEmitter<void>().event }),
  };
}

describe("the interpreter is that of", () => {
  let log: Log;
  let choice: InterpreterChoice;
  const found = async (settings: Parameters<InterpreterChoice["interpreter"]>[0] = SETTINGS) =>
    (await choice.interpreter(settings)).from;
  beforeEach(() => {
    reset();
    log = new Log();
    choice = new InterpreterChoice(log);
  });

  it("the path, where nobody knows better", async () => {
    expect(await found()).toBe("PATH");
    expect(log.last.at(-1)).toMatch(/interpreter python3 \(from PATH\)$/);
  });

  it("Python, and of Python Environments before it", async () => {
    given.extensions.set("ms-python.python", python("/mine"));
    expect(await found()).toBe("ms-python");
    expect(log.last.at(-1)).toMatch(/interpreter \/mine \(from ms-python\)$/);
    given.extensions.set("ms-python.vscode-python-envs", environments("/theirs"));
    expect(await found()).toBe("python-envs");
    expect(log.last.at(-1)).toMatch(/interpreter \/theirs -q \(from python-envs\)$/);
  });

  it("the setting before all", async () => {
    given.extensions.set("ms-python.python", python("/mine"));
    expect(await found({ ...SETTINGS, interpreter: ["/set"] })).toBe("setting");
  });

  it("the next one, where an extension is not in use, fails, or names one that is too old", async () => {
    given.extensions.set("ms-python.vscode-python-envs", { isActive: true, exports: undefined });
    given.extensions.set("ms-python.python", python("/old"));
    expect(await found()).toBe("PATH");
    given.extensions.set("ms-python.python", python(undefined));
    expect(await found()).toBe("PATH");
    const activate = async () => Promise.reject(new Error("broken"));
    given.extensions.set("ms-python.python", { isActive: false, activate });
    expect(await found()).toBe("PATH");
    expect(log.last.some((line) => line.includes("ms-python does not say"))).toBe(true);
  });

  it("the environment and no other, where the server is to be that of the environment", async () => {
    given.extensions.set("ms-python.python", python("/old"));
    await expect(found({ ...SETTINGS, importStrategy: "fromEnvironment" })).rejects.toThrow(
      "/old is Python 3.8.0",
    );
  });

  it("what is selected next, which is told", async () => {
    given.extensions.set("ms-python.python", python("/mine"));
    const told = vi.fn();
    choice.onDidChange(told);
    await found();
    await found();
    selected.fire();
    expect(told).toHaveBeenCalledTimes(1);
    choice.dispose();
    selected.fire();
    expect(told).toHaveBeenCalledTimes(1);
  });
});
