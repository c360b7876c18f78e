import { counted, life } from "../../map/words";
import type { Severity, Use, Warning } from "./data";
import type { KeyNode, PageNode, ShownKey, UseNode } from "./model";
import { spot } from "./names";

/** "list, None · widget": what a key holds and what it is. */
export function keyDescription(key: ShownKey): string {
  return [key.types.join(", "), key.kind === "plain" ? "" : key.kind].filter(Boolean).join(" · ");
}

export function pageDescription(page: PageNode): string {
  return [page.isEntrypoint ? "entrypoint" : "", page.path].filter(Boolean).join(" · ");
}

/** In which function a use stands, what it draws, what is wrong with it and where else it runs. */
export function useDescription(node: UseNode): string {
  const within = "use" in node.use ? whereabouts(node.use) : [];
  const codes = node.warnings.map((warning) => warning.code);
  const elsewhere = node.elsewhere.length > 0 ? [`on ${node.elsewhere.join(", ")}`] : [];
  return [...codes, ...within, ...elsewhere].join(" · ");
}

function whereabouts(use: Use): string[] {
  const element = use.element === null ? [] : [use.element];
  const caller = use.callbacks.length > 0 ? `callback ${use.callbacks.join(", ")}` : use.function;
  return caller === null ? element : [...element, caller];
}

/** A tooltip in Markdown: what the key is, its life, and what is wrong. */
export function keyTooltip(node: KeyNode): string {
  const { key, app } = node;
  const kind = key.kind === "plain" ? "key" : `${key.kind} key`;
  const types = key.types.length > 0 ? `: ${code(key.types.join(" | "))}` : "";
  const first = key.initialisers.map((place) => code(spot(place, app.root)));
  const paragraphs = [
    `**${code(key.key)}** (${kind})${types}`,
    first.length > 0 ? `Gets its first value in ${first.join(", ")}.` : "Nothing that is known sets it.",
    life(key),
    ...key.warnings.map((warning) => warningText(warning, spot(warning, app.root))),
  ];
  return paragraphs.filter((paragraph) => paragraph !== undefined).join("\n\n");
}

function warningText(warning: Warning, where: string): string {
  return `$(${icon(warning.severity)}) **${warning.code}** ${warning.name} (${code(where)})\\\n${escaped(warning.message)}`;
}

/** The name of a codicon. */
export function icon(severity: Severity): string {
  return severity === "hint" ? "info" : severity;
}

/** What a screen reader says of a key. */
export function keyLabel(key: ShownKey): string {
  const warnings = key.warnings.length > 0 ? counted(key.warnings.length, "warning") : "";
  return [key.key, `${key.kind} key`, key.types.join(" or "), warnings].filter(Boolean).join(", ");
}

/** Text as code in Markdown, whatever backticks it has. */
function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = "`".repeat(longest + 1);
  const pad = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${pad}${text}${pad}${fence}`;
}

/** Markdown that shows a text of the server, which has code in backticks. */
function escaped(text: string): string {
  const parts = text.split(/(`[^`]+`)/);
  return parts.map((part, at) => (at % 2 === 1 ? part : part.replace(/[\\*_[\]<>#$`]/g, "\\$&"))).join("");
}
