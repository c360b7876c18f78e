import type { Diagnostic } from "@codemirror/lint";
import { arrows, element, part } from "./dom";
import { Editor } from "./editor";
import { Engine } from "./engine";
import { findings } from "./findings";
import { SAMPLES } from "./samples";
import { filesOf, fragmentOf, isName } from "./share";
import type { Checked, Files, Finding, Place } from "./types";

const status = part("status");
const list = part("findings");
const map = part("map");
let checked: Checked | undefined;
/** Whether what is shown is about the text as it is now. */
let current = false;
let isReady = false;

const editor = new Editor(part("editor"), { changed: () => changed() });
const engine = new Engine({
  ready: () => {
    isReady = true;
    say("Checking …");
  },
  failed: (reason) => say(`streamlint failed: ${reason}`),
  checked: (answer) => show(answer),
});

function say(text: string): void {
  status.textContent = text;
}

function changed(pause?: number): void {
  current = false;
  document.body.dataset.state = "checking";
  if (isReady) say("Checking …");
  engine.ask(() => editor.files(), pause);
}

function show(answer: Checked): void {
  checked = answer;
  current = true;
  const count = answer.findings.length + answer.problems.length;
  list.replaceChildren(findings(answer, { go, fix, line }));
  part("tab-findings").textContent = `Findings (${count})`;
  editor.diagnose((name) => diagnostics(answer, name));
  drawTabs();
  drawMap();
  say(count === 0 ? "No findings" : count === 1 ? "1 finding" : `${count} findings`);
  document.body.dataset.state = "checked";
}

// --- findings ---

function diagnostics(answer: Checked, name: string): Diagnostic[] {
  const own = answer.findings.filter(({ place }) => place.file === name);
  const broken = answer.problems.filter(({ file }) => file === name && editor.names.includes(file));
  return [
    ...own.map(
      (finding): Diagnostic => ({
        from: finding.place.from,
        to: finding.place.to,
        severity: finding.severity,
        source: finding.code,
        message: `${finding.message}\n${finding.witness.map(({ text }, index) => `${index + 1}. ${text}`).join("\n")}`,
        actions: finding.fix === null ? [] : [{ name: "Fix", apply: () => fix(finding) }],
      }),
    ),
    ...broken.map(({ message, line: row, column }): Diagnostic => {
      const from = editor.offset(name, row, column - 1);
      return { from, to: from, severity: "error", message };
    }),
  ];
}

function go(place: Place): void {
  editor.select(place.file, place.from, place.to);
  drawTabs();
}

function line(file: string, row: number, column: number): void {
  const at = editor.offset(file, row, column);
  go({ file, from: at, to: at, line: row });
}

function fix(finding: Finding): void {
  if (finding.fix === null) return;
  if (!current) {
    say("The text has changed; it is being checked again");
    return;
  }
  editor.edit(finding.fix.edits);
  changed(0);
}

// --- files ---

function drawTabs(): void {
  const wrong = new Map<string, number>();
  for (const { place } of checked?.findings ?? []) wrong.set(place.file, (wrong.get(place.file) ?? 0) + 1);
  const tabs = part("files");
  const focused = tabs.contains(document.activeElement);
  tabs.replaceChildren(...editor.names.map((name) => tab(name, wrong.get(name) ?? 0)));
  if (focused) tabs.querySelector<HTMLElement>("[aria-selected=true]")?.focus();
  part<HTMLButtonElement>("remove").disabled = editor.names.length < 2;
}

function tab(name: string, count: number): HTMLElement {
  const chosen = name === editor.shown;
  const attributes = {
    type: "button",
    role: "tab",
    "aria-selected": String(chosen),
    "aria-controls": "editor",
  };
  const badge = element(
    "span",
    { class: "badge" },
    String(count),
    element("span", { class: "hidden" }, " findings"),
  );
  const made = element("button", attributes, name, ...(count > 0 ? [" ", badge] : []));
  made.tabIndex = chosen ? 0 : -1;
  made.addEventListener("click", () => {
    editor.show(name);
    drawTabs();
  });
  return made;
}

