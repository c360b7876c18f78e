// VS Code calls `run` in its extension host; the results go to the file that STREAMLINT_RESULTS names.
import Mocha from "mocha";

const wanted = process.env["STREAMLINT_RESULTS"];

export function run(): Promise<void> {
  const mocha = new Mocha({
    ui: "bdd",
    timeout: 60_000,
    reporter: "json",
    reporterOptions: { output: wanted },
  });
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  require("./features");
  return new Promise((resolve, reject) => {
    mocha.run((failures) => (failures === 0 ? resolve() : reject(new Error(`${failures} failed`))));
  });
}
