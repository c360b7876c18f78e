import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension, Text } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import type { Edit, Files } from "./types";

/** The files, one of which is shown. Each keeps its own history and cursor while another one is shown. */
export class Editor {
  private readonly states = new Map<string, EditorState>();
  private readonly view: EditorView;
  private name = "";

  constructor(
    parent: HTMLElement,
    private readonly on: { changed(): void },
  ) {
    this.view = new EditorView({ parent });
  }

  get shown(): string {
    return this.name;
  }

  get names(): string[] {
    return [...this.states.keys()];
  }

  files(): Files {
    this.keep();
    return Object.fromEntries([...this.states].map(([name, state]) => [name, state.doc.toString()]));
  }

  open(files: Files): void {
    this.states.clear();
    for (const [name, text] of Object.entries(files)) this.states.set(name, this.stateOf(name, text));
    this.name = "";
    this.show(this.names[0] ?? "app.py");
  }

  add(name: string, text: string): void {
    this.states.set(name, this.stateOf(name, text));
    this.show(name);
  }

  remove(name: string): void {
    this.states.delete(name);
    if (name === this.name) {
      this.name = "";
      this.show(this.names[0] ?? "app.py");
    }
  }

  rename(from: string, to: string): void {
    const files = Object.entries(this.files()).map(
      ([name, text]) => [name === from ? to : name, text] as const,
    );
    this.open(Object.fromEntries(files));
    this.show(to);
  }

  show(name: string): void {
    this.keep();
    const state = this.states.get(name);
    if (state === undefined || name === this.name) return;
    this.name = name;
    this.view.setState(state);
    this.view.contentDOM.setAttribute("aria-label", `Code of ${name}`);
  }

  select(name: string, from: number, to: number): void {
    this.show(name);
    const length = this.view.state.doc.length;
    const selection = { anchor: Math.min(from, length), head: Math.min(to, length) };
    this.view.dispatch({ selection, effects: EditorView.scrollIntoView(selection.anchor, { y: "center" }) });
    this.view.focus();
  }

  offset(name: string, line: number, column: number): number {
    const doc = name === this.name ? this.view.state.doc : (this.states.get(name)?.doc ?? Text.empty);
    const at = doc.line(Math.max(1, Math.min(line, doc.lines)));
    return Math.min(at.from + Math.max(0, column), at.to);
  }

  /** Changes files as one step of their histories. */
  edit(changes: Record<string, Edit[]>): void {
    for (const [name, edits] of Object.entries(changes)) {
      if (name === this.name) this.view.dispatch({ changes: edits, userEvent: "input.fix" });
      else {
        const state = this.states.get(name);
        if (state !== undefined) this.states.set(name, state.update({ changes: edits }).state);
      }
    }
    this.on.changed();
  }

  diagnose(diagnostics: (name: string) => Diagnostic[]): void {
    this.keep();
    for (const [name, state] of this.states) {
      const marked = state.update(setDiagnostics(state, clipped(diagnostics(name), state.doc.length))).state;
      this.states.set(name, marked);
    }
    this.view.dispatch(
      setDiagnostics(this.view.state, clipped(diagnostics(this.name), this.view.state.doc.length)),
    );
  }

  private keep(): void {
    if (this.name !== "" && this.states.has(this.name)) this.states.set(this.name, this.view.state);
  }

  private stateOf(name: string, doc: string): EditorState {
    return EditorState.create({ doc, extensions: [extensions(name), this.listening()] });
  }

  private listening(): Extension {
    return EditorView.updateListener.of((update) => {
      if (update.docChanged) this.on.changed();
    });
  }
}

function clipped(diagnostics: Diagnostic[], length: number): Diagnostic[] {
  return diagnostics.filter(({ to }) => to <= length);
}

function extensions(name: string): Extension {
  return [
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    indentOnInput(),
    indentUnit.of("    "),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    syntaxHighlighting(classHighlighter),
    lintGutter(),
    keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...lintKeymap]),
    name.endsWith(".py") ? python() : [],
  ];
}
