// Builds the playground into ../site/playground/app, where the documentation links to it.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { notices } from "../../vscode-extension/scripts/notices.mjs";

const HERE = dirname(dirname(fileURLToPath(import.meta.url)));
const OUT = process.argv[2] ?? join(HERE, "..", "site", "playground", "app");
const WEB = join(HERE, "..", "plugin", "streamlint_cli", "web");
const PYODIDE = [
  "pyodide.mjs",
  "pyodide.asm.mjs",
  "pyodide.asm.wasm",
  "python_stdlib.zip",
  "pyodide-lock.json",
];

rmSync(OUT, { recursive: true, force: true });
mkdirSync(join(OUT, "pyodide"), { recursive: true });
const built = await build({
  entryPoints: ["src/main.ts", "src/worker.ts", "src/map-host.ts", "src/style.css"],
  absWorkingDir: HERE,
  outdir: OUT,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
  write: false,
});
for (const { path, text } of built.outputFiles) {
  const { inputs } = built.metafile.outputs[relative(HERE, path)];
  writeFileSync(path, notices(Object.keys(inputs), HERE) + text);
}
for (const name of ["index.html", "map.html"]) copyFileSync(join(HERE, "src", name), join(OUT, name));
for (const name of ["map.js", "map.css"]) copyFileSync(join(WEB, name), join(OUT, name));
for (const name of PYODIDE) {
  copyFileSync(join(HERE, "node_modules", "pyodide", name), join(OUT, "pyodide", name));
}
const python = process.env.STREAMLINT_PYTHON ?? "python3";
execFileSync(python, [join(HERE, "scripts", "pack.py"), join(OUT, "engine.zip")], { stdio: "inherit" });
writeFileSync(join(OUT, ".nojekyll"), "");
