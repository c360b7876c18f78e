import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createVSIX } from "@vscode/vsce";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";

export const EXTENSION = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const EXAMPLES = join(EXTENSION, "..", "examples");
export const ARTEFACTS = join(EXTENSION, "artefacts");
const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** What would come between a test and what it looks at. */
const QUIET = {
  "workbench.startupEditor": "none",
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
  "workbench.tips.enabled": false,
  "workbench.colorTheme": "Default Light Modern",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "chat.disableAIFeatures": true,
  "git.enabled": false,
  "editor.minimap.enabled": false,
  "editor.accessibilitySupport": "off",
  "files.autoSave": "off",
  "remote.autoForwardPorts": false,
};

/** Something that the machine must have; `scripts/dev.py vscode` installs and names it. */
export function needed(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name} is not set: run these tests by \`python3 scripts/dev.py vscode\``);
  return value;
}

/** The package that users install. */
export function vsix(): string {
  const { version } = JSON.parse(readFileSync(join(EXTENSION, "package.json"), "utf8"));
  return join(EXTENSION, `streamlint-${version}.vsix`);
}

/** A new folder with these files, or a copy of a folder; `name` may have spaces and what not. */
export function workspace(content: Record<string, string> | string, name = "app"): string {
  const folder = join(mkdtempSync(join(tmpdir(), "streamlint-vscode-")), name);
  mkdirSync(folder, { recursive: true });
  if (typeof content === "string") cpSync(content, folder, { recursive: true });
  else for (const [path, text] of Object.entries(content)) write(join(folder, path), text);
  return folder;
}

export function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

export interface Profile {
  /** Settings of the user, and of the machine: to VS Code a browser's window is a remote one. */
  settings?: Record<string, unknown>;
  /** Folders with extensions besides our own. */
  extensions?: string[];
  flags?: string[];
  env?: Record<string, string>;
  trusting?: boolean;
}

/** A running VS Code (as a server, with a profile of its own) that browsers open windows of. */
export class Code {
  private browser: Browser | undefined;

  private constructor(
    readonly home: string,
    readonly port: number,
    private readonly server: ChildProcess,
  ) {}

