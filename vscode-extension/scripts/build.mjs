// Builds dist/extension.js, and the page of the state map for the extension and for the command line.
//   node scripts/build.mjs [--check]   --check: fails if the command line's copy is not what would be built
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { notices } from "./notices.mjs";

const HERE = dirname(dirname(fileURLToPath(import.meta.url)));
const WEB = join(HERE, "..", "plugin", "streamlint_cli", "web");
const COMMON = {
  bundle: true,
  minify: true,
  absWorkingDir: HERE,
  logLevel: "warning",
  legalComments: "none",
  metafile: true,
  write: false,
};

mkdirSync(join(HERE, "dist"), { recursive: true });

/** The files of a build; scripts begin with the licences of what is in them. */
function withNotices({ outputFiles, metafile }) {
  const head = notices(Object.keys(metafile.inputs), HERE);
  return outputFiles.map(({ path, text }) => ({
    path,
    contents: path.endsWith(".js") ? head + text : text,
  }));
}

const extension = await build({
  ...COMMON,
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode"],
});
writeFileSync(join(HERE, "dist", "extension.js"), withNotices(extension)[0].contents);
const page = await build({
  ...COMMON,
  entryPoints: ["map/map.ts", "map/map.css"],
  outdir: "dist",
  format: "iife",
  target: "es2022",
});

let stale = false;
for (const { path, contents } of withNotices(page)) {
  writeFileSync(path, contents);
  const copy = join(WEB, path.slice(join(HERE, "dist").length + 1));
  if (!process.argv.includes("--check")) writeFileSync(copy, contents);
  else if (readFileSync(copy, "utf8") !== contents) stale = true;
}
if (stale) {
  console.error("plugin/streamlint_cli/web is not built from vscode-extension/map: run `npm run build`");
  process.exit(1);
}
