"""The app around a file: its files, what is wrong in them, and what they are once that is fixed. Runs in the worker's
thread."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from streamlint.findings import Applicability, Finding
from streamlint.fixing import Fixed, fix_paths

from streamlint_lsp.projects import Answer, Projects


def modules(projects: Projects, answer: Answer) -> tuple[str, ...]:
    """The files of the apps that run an answer's file, and that file; none that is broken or excluded."""
    paths = {answer.path}.union(*(each.modules for each in answer.maps))
    linter = projects.linter(answer.path)
    whole = (path for path in paths if not projects.is_broken(path))
    return tuple(sorted(path for path in whole if path == answer.path or not linter.excludes(path)))


def findings(projects: Projects, answer: Answer) -> tuple[Finding, ...]:
    """What is to say about those files."""
    return projects.linter(answer.path).lint(modules(projects, answer)).findings


def fixed(
    projects: Projects, paths: Sequence[str], home: str, least: Applicability, codes: Collection[str] | None
) -> Fixed:
    """Files after all fixes that are at least this sure, of these rules; the settings are those of `home`."""
    settings = projects.settings(home)
    return fix_paths(paths, settings, least=least, overlays=projects.overlays(settings), codes=codes)
