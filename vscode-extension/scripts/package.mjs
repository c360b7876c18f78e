// Makes streamlint-<version>.vsix, from a clean clone if need be: npm ci, the build, the bundle, vsce.
//   node scripts/package.mjs
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(dirname(fileURLToPath(import.meta.url)));
const MOST = 2_000_000;

/** Runs a program of Node's in the extension's folder; ends with it if it fails, which it has said itself. */
function run(command, ...words) {
  const done = spawnSync(command, words, {
    cwd: HERE,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (done.status !== 0) process.exit(done.status ?? 1);
}

if (!existsSync(join(HERE, "node_modules"))) run("npm", "ci");
run("node", "scripts/build.mjs", "--check"); // what is shipped with the command line was built from the same
run("node", "scripts/bundle.mjs");

const { version, repository } = JSON.parse(readFileSync(join(HERE, "package.json"), "utf8"));
const name = `streamlint-${version}.vsix`;
const images = `${repository.url.replace(/\.git$/, "")}/raw/HEAD/${repository.directory}`;
run("npx", "--no-install", "vsce", "package", "--no-dependencies", "--baseImagesUrl", images, "--out", name);
const { size } = statSync(join(HERE, name));
if (size > MOST) throw new Error(`${name} has ${size} bytes: more than anybody wants to download`);
console.log(`${name}: ${Math.round(size / 1000)} kB`);
