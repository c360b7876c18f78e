"""What can be done at a place of a file, as the engine sees it. Runs in the worker's thread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lsprotocol import types as t
from streamlint.findings import Applicability, Edit, Finding, Fix, Span
from streamlint.fixes import Syntax
from streamlint.fixes.missing import Gap
from streamlint.fixes.refactorings import Given, Refactoring, offered
from streamlint.records import immutable
from streamlint.rules import start_wanted
from streamlint.source import SourceText
from streamlint.suppressions import file_edit, line_edit

from streamlint_lsp import apps
from streamlint_lsp.edits import Changes, difference
from streamlint_lsp.projects import Answer, Projects

FIX_ALL = "source.fixAll.streamlint"
SUFFIXES = {Applicability.SAFE: "", Applicability.UNSAFE: " (unsafe)", Applicability.DISPLAY: " (check the result)"}


@immutable
class Draft:
    """One thing to do. `what` names it, so that it is found again when the client asks for its edits; `changes` are
    those, None if they take time to make. `findings` are what it is for."""

    title: str
    kind: str
    what: Mapping[str, Any]
    changes: Changes | None = None
    findings: tuple[Finding, ...] = ()
    preferred: bool = False


def drafts(projects: Projects, answer: Answer, span: Span, findings: tuple[Finding, ...]) -> list[Draft]:
    """All that can be done about these findings and at this place of the answer's text, best first."""
    found = [*_fixes(answer, findings), *_fixes_of_all(projects, answer, findings)]
    found += [*_disabled(answer, findings), *_refactored(projects, answer, span), *_whole_file(answer)]
    return _merged(found)


def changes(projects: Projects, answer: Answer, what: Mapping[str, Any]) -> Changes | None:
    """The edits of what was offered, for the answer's text; None if it cannot be done any more."""
    match what:
        case {"do": "fix" | "line" | "file" as do, "finding": [str(code), str(message), int(number), int(count)]}:
            same = [each for each in answer.findings if (each.code, each.message) == (code, message)]
            return _about(answer, same[number], do) if len(same) == count and 0 <= number < count else None
        case {"do": "refactor", "name": str(name), "span": [int(start), int(end)]} if 0 <= start <= end:
            found = _refactorings(projects, answer, Span(start, end))
            return next((_of_fix(answer, each.fix) for each in found if each.name == name), None)
        case {"do": "all", "code": code, "least": int(least), "app": bool(app)}:
            return _all(projects, answer, None if code is None else str(code), Applicability(least), app)
        case _:
            return None


# --- one finding ---------------------------------------------------------------------------------------------


def _fixes(answer: Answer, findings: tuple[Finding, ...]) -> Iterator[Draft]:
    fixable = [each for each in findings if each.fix is not None]
    for finding in sorted(fixable, key=lambda each: -_applicability(each)):
        if finding.fix is not None:
            title = f"{finding.code}: {finding.fix.title}{SUFFIXES[finding.fix.applicability]}"
            safe = finding.fix.applicability is Applicability.SAFE
            what = {"do": "fix", "finding": _identity(answer, finding)}
            yield Draft(title, t.CodeActionKind.QuickFix, what, _about(answer, finding, "fix"), (finding,), safe)


def _disabled(answer: Answer, findings: tuple[Finding, ...]) -> Iterator[Draft]:
    for do, where in (("line", "for this line"), ("file", "for the file")):
        for finding in findings:
            made = _about(answer, finding, do)
            if made is not None:
                what = {"do": do, "finding": _identity(answer, finding)}
                title = f"Disable {finding.code} ({finding.name}) {where}"
                yield Draft(title, t.CodeActionKind.QuickFix, what, made, (finding,))


def _about(answer: Answer, finding: Finding, do: str) -> Changes | None:
    if do == "fix":
        return _of_fix(answer, finding.fix) if finding.fix is not None else None
    edit = (line_edit if do == "line" else file_edit)(answer.source, finding)
    return Changes({answer.path: (answer.source, (edit,))}) if edit is not None else None


def _of_fix(answer: Answer, fix: Fix) -> Changes | None:
    files: dict[str, tuple[SourceText, tuple[Edit, ...]]] = {}
    for each in fix.by_file(answer.path):
        source = answer.source if each.path == answer.path else answer.texts.get(each.path)
        if source is None:
            return None
        files[each.path] = (source, each.edits)
    return Changes(files)


def _identity(answer: Answer, finding: Finding) -> list[Any]:
    """What a finding is known by after an edit elsewhere: its number among those that say the same, and their count."""
    same = [each for each in answer.findings if (each.code, each.message) == (finding.code, finding.message)]
    return [finding.code, finding.message, same.index(finding), len(same)]


