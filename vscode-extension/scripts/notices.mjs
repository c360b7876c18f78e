import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The licences of the packages that a bundle is made of, as a comment at its head: most of them ask for that. `inputs` are
 * the paths of esbuild's metafile, relative to `root`.
 */
export function notices(inputs, root) {
  const folders = inputs.flatMap(
    (path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [],
  );
  const licences = new Set([...new Set(folders)].map((folder) => licence(join(root, folder))));
  return licences.size > 0 ? `/*\n${[...licences].join("\n\n")}\n*/\n` : "";
}

function licence(folder) {
  const name = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (name === undefined) return named(folder);
  return readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n").replaceAll("*/", "* /").trim();
}

/** For packages that name their licence and do not bring its text. */
function named(folder) {
  const { name, license, homepage } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (!license) throw new Error(`${name} has no licence`);
  return `${name}: ${license}, ${homepage}`;
}
