"""What the tools do, without the protocol. They read, and write nothing but the cache of `streamlint check`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from streamlint.findings import DOCS_URL, Applicability, Confidence, Finding, Fix, Place
from streamlint.fixing import Fixed
from streamlint.fixing import fix as fixed_by
from streamlint.lint import Linter, Problem, Report
from streamlint.pictures.places import Json
from streamlint.rules import page
from streamlint.rules import rule as rule_of
from streamlint.settings import Settings, SettingsError, load_settings
from streamlint.statemap import StateMap
from streamlint_cli.commands import suggestion
from streamlint_cli.fixes import diff
from streamlint_cli.maps import Mapped as MappedApp

from streamlint_mcp import shapes
from streamlint_mcp.workspace import Refused, Workspace

LEAST = {False: Applicability.SAFE, True: Applicability.UNSAFE}


def lint(workspace: Workspace, paths: Sequence[str], select: Sequence[str], limit: int) -> shapes.Linted:
    """What is wrong in the paths. Raises `Refused`."""
    reports = [linter.lint(chosen) for linter, chosen in _linters(workspace, paths, select)]
    found = [(each, report) for report in reports for each in _inside(report, workspace)]
    return shapes.Linted(
        total=len(found),
        findings=[_found(finding, report) for finding, report in found[:limit]],
        problems=[_trouble(problem) for report in reports for problem in report.problems],
        files=sum(report.statistics.files for report in reports),
        apps=sum(report.statistics.apps for report in reports),
    )


def explain(wanted: str) -> shapes.Explained:
    """The page of a rule. Raises `Refused`."""
    found = rule_of(wanted)
    if found is None:
        raise Refused(f"no rule is called `{wanted}`{suggestion(wanted)}")
    return shapes.Explained(
        code=found.code,
        name=found.name,
        summary=found.summary,
        severity=found.severity.value,
        default=found.by_default,
        fix=found.fix.value,
        url=f"{DOCS_URL}{found.name}",
        explanation=page(found),
    )


def fix(workspace: Workspace, paths: Sequence[str], select: Sequence[str], unsafe: bool) -> shapes.Preview:
    """What the fixes would change. Raises `Refused`."""
    done = [
        fixed_by(linter, chosen, least=LEAST[unsafe])
        for linter, chosen in _linters(workspace, paths, select, cache=False)
    ]
    made = [finding for each in done for finding in each.made if workspace.contains(finding.place.path)]
    return shapes.Preview(
        diff="".join(line for each in done for line in _diff(each, workspace)),
        fixed=[shapes.Fixed(code=f.code, name=f.name, message=f.message, file=f.place.path) for f in made],
        remaining=sum(len(list(_inside(each.report, workspace))) for each in done),
        problems=[_trouble(problem) for each in done for problem in each.report.problems],
    )


def state_map(workspace: Workspace, paths: Sequence[str]) -> shapes.Mapped:
    """The keys of the apps that run the paths. Raises `Refused`."""
    apps: list[Json] = []
    for linter, chosen in _linters(workspace, paths, (), mapped=True):
        maps, report = linter.judged_maps(chosen)
        root = str(linter.settings.root)
        for each in maps:
            if _is_inside(each, workspace):
                apps.append(MappedApp(each, root, report.findings, report.sources).data() | {"root": root})
    return shapes.Mapped.model_validate({"version": 1, "apps": apps})


# --- what is looked at ---------------------------------------------------------------------------------------------


def _linters(
    workspace: Workspace, paths: Sequence[str], select: Sequence[str], *, cache: bool = True, mapped: bool = False
) -> Iterator[tuple[Linter, list[str]]]:
    """A linter for each project, with the paths of it. Raises `Refused`."""
    projects: list[tuple[Settings, list[str]]] = []
    overrides = {"select": list(select)} if select else {}
    try:
        for path in workspace.paths(paths):
            # Processes of our own would have the client's pipes.
            settings = replace(load_settings(Path(path), overrides=overrides), jobs=1)
            known = next((listed for each, listed in projects if each == settings), None)
            if known is None:
                projects.append((settings, known := []))
            known.append(path)
        yield from [(Linter(settings, cache=cache, mapped=mapped), listed) for settings, listed in projects]
    except SettingsError as error:
        raise Refused(str(error)) from error


def _inside(report: Report, workspace: Workspace) -> Iterator[Finding]:
    """The findings in files of the workspace: a link in it may lead out."""
    return (finding for finding in report.findings if workspace.contains(finding.place.path))


def _is_inside(app: StateMap, workspace: Workspace) -> bool:
    """Whether an app, or at least some of its code, is in the workspace."""
    used = {access.place.path for accesses in app.keys.values() for access in accesses}
    return any(workspace.contains(path) for path in {app.entry, *used})


# --- how it is told --------------------------------------------------------------------------------------------------


def _found(finding: Finding, report: Report) -> shapes.Found:
    return shapes.Found(
        code=finding.code,
        name=finding.name,
        severity=finding.severity.value,
        confidence="certain" if finding.confidence is Confidence.CERTAIN else "possible",
        message=finding.message,
        help=finding.help,
        place=_range(finding.place, report),
        witness=[_note(step.text, step.place, report) for step in finding.witness],
        related=[_note(each.text, each.place, report) for each in finding.related],
        key=finding.key,
        fix=_repair(finding.fix) if finding.fix else None,
        url=finding.url,
    )


def _note(text: str, place: Place | None, report: Report) -> shapes.Note:
    return shapes.Note(text=text, place=_range(place, report) if place else None)


def _repair(fix: Fix) -> shapes.Repair:
    return shapes.Repair.model_validate({"title": fix.title, "applicability": fix.applicability.name.lower()})


def _diff(fixed: Fixed, workspace: Workspace) -> Iterator[str]:
    for path, (before, after) in fixed.texts.items():
        if workspace.contains(path):
            yield from diff(path, before.text, after, workspace.name(path))


def _trouble(problem: Problem) -> shapes.Trouble:
    end = problem.column + 1
    where = shapes.Range(
        file=problem.path, row=problem.line, column=problem.column, end_row=problem.line, end_column=end
    )
    return shapes.Trouble(kind=problem.kind, message=problem.message, place=where)


def _range(place: Place, report: Report) -> shapes.Range:
    source = report.sources(place.path)
    row, column = source.position(place.span.start)
    end_row, end_column = source.position(place.span.end)
    return shapes.Range(file=place.path, row=row, column=column + 1, end_row=end_row, end_column=end_column + 1)
