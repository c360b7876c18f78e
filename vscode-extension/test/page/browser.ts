import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import type { Graph } from "../../map/graph";
import type { FromPage } from "../../map/messages";

const EXTENSION = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const PROGRAMS = ["chromium", "chromium-browser", "google-chrome"];

/** Chromium, as `STREAMLINT_CHROMIUM` names it or as it is on the path. */
function program(): string {
  const named = process.env["STREAMLINT_CHROMIUM"];
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const found = folders.flatMap((folder) => PROGRAMS.map((name) => join(folder, name))).find(existsSync);
  const chosen = named ?? found;
  if (chosen === undefined) throw new Error("there is no Chromium: name one in STREAMLINT_CHROMIUM");
  return chosen;
}

/** The page of the state map in a browser, as the command line writes it or as VS Code shows it. */
export class Pages {
  private constructor(
    private readonly browser: Browser,
    private readonly folder: string,
    private readonly script: string,
    private readonly style: string,
  ) {}

  static async start(): Promise<Pages> {
    const { outputFiles } = await build({
      absWorkingDir: EXTENSION,
      entryPoints: ["map/map.ts", "map/map.css"],
      bundle: true,
      outdir: "dist",
      write: false,
    });
    const text = (suffix: string) => outputFiles.find(({ path }) => path.endsWith(suffix))?.text ?? "";
    const args = ["--no-sandbox", "--disable-gpu"];
    const browser = await chromium.launch({ executablePath: program(), args });
    return new Pages(browser, mkdtempSync(join(tmpdir(), "streamlint-map-")), text(".js"), text(".css"));
  }

  /** The page of a file. Errors of it are errors of the test that has it. */
  async written(graphs: Graph[], options: BrowserContextOptions = {}): Promise<Page> {
    const data = JSON.stringify({ version: 1, graphs }).replaceAll("<", "\\u003c");
    return this.open(`<script type="application/json" id="streamlint-data">${data}</script>`, options);
  }

  /** The page in an editor, and what it has said so far. */
  async inEditor(graphs: Graph[], kept?: unknown): Promise<{ page: Page; said: () => Promise<FromPage[]> }> {
    const page = await this.open(`<script>${editor(kept)}</script>`, {});
    const said = () => page.evaluate<FromPage[]>("said");
    await page.evaluate((message) => window.postMessage(message), { type: "graphs", graphs });
    await page.waitForSelector("g.node");
    return { page, said };
  }

  async stop(): Promise<void> {
    await this.browser.close();
    rmSync(this.folder, { recursive: true });
  }

  private async open(before: string, options: BrowserContextOptions): Promise<Page> {
    const size = { width: 1200, height: 800 };
    const page = await (await this.browser.newContext({ viewport: size, ...options })).newPage();
    page.on("pageerror", (error) => {
      throw error;
    });
    const file = join(this.folder, `${crypto.randomUUID()}.html`);
    const head = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Map</title><style>${this.style}</style>`;
    writeFileSync(
      file,
      `${head}<body><main id="map"></main>${before}<script>${this.script}</script></body></html>`,
    );
    await page.goto(pathToFileURL(file).href);
    return page;
  }
}

/** What VS Code gives to a page, which here remembers what it is told. */
function editor(kept: unknown): string {
  const state = JSON.stringify(kept ?? null);
  return `const said = []; let state = ${state}; function acquireVsCodeApi() {
    return { getState: () => state, setState: (next) => { state = next; }, postMessage: (message) => said.push(message) };
  }`;
}
