import type { EditorPlace, Graph, Place } from "./graph";
import type { FromPage, ToPage } from "./messages";

/** Where the page lives: in VS Code, or in a file that the command line wrote. */
export interface Host {
  /** What the page kept when it was last here. */
  readonly kept: unknown;
  keep(state: unknown): void;
  /** Opens a place; undefined where no place can be opened. */
  readonly open: ((place: Place) => void) | undefined;
  export(svg: string, app: string): void;
  /** Tells the page what to show, now and whenever that changes. */
  listen(tell: (message: ToPage) => void): void;
}

interface VsCode {
  getState(): unknown;
  setState(state: unknown): void;
  postMessage(message: FromPage): void;
}

declare const acquireVsCodeApi: (() => VsCode) | undefined;

export function host(): Host {
  return typeof acquireVsCodeApi === "undefined" ? fileHost() : editorHost(acquireVsCodeApi());
}

function editorHost(vscode: VsCode): Host {
  return {
    kept: vscode.getState(),
    keep: (state) => vscode.setState(state),
    open: (place) => "uri" in place && vscode.postMessage({ type: "open", place: bare(place) }),
    export: (svg, app) => vscode.postMessage({ type: "export", svg, app }),
    listen(tell) {
      window.addEventListener("message", (event: MessageEvent<ToPage>) => tell(event.data));
      vscode.postMessage({ type: "ready" });
    },
  };
}

function bare({ uri, range }: EditorPlace): EditorPlace {
  return { uri, range };
}

function fileHost(): Host {
  return {
    kept: undefined,
    keep: () => undefined,
    open: undefined,
    export: download,
    listen: (tell) => tell({ type: "graphs", graphs: written() }),
  };
}

/** The graphs that the command line wrote into the page. */
function written(): Graph[] {
  const data: { graphs: Graph[] } = JSON.parse(document.getElementById("streamlint-data")?.textContent ?? "");
  return data.graphs;
}

function download(svg: string, app: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  link.download = `${app.replace(/\.py$/, "").replace(/[^\w.-]+/g, "-")}-state.svg`;
  link.click();
  URL.revokeObjectURL(link.href);
}
