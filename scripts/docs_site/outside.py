"""Pages of the site whose text stands elsewhere in the repository, or in the code."""

from __future__ import annotations

from pathlib import Path

from streamlint.rules import Availability, Rule, all_rules, page

from docs_site import reference

ROOT = Path(__file__).resolve().parent.parent.parent
DOCS = "docs/"
RULES = "shared_rules/streamlint/rules"
COPIED = {
    "vscode-extension/README.md": "editors/vscode.md",
    "CONTRIBUTING.md": "inside/contributing.md",
    "CHANGELOG.md": "reference/changes.md",
}
"""Pages by their place in the repository, and where the site has them."""
SCREENSHOTS = "vscode-extension/media/screenshots"
FIXES = {Availability.NONE: "no fix", Availability.SOMETIMES: "sometimes a fix", Availability.ALWAYS: "a fix"}


def site_path(repository_path: str) -> str | None:
    """Where the site has a file of the repository, or None."""
    if repository_path in COPIED:
        return COPIED[repository_path]
    if repository_path.startswith(DOCS):
        return repository_path.removeprefix(DOCS)
    if repository_path.startswith(f"{RULES}/") and repository_path.endswith(".md"):
        return f"rules/{Path(repository_path).stem.replace('_', '-')}.md"
    if repository_path.startswith(f"{SCREENSHOTS}/"):
        return f"editors/screenshots/{Path(repository_path).name}"
    return None


def repository_path(site: str) -> str:
    """Where the text of a page of the site stands."""
    if site.startswith("rules/") and site != "rules/index.md":
        return f"{RULES}/{Path(site).stem.replace('-', '_')}.md"
    back = {new: old for old, new in COPIED.items()}
    return back.get(site, DOCS + site)


def pages() -> dict[str, str]:
    """Markdown by its path on the site."""
    found = {new: (ROOT / old).read_text(encoding="utf-8") for old, new in COPIED.items()}
    found |= {f"rules/{rule.name}.md": _rule_page(rule) for rule in all_rules()}
    found["rules/index.md"] = reference.rules()
    found["reference/settings.md"] = reference.settings()
    found["reference/cli.md"] = reference.command_line()
    return found


def pictures() -> dict[str, Path]:
    found = {f"editors/screenshots/{path.name}": path for path in sorted((ROOT / SCREENSHOTS).glob("*.png"))}
    return {**found, "assets/logo.svg": ROOT / "vscode-extension" / "media" / "icon.svg"}


def _rule_page(rule: Rule) -> str:
    """The page beside the rule, with what the rule declares below its title."""
    title, _, rest = page(rule).partition("\n")
    since, until = rule.versions
    facts = [
        f"<span class='sl-severity sl-{rule.severity.value}'>{rule.severity.value}</span>",
        "on by default" if rule.by_default else "off by default",
        FIXES[rule.fix],
        *([f"from Streamlit {since} on"] if since else []),
        *([f"until Streamlit {until}"] if until else []),
    ]
    return f"---\ndescription: {rule.summary}\n---\n\n{title}\n\n{' · '.join(facts)}\n{{ .sl-facts }}\n{rest}"