def _applicability(finding: Finding) -> Applicability:
    return finding.fix.applicability if finding.fix is not None else Applicability.DISPLAY


# --- many findings -------------------------------------------------------------------------------------------


def _fixes_of_all(projects: Projects, answer: Answer, findings: tuple[Finding, ...]) -> Iterator[Draft]:
    """A rule's fixes in the file and in the app, as sure as the one at the cursor."""
    for finding in findings:
        least = _applicability(finding)
        if finding.fix is None or least is Applicability.DISPLAY:
            continue
        mine = _fixable(answer.findings, finding.code, least)
        everywhere = _fixable(apps.findings(projects, answer), finding.code, least)
        for app, where, found in ((False, "in this file", mine), (True, "in the app", everywhere)):
            if len(found) > (max(1, len(mine)) if app else 1):
                title = f"Fix all {finding.code} ({finding.name}) {where}{SUFFIXES[least]}"
                what = {"do": "all", "code": finding.code, "least": int(least), "app": app}
                yield Draft(title, t.CodeActionKind.QuickFix, what, None, (finding,))


def _fixable(findings: tuple[Finding, ...], code: str | None, least: Applicability) -> list[Finding]:
    return [
        each
        for each in findings
        if each.fix is not None and each.fix.applicability >= least and code in (None, each.code)
    ]


def _whole_file(answer: Answer) -> Iterator[Draft]:
    # As Ruff's server does, it is among the answers to a client that does not say what it wants: clients that show
    # such lists where the cursor is leave out what is of kind `source`.
    safe = _fixable(answer.findings, None, Applicability.SAFE)
    if any(each.fix is not None and not each.fix.elsewhere for each in safe):
        what = {"do": "all", "code": None, "least": int(Applicability.SAFE), "app": False}
        yield Draft("Fix all that streamlint can fix safely", FIX_ALL, what)


def _all(projects: Projects, answer: Answer, code: str | None, least: Applicability, app: bool) -> Changes | None:
    paths = apps.modules(projects, answer) if app else (answer.path,)
    fixed = apps.fixed(projects, paths, answer.path, least, None if code is None else {code})
    files = {path: (source, difference(source.text, text)) for path, (source, text) in fixed.texts.items()}
    return Changes(files) if files else None


# --- refactorings --------------------------------------------------------------------------------------------


def _refactored(projects: Projects, answer: Answer, span: Span) -> Iterator[Draft]:
    for each in _refactorings(projects, answer, span):
        what = {"do": "refactor", "name": each.name, "span": [span.start, span.end]}
        title = each.title + (SUFFIXES[Applicability.UNSAFE] if each.noticed else "")
        yield Draft(title, each.kind, what, _of_fix(answer, each.fix))


def _refactorings(projects: Projects, answer: Answer, span: Span) -> Iterator[Refactoring]:
    given = Given(
        _Files(projects, answer),
        answer.path,
        span,
        tuple(access for each in answer.maps for access in each.accesses),
        frozenset(path for each in answer.maps for path in (each.entry, *each.pages)),
        frozenset(each.entry for each in answer.maps if each.navigates and each.pages),
        lambda: _gaps(projects, answer),
    )
    return offered(given)


def _gaps(projects: Projects, answer: Answer) -> Iterator[Gap]:
    for finding in apps.findings(projects, answer):
        gap = start_wanted(finding)
        if gap is not None:
            yield gap


class _Files:
    """The files' trees, as long as they are those of the answer."""

    def __init__(self, projects: Projects, answer: Answer) -> None:
        self._linter = projects.linter(answer.path)
        self._answer = answer

    def syntax(self, path: str) -> Syntax | None:
        known = self._answer.source if path == self._answer.path else self._answer.texts.get(path)
        found = self._linter.syntax(path) if known is not None else None
        return found if found is not None and known is not None and found.text == known.text else None


def _merged(found: list[Draft]) -> list[Draft]:
    """Each once: what several findings ask for is for all of them."""
    kept: dict[tuple[Any, ...], Draft] = {}
    for draft in found:
        same = draft.changes.identity if draft.changes is not None else str(sorted(draft.what.items(), key=str))
        at = (draft.title, same)
        before = kept.get(at)
        if before is None:
            kept[at] = draft
        elif draft.findings:
            every = tuple(dict.fromkeys((*before.findings, *draft.findings)))
            kept[at] = Draft(before.title, before.kind, before.what, before.changes, every, before.preferred)
    return list(kept.values())
