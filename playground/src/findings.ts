import { element, rich } from "./dom";
import type { Checked, Finding, Place, Problem } from "./types";

export interface Wishes {
  go(place: Place): void;
  line(file: string, line: number, column: number): void;
  fix(finding: Finding): void;
}

/** The findings as a list; each with the steps that lead to it. */
export function findings(checked: Checked, wishes: Wishes): Node {
  if (checked.findings.length + checked.problems.length === 0) {
    return element(
      "p",
      { class: "clean" },
      "No findings. No run of this app ends in a bug that streamlint knows.",
    );
  }
  return element(
    "ul",
    { class: "findings" },
    ...checked.problems.map((problem) => ofProblem(problem, wishes)),
    ...checked.findings.map((finding) => ofFinding(finding, wishes)),
  );
}

function ofProblem({ file, message, line, column }: Problem, wishes: Wishes): Node {
  const go = link(`${file}:${line}`, () => wishes.line(file, line, column - 1));
  return element("li", { class: "error" }, element("h2", {}, ...rich(message)), element("p", {}, go));
}

function ofFinding(finding: Finding, wishes: Wishes): Node {
  const { code, name, message, severity, place, help, fix } = finding;
  const title = element(
    "h2",
    {},
    element("span", { class: "code" }, element("span", { class: "hidden" }, `${severity} `), code),
    " ",
    ...rich(message),
  );
  const more = element(
    "a",
    { href: `../../rules/${name}/`, target: "_blank", rel: "noopener" },
    `${name} explained`,
  );
  const where = element("p", { class: "where" }, at(place, wishes), " · ", more);
  return element(
    "li",
    { class: severity },
    title,
    where,
    ...steps(finding, wishes),
    ...finding.related.map((each) =>
      element("p", { class: "note" }, ...rich(each.text), " ", at(each.place, wishes)),
    ),
    element("p", { class: "help" }, ...rich(capital(help)), "."),
    ...(fix === null ? [] : [fixes(finding, wishes)]),
  );
}

function steps({ witness }: Finding, wishes: Wishes): Node[] {
  if (witness.length === 0) return [];
  const items = witness.map(({ text, place }) =>
    element("li", {}, ...(place === null ? rich(text) : [step(text, place, wishes)])),
  );
  return [element("p", { class: "how" }, "How it happens:"), element("ol", {}, ...items)];
}

function step(text: string, place: Place, wishes: Wishes): Node {
  const said = text.replace(`${place.file}:${place.line}: `, "");
  return element("span", {}, at(place, wishes), " ", ...rich(said));
}

function at(place: Place, wishes: Wishes): Node {
  return link(`${place.file}:${place.line}`, () => wishes.go(place));
}

function link(text: string, act: () => void): HTMLButtonElement {
  const button = element("button", { type: "button", class: "place" }, text);
  button.addEventListener("click", act);
  return button;
}

function fixes(finding: Finding, wishes: Wishes): Node {
  const { fix } = finding;
  const button = element("button", { type: "button", class: "fix" }, "Fix: ", ...rich(fix?.title ?? ""));
  button.addEventListener("click", () => wishes.fix(finding));
  const safe = fix?.safe ? [] : [element("span", { class: "note" }, " The app may then behave otherwise.")];
  return element("p", {}, button, ...safe);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
