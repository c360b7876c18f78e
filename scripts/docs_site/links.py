"""Links between files of the repository, as links between pages of the site."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from docs_site.outside import repository_path, site_path

ROOT = Path(__file__).resolve().parent.parent.parent
REPOSITORY = "https://github.com/streamlint/streamlint"
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)\s#]+)(#[^)\s]*)?\)")
_FENCE = re.compile(r"^ *```")


def rewritten(markdown: str, page: str) -> str:
    """The text of a page of the site with its links made right; code stays as it is."""
    lines, fenced = list[str](), False
    for line in markdown.split("\n"):
        fenced ^= bool(_FENCE.match(line))
        lines.append(line if fenced else _LINK.sub(lambda match: _link(match, page), line))
    return "\n".join(lines)


def _link(match: re.Match[str], page: str) -> str:
    target, anchor = match[1], match[2] or ""
    there = posixpath.normpath(posixpath.join(posixpath.dirname(repository_path(page)), target))
    on_site = site_path(there)
    if on_site is not None and not _left_out(on_site):
        return f"]({posixpath.relpath(on_site, posixpath.dirname(page) or '.')}{anchor})"
    if (ROOT / there).exists():
        kind = "tree" if (ROOT / there).is_dir() else "blob"
        return f"]({REPOSITORY}/{kind}/main/{there}{anchor})"
    return match[0]  # mkdocs refuses it


def _left_out(path: str) -> bool:
    return path.startswith(("editors/sessions/", "skills/"))
