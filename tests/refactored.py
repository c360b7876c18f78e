"""What tests of refactorings have in common: what is offered at the cursor of a file, and what it gives."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from editor import CURSOR
from fixing import EVERYTHING, comments, line_ends
from streamlint.findings import Span
from streamlint.fixes.building import applied
from streamlint.lint import lint_paths
from streamlint.settings import load_settings
from streamlint_lsp.drafts import Draft, drafts
from streamlint_lsp.options import Options
from streamlint_lsp.projects import Projects

__all__ = ["IMPORT", "Draft", "findings", "offers", "one", "outcome"]
IMPORT = "import streamlit as st\n\n"

BUGS = [code for code in EVERYTHING if not code.startswith("STL5")]


def written(folder: Path, files: Mapping[str, str]) -> dict[str, str]:
    """The files on the disk, without the cursor; gives their texts."""
    texts = {name: text.replace(CURSOR, "") for name, text in files.items()}
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return texts


def offers(folder: Path, files: Mapping[str, str], name: str) -> list[Draft]:
    """All that can be done at the cursor in a file, from the first cursor to the second if there are two."""
    texts = written(folder, files)
    projects = Projects(lambda text: None)
    projects.options = lambda path: Options()
    path = str(folder / name)
    projects.write(path, 1, texts[name])
    answer = projects.mapped(projects.analyse([path], lambda done, total, what: None)[path])
    parts = files[name].split(CURSOR)
    span = Span(len(parts[0]), sum(map(len, parts[:2]))) if len(parts) > 2 else Span(len(parts[0]), len(parts[0]))
    return drafts(projects, answer, span, ())


def outcome(draft: Draft, folder: Path, texts: Mapping[str, str]) -> dict[str, str]:
    """The files' texts afterwards."""
    assert draft.changes is not None
    after = dict(texts)
    for path, (source, edits) in draft.changes.files.items():
        name = str(Path(path).relative_to(folder))
        assert source.text == texts[name]
        after[name] = applied(source.text, edits)
    return after


def findings(folder: Path, texts: Mapping[str, str]) -> Counter[str]:
    """How often each rule finds something in files with these texts; those of style are of one opinion or another."""
    settings = load_settings(folder, isolated=True, overrides={"select": BUGS})
    overlays = {str(folder / name): text for name, text in texts.items()}
    report = lint_paths([folder], settings, overlays=overlays, cache=False)
    assert not [problem for problem in report.problems if problem.kind == "internal"]
    return Counter(finding.code for finding in report.findings)


def one(folder: Path, text: str, title: str, files: Mapping[str, str] | None = None) -> str | None:
    """The text after the refactoring whose title begins so; None if there is none. What holds for all is asserted."""
    found = [draft for draft in offers(folder, {"app.py": text, **(files or {})}, "app.py") if fits(draft, title)]
    if not found:
        return None
    [draft] = found
    before = {"app.py": text.replace(CURSOR, ""), **(files or {})}
    after = outcome(draft, folder, before)
    for name, changed in after.items():
        ast.parse(changed)
        assert not comments(before[name]) - comments(changed), "comments stay"
        assert line_ends(changed) <= line_ends(before[name]), "line ends stay"
    new = findings(folder, after) - findings(folder, before)
    assert not new, f"nothing new is reported: {new}"
    return after["app.py"]


def fits(draft: Draft, title: str) -> bool:
    return draft.title.startswith(title) and draft.kind.startswith("refactor")
