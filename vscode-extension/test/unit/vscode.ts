/** A small VS Code for unit tests: what happens in it can be set and seen. */
import { vi } from "vitest";

type Listener<T> = (value: T) => unknown;

export class EventEmitter<T> {
  private readonly listeners = new Set<Listener<T>>();
  readonly event = (listener: Listener<T>) => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const each of [...this.listeners]) each(value);
  }

  dispose(): void {
    this.listeners.clear();
  }
}

export class Uri {
  private constructor(
    readonly scheme: string,
    readonly path: string,
    readonly authority = "",
  ) {}

  static file(path: string): Uri {
    return new Uri("file", path);
  }

  static from({ scheme, path }: { scheme: string; path: string }): Uri {
    return new Uri(scheme, path);
  }

  static parse(text: string): Uri {
    const { protocol, pathname, host } = new URL(text);
    return new Uri(protocol.slice(0, -1), decodeURIComponent(pathname), host);
  }

  get fsPath(): string {
    return this.path;
  }

  toString(): string {
    return `${this.scheme}://${this.authority}${this.path}`;
  }
}

export class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}
}

export class Range {
  constructor(
    readonly start: Position,
    readonly end: Position,
  ) {}
}

export class Location {
  constructor(
    readonly uri: Uri,
    readonly range: Range,
  ) {}
}

export const LanguageStatusSeverity = { Information: 0, Warning: 1, Error: 2 };
export const TextDocumentSaveReason = { Manual: 1, AfterDelay: 2, FocusOut: 3 };

interface Document {
  languageId: string;
  uri: Uri;
  getText(): string;
}

/** What tests set: settings by their full names, files by their paths, and what is open. */
export const given = {
  settings: new Map<string, unknown>(),
  files: new Map<string, string>(),
  documents: [] as Document[],
  trusted: true,
  extensions: new Map<string, unknown>(),
};

/** What tests fire. */
export const events = {
  opened: new EventEmitter<Document>(),
  saved: new EventEmitter<Document>(),
  willSave: new EventEmitter<unknown>(),
  folders: new EventEmitter<void>(),
};

export function reset(): void {
  given.settings.clear();
  given.files.clear();
  given.documents = [];
  given.trusted = true;
  given.extensions.clear();
  vi.clearAllMocks();
}

export function document(path: string, text: string, languageId = "python"): Document {
  return { languageId, uri: Uri.file(path), getText: () => text };
}

/** Globs with `{a,b}`, `*` within a name and the folder `/app` above. */
function matching(glob: string, path: string): boolean {
  const pattern = glob
    .replaceAll(/[.+]/g, "\\$&")
    .replaceAll("*", "[^/]*")
    .replaceAll("{", "(?:")
    .replaceAll("}", ")")
    .replaceAll(",", "|");
  return new RegExp(`^/app/(?:${pattern})$`).test(path);
}

export const workspace = {
  workspaceFolders: [{ uri: Uri.file("/app"), name: "app", index: 0 }],
  get textDocuments() {
    return given.documents;
  },
  get isTrusted() {
    return given.trusted;
  },
  getConfiguration: (section: string) => ({
    get: (name: string, fallback?: unknown) => given.settings.get(`${section}.${name}`) ?? fallback,
    update: vi.fn(async (name: string, value: unknown) => given.settings.set(`${section}.${name}`, value)),
  }),
  findFiles: vi.fn(async (glob: string, _exclude: string, most: number) =>
    [...given.files.keys()]
      .filter((path) => matching(glob, path))
      .slice(0, most)
      .map(Uri.file),
  ),
  fs: {
    stat: async ({ path }: Uri) => ({ size: given.files.get(path)?.length ?? 0 }),
    readFile: vi.fn(async ({ path }: Uri) => {
      const text = given.files.get(path);
      if (text === undefined) throw new Error(`${path} is not there`);
      return new TextEncoder().encode(text);
    }),
  },
  asRelativePath: ({ path }: Uri) => path.replace(/^\/app\//, ""),
  onDidOpenTextDocument: events.opened.event,
  onDidSaveTextDocument: events.saved.event,
  onWillSaveTextDocument: events.willSave.event,
  onDidChangeWorkspaceFolders: events.folders.event,
};

export const window = {
  createOutputChannel: () => ({
    debug: vi.fn(),
    info: vi.fn(),
    warn: vi.fn(),
    error: vi.fn(),
    show: vi.fn(),
    dispose: vi.fn(),
  }),
  showErrorMessage: vi.fn(async (): Promise<string | undefined> => undefined),
  showWarningMessage: vi.fn(async (): Promise<string | undefined> => undefined),
};

export const commands = { executeCommand: vi.fn(async (): Promise<unknown> => undefined) };
export const languages = { createLanguageStatusItem: () => ({ dispose: vi.fn() }) };
export const extensions = { getExtension: (id: string) => given.extensions.get(id) };

export class MarkdownString {
  isTrusted: boolean | { readonly enabledCommands: readonly string[] } | undefined;

  constructor(
    readonly value = "",
    readonly supportThemeIcons = false,
  ) {}
}
