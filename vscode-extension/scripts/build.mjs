// Builds dist/extension.js, and the page of the state map for the extension and for the command line.
//   node scripts/build.mjs [--check]   --check: fails if the command line's copy is not what would be built
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(dirname(fileURLToPath(import.meta.url)));
const WEB = join(HERE, "..", "plugin", "streamlint_cli", "web");
const COMMON = {
  bundle: true,
  minify: true,
  absWorkingDir: HERE,
  logLevel: "warning",
  legalComments: "none",
};

await build({
  ...COMMON,
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode"],
});
const page = await build({
  ...COMMON,
  entryPoints: ["map/map.ts", "map/map.css"],
  outdir: "dist",
  format: "iife",
  target: "es2022",
  metafile: true,
  write: false,
});

/** The licences of the packages in the page, as a comment; the command line's page has nothing else to say them in. */
function notices(inputs) {
  const folders = inputs.flatMap((path) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  const licences = [...new Set(folders)].map((folder) =>
    readFileSync(join(HERE, folder, "LICENSE"), "utf8").trim(),
  );
  return `/*\n${[...new Set(licences)].join("\n\n")}\n*/\n`;
}

let stale = false;
for (const { path, text } of page.outputFiles) {
  const contents = path.endsWith(".js") ? notices(Object.keys(page.metafile.inputs)) + text : text;
  writeFileSync(path, contents);
  const copy = join(WEB, path.slice(join(HERE, "dist").length + 1));
  if (!process.argv.includes("--check")) writeFileSync(copy, contents);
  else if (readFileSync(copy, "utf8") !== contents) stale = true;
}
if (stale) {
  console.error("plugin/streamlint_cli/web is not built from vscode-extension/map: run `npm run build`");
  process.exit(1);
}
