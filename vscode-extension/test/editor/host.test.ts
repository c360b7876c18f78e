import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ARTEFACTS, Code, EXTENSION, until, workspace } from "./code";

const FILES = {
  "app.py": `import streamlit as st

if "city" not in st.session_state:
    st.session_state.city = "Paris"
if st.button("Load"):
    st.session_state.rows = [1, 2]
st.write("🎈", st.session_state.rows)
st.title(st.session_state.city)
`,
  "pages/Report.py": `import streamlit as st

st.session_state.setdefault("city", "Rome")
st.write(st.session_state.get("city"))
if st.button("Again"):
    del st.session_state["city"]
if st.session_state["city"]:
    st.write("There is one")
`,
};
interface Results {
  passes: { title: string }[];
  failures: { title: string; err: { message: string } }[];
}

/** Runs `test/host` in the extension host of a real VS Code that has the package installed. */
async function hostTests(code: Code): Promise<Results> {
  const folder = join(ARTEFACTS, "host");
  await build({
    entryPoints: [join(EXTENSION, "test", "host", "index.ts")],
    outfile: join(folder, "index.js"),
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["vscode", "mocha"],
    logLevel: "warning",
  });
  const place = code.uri(join(EXTENSION, "test", "host"));
  await code.open(workspace(FILES), undefined, [
    ["extensionDevelopmentPath", place],
    ["extensionTestsPath", code.uri(join(folder, "index.js"))],
  ]);
  await until(
    () => existsSync(code.results) && readFileSync(code.results, "utf8") !== "",
    "the results",
    1800,
  );
  return JSON.parse(readFileSync(code.results, "utf8"));
}

describe("the extension host", () => {
  let code: Code;
  let results: Results;

  beforeAll(async () => {
    code = await Code.start({ flags: ["--vscode-option", "enable-smoke-test-driver"] });
    results = await hostTests(code);
  });
  afterAll(() => code.stop());

  it("passes all tests of features", () => {
    expect(results.failures.map(({ title, err }) => `${title}: ${err.message}`)).toEqual([]);
    expect(results.passes.length).toBeGreaterThan(10);
  });
});
