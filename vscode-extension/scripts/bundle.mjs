// Makes bundled/libs: the engine and the server of this repository with what they need, for every Python from 3.10.
//   node scripts/bundle.mjs
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findPython } from "./python.mjs";

const HERE = dirname(dirname(fileURLToPath(import.meta.url)));
const REPOSITORY = dirname(HERE);
const LIBS = join(HERE, "bundled", "libs");
const PACKAGES = [join("shared_rules", "streamlint"), join("lsp", "streamlint_lsp")];
/** The wheels of pure Python, whatever Python and machine this is. */
const PURE = ["--platform", "any", "--implementation", "py", "--abi", "none", "--python-version", "3.10"];
const EXACT = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "--no-compile"];
/** What no server reads, and what would only run on this machine. */
const USELESS = /^(__pycache__|bin|tests?|.*\.(pyc|so|pyd|exe))$/;
const NATIVE = /\.(so|pyd|dylib|dll)$/;
/** Of a package's metadata, what `importlib.metadata` and the law ask for. */
const METADATA = /^(METADATA|licenses|LICEN[CS]E.*|NOTICE.*|COPYING.*|entry_points\.txt)$/;

function install() {
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
  const requirements = join(HERE, "bundled", "requirements.txt");
  const pip = ["-m", "pip", "install", ...quiet, "--target", LIBS, ...PURE, ...EXACT, "-r", requirements];
  execFileSync(findPython(), pip, { stdio: ["ignore", "ignore", "inherit"] });
}

function copyOurs() {
  for (const path of PACKAGES) {
    cpSync(join(REPOSITORY, path), join(LIBS, path.split(/[\\/]/).at(-1)), { recursive: true });
  }
}

/** Metadata of our own, so that `importlib.metadata` knows the version. */
function writeMetadata() {
  const project = readFileSync(join(REPOSITORY, "pyproject.toml"), "utf8");
  const [, version] = project.match(/^version = "(.+)"$/m) ?? [];
  const folder = join(LIBS, `streamlint-${version}.dist-info`);
  mkdirSync(folder);
  const lines = [
    "Metadata-Version: 2.3",
    "Name: streamlint",
    `Version: ${version}`,
    "License: Apache-2.0",
    "",
  ];
  writeFileSync(join(folder, "METADATA"), lines.join("\n"));
}

/** Removes what no server reads. */
function prune(folder, metadata = false) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const wanted = metadata ? METADATA.test(entry.name) : !USELESS.test(entry.name);
    if (!wanted) rmSync(path, { recursive: true });
    else if (entry.isDirectory() && entry.name !== "licenses") prune(path, entry.name.endsWith(".dist-info"));
  }
}

function refuseNativeCode() {
  const native = readdirSync(LIBS, { recursive: true }).filter((path) => NATIVE.test(String(path)));
  if (native.length > 0) throw new Error(`the bundle must run everywhere, but has ${native.join(", ")}`);
}

rmSync(LIBS, { recursive: true, force: true });
install();
refuseNativeCode();
copyOurs();
writeMetadata();
prune(LIBS);