  static async start(profile: Profile = {}): Promise<Code> {
    const home = mkdtempSync(join(tmpdir(), "streamlint-profile-"));
    const settings = { ...QUIET, ...profile.settings };
    if (profile.trusting === false) settings["security.workspace.trust.enabled"] = true;
    for (const scope of ["User", "Machine"]) {
      write(join(home, "user", scope, "settings.json"), JSON.stringify(settings, null, 2));
    }
    const others = await Promise.all((profile.extensions ?? []).map((folder) => packed(folder, home)));
    const extensions = [vsix(), ...others].flatMap((each) => ["--install-extension", each]);
    const env = { ...process.env, ...profile.env, ...Code.environment(home) };
    execFileSync("node", [...Code.program(home), ...extensions], { env, stdio: "pipe" });
    const port = await freePort();
    const flags = ["--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry"];
    flags.push("--disable-update-check", "--reconnection-grace-time", "5", "--ignore-last-opened");
    flags.push("--disable-getting-started-override", ...(profile.flags ?? []));
    if (profile.trusting !== false) flags.push("--disable-workspace-trust");
    const server = spawn("node", [...Code.program(home), ...flags], { env, stdio: "ignore" });
    await until(
      async () => (await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined))?.ok,
      "VS Code",
    );
    return new Code(home, port, server);
  }

  private static program(home: string): string[] {
    const program = join(needed("STREAMLINT_CODE_SERVER"), "node_modules", ".bin", "code-server");
    return [program, "--user-data-dir", join(home, "user"), "--extensions-dir", join(home, "extensions")];
  }

  private static environment(home: string): Record<string, string> {
    const path = `${needed("STREAMLINT_NODE24")}${delimiter}${process.env["PATH"] ?? ""}`;
    return { PATH: path, HOME: join(home, "home"), STREAMLINT_RESULTS: join(home, "results.json") };
  }

  /** Opens a window on a folder or a `.code-workspace` file, and a file in it; `scale` is for pictures. */
  async open(place: string, file?: string, payload: [string, string][] = [], scale = 1): Promise<Window> {
    const options = { executablePath: needed("STREAMLINT_CHROMIUM"), args: CHROMIUM_FLAGS };
    this.browser ??= await chromium.launch(options);
    const context = await this.browser.newContext({
      viewport: { width: 1280, height: 720 },
      deviceScaleFactor: scale,
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const page = await context.newPage();
    await page.route("**/*", (route) => {
      const here = ["127.0.0.1", "localhost", ""].includes(new URL(route.request().url()).hostname);
      return here ? route.continue() : route.abort();
    });
    const kind = place.endsWith(".code-workspace") ? "workspace" : "folder";
    const all = file === undefined ? payload : [...payload, ["openFile", this.uri(file)]];
    const query = new URLSearchParams({ [kind]: place });
    if (all.length > 0) query.set("payload", JSON.stringify(all));
    await page.goto(`http://127.0.0.1:${this.port}/?${query}`);
    const window = new Window(page);
    await page.waitForSelector(".monaco-workbench", { timeout: 60_000 });
    if (kind === "workspace") await window.folders();
    if (file !== undefined) await page.waitForSelector(".monaco-editor .view-line", { timeout: 60_000 });
    return window;
  }

  /** Where tests in the extension host write what came out. */
  get results(): string {
    return join(this.home, "results.json");
  }

  uri(path: string): string {
    return `vscode-remote://127.0.0.1:${this.port}${path}`;
  }

  /** The newest log of our extension. */
  log(): string {
    const found = execFileSync("find", [join(this.home, "user", "logs"), "-name", "streamlint*.log"], {
      encoding: "utf8",
    });
    const files = found.split("\n").filter((path) => path !== "");
    return files.map((path) => readFileSync(path, "utf8")).join("\n");
  }

  async stop(): Promise<void> {
    await this.browser?.close();
    this.server.kill();
    await until(() => this.server.exitCode !== null || this.server.signalCode !== null, "the end of VS Code");
    rmSync(this.home, { recursive: true, force: true, maxRetries: 20, retryDelay: 500 });
  }
}

/** One window, and what a person does in it. */
export class Window {
  constructor(readonly page: Page) {}

  /**
   * Waits for the folders of a workspace file. VS Code may read the file before it is connected: then it
   * shows no folder until the window is loaded again (5 of 40 windows, without any extension of ours).
   */
  async folders(): Promise<void> {
    const folder = this.page.locator(".explorer-folders-view .monaco-list-row").first();
    await until(async () => {
      if (await appears(folder)) return true;
      if (await this.page.getByText("No Folder Opened").isVisible()) await this.page.reload();
      return false;
    }, "the folders of the workspace");
  }

  /** Runs a command by the palette. */
  async command(title: string): Promise<void> {
    await this.choose("F1", `>${title}`, title);
  }

  /** Opens a file by its name. */
  async quickOpen(name: string): Promise<void> {
    await this.choose("Control+p", name, name);
    await this.page.locator(".tab.active", { hasText: name.split("/").at(-1) ?? name }).waitFor();
  }

  /** Takes what a text leads to in the list that a key opens. */
  private async choose(key: string, text: string, row: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget:visible input");
    const found = this.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: row }).first();
    await until(async () => {
      await this.page.keyboard.press(key);
      // a view that has just opened may still take the focus, with which the list goes
      return (
        (await appears(input)) &&
        (await succeeds(input.fill(text, { timeout: 5000 }))) &&
        (await appears(found))
      );
    }, `the list of ${key}`);
    await this.page.keyboard.press("Enter");
  }

  /** The line of the open editor with a text. */
  line(text: string) {
    return this.page.locator(".monaco-editor .view-line", { hasText: text }).first();
  }

  /** Where a part of a line stands on the screen. */
  async box(line: string, part: string): Promise<{ x: number; y: number; width: number; height: number }> {
    await this.line(line).waitFor();
    const found = await this.line(line).evaluate((element, wanted) => {
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      const texts: Text[] = [];
      while (walker.nextNode()) texts.push(walker.currentNode as Text);
      const whole = texts.map((each) => each.data.replaceAll("\u00a0", " ")).join("");
      const at = (offset: number): [Text, number] => {
        let left = offset;
        for (const each of texts) {
          if (left <= each.length) return [each, left];
          left -= each.length;
        }
        throw new Error("past the end");
      };
      const start = whole.indexOf(wanted);
      if (start < 0) return null;
      const range = document.createRange();
      range.setStart(...at(start));
      range.setEnd(...at(start + wanted.length));
      const { x, y, width, height } = range.getBoundingClientRect();
      return { x, y, width, height };
    }, part);
    if (found === null) throw new Error(`${part} is not in the line with ${line}`);
    return found;
  }

  /** The middle of a part of a line. */
  private async middle(line: string, part: string): Promise<[number, number]> {
    const { x, y, width, height } = await this.box(line, part);
    return [x + width / 2, y + height / 2];
  }

  /** Puts the cursor into a part of a line, again if a lens that came then has moved the line. */
  async clickAt(line: string, part: string): Promise<void> {
    await until(async () => {
      const [x, y] = await this.middle(line, part);
      await this.page.mouse.click(x, y);
      const focused = await this.page.locator(".monaco-editor.focused").count();
      return focused > 0 && (await this.middle(line, part))[1] === y;
    }, "the cursor");
  }

  /** Rests the mouse on a part of a line until the hover says something, again if the line has moved. */
  async hover(line: string, part: string, says: string): Promise<Locator> {
    const hover = this.page.locator(".monaco-hover:visible").first();
    await until(async () => {
      await this.page.mouse.move(0, 0);
      await this.page.mouse.move(...(await this.middle(line, part)));
      return appears(hover.getByText(says).first());
    }, `the hover on ${part}`);
    return hover;
  }

  /** Writes at the end of the open file, in which the cursor is. */
  async append(text: string): Promise<void> {
    await this.page.keyboard.press("Control+End");
    for (const [at, line] of text.split("\n").entries()) {
      if (at > 0) await this.page.keyboard.press("Enter");
      await this.page.keyboard.type(line);
    }
    await this.page.keyboard.press("Escape");
    await this.page.locator(".tab.active.dirty").waitFor();
  }

  async save(): Promise<void> {
    await this.page.keyboard.press("Control+s");
    await this.page.locator(".tab.active.dirty").waitFor({ state: "detached" });
  }

  /** Opens the menu of quick-fixes for what the cursor is on. */
  async quickFixes(): Promise<void> {
    const menu = this.page.locator(".action-widget .monaco-list-row");
    await until(async () => {
      await this.page.keyboard.press("Control+.");
      return appears(menu.first());
    }, "the menu of quick-fixes");
  }

  close(): Promise<void> {
    return this.page.context().close();
  }

  /** Keeps a picture of the window as an artefact of the run. */
  async shot(name: string): Promise<void> {
    mkdirSync(ARTEFACTS, { recursive: true });
    await this.page.screenshot({ path: join(ARTEFACTS, `${name}.png`) });
  }
}

/** Whether something is there within seconds. */
function appears(locator: Locator): Promise<boolean> {
  return succeeds(locator.waitFor({ timeout: 5000 }));
}

/** Whether what is asked of a page comes about within its time. */
export function succeeds(asked: Promise<unknown>): Promise<boolean> {
  return asked.then(
    () => true,
    () => false,
  );
}

/** Waits until something holds, at most a minute by default: what is awaited has no event that a test could see. */
export async function until<T>(
  holds: () => T | Promise<T>,
  what: string,
  tenths = 600,
): Promise<NonNullable<T>> {
  for (let tries = 0; tries < tenths; tries++) {
    const found = await holds();
    if (found) return found as NonNullable<T>;
    await sleep(100);
  }
  throw new Error(`waited in vain for ${what}`);
}

/** A folder's extension as a package: VS Code installs nothing else. */
async function packed(folder: string, home: string): Promise<string> {
  const packagePath = join(home, `${basename(folder)}.vsix`);
  const no = { allowMissingRepository: true, skipLicense: true, dependencies: false };
  await createVSIX({ cwd: folder, packagePath, ...no });
  return packagePath;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
