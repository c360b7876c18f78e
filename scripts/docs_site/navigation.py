"""The navigation of the site: that of mkdocs.yml, with every rule."""

from __future__ import annotations

from typing import Any

from streamlint.rules import all_rules

HUNDREDS = {
    "STL1": "It raises",
    "STL2": "It is lost",
    "STL3": "It leaks",
    "STL4": "Threads and cost",
    "STL5": "Style",
    "STL9": "Housekeeping",
}


def complete(nav: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{title: _rules() if title == "Rules" else pages} for entry in nav for title, pages in entry.items()]


def _rules() -> list[Any]:
    groups: dict[str, list[Any]] = {}
    for rule in all_rules():
        groups.setdefault(rule.code[:4], []).append({f"{rule.code} {rule.name}": f"rules/{rule.name}.md"})
    return ["rules/index.md", *({f"{begin}: {HUNDREDS[begin]}": pages} for begin, pages in groups.items())]