/** Asks for the name of a file until it is one, or nobody wants it any more. */
function asked(question: string, proposal: string): string | undefined {
  for (let why = ""; ; ) {
    const name = window.prompt(`${why}${question}`, proposal)?.trim();
    if (!name) return undefined;
    if (!isName(name)) why = "A name such as pages/Report.py or state.py is needed.\n";
    else if (editor.names.includes(name)) why = `There is a file ${name} already.\n`;
    else return name;
  }
}

function add(): void {
  const name = asked("Name of the new file:", "pages/Page.py");
  if (name === undefined) return;
  editor.add(name, name.endsWith(".py") ? "import streamlit as st\n" : "");
  drawTabs();
  changed(0);
}

function rename(): void {
  const name = asked("New name of the file:", editor.shown);
  if (name === undefined) return;
  editor.rename(editor.shown, name);
  drawTabs();
  changed(0);
}

function remove(): void {
  if (editor.names.length < 2 || !window.confirm(`Delete ${editor.shown}?`)) return;
  editor.remove(editor.shown);
  drawTabs();
  changed(0);
}

function open(files: Files): void {
  editor.open(files);
  drawTabs();
  changed(0);
}

// --- the state map ---

let frame: HTMLIFrameElement | undefined;
let drawn = false;

function drawMap(): void {
  if (map.hidden) return;
  if (frame === undefined) {
    frame = element("iframe", { title: "State map", src: "map.html" });
    map.append(frame);
  }
  if (drawn)
    frame.contentWindow?.postMessage({ type: "graphs", graphs: checked?.graphs ?? [] }, location.origin);
}

window.addEventListener("message", ({ data, origin, source }) => {
  if (origin !== location.origin || frame === undefined || source !== frame.contentWindow) return;
  if (data.type === "ready") {
    drawn = true;
    drawMap();
  } else if (data.type === "open") {
    const { line: row, character } = data.place.range.start;
    line(data.place.uri, row + 1, character);
  } else if (data.type === "export") {
    const url = URL.createObjectURL(new Blob([data.svg], { type: "image/svg+xml" }));
    element("a", { href: url, download: "state.svg" }).click();
    URL.revokeObjectURL(url);
  }
});

function choose(chosen: "findings" | "map"): void {
  for (const name of ["findings", "map"] as const) {
    const tabOf = part(`tab-${name}`);
    part(name).hidden = name !== chosen;
    tabOf.setAttribute("aria-selected", String(name === chosen));
    tabOf.tabIndex = name === chosen ? 0 : -1;
  }
  drawMap();
}

// --- the bar ---

async function share(): Promise<void> {
  history.replaceState(null, "", `#${await fragmentOf(editor.files())}`);
  try {
    await navigator.clipboard.writeText(location.href);
    say("The address with your code is copied");
  } catch {
    say("The address of this page has your code now");
  }
}

const samples = part<HTMLSelectElement>("samples");
samples.append(...Object.keys(SAMPLES).map((name) => element("option", {}, name)));
samples.addEventListener("change", () => {
  history.replaceState(null, "", location.pathname);
  open(SAMPLES[samples.value] ?? {});
});
part("share").addEventListener("click", () => void share());
part("add").addEventListener("click", add);
part("rename").addEventListener("click", rename);
part("remove").addEventListener("click", remove);
part("tab-findings").addEventListener("click", () => choose("findings"));
part("tab-map").addEventListener("click", () => choose("map"));
for (const each of document.querySelectorAll<HTMLElement>("[role=tablist]")) arrows(each);

async function begin(): Promise<void> {
  const shared = await filesOf(location.hash.slice(1));
  if (shared !== undefined) {
    samples.prepend(element("option", {}, "Shared"));
    samples.selectedIndex = 0;
  }
  open(shared ?? Object.values(SAMPLES)[0] ?? { "app.py": "" });
}

window.addEventListener("hashchange", () => void begin());
void begin();
