import type { Probe } from "./probe";

const OLDEST = [3, 10] as const;

/** Who named an interpreter. */
export type Origin = "setting" | "python-envs" | "ms-python" | "PATH";

/** Where interpreters come from. What a decisive source names is taken or refused: nothing else is tried then. */
export interface Source {
  readonly from: Origin;
  readonly decisive: boolean;
  find(): Promise<readonly (readonly string[])[]>;
}

/** A Python that can run the server. */
export interface Interpreter {
  readonly command: readonly string[];
  readonly from: Origin;
  readonly version: string;
}

/** No interpreter can run the server. The message is for the user. */
export class NoInterpreter extends Error {}

/** The first interpreter of these sources that can run the server. Throws `NoInterpreter`. */
export async function chosen(
  sources: readonly Source[],
  probe: (command: readonly string[]) => Promise<Probe>,
  note: (text: string) => void,
): Promise<Interpreter> {
  for (const source of sources) {
    for (const command of await source.find()) {
      const found = await probe(command);
      const problem = unfit(found);
      if (found.kind === "python" && problem === undefined) {
        return { command, from: source.from, version: found.version };
      }
      const sentence = `${command.join(" ")} ${problem}`;
      if (source.decisive)
        throw new NoInterpreter(`${named(source.from)} ${sentence}. Select another interpreter.`);
      note(`interpreter passed over (from ${source.from}): ${sentence}`);
    }
  }
  throw new NoInterpreter(
    `No Python ${OLDEST.join(".")} or newer was found. Install one, or select an interpreter.`,
  );
}

/** Why an interpreter cannot run the server, as the end of a sentence. */
function unfit(found: Probe): string | undefined {
  if (found.kind === "missing") return "does not exist";
  if (found.kind === "broken") return `does not start (${found.output})`;
  return isOldEnough(found.version)
    ? undefined
    : `is Python ${found.version}, and streamlint needs ${OLDEST.join(".")}`;
}

function isOldEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

function named(origin: Origin): string {
  return origin === "setting"
    ? "The interpreter of the setting streamlint.interpreter,"
    : "The selected interpreter";
}

/** The names under which a Python is on the path. */
export function commandsOnPath(platform: NodeJS.Platform): readonly (readonly string[])[] {
  return platform === "win32" ? [["py", "-3"], ["python"]] : [["python3"], ["python"]];
}
